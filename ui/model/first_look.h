/* What of a large task the results on the screen are of. */
#ifndef HUBSCOPE_UI_MODEL_FIRST_LOOK_H
#define HUBSCOPE_UI_MODEL_FIRST_LOOK_H

#include "ui/model/model.h"

struct first_look {
    size_t rows, all_rows;       /* of the bank; rows 0: all, or no bank */
    size_t queries, all_queries; /* queries 0: all */
    double r1_within;            /* half the 95 % interval of the current rule's R@1 that so few queries give, in
                                    percent; NAN if unknown */
};

/* Of the current and the compared rule, the lesser of both; false if both are of everything. */
bool model_first_look(const struct model *model, struct first_look *look);

#endif
