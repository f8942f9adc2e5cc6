/* Every rule beside every other: a table of measures for each direction, and below it the selected measure as bars with
 * its meaning in words, or as a curve over a parameter. */
#include "ui/views/metrics.h"
#include "ui/draw/gauge.h"
#include "ui/draw/interval.h"
#include "ui/draw/label.h"
#include "ui/views/role.h"
#include "ui/views/view.h"
#include "ui/model/differences.h"
#include "ui/model/export_job.h"
#include "ui/model/selection.h"
#include "ui/model/work.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    NAME_COLUMNS = 12, /* the rule's title and its key */
    CELL_COLUMNS = 7,  /* one measure */
    PANEL_ROWS = 5,    /* heading, reading, the difference and its intervals, formula: without bars */
    INTERVALS = 100,   /* columns from which on there is room for them beside the bars */
    LEGEND = 110,      /* ... and for the legend in the heading of a table */
    SWEEP_ROWS = 16,   /* with fewer the curve takes the place of the tables */
    RULE_ROWS = 5      /* a rule's heading, formula, meaning and source */
};

struct metrics_state {
    size_t measure;           /* the selected column */
    size_t row;               /* the selected rule, an index into model_rules() */
    size_t rule;              /* the current rule when the row was chosen */
    size_t first;             /* first measure in sight */
    enum direction direction; /* the table with the selection */
    bool sweep;               /* the panel shows a curve */
    struct rect table[2];     /* where the tables were drawn, for clicks */
    bool shown[2];
};

/* Both tables when they fit above the panel, else the selected one; none above a curve that needs the room. */
struct metrics_layout {
    struct rect table[2];
    bool shown[2];
    struct rect panel;
};

static bool direction_possible(const struct model *model, enum direction direction)
{
    return model->side[direction].task != NULL;
}

static struct metrics_layout lay_out(const struct metrics_state *state, const struct model *model, struct rect r)
{
    struct metrics_layout layout = {0};
    size_t list[RULES_MAX];
    int rules_shown = (int)model_rules(model, list), need = 3 + rules_shown;
    int panel = state->sweep ? SWEEP_ROWS : PANEL_ROWS;
    bool both = direction_possible(model, V2T) && r.rows >= 2 * need + panel;
    bool none = state->sweep && r.rows < need + panel;
    int y = 0;

    for (int d = T2V; d <= V2T; d++) {
        layout.shown[d] = !none && (both || d == (int)state->direction);
        if (!layout.shown[d])
            continue;
        layout.table[d] = rect_top(rect_below(r, y), need);
        y += need;
    }
    layout.panel = rect_below(r, y);
    return layout;
}

static size_t cells_that_fit(struct rect r)
{
    int cells = (r.columns - NAME_COLUMNS - 1) / CELL_COLUMNS;

    return cells < 1 ? 1 : (size_t)cells < measures_count ? (size_t)cells : measures_count;
}

static void keep_in_sight(struct metrics_state *state, struct rect r)
{
    size_t shown = cells_that_fit(r);

    if (state->measure < state->first)
        state->first = state->measure;
    if (state->measure >= state->first + shown)
        state->first = state->measure - shown + 1;
    if (state->first + shown > measures_count)
        state->first = measures_count - shown;
}

static double value_of(const struct model *model, enum direction direction, size_t rule, const struct measure *measure)
{
    const struct analysis *analysis = model->side[direction].analysis[rule];

    if (!analysis)
        return NAN;
    struct measured measured = measured_of(analysis, direction);
    return measure_shown(measure, &measured);
}

/* The best value of a measure among the rules, as it is printed; NAN when none is better than another. */
static double best_of(const struct model *model, enum direction direction, const struct measure *measure)
{
    size_t list[RULES_MAX], count = model_rules(model, list);
    double best = NAN, worst = NAN;

    for (size_t i = 0; i < count; i++) {
        double value = value_of(model, direction, list[i], measure) * measure->better;
        if (isnan(value))
            continue;
        best = isnan(best) || value > best ? value : best;
        worst = isnan(worst) || value < worst ? value : worst;
    }
    return measure->better && best > worst ? best * measure->better : NAN;
}

