/* How the similarities of the evaluation queries are cut into panels of rows, and these into products of columns.  The
 * cut depends on the size of the task alone, never on the number of workers or the purpose of a pass, since products of
 * other shapes round differently. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_PANEL_CUT_H
#define HUBSCOPE_ENGINE_EVALUATION_PANEL_CUT_H

#include "engine/fitting/task.h"

struct panel_cut {
    size_t rows;    /* of a panel, at most */
    size_t columns; /* of a product, at most: all, unless the gallery must be converted */
};

struct panel_cut panel_cut_of(const struct task *task);

size_t panel_cut_count(const struct panel_cut *cut, const struct task *task); /* panels */

/* Floats of scratch memory that panel_cut_multiply needs. */
size_t panel_cut_scratch(const struct panel_cut *cut, const struct task *task);

/* Computes the similarities of queries [first, first + rows), at most a panel, into cell (rows, M). */
void panel_cut_multiply(const struct panel_cut *cut, const struct task *task, size_t first, size_t rows, float *cell,
                        float *scratch);

#endif
