#include "engine/page/figure.h"
#include "engine/results/axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TICKS_MOST = 12, LETTER = 6, LINE = 14 };

struct ticks {
    double value[TICKS_MOST];
    char text[TICKS_MOST][AXIS_TEXT + 4];
    int count;
};

static void add_tick(struct ticks *ticks, const struct figure_axis *axis, double value, double step)
{
    char text[AXIS_TEXT];

    if (ticks->count == TICKS_MOST)
        return;
    if (axis->log)
        axis_label_end(text, value);
    else if (axis->grain == FIGURE_PERCENT)
        axis_label(text, 100 * value, 100 * step);
    else
        axis_label(text, value, step);
    snprintf(ticks->text[ticks->count], sizeof *ticks->text, "%s%s", text,
             axis->grain == FIGURE_PERCENT ? "\xe2\x80\xaf%" : "");
    ticks->value[ticks->count++] = value;
}

static struct ticks find_ticks(const struct figure_axis *axis, int most)
{
    struct ticks ticks = {.count = 0};

    if (axis->grain == FIGURE_NONE)
        return ticks;
    if (axis->log) {
        double first = ceil(log10(axis->low) - 1e-9), last = floor(log10(axis->high) + 1e-9);
        double every = fmax(1, ceil((last - first) / fmax(1, most)));
        for (double power = first; power <= last; power += every)
            add_tick(&ticks, axis, pow(10, power), 0);
        return ticks;
    }
    double step = axis_step(axis->high - axis->low, most);
    if (axis->grain == FIGURE_WHOLE)
        step = fmax(step, 1);
    for (double value = ceil(axis->low / step - 1e-9) * step; value <= axis->high + step * 1e-6; value += step)
        add_tick(&ticks, axis, fabs(value) < step / 1e6 ? 0 : value, step);
    return ticks;
}

static double share_of(const struct figure_axis *axis, double value)
{
    double share = axis->log ? log(fmax(value, axis->low) / axis->low) / log(axis->high / axis->low)
                             : (value - axis->low) / (axis->high - axis->low);

    return isnan(share) || share < 0 ? 0 : share > 1 ? 1 : share;
}

double figure_x(const struct figure *figure, double value)
{
    return figure->left + share_of(&figure->x, value) * (figure->right - figure->left);
}

double figure_y(const struct figure *figure, double value)
{
    return figure->bottom - share_of(&figure->y, value) * (figure->bottom - figure->top);
}

void figure_word(const struct figure *figure, double x, double y, const char *anchor, const char *text)
{
    html_print(figure->html, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchor);
    html_text(figure->html, text);
    html_put(figure->html, "</text>");
}

static void draw_axes(const struct figure *figure, const struct ticks *x, const struct ticks *y)
{
    struct html *html = figure->html;

    html_put(html, "<g class=\"grid\">");
    for (int i = 0; i < y->count; i++) {
        double at = figure_y(figure, y->value[i]);
        html_print(html, "<path d=\"M%.1f %.1fH%.1f\"/>", figure->left, at, figure->right);
    }
    html_put(html, "</g>\n<g class=\"ticks\">");
    for (int i = 0; i < y->count; i++)
        figure_word(figure, figure->left - 5, figure_y(figure, y->value[i]) + 3.5, "end", y->text[i]);
    for (int i = 0; i < x->count; i++)
        figure_word(figure, figure_x(figure, x->value[i]), figure->bottom + LINE, "middle", x->text[i]);
    html_put(html, "</g>\n<g class=\"titles\">");
    if (figure->x.title)
        figure_word(figure, (figure->left + figure->right) / 2, figure->height - 4, "middle", figure->x.title);
    if (figure->y.title)
        figure_word(figure, 1, LINE - 4, "start", figure->y.title);
    html_print(html, "</g>\n<path class=\"axis\" d=\"M%.1f %.1fH%.1f\"/>\n", figure->left, figure->bottom,
               figure->right);
}

struct figure figure_begin(struct html *html, double width, double height, struct figure_axis x, struct figure_axis y,
                           const char *name, const char *description)
{
    struct figure figure = {.html = html, .width = width, .height = height, .x = x, .y = y};
    size_t widest = 1;

    figure.top = y.title ? LINE + 6 : 8;
    figure.bottom = height - LINE - 6 - (x.title ? LINE : 0);
    struct ticks up = find_ticks(&y, (int)fmax(2, (figure.bottom - figure.top) / 36));
    for (int i = 0; i < up.count; i++)
        widest = strlen(up.text[i]) > widest ? strlen(up.text[i]) : widest;
    figure.left = LETTER * (double)widest + 8;
    figure.right = width - 20;
    struct ticks along = find_ticks(&x, (int)fmax(2, (figure.right - figure.left) / 56));
    html_print(html, "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\">\n<title>", width, height);
    html_text(html, name);
    html_put(html, "</title>\n<desc>");
    html_text(html, description);
    html_put(html, "</desc>\n");
    draw_axes(&figure, &along, &up);
    return figure;
}

void figure_end(struct figure *figure)
{
    html_put(figure->html, "</svg>\n");
}

void figure_bar(const struct figure *figure, const char *class, double x, double x_end, double y)
{
    double left = figure_x(figure, x), right = figure_x(figure, x_end), top = figure_y(figure, y);

    if (!(y > figure->y.low))
        return;
    if (figure->bottom - top < 1.2)
        top = figure->bottom - 1.2;
    html_print(figure->html, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>", class, left,
               top, fmax(right - left, 0.6), figure->bottom - top);
}

void figure_values(const struct figure *figure, double x, double x_end, const char *text)
{
    double left = figure_x(figure, x), right = figure_x(figure, x_end);

    html_print(figure->html, "<rect class=\"values\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>",
               left, figure->top, right - left, figure->bottom - figure->top);
    html_text(figure->html, text);
    html_put(figure->html, "</title></rect>\n");
}

void figure_steps(const struct figure *figure, const char *class, double x, double step, const double *y, size_t count)
{
    html_print(figure->html, "<path class=\"%s\" d=\"M%.1f %.1f", class, figure_x(figure, x), figure->bottom);
    for (size_t i = 0; i < count; i++)
        html_print(figure->html, "V%.1fH%.1f", figure_y(figure, y[i]), figure_x(figure, x + step * (double)(i + 1)));
    html_print(figure->html, "V%.1f\"/>\n", figure->bottom);
}

void figure_line(const struct figure *figure, const char *class, const double *x, const double *y, size_t count)
{
    html_print(figure->html, "<path class=\"%s\" d=\"", class);
    for (size_t i = 0; i < count; i++)
        html_print(figure->html, "%s%.1f %.1f", i ? "L" : "M", figure_x(figure, x[i]), figure_y(figure, y[i]));
    html_put(figure->html, "\"/>\n");
}

void figure_level(const struct figure *figure, const char *class, double y, const char *text)
{
    double at = figure_y(figure, y);

    html_print(figure->html, "<path class=\"%s\" d=\"M%.1f %.1fH%.1f\"/>", class, figure->left, at, figure->right);
    if (text)
        figure_word(figure, figure->right, at - 4, "end", text);
}

void figure_upright(const struct figure *figure, const char *class, double x, const char *text)
{
    double at = figure_x(figure, x);

    html_print(figure->html, "<path class=\"%s\" d=\"M%.1f %.1fV%.1f\"/>", class, at, figure->top, figure->bottom);
    bool late = at > figure->left + 0.85 * (figure->right - figure->left);
    if (text)
        figure_word(figure, late ? at - 4 : at + 4, figure->top + 8, late ? "end" : "start", text);
}
