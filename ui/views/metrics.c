/* All rules side by side: a table of measures for each direction, and below it the selected measure as bars with its
 * meaning in words, or as a curve over a parameter. */
#include "ui/views/metrics.h"

#include "engine/base/item.h"
#include "ui/model/export_job.h"
#include "ui/model/fits.h"
#include "ui/model/selection.h"
#include "ui/model/work.h"
#include "ui/views/view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    PANEL_ROWS = 5, /* heading, reading, the difference and its intervals, formula: without bars */
    SWEEP_ROWS = 16 /* with fewer the curve takes the place of the tables */
};

/* Both tables if they fit above the panel, otherwise the selected one; none above a curve that needs the room. */
struct metrics_layout {
    struct rect table[2];
    bool shown[2];
    struct rect panel;
};

static bool direction_possible(const struct model *model, enum direction direction)
{
    return model_side(model, direction, model->current)->task != NULL;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

static struct metrics_layout lay_out(const struct metrics_state *state, const struct model *model, struct rect r)
{
    struct metrics_layout layout = {0};
    int need = METRICS_HEAD + (int)metrics_lines(model), panel = state->sweep ? SWEEP_ROWS : PANEL_ROWS;
    bool both = direction_possible(model, V2T) && r.rows >= 2 * need + panel;
    bool none = state->sweep && r.rows < need + panel;
    int y = 0;

    for (int d = T2V; d <= V2T; d++) {
        layout.shown[d] = !none && (both || d == (int)state->direction);
        if (!layout.shown[d])
            continue;
        int rows = model_compares_models(model) && !both ? least(need, r.rows - panel) : need;
        layout.table[d] = rect_top(rect_below(r, y), rows);
        y += rows;
    }
    layout.panel = rect_below(r, y);
    return layout;
}

static void select_current(struct metrics_state *state, const struct model *model)
{
    state->current = state->chosen = model->current;
}

static void metrics_enter(void *opaque, struct model *model)
{
    select_current(opaque, model);
}

/* Scrolls a table that does not fit to the selected row, and to the line above it that names its model. */
static void keep_row_in_sight(struct metrics_state *state, const struct model *model)
{
    size_t lines = metrics_lines(model), line = metrics_line(model, metrics_row(state, model));
    int rows = state->table[state->direction].rows - METRICS_HEAD;
    size_t shown = rows > 0 ? (size_t)rows : 1;

    if (line < state->top + 1)
        state->top = line ? line - 1 : 0;
    if (line >= state->top + shown)
        state->top = line - shown + 1;
    if (state->top + shown > lines)
        state->top = lines > shown ? lines - shown : 0;
}

/* Those of judgements only where there are some. */
static size_t first_measure(const struct model *model)
{
    for (int d = T2V; d <= V2T; d++) {
        const struct task *task = model_side(model, (enum direction)d, model->current)->task;
        if (task && measures_are_judged(task))
            return 0;
    }
    return MEASURES_JUDGED;
}

static bool is_listed(const struct model *model, struct pick pick)
{
    return model_can_use(model, pick) && (pick.model == model->current.model || pick.model == model->versus.model);
}

static void metrics_draw(void *opaque, struct model *model, struct rect r)
{
    struct metrics_state *state = opaque;

    model_want_rules(model);
    if (!pick_same(state->current, model->current) || !is_listed(model, state->chosen))
        select_current(state, model);
    if (!direction_possible(model, state->direction))
        state->direction = T2V;
    state->least = first_measure(model);
    if (state->measure < state->least)
        state->measure = state->least;
    metrics_keep_in_sight(state, r);
    struct metrics_layout layout = lay_out(state, model, r);
    memcpy(state->table, layout.table, sizeof state->table);
    memcpy(state->shown, layout.shown, sizeof state->shown);
    keep_row_in_sight(state, model);
    for (int d = T2V; d <= V2T; d++)
        if (layout.shown[d])
            metrics_draw_table(state, model, d, layout.table[d]);
    if (state->sweep)
        metrics_draw_sweep(model, state->direction, &measure_table[state->measure], layout.panel);
    else
        metrics_draw_panel(state, model, layout.panel);
}

static void move_row(struct metrics_state *state, struct model *model, int by)
{
    struct pick picks[PICKS_MAX];
    size_t count = metrics_picks(state, model, state->direction, picks), row = metrics_row(state, model);

    if (by < 0 && row > 0) {
        state->chosen = picks[row - 1];
    } else if (by > 0 && row + 1 < count) {
        state->chosen = picks[row + 1];
    } else if (direction_possible(model, !state->direction) && (by < 0) == (state->direction == V2T)) {
        state->direction = !state->direction; /* over the edge into the other table */
        metrics_picks(state, model, state->direction, picks);
        state->chosen = picks[by < 0 ? count - 1 : 0];
    }
}

static void switch_sweep(struct metrics_state *state, struct model *model, bool on)
{
    state->sweep = on;
    if (on)
        model_resume(model); /* it may have been cancelled */
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
        state->measure -= state->measure > state->least;
        return true;
    case ACTION_RIGHT:
        state->measure += state->measure + 1 < measures_count;
        return true;
    case ACTION_FIRST:
        state->measure = state->least;
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
            model_say(model, false, item_text("only text to video: no captions belong to the videos"));
        return true;
    case ACTION_OPEN:
        model_choose(model, state->chosen);
        return true;
    default:
        return metrics_order_act(state, action);
    }
}

