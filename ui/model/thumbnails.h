/* Decoded pictures of videos, kept while there is room. */
#ifndef HUBSCOPE_UI_MODEL_THUMBNAILS_H
#define HUBSCOPE_UI_MODEL_THUMBNAILS_H

#include "engine/pictures/picture.h"
#include "ui/model/model.h"

struct thumbnails *thumbnails_new(void); /* null when out of memory */
void thumbnails_free(struct thumbnails *thumbnails);

/* Null while it loads (the call requests it) or if there is none (*none is then true).  Valid until the next call. */
const struct picture *model_thumbnail(struct model *model, uint32_t video, bool *none);

#endif
