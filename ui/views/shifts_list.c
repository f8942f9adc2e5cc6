#include "engine/base/memory.h"
#include "ui/model/filter.h"
#include "ui/views/shifts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double step_most[SHIFTS_STEPS] = {3, 10, 30, 100, INFINITY};

static int by_change(const void *a, const void *b, const void *model)
{
    (void)model;
    return sort_numbers(fabs(shift_gain(a)), fabs(shift_gain(b)));
}

static int by_gain(const void *a, const void *b, const void *model)
{
    (void)model;
    return sort_numbers(shift_gain(a), shift_gain(b));
}

static int by_rank(const void *a, const void *b, const void *model)
{
    (void)model;
    return sort_numbers(((const struct shift *)a)->after, ((const struct shift *)b)->after);
}

static int by_versus(const void *a, const void *b, const void *model)
{
    (void)model;
    return sort_numbers(((const struct shift *)a)->before, ((const struct shift *)b)->before);
}

static int by_query(const void *a, const void *b, const void *model)
{
    (void)model;
    return sort_numbers(((const struct shift *)a)->query, ((const struct shift *)b)->query);
}

const struct sort_column shifts_columns[SHIFTS_ORDERS] = {
    [SHIFTS_BY_CHANGE] = {by_change, true}, [SHIFTS_BY_HELP] = {by_gain, true},
    [SHIFTS_BY_HURT] = {by_gain, false},    [SHIFTS_BY_RANK] = {by_rank, true},
    [SHIFTS_BY_VERSUS] = {by_versus, true}, [SHIFTS_BY_QUERY] = {by_query, false},
};

static size_t bin_of(double change)
{
    double size = fabs(change);
    size_t step = 0;

    if (size == 0)
        return SHIFTS_STEPS;
    while (size > step_most[step])
        step++;
    return change > 0 ? SHIFTS_STEPS - 1 - step : SHIFTS_STEPS + 1 + step;
}

static void count_shift(struct shifts_state *state, const struct shift *shift)
{
    double change = shift_gain(shift);

    state->helped += change > 0;
    state->hurt += change < 0;
    state->same += change == 0;
    state->into_first += shift->before > 1 && shift->after == 1;
    state->out_of_first += shift->before == 1 && shift->after > 1;
    state->into_ten += shift->before >= 11 && shift->after < 11;
    state->out_of_ten += shift->before < 11 && shift->after >= 11;
    state->bin[bin_of(change)]++;
}

size_t shifts_selected(const struct shifts_state *state)
{
    return state->list.selected < state->count ? state->shift[state->list.selected].query : NO_QUERY;
}

void shifts_select(struct shifts_state *state, size_t query)
{
    for (size_t i = 0; i < state->count; i++)
        if (state->shift[i].query == query)
            list_pin(&state->list, i);
}

void shifts_refresh(struct shifts_state *state, const struct model *model)
{
    const struct analysis *before = model_analysis(model, model->versus),
                          *after = model_analysis(model, model->current);

    if (state->ready && state->results == model->results)
        return;
    if (state->ready)
        state->kept = shifts_selected(state);
    struct rect rows = state->rows;
    state->ready = false;
    state->count = state->measured = state->all = state->helped = state->hurt = state->same = 0;
    state->into_first = state->out_of_first = state->into_ten = state->out_of_ten = 0;
    memset(state->bin, 0, sizeof state->bin);
    if (!before || !after || before->queries != after->queries)
        return;
    if (before->queries > state->capacity) {
        struct shift *grown = memory_grow(state->shift, before->queries, sizeof *grown);
        if (!grown)
            return;
        state->shift = grown;
        state->capacity = before->queries;
    }
    for (size_t q = 0; q < before->queries; q++) {
        struct shift shift = {(uint32_t)analysis_query(after, q), before->rank[q], after->rank[q]};
        if (isnan(shift.before) || isnan(shift.after))
            continue; /* no video of its own in this collection */
        state->measured++;
        if (model_lists_query(model, shift.query))
            state->shift[state->count++] = shift;
        count_shift(state, &shift);
    }
    state->all = after->subset ? after->queries : state->measured;
    sort_rows(&state->sort, shifts_columns, state->shift, state->count, sizeof *state->shift, model);
    state->results = model->results;
    state->rows = rows;
    state->ready = true;
    list_renew(&state->list, state->count);
    if (state->begun)
        shifts_select(state, state->kept);
    state->begun = true;
}
