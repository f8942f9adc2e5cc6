/* What the catalog says about videos and captions.  Titles and the details requested last are kept. */
#ifndef HUBSCOPE_UI_MODEL_TEXTS_H
#define HUBSCOPE_UI_MODEL_TEXTS_H

#include "engine/catalog/catalog.h"
#include "ui/model/model.h"

struct texts *texts_new(void); /* null when out of memory */
void texts_free(struct texts *texts);

void model_title(const struct model *model, uint32_t video, char *buffer, size_t size); /* cleaned */
void model_video_key(struct model *model, uint32_t video, char *buffer, size_t size); /* cleaned; its title if none */
void model_caption(const struct model *model, size_t query, char *buffer, size_t size); /* cleaned */
void model_bank_caption(const struct model *model, size_t row, char *buffer, size_t size);
/* Writes at most `most` evaluation queries of a video, ascending; returns how many it has. */
size_t model_captions_of(const struct model *model, uint32_t video, uint32_t *rows, size_t most);
/* Key, tags and so on as stored (not cleaned: draw_text cleans); null if there are none.  Valid until the next call. */
const struct catalog_video *model_details(struct model *model, uint32_t video);

#endif
