/* How rules differ from the compared one and how sure that is. */
#ifndef HUBSCOPE_UI_MODEL_DIFFERENCES_H
#define HUBSCOPE_UI_MODEL_DIFFERENCES_H

#include "engine/evaluation/bootstrap.h"
#include "ui/model/model.h"

struct differences *differences_new(void); /* null when out of memory */
void differences_free(struct differences *differences);

/* The difference of a rule for the results shown; null while that is not known (asks for it) or for the compared rule
 * itself.  Remembered by rules, parameters, banks and direction.  Valid until the next model_collect. */
const struct bootstrap *model_difference(struct model *model, enum direction direction, size_t rule);

void differences_forget_asked(struct differences *differences);
/* Posts what was asked for and can be had now; false when there is nothing. */
bool differences_advance(struct model *model);

#endif
