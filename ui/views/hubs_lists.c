#include "engine/base/memory.h"
#include "ui/model/filter.h"
#include "ui/views/hubs.h"

#include <stdlib.h>
#include <string.h>

struct pick hubs_before(const struct model *model)
{
    return model_analysis(model, model->versus) ? model->versus : model->current;
}

struct pick hubs_after(const struct model *model)
{
    return model_analysis(model, model->current) ? model->current : model->versus;
}

struct pick hubs_named_rule(const struct hubs_state *state, const struct model *model)
{
    return state->of_versus ? hubs_before(model) : hubs_after(model);
}

struct pick hubs_other_rule(const struct hubs_state *state, const struct model *model)
{
    return state->of_versus ? hubs_after(model) : hubs_before(model);
}

static int by_versus(const void *a, const void *b, const void *model)
{
    (void)model;
    return sort_numbers(((const struct hub *)a)->before, ((const struct hub *)b)->before);
}

static int by_rule(const void *a, const void *b, const void *model)
{
    (void)model;
    return sort_numbers(((const struct hub *)a)->after, ((const struct hub *)b)->after);
}

static long change_of(const struct hub *hub)
{
    return labs((long)hub->before - (long)hub->after);
}

static int by_change(const void *a, const void *b, const void *model)
{
    (void)model;
    return sort_numbers((double)change_of(a), (double)change_of(b));
}

static int by_title(const void *a, const void *b, const void *model)
{
    return strcmp(model_folded_title(model, ((const struct hub *)a)->video),
                  model_folded_title(model, ((const struct hub *)b)->video));
}

const struct sort_column hubs_columns[HUBS_ORDERS] = {
    [HUBS_BY_VERSUS] = {by_versus, true},
    [HUBS_BY_RULE] = {by_rule, true},
    [HUBS_BY_CHANGE] = {by_change, true},
    [HUBS_BY_TITLE] = {by_title, false},
};

/* Counts once what every screen shows; false when out of memory. */
static bool count_videos(struct hubs_state *state, const struct analysis *const analysis[2])
{
    size_t values = (size_t)state->most + 1;

    free(state->tally);
    state->tally = memory_array(2 * values, sizeof *state->tally);
    for (size_t side = 0; state->tally && side < 2; side++)
        for (size_t j = 0; j < state->all; j++)
            state->tally[side * values + analysis[side]->occurrence[state->k][j]] +=
                subset_has(analysis[side]->subset, j);
    return state->tally != NULL;
}

static void refresh_videos(struct hubs_state *state, const struct model *model)
{
    const struct analysis *before = model_analysis(model, hubs_before(model)),
                          *after = model_analysis(model, hubs_after(model));

    state->ready = false;
    if (!before || !after)
        return;
    if (after->gallery > state->capacity) {
        struct hub *grown = memory_grow(state->hub, after->gallery, sizeof *grown);
        if (!grown)
            return;
        state->hub = grown;
        state->capacity = after->gallery;
    }
    state->count = 0;
    state->all = after->gallery;
    state->most = 1;
    for (size_t j = 0; j < state->all; j++) {
        struct hub hub = {(uint32_t)j, before->occurrence[state->k][j], after->occurrence[state->k][j]};
        if (model_lists_video(model, hub.video))
            state->hub[state->count++] = hub;
        state->most = hub.before > state->most ? hub.before : state->most;
        state->most = hub.after > state->most ? hub.after : state->most;
    }
    if (!count_videos(state, (const struct analysis *[]){before, after}))
        return;
    sort_rows(&state->sort, hubs_columns, state->hub, state->count, sizeof *state->hub, model);
    state->fair = (double)analysis_k[state->k] * (double)after->queries / (double)after->gallery;
    state->threshold = hub_threshold(analysis_k[state->k], after->queries, after->gallery);
    state->results = model->results;
    state->made_k = state->k;
    state->ready = true;
    state->made_video = NO_VIDEO;
    list_renew(&state->list[HUBS_VIDEOS], state->count);
}

static void select_video(struct hubs_state *state, uint32_t video)
{
    size_t found = state->count;

    for (size_t i = 0; i < state->count; i++)
        if (state->hub[i].video == video)
            found = i;
    if (found < state->count)
        list_pin(&state->list[HUBS_VIDEOS], found);
    else
        list_select(&state->list[HUBS_VIDEOS], 0);
}

void hubs_refresh(struct hubs_state *state, const struct model *model)
{
    if (!state->ready || state->results != model->results || state->made_k != state->k) {
        refresh_videos(state, model);
        if (state->ready && model->video != NO_VIDEO)
            select_video(state, model->video);
    }
    if (state->ready && state->made_video != model->video)
        hubs_refresh_queries(state, model);
}