static void draw_headings(const struct metrics_state *state, struct rect r, bool focused)
{
    size_t shown = cells_that_fit(r);

    for (size_t i = 0; i < shown; i++) {
        const struct measure *measure = &measure_table[state->first + i];
        int end = NAME_COLUMNS + (int)(i + 1) * CELL_COLUMNS;
        bool chosen = state->first + i == state->measure;
        bool begins = i == 0 || measure->group != measure_table[state->first + i - 1].group;
        size_t members = 0;

        while (i + members < shown && measure_table[state->first + i + members].group == measure->group)
            members++;
        if (begins) {
            struct rect title = rect_left(r, NAME_COLUMNS + (int)(i + members) * CELL_COLUMNS);
            int at = draw_text(title, 1, end - CELL_COLUMNS + 2, STYLE_DIM, measure_group_title(measure->group));
            for (at++; at < title.columns; at++)
                draw_text(title, 1, at, STYLE_DIM, glyph(GLYPH_HORIZONTAL));
        }
        draw_right(r, 2, end, chosen ? STYLE_STRONG | (focused ? STYLE_SELECTED : STYLE_MARKED) : STYLE_DIM, "%s",
                   measure->name);
    }
    if (state->first)
        draw_text(r, 2, NAME_COLUMNS - 1, STYLE_KEY, glyph(GLYPH_MORE));
    if (state->first + shown < measures_count)
        draw_text(r, 2, NAME_COLUMNS + (int)shown * CELL_COLUMNS, STYLE_KEY, glyph(GLYPH_MORE));
}

static void draw_row(const struct metrics_state *state, struct model *model, enum direction direction,
                     struct rect r, int y, size_t index, size_t rule)
{
    bool focused = direction == state->direction, chosen = focused && index == state->row;
    int mark = chosen ? STYLE_SELECTED : 0;
    const struct model_side *side = &model->side[direction];
    struct rect line = rect_top(rect_below(r, y), 1);

    if (chosen)
        draw_fill(line, STYLE_TEXT | mark);
    int role = role_style(model, rule);
    draw_text(line, 0, 1, mark | role, chosen ? glyph(GLYPH_POINTER) : " ");
    draw_text(rect_left(line, NAME_COLUMNS), 0, 3, mark | (role == STYLE_DIM ? STYLE_TEXT : role), rules[rule]->title);
    if (!side->analysis[rule]) {
        const char *why = side->unavailable[rule] ? side->unavailable[rule]
                          : side->failed[rule][0] ? side->failed[rule]
                                                  : "being fitted ...";
        draw_text(line, 0, NAME_COLUMNS + 2, mark | STYLE_DIM, why);
        return;
    }
    const struct bootstrap *difference = model_difference(model, direction, rule);
    for (size_t i = 0; i < cells_that_fit(r); i++) {
        const struct measure *measure = &measure_table[state->first + i];
        int end = NAME_COLUMNS + (int)(i + 1) * CELL_COLUMNS;
        double value = value_of(model, direction, rule, measure), best = best_of(model, direction, measure);
        int style = isnan(value) ? STYLE_DIM : value == best ? STYLE_UP : STYLE_TEXT;
        bool column = focused && state->first + i == state->measure;
        char number[24];

        measure_print(measure, value, number, sizeof number);
        draw_right(line, 0, end, style | (mark ? mark : column ? STYLE_MARKED : 0), "%s", number);
        const struct interval *interval = difference ? interval_of(measure, difference) : NULL;
        if (interval)
            interval_mark(line, 0, end, mark, interval_verdict(measure, interval));
    }
}

/* What the marks in the table mean, at the end of its heading. */
static void draw_legend(const struct model *model, struct rect r)
{
    char text[120];

    snprintf(text, sizeof text, " %s better, %s worse than %s beyond chance ", glyph(GLYPH_UP), glyph(GLYPH_DOWN),
             rules[model->versus]->title);
    if (r.columns >= LEGEND)
        draw_right(r, 0, r.columns - 2, STYLE_DIM, "%s", text);
}

