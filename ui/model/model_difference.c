/* How sure the differences to the compared rule are: a paired bootstrap on the heavy lane for every pair of results that a
 * view asks about, remembered for as long as there is room. */
#include "engine/base/memory.h"
#include "ui/model/model_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEED = 0 }; /* that of the command line, so that both show the same interval */

struct difference_work {
    struct work work;
    struct difference_key key;
    double *rank[2]; /* (queries) copies: an analysis may be replaced meanwhile */
    size_t queries;
    struct bootstrap result;
    int status;
    struct error error;
};

bool model_same_values(const struct rule_spec *a, const struct rule_spec *b)
{
    for (size_t p = 0; p < a->rule->parameter_count; p++)
        if (a->value[p] != b->value[p])
            return false;
    return a->rule == b->rule;
}

static struct difference_key key_of(enum direction direction, const struct analysis *from, const struct analysis *to)
{
    struct difference_key key = {.direction = direction, .rule = {from->fit->spec, to->fit->spec}};

    memcpy(key.bank[0], from->fit->bank, sizeof key.bank[0]);
    memcpy(key.bank[1], to->fit->bank, sizeof key.bank[1]);
    return key;
}

static bool same_key(const struct difference_key *a, const struct difference_key *b)
{
    return a->direction == b->direction && model_same_values(&a->rule[0], &b->rule[0]) &&
           model_same_values(&a->rule[1], &b->rule[1]) && strcmp(a->bank[0], b->bank[0]) == 0 &&
           strcmp(a->bank[1], b->bank[1]) == 0;
}

static struct difference_slot *find_slot(struct model_cache *cache, const struct difference_key *key)
{
    for (size_t i = 0; i < CACHE_DIFFERENCES; i++)
        if (cache->difference[i].used && same_key(&cache->difference[i].key, key))
            return &cache->difference[i];
    return NULL;
}

/* A free slot, or that which was not asked for longest. */
static struct difference_slot *take_slot(struct model_cache *cache)
{
    struct difference_slot *slot = &cache->difference[0];

    for (size_t i = 1; i < CACHE_DIFFERENCES; i++)
        if (cache->difference[i].used < slot->used)
            slot = &cache->difference[i];
    return slot;
}

static void difference_run(struct work *work)
{
    struct difference_work *d = (struct difference_work *)work;

    d->status = bootstrap_paired(d->rank[0], d->rank[1], d->queries, BOOTSTRAP_SAMPLES, SEED, &d->result, &d->work.job,
                                 &d->error);
}

static void difference_land(struct work *work, struct model *model)
{
    struct difference_work *d = (struct difference_work *)work;

    if (d->status && d->error.kind == ERROR_CANCELLED)
        return;
    struct difference_slot *slot = take_slot(model->cache);
    *slot = (struct difference_slot){
        .used = ++model->cache->clock, .failed = d->status != 0, .key = d->key, .result = d->result};
    if (d->status)
        model_say(model, true, "the intervals: %s", d->error.text);
    model_touch(model);
}

static void difference_free(struct work *work)
{
    struct difference_work *d = (struct difference_work *)work;

    free(d->rank[0]);
    free(d->rank[1]);
    free(d);
}

static bool post(struct model *model, enum direction direction, size_t rule)
{
    const struct model_side *side = &model->side[direction];
    const struct analysis *pair[2] = {side->analysis[model->versus], side->analysis[rule]};
    struct difference_work *d = memory_array(1, sizeof *d);

    if (!d)
        return false;
    d->work = (struct work){.run = difference_run, .land = difference_land, .free = difference_free};
    d->key = key_of(direction, pair[0], pair[1]);
    d->queries = pair[0]->queries;
    for (int i = 0; i < 2; i++) {
        if (!(d->rank[i] = memory_array(d->queries, sizeof *d->rank[i]))) {
            difference_free(&d->work);
            return false;
        }
        memcpy(d->rank[i], pair[i]->rank, d->queries * sizeof *d->rank[i]);
    }
    snprintf(d->work.what, WORK_WHAT, "comparing %s with %s", rules[rule]->title, rules[model->versus]->title);
    worker_post(model->worker, LANE_HEAVY, &d->work);
    return true;
}

bool model_advance_difference(struct model *model)
{
    for (int d = T2V; d <= V2T; d++) {
        size_t order[RULES_MAX + 1] = {model->rule}; /* what is looked at first */
        for (size_t r = 0; r < rules_count; r++)
            order[r + 1] = r;
        for (size_t i = 0; i <= rules_count; i++) {
            unsigned bit = 1u << order[i];
            if (!(model->cache->differences_wanted[d] & bit))
                continue;
            if (!model_current(model, d, order[i]) || !model_current(model, d, model->versus))
                continue; /* both come anew */
            model->cache->differences_wanted[d] &= ~bit;
            if (post(model, d, order[i]))
                return true;
        }
    }
    return false;
}

const struct bootstrap *model_difference(struct model *model, enum direction direction, size_t rule)
{
    const struct model_side *side = &model->side[direction];
    const struct analysis *from = side->analysis[model->versus], *to = side->analysis[rule];

    if (rule == model->versus || !from || !to || from->queries != to->queries)
        return NULL;
    struct difference_key key = key_of(direction, from, to);
    struct difference_slot *slot = find_slot(model->cache, &key);
    if (!slot) {
        model->cache->differences_wanted[direction] |= 1u << rule;
        model_advance(model);
        return NULL;
    }
    slot->used = ++model->cache->clock;
    return slot->failed ? NULL : &slot->result;
}
