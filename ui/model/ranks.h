/* Ranks of items under every rule for the current answer, cached, so that every draw can ask for them. */
#ifndef HUBSCOPE_UI_MODEL_RANKS_H
#define HUBSCOPE_UI_MODEL_RANKS_H

#include "ui/model/model.h"

struct ranks *ranks_new(void); /* null when out of memory */
void ranks_free(struct ranks *ranks);

size_t model_rank(const struct model *model, struct pick pick, uint32_t video); /* 0 if unknown */

#endif
