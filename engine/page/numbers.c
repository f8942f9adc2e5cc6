#include "engine/page/parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void page_number(struct html *html, double value, int decimals)
{
    char shown[32];

    if (isnan(value)) {
        html_put(html, "\xe2\x80\x93");
        return;
    }
    snprintf(shown, sizeof shown, "%.*f", decimals, fabs(value) < 0.5 * pow(10, -decimals) ? 0.0 : value);
    html_print(html, "<data value=\"%.10g\">%s</data>", value, shown);
}

void page_measure(struct html *html, const struct measure *measure, const struct measured *measured)
{
    double value = measure->value(measured);
    char shown[32];

    if (isnan(value)) {
        html_put(html, "\xe2\x80\x93");
        return;
    }
    measure_print(measure, measure_shown(measure, measured), shown, sizeof shown);
    html_print(html, "<data value=\"%.10g\">%s</data>", value, shown);
}

void page_signed(char *buffer, size_t size, double value, int decimals)
{
    if (isnan(value))
        snprintf(buffer, size, "\xe2\x80\x93");
    else if (fabs(value) < 0.5 * pow(10, -decimals))
        snprintf(buffer, size, "%.*f", decimals, 0.0);
    else
        snprintf(buffer, size, "%s%.*f", value < 0 ? "\xe2\x88\x92" : "+", decimals, fabs(value));
}

void page_difference(struct html *html, double value, int decimals)
{
    char shown[32];

    page_signed(shown, sizeof shown, value, decimals);
    if (isnan(value))
        html_put(html, shown);
    else
        html_print(html, "<data value=\"%.10g\">%s</data>", value, shown);
}

int page_verdict(const struct interval *interval, int better)
{
    return better * interval_side(interval);
}

const struct measure *page_measure_named(const char *key, enum measure_group group)
{
    for (size_t i = 0; i < measures_count; i++)
        if (measure_table[i].group == group && strcmp(measure_table[i].key, key) == 0)
            return &measure_table[i];
    return NULL;
}
