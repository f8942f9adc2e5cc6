#include "engine/results/axis.h"

#include <math.h>
#include <stdio.h>

double axis_step(double span, int most)
{
    double rough = span / (most < 1 ? 1 : most), power = pow(10, floor(log10(rough)));
    double share = rough / power;

    return power * (share <= 1.0000001 ? 1 : share <= 2.0000001 ? 2 : share <= 5.0000001 ? 5 : 10);
}

void axis_label(char text[AXIS_TEXT], double value, double step)
{
    double size = fabs(value);

    if (size > 0 && (size >= 1e6 || size < 1e-4)) {
        snprintf(text, AXIS_TEXT, "%.3g", value);
    } else if (size >= 1e4) {
        snprintf(text, AXIS_TEXT, "%.4gk", value / 1000);
    } else {
        int decimals = step >= 1 || step <= 0 ? 0 : (int)ceil(-log10(step) - 1e-9);
        snprintf(text, AXIS_TEXT, "%.*f", decimals > 6 ? 6 : decimals, value == 0 ? 0 : value);
    }
}

void axis_label_end(char text[AXIS_TEXT], double value)
{
    if (fabs(value) >= 1e4)
        axis_label(text, value, 1);
    else
        snprintf(text, AXIS_TEXT, "%.4g", value);
}