static void draw_table(const struct metrics_state *state, struct model *model, enum direction direction, struct rect r)
{
    size_t list[RULES_MAX], count = model_rules(model, list);
    const struct task *task = model->side[direction].task;
    char title[200];

    if (!task) {
        draw_horizontal(r, 0, STYLE_DIM, direction == T2V ? "text to video" : "video to text");
        draw_text(r, 2, 2, STYLE_DIM, "not possible here: no captions belong to the videos");
        return;
    }
    snprintf(title, sizeof title, "%s   %zu queries, %zu %s%s%s", direction == T2V ? "text to video" : "video to text",
             task_queries(task), task_gallery(task), direction == T2V ? "videos" : "captions",
             task->bank_name[0] ? ", bank " : "", task->bank_name);
    draw_horizontal(r, 0, direction == state->direction ? STYLE_STRONG : STYLE_DIM, title);
    draw_legend(model, r);
    draw_headings(state, r, direction == state->direction);
    for (size_t i = 0; i < count; i++)
        draw_row(state, model, direction, r, 3 + (int)i, i, list[i]);
}

/* One bar a rule, with the difference to the compared rule and, where there is room, its interval. */
static void draw_bars(const struct metrics_state *state, struct model *model, struct rect r, int step)
{
    const struct measure *measure = &measure_table[state->measure];
    size_t list[RULES_MAX], count = model_rules(model, list);
    double most = 0, base = value_of(model, state->direction, model->versus, measure);
    bool intervals = interval_known(measure) && r.columns >= INTERVALS;
    int from = NAME_COLUMNS + (intervals ? 38 : 20), bar = r.columns - from - 4;

    for (size_t i = 0; i < count; i++)
        most = fmax(most, value_of(model, state->direction, list[i], measure));
    for (size_t i = 0; i < count; i++) {
        double value = value_of(model, state->direction, list[i], measure), change = value - base;
        int role = role_style(model, list[i]), style = role == STYLE_DIM ? STYLE_TEXT : role, y = (int)i * step;
        const struct bootstrap *difference = intervals ? model_difference(model, state->direction, list[i]) : NULL;
        int tone = change * measure->better > 0 ? STYLE_UP : change * measure->better < 0 ? STYLE_DOWN : STYLE_DIM;
        char number[24], interval[INTERVAL_TEXT];

        draw_text(rect_left(r, NAME_COLUMNS), y, 3, style, rules[list[i]]->title);
        measure_print(measure, value, number, sizeof number);
        draw_right(r, y, NAME_COLUMNS + 8, isnan(value) ? STYLE_DIM : STYLE_STRONG, "%s", number);
        if (list[i] == model->versus) {
            draw_right(r, y, NAME_COLUMNS + 17, STYLE_DIM, "compared");
        } else if (difference) {
            int verdict = interval_verdict(measure, interval_of(measure, difference));
            interval_print(measure, interval_of(measure, difference), interval);
            size_t length = strcspn(interval, " ");
            draw_right(r, y, NAME_COLUMNS + 17, verdict ? tone : STYLE_DIM, "%.*s", (int)length, interval);
            int end = draw_text(r, y, NAME_COLUMNS + 18, STYLE_DIM, interval + length + 1);
            interval_mark(r, y, end + 1, 0, verdict);
        } else if (!isnan(change)) {
            draw_right(r, y, NAME_COLUMNS + 17, tone, "%+.*f", measure->decimals, change);
        }
        if (!isnan(value) && most > 0 && bar > 4)
            gauge_bar(r, y, from, bar, fmax(value, 0), most, style);
    }
}

/* How the selected rule differs from the compared one and how sure that is; returns the rows that this may take. */
static int draw_difference(const struct metrics_state *state, struct model *model, struct rect r)
{
    size_t list[RULES_MAX], count = model_rules(model, list);
    int rows = 1 + interval_rows(r.columns - 2, true);
    char text[INTERVAL_SENTENCE];

    if (state->row >= count || r.rows < 1)
        return 0;
    if (list[state->row] == model->versus) {
        draw_format(r, 0, 1, STYLE_DIM, "%s is what the others are compared with: c takes another",
                    rules[model->versus]->title);
        return rows;
    }
    const struct bootstrap *difference = model_difference(model, state->direction, list[state->row]);
    if (!difference)
        return rows;
    interval_sentence(difference, rules[model->versus]->title, text);
    int at = draw_text(r, 0, 1, STYLE_STRONG, text);
    draw_format(r, 0, at, STYLE_DIM, "; %zu helped, %zu hurt, %zu same", difference->helped, difference->hurt,
                difference->unchanged);
    interval_draw_all(rect_inset(rect_below(r, 1), 0, 1), difference, true);
    return rows;
}

