/* How certain the differences from the compared rule are: a paired bootstrap on the heavy lane for every pair of
 * results that a view asks about, kept while there is room. */
#include "ui/model/differences.h"

#include "engine/base/memory.h"
#include "ui/model/fits.h"
#include "ui/model/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEPT = 128,
    SEED = 0 /* the command line's default, so that both show the same interval */
};

/* Two results compared: which rules with which parameters, on which banks, in which direction. */
struct difference_key {
    enum direction direction;
    struct rule_spec rule[2];
    char bank[2][sizeof((struct fit *)0)->bank];
};

struct differences {
    struct difference_slot {
        unsigned long used; /* time of the last use; 0: empty */
        bool failed;
        struct difference_key key;
        struct bootstrap result;
    } slot[KEPT];
    unsigned wanted[2]; /* by direction: a bit for each rule whose difference is requested but not known */
    unsigned long clock;
};

struct differences *differences_new(void)
{
    return memory_array(1, sizeof(struct differences));
}

void differences_free(struct differences *differences)
{
    free(differences);
}

void differences_forget_asked(struct differences *differences)
{
    memset(differences->wanted, 0, sizeof differences->wanted);
}

struct difference_work {
    struct work work;
    struct difference_key key;
    struct analysis analysis[2]; /* copies of the ranks and lists: an analysis may be replaced meanwhile */
    struct bootstrap result;
    int status;
    struct error error;
};

static struct difference_key key_of(enum direction direction, const struct analysis *from, const struct analysis *to)
{
    struct difference_key key = {.direction = direction, .rule = {from->fit->spec, to->fit->spec}};

    memcpy(key.bank[0], from->fit->bank, sizeof key.bank[0]);
    memcpy(key.bank[1], to->fit->bank, sizeof key.bank[1]);
    return key;
}

static bool same_key(const struct difference_key *a, const struct difference_key *b)
{
    return a->direction == b->direction && rule_same(&a->rule[0], &b->rule[0]) && rule_same(&a->rule[1], &b->rule[1]) &&
           strcmp(a->bank[0], b->bank[0]) == 0 && strcmp(a->bank[1], b->bank[1]) == 0;
}

static struct difference_slot *find_slot(struct differences *cache, const struct difference_key *key)
{
    for (size_t i = 0; i < KEPT; i++)
        if (cache->slot[i].used && same_key(&cache->slot[i].key, key))
            return &cache->slot[i];
    return NULL;
}

/* A free slot, or the least recently used one. */
static struct difference_slot *take_slot(struct differences *cache)
{
    struct difference_slot *slot = &cache->slot[0];

    for (size_t i = 1; i < KEPT; i++)
        if (cache->slot[i].used < slot->used)
            slot = &cache->slot[i];
    return slot;
}

static void difference_run(struct work *work)
{
    struct difference_work *d = (struct difference_work *)work;

    d->status = bootstrap_analyses(&d->analysis[0], &d->analysis[1], analysis_k[ANALYSIS_KS - 1], BOOTSTRAP_SAMPLES,
                                   SEED, &d->result, &d->work.job, &d->error);
}

static void difference_land(struct work *work, struct model *model)
{
    struct difference_work *d = (struct difference_work *)work;

    if (d->status && d->error.kind == ERROR_CANCELLED)
        return;
    struct difference_slot *slot = take_slot(model->differences);
    *slot = (struct difference_slot){
        .used = ++model->differences->clock, .failed = d->status != 0, .key = d->key, .result = d->result};
    if (d->status)
        model_say(model, true, "the intervals: %s", d->error.text);
    model_touch(model);
}

static void difference_free(struct work *work)
{
    struct difference_work *d = (struct difference_work *)work;

    for (int i = 0; i < 2; i++) {
        free(d->analysis[i].rank);
        free(d->analysis[i].top);
    }
    free(d);
}

/* Copies what the bootstrap reads of an analysis; false when out of memory. */
static bool copy_results(struct analysis *copy, const struct analysis *analysis)
{
    size_t places = analysis->queries * analysis->top_k;

    *copy = (struct analysis){.queries = analysis->queries, .gallery = analysis->gallery, .top_k = analysis->top_k};
    copy->rank = memory_array(analysis->queries, sizeof *copy->rank);
    copy->top = memory_array(places, sizeof *copy->top);
    if (!copy->rank || !copy->top)
        return false;
    memcpy(copy->rank, analysis->rank, analysis->queries * sizeof *copy->rank);
    memcpy(copy->top, analysis->top, places * sizeof *copy->top);
    return true;
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
    for (int i = 0; i < 2; i++)
        if (!copy_results(&d->analysis[i], pair[i])) {
            difference_free(&d->work);
            return false;
        }
    snprintf(d->work.what, WORK_WHAT, "comparing %s with %s", rules[rule]->title, rules[model->versus]->title);
    worker_post(model->worker, LANE_HEAVY, &d->work);
    return true;
}

bool differences_advance(struct model *model)
{
    for (int d = T2V; d <= V2T; d++) {
        size_t order[RULES_MAX + 1] = {model->rule}; /* the current rule first */
        for (size_t r = 0; r < rules_count; r++)
            order[r + 1] = r;
        for (size_t i = 0; i <= rules_count; i++) {
            unsigned bit = 1u << order[i];
            if (!(model->differences->wanted[d] & bit))
                continue;
            if (!fits_current(model, d, order[i]) || !fits_current(model, d, model->versus))
                continue; /* stale: new results will follow */
            model->differences->wanted[d] &= ~bit;
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
    struct difference_slot *slot = find_slot(model->differences, &key);
    if (!slot) {
        model->differences->wanted[direction] |= 1u << rule;
        return NULL;
    }
    slot->used = ++model->differences->clock;
    return slot->failed ? NULL : &slot->result;
}
