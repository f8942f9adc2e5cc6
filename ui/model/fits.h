/* Fits and analyses of the rules, made on the heavy lane as parameters and banks change. */
#ifndef HUBSCOPE_UI_MODEL_FITS_H
#define HUBSCOPE_UI_MODEL_FITS_H

#include "ui/model/model.h"

/* Whether fit and analysis of a rule are those of its parameters in force. */
bool fits_current(const struct model *model, enum direction direction, size_t rule);

/* Posts the next fit or analysis of a direction that is missing, slow ones only with `slow`; false when there is
 * none. */
bool fits_advance(struct model *model, enum direction direction, bool slow);

#endif
