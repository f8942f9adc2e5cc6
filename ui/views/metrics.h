/* Shared by metrics*.c only. */
#ifndef HUBSCOPE_UI_VIEWS_METRICS_H
#define HUBSCOPE_UI_VIEWS_METRICS_H

#include "engine/results/measure_table.h"
#include "ui/draw/draw.h"
#include "ui/model/model.h"

/* A measure over the current rule's current parameter: the curve, the value in force on it, raw beside it. */
void metrics_draw_sweep(struct model *model, enum direction direction, const struct measure *measure, struct rect r);

#endif