static bool metrics_click(void *opaque, struct model *model, struct rect r, const struct mouse *mouse)
{
    struct metrics_state *state = opaque;
    struct pick picks[PICKS_MAX];

    (void)r;
    if (mouse->wheel) {
        move_row(state, model, mouse->wheel);
        return true;
    }
    for (int d = T2V; d <= V2T; d++) {
        if (!state->shown[d] || !rect_holds(state->table[d], mouse->y, mouse->x))
            continue;
        int y = mouse->y - state->table[d].y - METRICS_HEAD, x = mouse->x - state->table[d].x;
        state->direction = d;
        size_t count = metrics_picks(state, model, d, picks);
        for (size_t row = 0; y >= 0 && row < count; row++)
            if (metrics_line(model, row) == state->top + (size_t)y)
                state->chosen = picks[row];
        state->measure = metrics_measure_at(state, x);
        if (y == -1)
            metrics_order_choose(state, x < METRICS_NAME_COLUMNS ? METRICS_AS_LISTED : METRICS_BY_MEASURE);
        if (mouse->twice && y >= 0)
            model_choose(model, state->chosen);
        return true;
    }
    return false;
}

static bool metrics_exhibit(void *opaque, struct model *model, struct exhibit *exhibit)
{
    const struct metrics_state *state = opaque;

    exhibit->kind = state->sweep ? &export_sweep : &export_metrics;
    exhibit->direction = state->direction;
    if (!state->sweep)
        exhibit->picks = metrics_picks(state, model, state->direction, exhibit->pick);
    return true;
}

static void metrics_keep(void *opaque, struct keeper *keeper)
{
    struct metrics_state *state = opaque;
    size_t direction = state->direction, order = state->order;

    keep_number(keeper, "measure", &state->measure, measures_count);
    keep_number(keeper, "direction", &direction, 2);
    keep_number(keeper, "order", &order, METRICS_BY_MEASURE + 1);
    keep_number(keeper, "ordered", &state->ordered, measures_count);
    keep_flag(keeper, "order-reversed", &state->reverse);
    state->direction = (enum direction)direction;
    state->order = (enum metrics_order)order;
}

static bool metrics_copies(void *opaque, struct model *model, char *text, size_t size)
{
    const struct metrics_state *state = opaque;

    snprintf(text, size, "%s", pick_name(model, state->chosen).text);
    return true;
}

static const struct view_sign signs[] = {
    {GLYPH_BULLET, NULL, "the best of its column"},
    {GLYPH_UP, NULL, "better than the compared rule, beyond chance"},
    {GLYPH_DOWN, NULL, "worse; where nothing differs, about 1 in 20 is marked"},
    {GLYPHS, "[+0.5 +5.1]", "95 % interval of a difference: bootstrap over queries"},
    {GLYPHS, "p .015", "how often chance alone produces such a difference"},
};

static const char *heading_of(const void *opaque, const struct model *model)
{
    const struct metrics_state *state = opaque;

    (void)model;
    return measure_table[state->measure].name;
}

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
    .copies = metrics_copies,
    .click = metrics_click,
    .keep = metrics_keep,
    .signs = signs,
    .sign_count = sizeof signs / sizeof *signs,
    .heading = heading_of,
};
