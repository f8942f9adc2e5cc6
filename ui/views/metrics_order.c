/* By which measure the rules of the Metrics view are sorted. */
#include "ui/draw/sort.h"
#include "ui/views/metrics.h"

#include <math.h>

struct ranked {
    uint32_t place; /* as listed */
    double value;   /* infinite, so that it comes last, if there is none */
    struct pick pick;
};

static int by_value(const void *a, const void *b, const void *context)
{
    (void)context;
    return sort_numbers(((const struct ranked *)a)->value, ((const struct ranked *)b)->value);
}

/* Whether the largest, or the last of those listed, comes first. */
static bool falls(const struct metrics_state *state)
{
    bool usually = state->order == METRICS_BY_MEASURE && measure_table[state->ordered].better >= 0;

    return usually != state->reverse;
}

/* Sorts rules of one model. */
static void sort_picks(const struct metrics_state *state, const struct model *model, enum direction direction,
                       struct pick *picks, size_t count)
{
    const struct sort_column column = {by_value, falls(state)};
    struct ranked row[RULES_MAX];

    for (size_t i = 0; i < count; i++) {
        double value = metrics_value(model, direction, picks[i], &measure_table[state->ordered]);
        row[i] = (struct ranked){(uint32_t)i, isnan(value) ? column.falls ? -INFINITY : INFINITY : value, picks[i]};
    }
    sort_rows(&(struct sort){0}, &column, row, count, sizeof *row, NULL);
    for (size_t i = 0; i < count; i++)
        picks[i] = row[i].pick;
}

static void reverse(struct pick *picks, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct pick other = picks[i];
        picks[i] = picks[count - 1 - i];
        picks[count - 1 - i] = other;
    }
}

size_t metrics_picks(const struct metrics_state *state, const struct model *model, enum direction direction,
                     struct pick picks[PICKS_MAX])
{
    size_t count = model_picks(model, picks), end;

    for (size_t from = 0; from < count; from = end) {
        for (end = from + 1; end < count && picks[end].model == picks[from].model; end++)
            continue;
        if (state->order == METRICS_BY_MEASURE)
            sort_picks(state, model, direction, picks + from, end - from);
        else if (state->reverse)
            reverse(picks + from, end - from);
    }
    return count;
}

size_t metrics_row(const struct metrics_state *state, const struct model *model)
{
    struct pick picks[PICKS_MAX];
    size_t count = metrics_picks(state, model, state->direction, picks), row = 0;

    for (size_t i = 0; i < count; i++)
        if (pick_same(picks[i], state->chosen))
            row = i;
    return row;
}

bool metrics_order_act(struct metrics_state *state, enum action action)
{
    size_t end = action == ACTION_ORDER ? measures_count - 1 : state->least;

    if (action == ACTION_REVERSE) {
        state->reverse = !state->reverse;
        return true;
    }
    if (action != ACTION_ORDER && action != ACTION_ORDER_BACK)
        return false;
    if (state->order == METRICS_BY_MEASURE && state->ordered == state->measure && state->measure == end) {
        state->order = METRICS_AS_LISTED;
    } else {
        if (state->order == METRICS_BY_MEASURE && state->ordered == state->measure)
            state->measure = action == ACTION_ORDER ? state->measure + 1 : state->measure - 1;
        state->order = METRICS_BY_MEASURE;
        state->ordered = state->measure;
    }
    state->reverse = false;
    return true;
}

void metrics_order_choose(struct metrics_state *state, enum metrics_order order)
{
    bool again = state->order == order && (order == METRICS_AS_LISTED || state->ordered == state->measure);

    state->reverse = again && !state->reverse;
    state->order = order;
    state->ordered = state->measure;
}

void metrics_order_draw(const struct metrics_state *state, struct rect r, int y, int x)
{
    draw_text(r, y, x, STYLE_STRONG, glyph(falls(state) ? GLYPH_DOWN : GLYPH_UP));
}