/* What the selected rule computes, and what for. */
static void draw_rule(const struct model *model, size_t index, struct rect r)
{
    const struct rule *rule = rules[index];
    char parameters[120], title[64];

    label_rule(rule, title, sizeof title);
    draw_horizontal(r, 0, STYLE_DIM, title);
    int y = 1 + draw_wrapped(rect_inset(r, 0, 1), 1, 0, 2, STYLE_STRONG, rule->formula);
    y += draw_wrapped(rect_inset(r, 0, 1), y, 0, r.rows - y - 1, STYLE_TEXT, rule->about);
    label_parameters(&model->spec[index], parameters, sizeof parameters);
    int at = draw_format(r, y, 1, STYLE_DIM, "%s", parameters);
    draw_format(r, y, parameters[0] ? at + 3 : 1, STYLE_DIM, "%s", rule->source);
}

static void draw_formula(const struct rule *rule, struct rect r)
{
    int at = draw_format(r, 0, 1, STYLE_DIM, "%s is ", rule->title);

    draw_wrapped(r, 0, at, r.rows, STYLE_DIM, rule->formula);
}

static void draw_panel(const struct metrics_state *state, struct model *model, struct rect r)
{
    const struct measure *measure = &measure_table[state->measure];
    static const char *const better[] = {"lower is better", "", "higher is better"};
    size_t list[RULES_MAX];
    int count = (int)model_rules(model, list);
    char title[160], reading[200];

    if (r.rows < 3 || state->row >= (size_t)count)
        return;
    snprintf(title, sizeof title, "%s: %s%s%s", measure->name, measure->title, measure->better ? ", " : "",
             better[measure->better + 1]);
    draw_horizontal(r, 0, STYLE_STRONG, title);
    const struct analysis *analysis = model->side[state->direction].analysis[list[state->row]];
    if (!analysis)
        return;
    size_t rule = list[state->row];
    struct measured measured = measured_of(analysis, state->direction);
    measure->reading(&measured, reading, sizeof reading);
    int at = draw_format(r, 1, 1, role_style(model, rule), "%s: ", rules[rule]->title);
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
        draw_rule(model, rule, rest);
    else if (rest.rows >= 1)
        draw_formula(rules[rule], rest);
}

static void select_current(struct metrics_state *state, const struct model *model)
{
    size_t list[RULES_MAX], count = model_rules(model, list);

    for (size_t i = 0; i < count; i++)
        if (list[i] == model->rule)
            state->row = i;
    state->rule = model->rule;
}

static void metrics_enter(void *opaque, struct model *model)
{
    select_current(opaque, model);
}

static void metrics_draw(void *opaque, struct model *model, struct rect r)
{
    struct metrics_state *state = opaque;
    size_t list[RULES_MAX], count = model_rules(model, list);

    if (state->rule != model->rule)
        select_current(state, model);
    if (state->row >= count)
        state->row = count ? count - 1 : 0;
    if (!direction_possible(model, state->direction))
        state->direction = T2V;
    keep_in_sight(state, r);
    struct metrics_layout layout = lay_out(state, model, r);
    memcpy(state->table, layout.table, sizeof state->table);
    memcpy(state->shown, layout.shown, sizeof state->shown);
    for (int d = T2V; d <= V2T; d++)
        if (layout.shown[d])
            draw_table(state, model, d, layout.table[d]);
    if (state->sweep)
        metrics_draw_sweep(model, state->direction, &measure_table[state->measure], layout.panel);
    else
        draw_panel(state, model, layout.panel);
}

