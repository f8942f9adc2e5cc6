/* The Sweep pane of Metrics: a measure as a curve over one parameter of the current rule.  The curve is measured once;
 * while [ and ] change the parameter only the mark on it moves. */
#include "engine/base/item.h"
#include "engine/base/text.h"
#include "ui/draw/line_chart.h"
#include "ui/model/curves.h"
#include "ui/model/where.h"
#include "ui/views/metrics.h"
#include "ui/views/role.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CHART_ROWS = 9 /* before anything goes below it */, NOTE_ROWS = 3 };

/* The points known so far, as the chart draws them. */
struct points {
    double x[MODEL_CURVE], value[MODEL_CURVE], raw[MODEL_CURVE];
    size_t count;
};

static double shown_of(const struct measure *measure, const struct analysis *analysis, enum direction direction)
{
    struct measured measured = measured_of(analysis, direction);

    return measure_shown(measure, &measured);
}

/* A point of a sweep keeps what measures read of its analysis. */
static double shown_at(const struct measure *measure, const struct sweep_point *point, enum direction direction)
{
    struct fit fit = {.spec = point->spec, .residual = point->residual};
    struct analysis analysis = {
        .fit = &fit, .metrics = point->metrics, .gate_rate = point->gate_rate, .mass_summary = point->mass};

    memcpy(analysis.hubness, point->hubness, sizeof analysis.hubness);
    return shown_of(measure, &analysis, direction);
}

static struct points take_points(const struct model_curve *curve, const struct measure *measure, double raw)
{
    struct points points = {0};

    for (size_t i = 0; i < curve->count; i++) {
        double value = curve->is_known[i] ? shown_at(measure, &curve->point[i], curve->direction) : NAN;
        if (!isfinite(value))
            continue;
        points.x[points.count] = curve->point[i].spec.value[curve->parameter];
        points.raw[points.count] = raw;
        points.value[points.count++] = value;
    }
    return points;
}

/* Height of the curve between its points; NAN where none is known. */
static double height_at(const struct points *points, double x)
{
    for (size_t i = 0; i < points->count; i++) {
        if (points->x[i] < x)
            continue;
        if (i == 0)
            return points->x[0] == x ? points->value[0] : NAN;
        double share = (x - points->x[i - 1]) / (points->x[i] - points->x[i - 1]);
        return points->value[i - 1] + share * (points->value[i] - points->value[i - 1]);
    }
    return NAN;
}

static size_t raw_index(void)
{
    size_t r = 0;

    while (r + 1 < rules_count && strcmp(rules[r]->name, "raw") != 0)
        r++;
    return r;
}

/* The result under the parameters in force; null until it arrives. */
static const struct analysis *result_now(const struct model *model, enum direction direction)
{
    const struct analysis *analysis = model_side(model, direction, model->current)->analysis[model->current.rule];

    for (size_t p = 0; analysis && p < rules[model->current.rule]->parameter_count; p++)
        if (analysis->fit->spec.value[p] != model_spec(model, model->current)->value[p])
            return NULL;
    return analysis;
}

/* The parameters that are fixed along the curve. */
static void draw_others(const struct model *model, const struct model_curve *curve, int at, struct rect r)
{
    const struct rule *rule = rules[curve->pick.rule];
    const char *before = "  with";

    for (size_t p = 0; p < rule->parameter_count; p++)
        if (p != curve->parameter) {
            at = draw_format(r, 0, at, STYLE_DIM, "%s %s %.4g", before, rule->parameters[p].name,
                             model_spec(model, curve->pick)->value[p]);
            before = ",";
        }
}

