#include "engine/base/memory.h"
#include "ui/model/filter.h"
#include "ui/views/mass.h"

#include <stdlib.h>

static double key_of(const struct holder *holder, enum mass_order order)
{
    return order == MASS_BY_RULE     ? holder->after
           : order == MASS_BY_VERSUS ? holder->before
                                     : holder->after - holder->before;
}

static int compare(const void *left, const void *right, void *opaque)
{
    const struct holder *a = left, *b = right;
    double key_a = key_of(a, *(enum mass_order *)opaque), key_b = key_of(b, *(enum mass_order *)opaque);

    return key_a != key_b ? (key_a < key_b) - (key_a > key_b) : (a->video > b->video) - (a->video < b->video);
}

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
    for (size_t i = 0; i < state->all; i++) {
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

    if (state->ready && state->results == model->results && state->made == state->order)
        return;
    state->ready = false;
    if (!before || !after || !before->mass || !after->mass || !make_room(state, after->gallery))
        return;
    state->count = 0;
    state->all = after->gallery;
    state->fair = after->mass_summary.expected;
    for (size_t j = 0; j < state->all; j++) {
        if (model_lists_video(model, (uint32_t)j))
            state->holder[state->count++] = (struct holder){(uint32_t)j, before->mass[j], after->mass[j]};
        state->before[j] = before->mass[j];
        state->after[j] = after->mass[j];
    }
    count_shares(state, 0, state->before);
    count_shares(state, 1, state->after);
    qsort_r(state->holder, state->count, sizeof *state->holder, compare, &state->order);
    qsort(state->before, state->all, sizeof *state->before, descending);
    qsort(state->after, state->all, sizeof *state->after, descending);
    state->results = model->results;
    state->made = state->order;
    state->ready = true;
    for (int pane = 0; pane < MASS_PANES; pane++)
        list_fit(&state->list[pane], state->count, state->list[pane].shown);
}
