/* The evaluation queries' measures along one parameter of a rule, with its other parameters fixed. */
#ifndef HUBSCOPE_UI_MODEL_CURVES_H
#define HUBSCOPE_UI_MODEL_CURVES_H

#include "engine/evaluation/sweep.h"
#include "ui/model/model.h"

enum { MODEL_CURVE = 25 };

struct model_curve {
    enum direction direction;
    struct pick pick;
    size_t parameter;
    double last;                           /* its points end there; 0: they lie around the default */
    size_t count, known;                   /* points, and how many of them are measured */
    struct sweep_point point[MODEL_CURVE]; /* (count) by ascending value; only `spec` is set before it is known */
    bool is_known[MODEL_CURVE];
    char failed[160]; /* why no more points will come, "" if they will */
};

struct curves *curves_new(void); /* null when out of memory */
void curves_free(struct curves *curves);

/* The curve over the current rule's current parameter, around its default, or around its value if that lies beyond.
 * The call requests the points, which follow as they are measured.  Null for a rule that has no parameters or cannot be
 * used.  Moving the value along the curve leaves the curve unchanged; curves are kept by model, rule, parameter,
 * other values, bank and direction.  Valid until the next model_curve. */
const struct model_curve *model_curve(struct model *model, enum direction direction);

/* The same from the parameter's least value, at most 0, to `last`, a whole number of at least the parameter's value. */
const struct model_curve *model_curve_up_to(struct model *model, enum direction direction, double last);

extern const struct errand curve_errand;

#endif
