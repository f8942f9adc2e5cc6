/* Charts of vertical bars: one series, or up to three side by side; where that is too narrow, the later ones become
 * lines over the first.  With more bins than columns, a column shows the mean of its bins. */
#ifndef HUBSCOPE_UI_DRAW_HISTOGRAM_H
#define HUBSCOPE_UI_DRAW_HISTOGRAM_H

#include "ui/draw/chart.h"

void histogram_draw(struct rect r, const struct chart *chart);

/* Counts values into `bins` equal bins over [least, most]; values outside count in the end bins. */
void histogram_count(const double *values, size_t count, double least, double most, size_t bins, double *counts);

#endif