static void move_row(struct metrics_state *state, struct model *model, int by)
{
    size_t list[RULES_MAX], count = model_rules(model, list);

    if (by < 0 && state->row > 0)
        state->row--;
    else if (by > 0 && state->row + 1 < count)
        state->row++;
    else if (direction_possible(model, !state->direction) && (by < 0) == (state->direction == V2T)) {
        state->direction = !state->direction; /* over the edge into the other table */
        state->row = by < 0 ? count - 1 : 0;
    }
}

static void switch_sweep(struct metrics_state *state, struct model *model, bool on)
{
    state->sweep = on;
    if (on)
        model_resume(model); /* it may have been cancelled */
}

static void choose_rule(struct metrics_state *state, struct model *model)
{
    size_t list[RULES_MAX], count = model_rules(model, list);

    if (state->row < count)
        model_set_rule(model, list[state->row]);
}

static bool metrics_act(void *opaque, struct model *model, enum action action)
{
    struct metrics_state *state = opaque;

    switch (action) {
    case ACTION_UP:
    case ACTION_DOWN:
        if (state->shown[state->direction])
            move_row(state, model, action == ACTION_UP ? -1 : 1);
        return true;
    case ACTION_SWEEP:
        switch_sweep(state, model, !state->sweep);
        return true;
    case ACTION_BACK:
        if (!state->sweep)
            return false;
        switch_sweep(state, model, false);
        return true;
    case ACTION_LEFT:
        state->measure -= state->measure > 0;
        return true;
    case ACTION_RIGHT:
        state->measure += state->measure + 1 < measures_count;
        return true;
    case ACTION_FIRST:
        state->measure = 0;
        return true;
    case ACTION_LAST:
        state->measure = measures_count - 1;
        return true;
    case ACTION_NEXT_PANE:
    case ACTION_PREVIOUS_PANE:
    case ACTION_DIRECTION:
        if (direction_possible(model, !state->direction))
            state->direction = !state->direction;
        else
            model_say(model, false, "only text to video: no captions belong to the videos");
        return true;
    case ACTION_OPEN:
        choose_rule(state, model);
        return true;
    default:
        return false;
    }
}

static bool metrics_click(void *opaque, struct model *model, struct rect r, const struct mouse *mouse)
{
    struct metrics_state *state = opaque;
    size_t list[RULES_MAX], count = model_rules(model, list);

    (void)r;
    if (mouse->wheel) {
        move_row(state, model, mouse->wheel);
        return true;
    }
    for (int d = T2V; d <= V2T; d++) {
        if (!state->shown[d] || !rect_holds(state->table[d], mouse->y, mouse->x))
            continue;
        int row = mouse->y - state->table[d].y - 3, cell = mouse->x - state->table[d].x - NAME_COLUMNS;
        state->direction = d;
        if (row >= 0 && (size_t)row < count)
            state->row = (size_t)row;
        if (cell >= 0 && state->first + (size_t)(cell / CELL_COLUMNS) < measures_count)
            state->measure = state->first + (size_t)(cell / CELL_COLUMNS);
        if (mouse->twice)
            choose_rule(state, model);
        return true;
    }
    return false;
}

static bool metrics_exhibit(void *opaque, struct model *model, struct exhibit *exhibit)
{
    const struct metrics_state *state = opaque;

    (void)model;
    exhibit->kind = state->sweep ? &export_sweep : &export_metrics;
    exhibit->direction = state->direction;
    return true;
}

static const struct view_sign signs[] = {
    {GLYPH_UP, NULL, "better than the compared rule, beyond chance"},
    {GLYPH_DOWN, NULL, "worse; of 20 that do not differ, about one is marked"},
    {GLYPHS, "[+0.5 +5.1]", "95 % interval of a difference: bootstrap over queries"},
    {GLYPHS, "p .015", "how often chance alone makes such a difference"},
};

const struct view metrics_view = {
    .name = "metrics",
    .title = "Metrics",
    .open = ACTION_VIEW_METRICS,
    .scope = SCOPE_METRICS | SCOPE_LISTS,
    .state_size = sizeof(struct metrics_state),
    .enter = metrics_enter,
    .draw = metrics_draw,
    .act = metrics_act,
    .exhibit = metrics_exhibit,
    .click = metrics_click,
    .signs = signs,
    .sign_count = sizeof signs / sizeof *signs,
};
