/* What the catalog says about videos and captions.  Titles and the details requested last are kept.  Nothing here waits
 * for another process that has the catalog locked: numbers stand in for what cannot be read until it is free. */
#ifndef HUBSCOPE_UI_MODEL_TEXTS_H
#define HUBSCOPE_UI_MODEL_TEXTS_H

#include "engine/catalog/catalog.h"
#include "ui/model/model.h"

struct texts *texts_new(const struct collection *collection, struct error *error); /* null on failure */
void texts_free(struct texts *texts);
void texts_reopen(struct texts *texts); /* after the collection on disk was replaced; see catalog_reopen */

void model_title(const struct model *model, uint32_t video, char *buffer, size_t size); /* cleaned */
void model_video_key(struct model *model, uint32_t video, char *buffer, size_t size);   /* cleaned; its title if none */
void model_caption(const struct model *model, size_t query, char *buffer, size_t size); /* cleaned */
void model_bank_caption(const struct model *model, size_t row, char *buffer, size_t size);
/* Writes at most `most` evaluation queries of a video, ascending; returns how many it has. */
size_t model_captions_of(const struct model *model, uint32_t video, uint32_t *rows, size_t most);
/* Key, tags and so on as stored (not cleaned: draw_text cleans); null if there are none.  Valid until the next call. */
const struct catalog_video *model_details(struct model *model, uint32_t video);

/* Full-text search in titles, tags and captions: writes at most `most` rows; returns how many exist among these. */
size_t model_find_videos(const struct model *model, const char *words, uint32_t *rows, size_t most);

/* The video with that key, or NO_VIDEO. */
uint32_t model_find_key(const struct model *model, const char *key);

/* Whether another process has the catalog locked: draw anew in a while. */
bool model_catalog_locked(const struct model *model);
/* Call before drawing: tries whether it still is, and says when that lasts and when it is over. */
void model_try_catalog(struct model *model);

#endif
