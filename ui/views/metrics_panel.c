/* The panel below the tables: the selected measure in words and as bars, and the selected rule. */
#include "ui/draw/gauge.h"
#include "ui/draw/interval.h"
#include "ui/draw/label.h"
#include "ui/model/differences.h"
#include "ui/views/metrics.h"
#include "ui/views/role.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    INTERVALS = 100,         /* columns from which there is room for them beside the bars */
    MODEL_COLUMNS_MOST = 12, /* what bars keep for a model's name before the rule's */
    RULE_ROWS = 5            /* a rule's heading, formula, meaning and source */
};

/* One bar per rule, with the difference from the compared rule and, if there is room, its interval. */
static void draw_bars(const struct metrics_state *state, struct model *model, struct rect r, int step)
{
    const struct measure *measure = &measure_table[state->measure];
    struct pick picks[PICKS_MAX];
    size_t count = metrics_picks(state, model, state->direction, picks);
    double most = 0, base = metrics_value(model, state->direction, model->versus, measure);
    bool intervals = measure->interval && r.columns >= INTERVALS;
    int names = METRICS_NAME_COLUMNS + (model_compares_models(model) ? MODEL_COLUMNS_MOST : 0);
    int from = names + (intervals ? 38 : 20), bar = r.columns - from - 4;

    for (size_t i = 0; i < count; i++)
        most = fmax(most, metrics_value(model, state->direction, picks[i], measure));
    for (size_t i = 0; i < count; i++) {
        double value = metrics_value(model, state->direction, picks[i], measure), change = value - base;
        int role = role_style(model, picks[i]), style = role == STYLE_DIM ? STYLE_TEXT : role, y = (int)i * step;
        const struct bootstrap *difference =
            intervals ? metrics_difference(state, model, state->direction, picks[i]) : NULL;
        const struct interval *tested = difference ? measure_interval(measure, difference) : NULL;
        int tone = change * measure->better > 0 ? STYLE_UP : change * measure->better < 0 ? STYLE_DOWN : STYLE_DIM;
        char number[24], interval[INTERVAL_TEXT];

        draw_text(rect_left(r, names), y, 3, style, pick_name(model, picks[i]).text);
        measure_print(measure, value, number, sizeof number);
        draw_right(r, y, names + 8, isnan(value) ? STYLE_DIM : STYLE_STRONG, "%s", number);
        if (pick_same(picks[i], model->versus)) {
            draw_right(r, y, names + 17, STYLE_DIM, "compared");
        } else if (tested) {
            int verdict = interval_verdict(measure, tested);
            interval_print(measure, tested, interval);
            size_t length = strcspn(interval, " ");
            draw_right(r, y, names + 17, verdict ? tone : STYLE_DIM, "%.*s", (int)length, interval);
            int end = draw_text(r, y, names + 18, STYLE_DIM, interval + length + 1);
            interval_mark(r, y, end + 1, 0, verdict);
        } else if (!isnan(change)) {
            draw_right(r, y, names + 17, tone, "%+.*f", measure->decimals, change);
        }
        if (!isnan(value) && most > 0 && bar > 4)
            gauge_bar(r, y, from, bar, fmax(value, 0), most, style);
    }
}

/* How the selected rule differs from the compared one in the selected measure and how certain that is, then the
 * headline measures; returns the rows reserved for this. */
static int draw_difference(const struct metrics_state *state, struct model *model, struct rect r)
{
    const struct measure *measure = &measure_table[state->measure];
    int rows = 1 + interval_rows(r.columns - 2, true);
    char text[INTERVAL_SENTENCE];

    if (r.rows < 1)
        return 0;
    if (pick_same(state->chosen, model->versus)) {
        draw_format(r, 0, 1, STYLE_DIM, "the others are compared with %s: c chooses another",
                    pick_name(model, model->versus).text);
        return rows;
    }
    const struct bootstrap *difference = metrics_difference(state, model, state->direction, state->chosen);
    if (!difference)
        return rows;
    interval_verdict_sentence(measure, difference, pick_name(model, model->versus).text, text);
    int at = draw_text(r, 0, 1, measure->interval ? STYLE_STRONG : STYLE_TEXT, text);
    int length = snprintf(text, sizeof text, "; %zu helped, %zu hurt, %zu same", difference->helped, difference->hurt,
                          difference->unchanged);
    if (measure->group == MEASURE_RETRIEVAL && at + length <= r.columns)
        draw_text(r, 0, at, STYLE_DIM, text);
    interval_draw_all(rect_inset(rect_below(r, 1), 0, 1), difference, true);
    return rows;
}

/* What the selected rule computes, and why. */
static void draw_rule(const struct model *model, struct pick pick, struct rect r)
{
    const struct rule *rule = rules[pick.rule];
    char parameters[120];

    draw_horizontal(r, 0, STYLE_DIM, pick_title(model, pick).text);
    int y = 1 + draw_wrapped(rect_inset(r, 0, 1), 1, 0, 2, STYLE_STRONG, rule->formula);
    y += draw_wrapped(rect_inset(r, 0, 1), y, 0, r.rows - y - 1, STYLE_TEXT, rule->about);
    label_parameters(model_spec(model, pick), parameters, sizeof parameters);
    int at = draw_format(r, y, 1, STYLE_DIM, "%s", parameters);
    draw_format(r, y, parameters[0] ? at + 3 : 1, STYLE_DIM, "%s", rule->source);
}

static void draw_formula(const struct rule *rule, struct rect r)
{
    int at = draw_format(r, 0, 1, STYLE_DIM, "%s is ", rule->title);

    draw_wrapped(r, 0, at, r.rows, STYLE_DIM, rule->formula);
}

void metrics_draw_panel(const struct metrics_state *state, struct model *model, struct rect r)
{
    const struct measure *measure = &measure_table[state->measure];
    static const char *const better[] = {"lower is better", "", "higher is better"};
    struct pick picks[PICKS_MAX];
    int count = (int)model_picks(model, picks);
    char title[160], reading[200];

    if (r.rows < 3)
        return;
    snprintf(title, sizeof title, "%s: %s%s%s", measure->name, measure->title, measure->better ? ", " : "",
             better[measure->better + 1]);
    draw_horizontal(r, 0, STYLE_STRONG, title);
    const struct pick pick = state->chosen;
    const struct analysis *analysis = model_analysis_of(model, state->direction, pick);
    if (!analysis)
        return;
    struct measured measured = measured_of(analysis, state->direction);
    measure->reading(&measured, reading, sizeof reading);
    int at = draw_format(r, 1, 1, role_style(model, pick), "%s: ", pick_name(model, pick).text);
    struct rect words = rect_right_of(rect_below(r, 1), at);
    struct rect rest = rect_below(r, 1 + draw_wrapped(words, 0, 0, 2, STYLE_TEXT, reading));
    rest = rect_below(rest, draw_difference(state, model, rest));
    int gap = rest.rows > 1, step = rest.rows >= 2 * count + RULE_ROWS + 1 ? 2 : 1;
    rest = rect_below(rest, gap);
    if (rest.rows >= count) {
        draw_bars(state, model, rest, step);
        rest = rect_below(rest, count * step + 2 - step);
    }
    if (rest.rows >= RULE_ROWS)
        draw_rule(model, pick, rest);
    else if (rest.rows >= 1)
        draw_formula(rules[pick.rule], rest);
}
