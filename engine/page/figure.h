/* Charts as inline SVG: a frame with ticks at round numbers, titles and a description, and marks in it.
 *
 * Colours are classes that the page's style fills: "raw", "rule", "fair".  Lengths are in units of about one pixel. */
#ifndef HUBSCOPE_ENGINE_PAGE_FIGURE_H
#define HUBSCOPE_ENGINE_PAGE_FIGURE_H

#include "engine/page/html.h"

/* How ticks are labelled; FIGURE_NONE: no ticks. */
enum figure_grain { FIGURE_NUMBERS, FIGURE_WHOLE, FIGURE_PERCENT, FIGURE_NONE };

struct figure_axis {
    double low, high; /* high > low; both above 0 if `log` is set */
    bool log;
    enum figure_grain grain;
    const char *title; /* null: none */
};

struct figure {
    struct html *html;
    double width, height;            /* of the whole picture */
    double left, top, right, bottom; /* of the area inside the axes */
    struct figure_axis x, y;
};

/* `name` and `description` are for screen readers. */
struct figure figure_begin(struct html *html, double width, double height, struct figure_axis x, struct figure_axis y,
                           const char *name, const char *description);
void figure_end(struct figure *figure);

double figure_x(const struct figure *figure, double value); /* kept inside the axes */
double figure_y(const struct figure *figure, double value);

/* A bar from the bottom to y between x and x_end, visible even if y is only just above the bottom. */
void figure_bar(const struct figure *figure, const char *class, double x, double x_end, double y);
/* The values between x and x_end, from top to bottom of the plot, shown under the pointer. */
void figure_values(const struct figure *figure, double x, double x_end, const char *text);
/* The outline of bars side by side: `count` heights, each `step` wide from `x` on. */
void figure_steps(const struct figure *figure, const char *class, double x, double step, const double *y, size_t count);
void figure_line(const struct figure *figure, const char *class, const double *x, const double *y, size_t count);
/* Lines across the plot, with `text` beside them unless it is null. */
void figure_level(const struct figure *figure, const char *class, double y, const char *text);
void figure_upright(const struct figure *figure, const char *class, double x, const char *text);
/* Text at a point; anchor is SVG's: "start", "middle", "end". */
void figure_word(const struct figure *figure, double x, double y, const char *anchor, const char *text);

#endif
