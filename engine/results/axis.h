/* Round numbers along an axis and their labels, for charts of any kind. */
#ifndef HUBSCOPE_ENGINE_RESULTS_AXIS_H
#define HUBSCOPE_ENGINE_RESULTS_AXIS_H

#include <stddef.h>

enum { AXIS_TEXT = 24 };

/* The smallest step of 1, 2 or 5 times a power of ten with at most `most` steps in `span` (above 0). */
double axis_step(double span, int most);

/* Labels a tick of an axis with that step; 0: of a logarithmic axis. */
void axis_label(char text[AXIS_TEXT], double value, double step);
/* Labels a number on its own, such as the end of an axis. */
void axis_label_end(char text[AXIS_TEXT], double value);

#endif