static void draw_now(const struct model *model, const struct model_curve *curve, const struct measure *measure,
                     double now, double raw, struct rect r)
{
    const struct rule *rule = rules[curve->pick.rule];
    char number[24];

    int at = draw_format(r, 0, 1, role_style(model, curve->pick), "%s", pick_name(model, curve->pick).text);
    at = draw_format(r, 0, at, STYLE_STRONG, " %s %.4g", rule->parameters[curve->parameter].name,
                     model_spec(model, curve->pick)->value[curve->parameter]);
    measure_print(measure, now, number, sizeof number);
    at = draw_format(r, 0, at, STYLE_TEXT, ": %s %s", measure->name, isnan(now) ? "being measured ..." : number);
    measure_print(measure, raw, number, sizeof number);
    if (!isnan(raw))
        at = draw_format(r, 0, at, STYLE_DIM, ", raw %s", number);
    if (curve->failed[0])
        draw_format(r, 0, at + 2, STYLE_ERROR, "%s", curve->failed);
    else if (curve->known < curve->count)
        draw_format(r, 0, at + 2, STYLE_DIM, "%s%zu of %zu points", model->paused ? "stopped at " : "", curve->known,
                    curve->count);
    else
        draw_others(model, curve, at, r);
}

static void draw_chart(const struct model *model, const struct model_curve *curve, const struct measure *measure,
                       const struct points *points, double now, struct rect r)
{
    const struct rule *rule = rules[curve->pick.rule];
    const struct rule_parameter *parameter = &rule->parameters[curve->parameter];
    double value = model_spec(model, curve->pick)->value[curve->parameter];
    double point[2] = {value, isnan(now) ? height_at(points, value) : now};
    struct chart_series series[2] = {{points->value, STYLE_RULE_B, rule->title}, {points->raw, STYLE_RULE_A, "raw"}};
    struct chart chart = {
        .series = series,
        .series_count = points->count && !isnan(points->raw[0]) && curve->pick.rule != raw_index() ? 2 : 1,
        .count = points->count,
        .x = points->x,
        .x_first = curve->point[0].spec.value[curve->parameter],
        .x_last = curve->point[curve->count - 1].spec.value[curve->parameter],
        .log_x = parameter->logarithmic,
        .x_title = parameter->name,
        .y_title = measure->name,
        .line = NAN,
        .close_y = 1,
        .first_above = 1,
        .mark = SIZE_MAX,
        .point = point,
        .hollow = isnan(now),
    };

    line_chart_draw(r, &chart);
}

/* "ncl" if its parameters are the defaults, otherwise "ncl:scale=20,iterations=2". */
static void print_rule(const struct model *model, const struct model_curve *curve, char *buffer, size_t size)
{
    const struct rule_spec *spec = model_spec(model, curve->pick);
    char printed[256];
    struct rule_spec usual = rule_default(spec->rule, model_source(model, curve->pick)->model->logit_scale);

    snprintf(printed, sizeof printed, "%s", spec->rule->name);
    usual.value[curve->parameter] = spec->value[curve->parameter];
    for (size_t p = 0; p < spec->rule->parameter_count; p++)
        if (spec->value[p] != usual.value[p]) {
            rule_print(spec, printed, sizeof printed);
            break;
        }
    bool named = curve->pick.model > 0; /* without MODEL/ it is the first */
    snprintf(buffer, size, "%s%s%s", named ? model_source(model, curve->pick)->model->name : "", named ? "/" : "",
             printed);
}

static const char *goal_of(const struct measure *measure)
{
    for (int goal = 0; goal < SWEEP_GOALS; goal++)
        if (strcmp(sweep_goal_name[goal], measure->key) == 0)
            return measure->key;
    return sweep_goal_name[GOAL_R1];
}

/* What the curve must not be used for, and what to use instead. */
static void draw_note(const struct model *model, const struct model_curve *curve, const struct measure *measure,
                      struct rect r)
{
    static const char seen[] = "All points are of the evaluation queries: a value picked here has seen them.";
    const struct rule_parameter *parameter = &rules[curve->pick.rule]->parameters[curve->parameter];
    char text[900], rule[320], bank[140] = "";

