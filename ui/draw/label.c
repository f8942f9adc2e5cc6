#include "ui/draw/label.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void label_parameters(const struct rule_spec *spec, char *buffer, size_t size)
{
    size_t used = 0;
    buffer[0] = '\0';
    for (size_t i = 0; i < spec->rule->parameter_count && used + 1 < size; i++) {
        const struct rule_parameter *parameter = &spec->rule->parameters[i];
        const char *comma = i ? ", " : "";
        double value = spec->value[i];
        int wrote;
        /* "4 iterations" but "k 10": a plural noun is counted, a symbol has a value */
        if (parameter->whole && strlen(parameter->name) > 2 && parameter->name[strlen(parameter->name) - 1] == 's') {
            wrote = snprintf(buffer + used, size - used, "%s%.0f %.*s", comma, value,
                             (int)strlen(parameter->name) - (value == 1), parameter->name);
        } else {
            wrote = snprintf(buffer + used, size - used, "%s%s %.3g", comma, parameter->name, value);
        }
        used += wrote > 0 ? (size_t)wrote : 0;
    }
}

void label_probability(double probability, char buffer[LABEL_NUMBER])
{
    if (!(probability >= 0)) {
        snprintf(buffer, LABEL_NUMBER, "-");
    } else if (probability < 0.0005) {
        snprintf(buffer, LABEL_NUMBER, "~0");
    } else if (probability >= 0.9995) {
        snprintf(buffer, LABEL_NUMBER, "1.00");
    } else {
        char digits[LABEL_NUMBER];
        snprintf(digits, sizeof digits, "%.3f", probability);
        snprintf(buffer, LABEL_NUMBER, "%s", digits + 1);
    }
}

void label_amount(double amount, char buffer[LABEL_NUMBER])
{
    if (!isfinite(amount))
        snprintf(buffer, LABEL_NUMBER, "-");
    else if (amount >= 99950)
        snprintf(buffer, LABEL_NUMBER, "%.0fk", amount / 1000);
    else if (amount >= 9999.5)
        snprintf(buffer, LABEL_NUMBER, "%.1fk", amount / 1000);
    else if (amount >= 99.95 || amount == floor(amount))
        snprintf(buffer, LABEL_NUMBER, "%.0f", amount);
    else if (amount >= 9.995)
        snprintf(buffer, LABEL_NUMBER, "%.1f", amount);
    else
        snprintf(buffer, LABEL_NUMBER, "%.2f", amount);
}

struct shift_label label_shift(size_t from, size_t to)
{
    struct shift_label label = {GLYPH_SAME, STYLE_DIM, ""};
    if (!from || !to || from == to)
        return label;
    bool up = to < from;
    label.glyph = up ? GLYPH_UP : GLYPH_DOWN;
    label.style = up ? STYLE_UP : STYLE_DOWN;
    label_amount((double)(up ? from - to : to - from), label.number);
    return label;
}

int label_draw_shift(struct rect r, int y, int end, int emphasis, size_t from, size_t to)
{
    if (!from || !to)
        return end;
    struct shift_label label = label_shift(from, to);
    int columns = 1 + (int)strlen(label.number);
    draw_format(r, y, end - columns, label.style | emphasis, "%s%s", glyph(label.glyph), label.number);
    return end - columns;
}
