/* Charts of vertical bars: one series, or up to three side by side, or, where that is too narrow, the later ones as
 * lines over the first.  Where there are more bins than columns a column shows the mean of its bins. */
#ifndef HUBSCOPE_UI_DRAW_HISTOGRAM_H
#define HUBSCOPE_UI_DRAW_HISTOGRAM_H

#include "ui/draw/chart.h"

void histogram_draw(struct rect r, const struct chart *chart);

/* Counts values into `bins` equal bins over [least, most]; values outside go to the end bins. */
void histogram_count(const double *values, size_t count, double least, double most, size_t bins, double *counts);

#endif
