/* Choosing the subset of the videos that measures are of. */
#ifndef HUBSCOPE_UI_MODEL_WHERE_H
#define HUBSCOPE_UI_MODEL_WHERE_H

#include "ui/model/model.h"

#define WHERE_MARKED "marked"

/* Narrows hubs, mass, shifts and metrics to the videos of these conditions (engine/collection/where.h), which are
 * looked up on the worker, to the marked ones, or with "" to all.  Reports in the status line. */
void model_set_where(struct model *model, const char *conditions);
unsigned long model_where_number(const struct model *model); /* of the subset in force: another for each; 0: all */
const char *model_where(const struct model *model);          /* the conditions in force; "": all videos */

#endif
