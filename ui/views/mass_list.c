#include "engine/base/memory.h"
#include "ui/model/filter.h"
#include "ui/views/mass.h"

#include <stdlib.h>
#include <string.h>

static int by_versus(const void *a, const void *b, const void *model)
{
    (void)model;
    return sort_numbers(((const struct holder *)a)->before, ((const struct holder *)b)->before);
}

static int by_rule(const void *a, const void *b, const void *model)
{
    (void)model;
    return sort_numbers(((const struct holder *)a)->after, ((const struct holder *)b)->after);
}

static int by_change(const void *a, const void *b, const void *model)
{
    const struct holder *left = a, *right = b;

    (void)model;
    return sort_numbers(left->after - left->before, right->after - right->before);
}

static int by_title(const void *a, const void *b, const void *model)
{
    return strcmp(model_folded_title(model, ((const struct holder *)a)->video),
                  model_folded_title(model, ((const struct holder *)b)->video));
}

const struct sort_column mass_columns[MASS_ORDERS] = {
    [MASS_BY_RULE] = {by_rule, true},
    [MASS_BY_VERSUS] = {by_versus, true},
    [MASS_BY_CHANGE] = {by_change, true},
    [MASS_BY_TITLE] = {by_title, false},
};

static int descending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a < b) - (a > b);
}

static bool make_room(struct mass_state *state, size_t count)
{
    struct holder *holder = memory_grow(state->holder, count, sizeof *holder);
    if (holder)
        state->holder = holder;
    double *before = memory_grow(state->before, count, sizeof *before);
    if (before)
        state->before = before;
    double *after = memory_grow(state->after, count, sizeof *after);
    if (after)
        state->after = after;
    return holder && before && after;
}

static void count_shares(struct mass_state *state, int side, const double *mass)
{
    double all = 0, over = 0;

    state->over[side] = 0;
    for (size_t i = 0; i < state->measured; i++) {
        all += mass[i];
        if (mass[i] > state->fair) {
            state->over[side]++;
            over += mass[i];
        }
    }
    state->held[side] = all > 0 ? 100 * over / all : 0;
}

void mass_refresh(struct mass_state *state, const struct model *model)
{
    const struct analysis *before = model_analysis(model, model->versus),
                          *after = model_analysis(model, model->current);

    if (state->ready && state->results == model->results)
        return;
    state->ready = false;
    if (!before || !after || !before->mass || !after->mass || !make_room(state, after->gallery))
        return;
    state->count = state->measured = 0;
    state->all = after->gallery;
    state->fair = after->mass_summary.expected;
    for (size_t j = 0; j < state->all; j++) {
        if (model_lists_video(model, (uint32_t)j))
            state->holder[state->count++] = (struct holder){(uint32_t)j, before->mass[j], after->mass[j]};
        if (!subset_has(after->subset, j))
            continue;
        state->before[state->measured] = before->mass[j];
        state->after[state->measured++] = after->mass[j];
    }
    count_shares(state, 0, state->before);
    count_shares(state, 1, state->after);
    sort_rows(&state->sort[MASS_OVER], mass_columns, state->holder, state->count, sizeof *state->holder, model);
    qsort(state->before, state->measured, sizeof *state->before, descending);
    qsort(state->after, state->measured, sizeof *state->after, descending);
    state->results = model->results;
    state->ready = true;
    for (int pane = 0; pane < MASS_PANES; pane++)
        list_renew(&state->list[pane], state->count);
}