    print_rule(model, curve, rule, sizeof rule);
    if (model->bank && model->bank < model_banks(model))
        snprintf(bank, sizeof bank, " --bank %s", model_bank_name(model, model->bank));
    if (curve->direction == V2T)
        snprintf(text, sizeof text,
                 item_text("%s hubscope sweep --tune --on bank chooses without them, text to video only."), seen);
    else
        snprintf(text, sizeof text,
                 "%s To choose without them: hubscope sweep COLLECTION --rule %s --over "
                 "%s=%.3g:%.4g:%s%zu%s --tune %s --on bank",
                 seen, rule, parameter->name, curve->point[0].spec.value[curve->parameter],
                 curve->point[curve->count - 1].spec.value[curve->parameter], parameter->logarithmic ? "log" : "",
                 curve->count, bank, goal_of(measure));
    draw_wrapped(rect_inset(r, 0, 1), 0, 0, NOTE_ROWS, STYLE_DIM, text);
}

static void draw_keys(struct rect r)
{
    static const char *const keys[] = {"[ ]",     "value", "p",    "parameter", "Left Right",
                                       "measure", "1-9",   "rule", "P",         "back to the tables"};
    int x = 1;

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i += 2) {
        if (x + text_columns(keys[i]) + 1 + text_columns(keys[i + 1]) > r.columns)
            return;
        x = draw_text(r, 0, x, STYLE_KEY, keys[i]);
        x = draw_text(r, 0, x + 1, STYLE_DIM, keys[i + 1]) + 2;
    }
}

/* Says in place of the curve why there is none. */
static bool draw_excuse(const struct model *model, enum direction direction, const struct model_curve *curve,
                        struct rect r)
{
    const struct rule *rule = rules[model->current.rule];
    const char *why = model_side(model, direction, model->current)->unavailable[model->current.rule];
    char text[200];

    if (curve)
        return false;
    if (rule->parameter_count == 0)
        snprintf(text, sizeof text, "%s has no parameters to sweep over: 1 to 9 choose another rule", rule->title);
    else
        snprintf(text, sizeof text, "%s cannot be used here: %s", rule->title,
                 why ? why : "there is nothing to search");
    draw_wrapped(rect_inset(r, 0, 1), 0, 0, 2, STYLE_TEXT, text);
    draw_keys(rect_below(r, r.rows - 1));
    return true;
}

void metrics_draw_sweep(struct model *model, enum direction direction, const struct measure *measure, struct rect r)
{
    static const char *const better[] = {"lower is better", "", "higher is better"};
    const struct model_side *side = model_side(model, direction, model->current);
    const struct analysis *base = side->analysis[raw_index()], *analysis = result_now(model, direction);
    const struct model_curve *curve = model_curve(model, direction);
    char title[200];

    if (r.rows < 3)
        return;
    snprintf(title, sizeof title, "sweep, %s: %s%s%s",
             direction == T2V ? item_text("text to video") : item_text("video to text"), measure->title,
             measure->better ? ", " : "", better[measure->better + 1]);
    if (*model_where(model))
        text_append(title, sizeof title, ", ", item_text("of all videos"));
    draw_horizontal(r, 0, STYLE_STRONG, title);
    struct rect rest = rect_below(r, 1);
    if (draw_excuse(model, direction, curve, rest))
        return;
    double raw = base ? shown_of(measure, base, direction) : NAN;
    double now = analysis ? shown_of(measure, analysis, direction) : NAN;
    struct points points = take_points(curve, measure, raw);
    if (curve->known && !points.count) {
        draw_format(rest, 0, 1, STYLE_TEXT, "%s does not have this measure: Left and Right choose another",
                    pick_name(model, model->current).text);
        draw_keys(rect_below(rest, rest.rows - 1));
        return;
    }
    draw_now(model, curve, measure, now, raw, rest);
    rest = rect_below(rest, 1);
    if (rest.rows > CHART_ROWS) {
        draw_keys(rect_below(rest, rest.rows - 1));
        rest.rows--;
    }
    if (rest.rows > CHART_ROWS + NOTE_ROWS) {
        draw_note(model, curve, measure, rect_below(rest, rest.rows - NOTE_ROWS));
        rest.rows -= NOTE_ROWS + (rest.rows > CHART_ROWS + NOTE_ROWS + 2);
    }
    draw_chart(model, curve, measure, &points, now, rect_inset(rest, 0, 1));
}
