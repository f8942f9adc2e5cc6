#include "ui/views/mass_steps.h"

#include "engine/base/item.h"
#include "ui/draw/big_number.h"
#include "ui/draw/line_chart.h"
#include "ui/model/curves.h"
#include "ui/model/fits.h"
#include "ui/model/selection.h"
#include "ui/model/texts.h"
#include "ui/views/video_card.h"
#include "ui/views/view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    STEP_FRAMES = 8, /* about a second */
    SUM_PULLS = 4,
    PULL_COLUMNS = 34, /* of a pull and its caption */
    NAMED = 72,        /* columns from which the key is named that plays */
    HINTED = 78,       /* and from which those that step, and the bank's error */
    NUMBER_GAP = 4     /* between the iteration and its error */
};

static size_t parameter_of(const struct pick pick)
{
    const struct rule *rule = rules[pick.rule];

    for (size_t p = 0; p < rule->parameter_count; p++)
        if (strcmp(rule->parameters[p].name, "iterations") == 0)
            return p;
    return SIZE_MAX;
}

bool mass_steps_possible(const struct model *model)
{
    return parameter_of(model->current) != SIZE_MAX;
}

bool mass_steps_shown(const struct model *model)
{
    return mass_steps_possible(model) && model->parameter == parameter_of(model->current);
}

/* How many iterations the rule is to make. */
static double wanted(const struct model *model)
{
    return rule_value(model_spec(model, model->current), "iterations");
}

void mass_steps_follow(struct mass_steps *steps, const struct model *model)
{
    if (!mass_steps_possible(model)) {
        steps->playing = false;
        return;
    }
    double value = wanted(model);
    bool other = !pick_same(steps->pick, model->current);
    if (!other && value == steps->value && steps->last > 0)
        return;
    steps->playing = false;
    if (other || fabs(value - steps->value) > 1 || value > steps->last)
        steps->last = value;
    if (steps->last < 1)
        steps->last = rules[model->current.rule]->parameters[parameter_of(model->current)].value;
    steps->pick = model->current;
    steps->value = value;
}

static void go_to(struct mass_steps *steps, struct model *model, double value)
{
    steps->value = value;
    steps->since = view_frame();
    model_set_parameter(model, model->current, parameter_of(model->current), value);
    model->message[0] = '\0'; /* the head says it */
}

void mass_steps_play(struct mass_steps *steps, struct model *model)
{
    if (!mass_steps_possible(model)) {
        model_say(model, true, "%s does not iterate: choose NCL or Sinkhorn", pick_name(model, model->current).text);
        return;
    }
    mass_steps_follow(steps, model);
    model->parameter = parameter_of(model->current);
    model_touch(model);
    if (steps->playing) {
        steps->playing = false;
        return;
    }
    steps->playing = !model->still;
    steps->since = view_frame();
    if (steps->value >= steps->last)
        go_to(steps, model, 0);
    else if (model->still)
        go_to(steps, model, steps->value + 1);
}

void mass_steps_tick(struct mass_steps *steps, struct model *model)
{
    const struct model_side *side = model_side(model, T2V, model->current);

    mass_steps_follow(steps, model);
    if (!steps->playing)
        return;
    if (model->paused || side->failed[model->current.rule][0]) {
        steps->playing = false;
        return;
    }
    const struct model_curve *curve = mass_steps_shown(model) ? model_curve_up_to(model, T2V, steps->last) : NULL;
    bool measured = !curve || curve->known == curve->count || curve->failed[0];
    if (!measured || !fits_current(model, T2V, model->current))
        steps->since = view_frame();
    else if (steps->value >= steps->last)
        steps->playing = false;
    else if (view_frame() - steps->since >= STEP_FRAMES)
        go_to(steps, model, steps->value + 1);
}

/* ---- the iteration shown, and the error over all ---- */

static double shown_iteration(const struct model *model)
{
    const struct analysis *analysis = model_analysis(model, model->current);

    return analysis ? rule_value(&analysis->fit->spec, "iterations") : wanted(model);
}

void mass_steps_name(const struct mass_steps *steps, const struct model *model, char *buffer, size_t size)
{
    snprintf(buffer, size, "iteration %.0f of %.0f", shown_iteration(model), steps->last);
}

