/* The evaluation queries' measures along one parameter of a rule, its other parameters as they are. */
#ifndef HUBSCOPE_UI_MODEL_CURVES_H
#define HUBSCOPE_UI_MODEL_CURVES_H

#include "engine/evaluation/sweep.h"
#include "ui/model/model.h"

enum { MODEL_CURVE = 25 };

struct model_curve {
    enum direction direction;
    size_t rule, parameter;
    size_t count, known;                   /* points, and how many of them are measured */
    struct sweep_point point[MODEL_CURVE]; /* (count) by ascending value; only `spec` is set before it is known */
    bool is_known[MODEL_CURVE];
    char failed[160]; /* why there will be no more points, "" if there will */
};

struct curves *curves_new(void); /* null when out of memory */
void curves_free(struct curves *curves);

/* The curve over the current rule's current parameter, around its default, or around its value where that lies beyond;
 * the points follow as they are measured (asks for them).  Null for a rule without parameters or that cannot be used.
 * While the value stays on the curve a change of it changes nothing; curves are remembered by rule, parameter, other
 * values, bank and direction.  Valid until the next model_curve. */
const struct model_curve *model_curve(struct model *model, enum direction direction);

void curves_forget_asked(struct curves *curves);
/* Posts the next points of the curve that was asked for; false when there are none. */
bool curves_advance(struct model *model);

#endif
