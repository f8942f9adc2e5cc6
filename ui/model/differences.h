/* How rules differ from the compared one and how certain that is. */
#ifndef HUBSCOPE_UI_MODEL_DIFFERENCES_H
#define HUBSCOPE_UI_MODEL_DIFFERENCES_H

#include "engine/evaluation/bootstrap.h"
#include "ui/model/model.h"

struct differences *differences_new(void); /* null when out of memory */
void differences_free(struct differences *differences);

/* How the results shown of a rule differ from the compared one's; null for the compared rule itself, and while the
 * difference is not known (the call requests it).  Kept by models, rules, parameters, banks and direction.  Valid until
 * the next model_collect. */
const struct bootstrap *model_difference(struct model *model, enum direction direction, struct pick pick);
/* The same, and requests measures of mass as well: the result has none while its `mass` is MASS_UNASKED. */
const struct bootstrap *model_difference_in_mass(struct model *model, enum direction direction, struct pick pick);

extern const struct errand difference_errand;

#endif