void mass_steps_draw_head(const struct mass_steps *steps, const struct model *model, struct rect r)
{
    const struct analysis *before = model_analysis(model, model->versus),
                          *after = model_analysis(model, model->current);
    double from = before->mass_summary.normalization_error, to = after->mass_summary.normalization_error;
    double change = from > 0 ? 100 * (to / from - 1) : 0;
    char name[64];

    mass_steps_name(steps, model, name, sizeof name);
    int x = draw_text(r, 0, 1, STYLE_STRONG, name);
    if (steps->playing) {
        x = draw_text(r, 0, x + 2, STYLE_STRONG, "playing");
    } else if (r.columns >= NAMED) {
        x = draw_text(r, 0, x + 2, STYLE_KEY, "P");
        x = draw_text(r, 0, x, STYLE_DIM, model->still ? " next" : " plays");
        if (r.columns >= HINTED)
            x = draw_text(r, 0, draw_text(r, 0, x + 1, STYLE_KEY, "[ ]"), STYLE_DIM, " step");
    }
    x = draw_text(r, 0, x + 2, STYLE_DIM, "error ");
    x = draw_format(r, 0, x, STYLE_RULE_A, "%.3f", from);
    x = draw_format(r, 0, x, STYLE_DIM, " %s ", glyph(GLYPH_ARROW));
    x = draw_format(r, 0, x, STYLE_RULE_B, "%.3f", to);
    x = draw_format(r, 0, x + 1, change < 0 ? STYLE_UP : change > 0 ? STYLE_DOWN : STYLE_DIM, "%+.0f %%", change);
    if (r.columns >= HINTED && !isnan(after->fit->residual)) {
        x = draw_text(r, 0, x + 2, STYLE_DIM, "bank ");
        draw_format(r, 0, x, STYLE_BANK, "%.4f", after->fit->residual);
    }
}

void mass_steps_draw_number(const struct model *model, struct rect r)
{
    const struct analysis *analysis = model_whole_analysis(model, model->current);
    char iteration[16], error[32];

    if (!analysis)
        return;
    snprintf(iteration, sizeof iteration, "%.0f", shown_iteration(model));
    snprintf(error, sizeof error, "%.3f", analysis->mass_summary.normalization_error);
    int end = r.columns - 1, from = end - big_number_columns(error), before = from - NUMBER_GAP;
    if (r.rows < BIG_NUMBER_ROWS + 2 || before - big_number_columns(iteration) < r.columns / 3)
        return;
    draw_right(r, 0, end, STYLE_DIM, "error");
    draw_right(r, 0, before, STYLE_DIM, "iteration");
    big_number_draw(r, 1, before - big_number_columns(iteration), STYLE_STRONG, iteration);
    big_number_draw(r, 1, from, STYLE_RULE_B, error);
}

void mass_steps_draw_errors(const struct mass_steps *steps, struct model *model, struct rect r)
{
    const struct model_curve *curve = model_curve_up_to(model, T2V, steps->last);
    const struct analysis *analysis = model_whole_analysis(model, model->current),
                          *before = model_whole_analysis(model, model->versus);
    double x[MODEL_CURVE], value[MODEL_CURVE], versus[MODEL_CURVE], bank[MODEL_CURVE], point[2];
    size_t count = 0;
    bool has_bank = false;

    if (!curve || !analysis || !before)
        return;
    for (size_t i = 0; i < curve->count; i++) {
        if (!curve->is_known[i])
            continue;
        x[count] = curve->point[i].spec.value[curve->parameter];
        versus[count] = before->mass_summary.normalization_error;
        bank[count] = curve->point[i].residual;
        has_bank = has_bank || !isnan(bank[count]);
        value[count++] = curve->point[i].mass.normalization_error;
    }
    point[0] = shown_iteration(model);
    point[1] = analysis->mass_summary.normalization_error;
    const struct pick_name name[2] = {pick_name(model, model->current), pick_name(model, model->versus)};
    struct chart_series series[CHART_SERIES] = {
        {value, STYLE_RULE_B, name[0].text}, {versus, STYLE_RULE_A, name[1].text}, {bank, STYLE_BANK, "bank"}};
    struct chart chart = {.series = series,
                          .series_count = 2 + has_bank,
                          .count = count,
                          .x = x,
                          .x_first = 0,
                          .x_last = steps->last,
                          .x_title = "iteration",
                          .line = NAN,
                          .log_y = 1,
                          .first_above = 1,
                          .mark = SIZE_MAX,
                          .point = point,
                          .second = has_bank ? analysis->fit->residual : 0,
                          .hollow = model_analysis_lags(model, T2V, model->current)};
    line_chart_draw(r, &chart);
}

