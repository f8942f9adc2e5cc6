/* Fits and analyses of the rules, made on the heavy lane as parameters and banks change. */
#ifndef HUBSCOPE_UI_MODEL_FITS_H
#define HUBSCOPE_UI_MODEL_FITS_H

#include "ui/model/model.h"

/* Whether fit and analysis of a rule are up to date with its parameters. */
bool fits_current(const struct model *model, enum direction direction, struct pick pick);

extern const struct errand fits_errand;       /* text to video */
extern const struct errand other_fits_errand; /* video to text, then slow rules */
extern const struct errand later_fits_errand; /* on large tasks, what is not due now (schedule.h) */

/* Requests the results of every rule, and both directions, also on large tasks.  Call it while drawing. */
void model_want_rules(struct model *model);

#endif
