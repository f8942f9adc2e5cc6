/* The search for stored captions by their words. */
#ifndef HUBSCOPE_UI_MODEL_CAPTION_FINDER_H
#define HUBSCOPE_UI_MODEL_CAPTION_FINDER_H

#include "ui/model/model.h"

void model_find_captions(struct model *model, const char *words); /* fills `found` when it is done */

#endif
