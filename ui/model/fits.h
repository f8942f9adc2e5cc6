/* Fits and analyses of the rules, made on the heavy lane as parameters and banks change. */
#ifndef HUBSCOPE_UI_MODEL_FITS_H
#define HUBSCOPE_UI_MODEL_FITS_H

#include "ui/model/model.h"

/* Whether fit and analysis of a rule are up to date with its parameters. */
bool fits_current(const struct model *model, enum direction direction, struct pick pick);

/* Posts the next missing fit or analysis of a direction under the models on the screen, slow ones only with `slow`;
 * false if there is none. */
bool fits_advance(struct model *model, enum direction direction, bool slow);

#endif
