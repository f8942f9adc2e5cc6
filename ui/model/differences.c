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

/* Two results compared: which rules of which models with which parameters, on which banks, in which direction. */
struct difference_key {
    enum direction direction;
    size_t model[2];
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
    struct wanted {
        enum direction direction;
        struct pick pick;
    } wanted[2 * PICKS_MAX]; /* requested but not known */
    size_t wanted_count;
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
    differences->wanted_count = 0;
}

struct difference_work {
    struct work work;
    struct difference_key key;
    struct analysis analysis[2]; /* copies of the ranks and lists: an analysis may be replaced meanwhile */
    struct bootstrap result;
    int status;
    struct error error;
};

/* Of the results shown, from the compared rule's to another one's. */
static struct difference_key key_of(const struct model *model, enum direction direction, struct pick pick)
{
    const struct analysis *from = model_side(model, direction, model->versus)->analysis[model->versus.rule];
    const struct analysis *to = model_side(model, direction, pick)->analysis[pick.rule];
    struct difference_key key = {
        .direction = direction, .model = {model->versus.model, pick.model}, .rule = {from->fit->spec, to->fit->spec}};

    memcpy(key.bank[0], from->fit->bank, sizeof key.bank[0]);
    memcpy(key.bank[1], to->fit->bank, sizeof key.bank[1]);
    return key;
}

static bool same_key(const struct difference_key *a, const struct difference_key *b)
{
    return a->direction == b->direction && a->model[0] == b->model[0] && a->model[1] == b->model[1] &&
           rule_same(&a->rule[0], &b->rule[0]) && rule_same(&a->rule[1], &b->rule[1]) &&
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

static bool post(struct model *model, enum direction direction, struct pick pick)
{
    const struct pick picks[2] = {model->versus, pick};
    struct difference_work *d = memory_array(1, sizeof *d);

    if (!d)
        return false;
    d->work = (struct work){.run = difference_run, .land = difference_land, .free = difference_free};
    d->key = key_of(model, direction, pick);
    for (int i = 0; i < 2; i++)
        if (!copy_results(&d->analysis[i], model_side(model, direction, picks[i])->analysis[picks[i].rule])) {
            difference_free(&d->work);
            return false;
        }
    snprintf(d->work.what, WORK_WHAT, "comparing %.30s with %.30s", pick_name(model, pick).text,
             pick_name(model, model->versus).text);
    worker_post(model->worker, LANE_HEAVY, &d->work);
    return true;
}

static bool is_ready(const struct model *model, const struct wanted *wanted)
{
    return fits_current(model, wanted->direction, wanted->pick) &&
           fits_current(model, wanted->direction, model->versus);
}

bool differences_advance(struct model *model)
{
    struct differences *cache = model->differences;

    for (size_t i = 0; i < cache->wanted_count; i++) {
        struct wanted wanted = cache->wanted[i];
        if (!is_ready(model, &wanted))
            continue; /* stale: new results will follow */
        memmove(&cache->wanted[i], &cache->wanted[i + 1], (--cache->wanted_count - i) * sizeof wanted);
        i--;
        if (post(model, wanted.direction, wanted.pick))
            return true;
    }
    return false;
}

/* The current rule first, then as they are drawn. */
static void want(struct model *model, enum direction direction, struct pick pick)
{
    struct differences *cache = model->differences;
    size_t place = cache->wanted_count;

    for (size_t i = 0; i < cache->wanted_count; i++)
        if (cache->wanted[i].direction == direction && pick_same(cache->wanted[i].pick, pick))
            return;
    if (cache->wanted_count == sizeof cache->wanted / sizeof *cache->wanted)
        return;
    if (pick_same(pick, model->current) && place) {
        cache->wanted[place] = cache->wanted[0];
        place = 0;
    }
    cache->wanted[place] = (struct wanted){direction, pick};
    cache->wanted_count++;
}

const struct bootstrap *model_difference(struct model *model, enum direction direction, struct pick pick)
{
    const struct analysis *from = model_side(model, direction, model->versus)->analysis[model->versus.rule];
    const struct analysis *to = model_side(model, direction, pick)->analysis[pick.rule];

    if (pick_same(pick, model->versus) || !from || !to || from->queries != to->queries)
        return NULL;
    struct difference_key key = key_of(model, direction, pick);
    struct difference_slot *slot = find_slot(model->differences, &key);
    if (!slot) {
        want(model, direction, pick);
        return NULL;
    }
    slot->used = ++model->differences->clock;
    return slot->failed ? NULL : &slot->result;
}
