/* Charts of values joined by lines: sorted masses, sweeps. */
#ifndef HUBSCOPE_UI_DRAW_LINE_CHART_H
#define HUBSCOPE_UI_DRAW_LINE_CHART_H

#include "ui/draw/chart.h"

void line_chart_draw(struct rect r, const struct chart *chart);

#endif
