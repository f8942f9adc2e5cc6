#include "ui/draw/interval.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { GAP = 2, WIDEST = 26, WIDEST_P = 34, NAME = 4 }; /* columns of one measure with its interval, and with p */

/* The measures of interval_draw_all and interval_sentence. */
static const char *const headline[] = {"R@1", "R@10", "MnR"};
enum { HEADLINES = sizeof headline / sizeof *headline };

static bool is_headline(const struct measure *measure)
{
    for (size_t i = 0; i < HEADLINES; i++)
        if (strcmp(headline[i], measure->key) == 0)
            return true;
    return false;
}

int interval_verdict(const struct measure *measure, const struct interval *interval)
{
    return measure->better * interval_side(interval);
}

int interval_mark(struct rect r, int y, int x, int emphasis, int verdict)
{
    if (!verdict)
        return x;
    return draw_text(r, y, x, (verdict > 0 ? STYLE_UP : STYLE_DOWN) | emphasis,
                     glyph(verdict > 0 ? GLYPH_UP : GLYPH_DOWN));
}

/* "+0.0", never "-0.0". */
static void print_signed(double value, int decimals, char *buffer, size_t size)
{
    double unit = pow(10, -decimals);

    snprintf(buffer, size, "%+.*f", decimals, fabs(value) < unit / 2 ? 0.0 : value);
}

void interval_print(const struct measure *measure, const struct interval *tested, char buffer[INTERVAL_TEXT])
{
    const struct interval shown = {measure->factor * tested->difference, measure->factor * tested->low,
                                   measure->factor * tested->high, tested->p};
    const struct interval *interval = &shown;
    double most = fmax(fabs(interval->difference), fmax(fabs(interval->low), fabs(interval->high)));
    int decimals = measure->decimals;
    char difference[14], low[14], high[14];

    /* as wide as -2.70, -12.7 or -127, and no wider */
    for (double limit = measure->decimals > 1 ? 10 : 100; decimals > 0 && most >= limit; limit *= 10)
        decimals--;
    print_signed(interval->difference, decimals, difference, sizeof difference);
    print_signed(interval->low, decimals, low, sizeof low);
    print_signed(interval->high, decimals, high, sizeof high);
    snprintf(buffer, INTERVAL_TEXT, "%s [%s %s]", difference, low, high);
}

static void print_p(double p, char *buffer, size_t size)
{
    if (p < 0.001)
        snprintf(buffer, size, "p<.001");
    else if (p >= 0.9995)
        snprintf(buffer, size, "p 1");
    else
        snprintf(buffer, size, "p .%03d", (int)lround(1000 * p));
}

/* Draws one interval; `list`: on a row of its own, aligned with those above and below. */
static int draw_one(struct rect r, int y, int x, const struct measure *measure, const struct interval *interval,
                    bool list, bool with_p)
{
    int verdict = interval_verdict(measure, interval), after;
    char text[INTERVAL_TEXT], p[16];

    interval_print(measure, interval, text);
    after = draw_text(r, y, x, STYLE_DIM, measure->name);
    x = (list ? x + NAME : after) + 1;
    if (list && strcspn(text, " ") < NAME + 1)
        x += NAME + 1 - (int)strcspn(text, " ");
    x = interval_mark(r, y, draw_text(r, y, x, verdict ? STYLE_STRONG : STYLE_TEXT, text) + 1, 0, verdict);
    if (!with_p)
        return x;
    print_p(interval->p, p, sizeof p);
    return draw_text(r, y, verdict ? x + 1 : x, STYLE_DIM, p);
}

void interval_draw_all(struct rect r, const struct bootstrap *difference, bool p)
{
    int each = r.columns / (p ? WIDEST_P : WIDEST), y = 0, x = 0, in_row = 0;

    for (size_t i = 0; i < measures_count; i++) {
        const struct measure *measure = &measure_table[i];
        const struct interval *interval = measure_interval(measure, difference);
        if (!is_headline(measure) || isnan(interval->difference))
            continue;
        if (in_row && in_row >= each) {
            y++;
            x = in_row = 0;
        }
        if (y >= r.rows)
            return;
        x = draw_one(r, y, x, measure, interval, each < 2, p) + GAP;
        in_row++;
    }
}