/* ---- the sum behind a bias ---- */

void mass_steps_sum(const struct fit *fit, uint32_t item, const struct pull *pulls, size_t count,
                    struct arithmetic *sum)
{
    double total = exp(fit_mean_bias(fit) - fit->bias[item]);
    int decimals = total < 0.1 ? 4 : total < 1 ? 3 : 2;
    double unit = pow(10, -decimals), left = round(total / unit) * unit;

    *sum = (struct arithmetic){0};
    for (size_t i = 0; i < count; i++) {
        double share = fmin(round(pulls[i].share * total / unit) * unit, left);
        arithmetic_add(sum, i ? TERM_PLUS : TERM_START, share, decimals, "bank query %zu", (size_t)pulls[i].bank_row);
        left -= share;
    }
    if (count && fit->n > count)
        arithmetic_add(sum, TERM_PLUS, fmax(left, 0), decimals, "%zu others", fit->n - count);
    arithmetic_add(sum, TERM_EQUALS, total, decimals, "sum");
}

static void draw_terms(const struct model *model, struct rect r, const struct fit *fit)
{
    size_t most = (size_t)(r.columns / PULL_COLUMNS), count = most < SUM_PULLS ? most : SUM_PULLS;
    bool known = model->pulls_video == model->video && pick_same(model->pulls_pick, model->current);
    struct arithmetic sum;
    char caption[CARD_TEXT];

    count = !known ? 0 : model->pull_count < count ? model->pull_count : count;
    if (!count)
        return;
    mass_steps_sum(fit, model->video, model->pulls, count, &sum);
    const struct term *last = &sum.term[sum.count - 1];
    int x = draw_format(r, 0, 1, STYLE_STRONG, "%.*f", last->decimals, last->value);
    int others = fit->n > count ? snprintf(NULL, 0, " + %.*f from %zu others", last->decimals, 0.0, fit->n - count) : 0;
    int columns = (r.columns - x - others) / (int)count;
    for (size_t i = 0; i < count; i++) {
        int end = draw_format(r, 0, x, STYLE_DIM, " %s ", i ? "+" : "=");
        end = draw_format(r, 0, end, STYLE_STRONG, "%.*f", last->decimals, sum.term[i].value);
        model_bank_caption(model, model->pulls[i].bank_row, caption, sizeof caption);
        x = draw_text(rect_left(r, x + columns), 0, end + 1, STYLE_TEXT, caption);
    }
    if (others)
        draw_format(r, 0, x, STYLE_DIM, " + %.*f from %zu others", last->decimals, sum.term[count].value,
                    fit->n - count);
}

void mass_steps_draw_sum(const struct model *model, struct rect r)
{
    const struct analysis *analysis = model_analysis(model, model->current);
    const struct fit *fit = analysis->fit;
    char title[CARD_TEXT], text[CARD_TEXT + 160];

    if (model->video == NO_VIDEO || !fit->bias) {
        draw_horizontal(r, 0, STYLE_DIM, item_text("select a video to see what makes its bias"));
        return;
    }
    double bias = fit->bias[model->video] - fit_mean_bias(fit), total = exp(-bias);
    double iteration = shown_iteration(model);
    model_title(model, model->video, title, sizeof title);
    snprintf(text, sizeof text, "why %s %s %s at iteration %.0f", pick_name(model, model->current).text,
             bias < 0 ? "holds down" : "lifts", title, iteration);
    draw_horizontal(r, 0, STYLE_STRONG, text);
    int x = draw_text(r, 1, 1, STYLE_DIM, "bias ");
    x = draw_format(r, 1, x, bias < 0 ? STYLE_DOWN : STYLE_UP, "%+.2f", bias);
    x = draw_text(r, 1, x, STYLE_DIM, " = -log ");
    x = draw_format(r, 1, x, STYLE_STRONG, "%.*f", total < 0.1 ? 4 : total < 1 ? 3 : 2, total);
    draw_format(r, 1, x, STYLE_DIM, item_text(": %s weights on it (average video: 1)"),
                fit->n ? "the bank queries'" : "all queries'");
    draw_terms(model, rect_below(rect_top(r, 3), 2), fit);
    if (iteration < 1)
        draw_text(r, 3, 1, STYLE_DIM, "Before the first iteration every query counts alike: the inverted softmax.");
    else
        draw_text(r, 3, 1, STYLE_DIM,
                  item_text("Each iteration evens out what a query gives, then what a video gets."));
}
