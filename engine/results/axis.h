/* Round numbers along an axis, and how they are written: for charts of any kind. */
#ifndef HUBSCOPE_ENGINE_RESULTS_AXIS_H
#define HUBSCOPE_ENGINE_RESULTS_AXIS_H

#include <stddef.h>

enum { AXIS_TEXT = 24 };

/* A step of 1, 2 or 5 times a power of ten, so that at most `most` steps reach over `span` (above 0). */
double axis_step(double span, int most);

/* A tick of an axis with that step; 0: of an axis of powers. */
void axis_label(char text[AXIS_TEXT], double value, double step);
/* A number that stands by itself, such as the end of an axis. */
void axis_label_end(char text[AXIS_TEXT], double value);

#endif