int interval_rows(int columns, bool p)
{
    int each = columns / (p ? WIDEST_P : WIDEST);

    return each < 1 ? HEADLINES : (HEADLINES + each - 1) / each;
}

/* "R@1 and MnR": the measures of a verdict; returns how many. */
static int names_of(const struct bootstrap *difference, int verdict, char *buffer, size_t size)
{
    size_t used = 0;
    int count = 0, named = 0;

    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < measures_count; i++) {
            const struct measure *measure = &measure_table[i];
            if (!is_headline(measure) || interval_verdict(measure, measure_interval(measure, difference)) != verdict)
                continue;
            if (pass == 0) {
                count++;
                continue;
            }
            const char *before = named == 0 ? "" : named == count - 1 ? " and " : ", ";
            int wrote = snprintf(buffer + used, size - used, "%s%s", before, measure->name);
            used += wrote > 0 && used + (size_t)wrote < size ? (size_t)wrote : 0;
            named++;
        }
    return count;
}

void interval_sentence(const struct bootstrap *difference, const char *reference, char buffer[INTERVAL_SENTENCE])
{
    char better[60] = "", worse[60] = "", open[60] = "";

    if (isnan(difference->r1.difference)) {
        snprintf(buffer, INTERVAL_SENTENCE, "no query has a target, so nothing can be compared");
        return;
    }
    int up = names_of(difference, 1, better, sizeof better), down = names_of(difference, -1, worse, sizeof worse);
    int chance = names_of(difference, 0, open, sizeof open);
    if (!up && !down)
        snprintf(buffer, INTERVAL_SENTENCE, "no difference from %.40s beyond chance", reference);
    else if (up && down)
        snprintf(buffer, INTERVAL_SENTENCE, "beyond chance better than %.40s in %s, worse in %s", reference, better,
                 worse);
    else
        snprintf(buffer, INTERVAL_SENTENCE, "%s than %.40s beyond chance%s%s", up ? "better" : "worse", reference,
                 chance ? " in " : "",
                 !chance ? ""
                 : up    ? better
                         : worse);
}

/* "robin hood" for robin_hood. */
static void print_key(const struct measure *measure, char *buffer, size_t size)
{
    snprintf(buffer, size, "%s", measure->key);
    for (char *at = buffer; (at = strchr(at, '_'));)
        *at = ' ';
}

void interval_verdict_sentence(const struct measure *measure, const struct bootstrap *difference, const char *reference,
                               char buffer[INTERVAL_SENTENCE])
{
    const struct interval *interval = measure_interval(measure, difference);
    char name[40], text[INTERVAL_TEXT], p[16], why[80];

    print_key(measure, name, sizeof name);
    if (!interval && measure->group == MEASURE_MASS && measure->interval) {
        bool cannot = measure_untested_mass(difference, why, sizeof why);
        snprintf(buffer, INTERVAL_SENTENCE, "%s: not tested%s%s", name, cannot ? ": " : " yet", cannot ? why : "");
        return;
    }
    if (!interval) {
        snprintf(buffer, INTERVAL_SENTENCE, "%s: not tested by the bootstrap", name);
        return;
    }
    if (isnan(interval->difference)) {
        snprintf(buffer, INTERVAL_SENTENCE, "no query has a target, so %s cannot be compared", name);
        return;
    }
    int side = interval_side(interval), verdict = interval_verdict(measure, interval);
    interval_print(measure, interval, text);
    print_p(interval->p, p, sizeof p);
    if (!side)
        snprintf(buffer, INTERVAL_SENTENCE, "no difference from %.40s beyond chance in %s: %s %s", reference, name,
                 text, p);
    else
        snprintf(buffer, INTERVAL_SENTENCE, "%s than %.40s beyond chance in %s: %s %s",
                 verdict > 0   ? "better"
                 : verdict < 0 ? "worse"
                 : side > 0    ? "more"
                               : "less",
                 reference, name, text, p);
}
