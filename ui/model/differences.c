/* How certain the differences from the compared rule are: a paired bootstrap on the heavy lane for every pair of
 * results that a view asks about, kept while there is room.  Measures of mass are added on request, from samples of
 * every rule's mass, which are kept as well, since they take long. */
#include "ui/model/differences.h"

#include "engine/base/lru.h"
#include "engine/base/memory.h"
#include "ui/model/narrowing.h"
#include "ui/model/shared_task.h"
#include "ui/model/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEPT = 128,
    KEPT_MASS = 64, /* 80 kB each */
    SEED = 0        /* the command line's default, so that both show the same interval */
};

/* A result: which rule of which model with which parameters, on which bank, in which direction. */
struct result_key {
    enum direction direction;
    size_t model;
    struct rule_spec rule;
    char bank[sizeof((struct fit *)0)->bank];
};

struct difference_key {
    struct result_key of[2]; /* the compared rule's, and the other */
    unsigned long subset;    /* its number; 0: of all videos */
    size_t queries;          /* of a first look fewer than all */
};

struct difference_slot {
    struct difference_key key;
    bool failed;
    struct bootstrap result;
};

struct mass_slot {
    struct result_key key;
    struct mass_samples samples;
};

struct differences {
    struct lru *kept; /* struct difference_slot */
    struct lru *mass; /* struct mass_slot; those of work under way are lent to it */
    struct wanted {
        enum direction direction;
        struct pick pick;
        bool mass;           /* measures of mass; the others are known */
    } wanted[4 * PICKS_MAX]; /* requested but not known */
    size_t wanted_count;
};

static void close_mass(void *slot)
{
    mass_samples_close(&((struct mass_slot *)slot)->samples);
}

struct differences *differences_new(void)
{
    struct differences *differences = memory_array(1, sizeof *differences);

    if (!differences)
        return NULL;
    differences->kept = lru_new(KEPT, sizeof(struct difference_slot), NULL);
    differences->mass = lru_new(KEPT_MASS, sizeof(struct mass_slot), close_mass);
    if (differences->kept && differences->mass)
        return differences;
    differences_free(differences);
    return NULL;
}

void differences_free(struct differences *differences)
{
    if (!differences)
        return;
    lru_free(differences->kept);
    lru_free(differences->mass);
    free(differences);
}

static void differences_forget(struct model *model)
{
    model->differences->wanted_count = 0;
}

struct difference_work {
    struct work work;
    struct difference_key key;
    struct pick pick;            /* compared with model->versus */
    struct analysis analysis[2]; /* copies of what is read: an analysis may be replaced meanwhile */
    struct subset subset;        /* that they are narrowed to, or zeroed */
    struct bootstrap result;     /* for mass: with all other measures */
    bool mass;                   /* tests only mass */
    struct shared_task *task[2]; /* for mass; else null */
    struct mass_samples samples[2];
    int status;
    struct error error;
};

/* The result shown of a model itself, which may not be known. */
static const struct analysis *result_of(const struct model *model, enum direction direction, struct pick pick)
{
    return narrowing_of(model->narrowing, direction, model_own_analysis(model, direction, pick), model->results);
}

/* Of the results shown, from the compared rule's to another one's. */
static struct difference_key key_of(const struct model *model, enum direction direction, struct pick pick)
{
    const struct analysis *from = model_own_analysis(model, direction, model->versus);
    const struct analysis *to = model_own_analysis(model, direction, pick);
    struct difference_key key = {.of = {{.direction = direction, .model = model->versus.model, .rule = from->fit->spec},
                                        {.direction = direction, .model = pick.model, .rule = to->fit->spec}}};

    key.subset = narrowing_number(model->narrowing);
    key.queries = to->queries;
    memcpy(key.of[0].bank, from->fit->bank, sizeof key.of[0].bank);
    memcpy(key.of[1].bank, to->fit->bank, sizeof key.of[1].bank);
    return key;
}

static bool same_result(const struct result_key *a, const struct result_key *b)
{
    return a->direction == b->direction && a->model == b->model && rule_same(&a->rule, &b->rule) &&
           strcmp(a->bank, b->bank) == 0;
}

static bool is_difference(const void *slot, const void *asked)
{
    const struct difference_key *a = &((const struct difference_slot *)slot)->key, *b = asked;

    return same_result(&a->of[0], &b->of[0]) && same_result(&a->of[1], &b->of[1]) && a->subset == b->subset &&
           a->queries == b->queries;
}

static bool is_mass(const void *slot, const void *key)
{
    return same_result(&((const struct mass_slot *)slot)->key, key);
}

/* Takes the samples of a result out of the cache; zeroed if there are none. */
static struct mass_samples take_samples(struct differences *cache, const struct result_key *key)
{
    struct mass_samples samples = {0};
    struct mass_slot *slot = lru_find(cache->mass, is_mass, key);

    if (!slot)
        return samples;
    samples = slot->samples;
    slot->samples = (struct mass_samples){0};
    lru_drop(cache->mass, slot);
    return samples;
}

/* Takes ownership. */
static void keep_samples(struct differences *cache, const struct result_key *key, struct mass_samples *samples)
{
    struct mass_slot *slot = lru_take(cache->mass);

    *slot = (struct mass_slot){.key = *key, .samples = *samples};
    *samples = (struct mass_samples){0};
}

static int test_mass(struct difference_work *d)
{
    for (int i = 0; i < 2; i++) {
        const struct analysis *analysis = &d->analysis[i];
        if (d->samples[i].sampling == MASS_UNASKED &&
            mass_samples_draw(&d->task[i]->task, &analysis, 1, BOOTSTRAP_SAMPLES, SEED, &d->samples[i], &d->work.job,
                              &d->error))
            return -1;
    }
    return bootstrap_add_mass(&d->samples[0], &d->samples[1], &d->result) ? error_memory(&d->error) : 0;
}

static void difference_run(struct work *work)
{
    struct difference_work *d = (struct difference_work *)work;

    if (d->mass)
        d->status = test_mass(d);
    else
        d->status = bootstrap_analyses(&d->analysis[0], &d->analysis[1], analysis_k[ANALYSIS_KS - 1], BOOTSTRAP_SAMPLES,
                                       SEED, &d->result, &d->work.job, &d->error);
}

static void difference_land(struct work *work, struct model *model)
{
    struct difference_work *d = (struct difference_work *)work;

    for (int i = 0; i < 2; i++)
        if (d->samples[i].sampling != MASS_UNASKED)
            keep_samples(model->differences, &d->key.of[i], &d->samples[i]);
    if (d->status && d->error.kind == ERROR_CANCELLED)
        return;
    struct lru *kept = model->differences->kept;
    struct difference_slot *slot = lru_find(kept, is_difference, &d->key);
    if (!slot)
        slot = lru_take(kept);
    *slot = (struct difference_slot){.key = d->key, .failed = d->status != 0, .result = d->result};
    if (d->status)
        model_say(model, true, "the intervals: %s", d->error.text);
    model_touch(model);
}

static void difference_free(struct work *work)
{
    struct difference_work *d = (struct difference_work *)work;

    for (int i = 0; i < 2; i++) {
        analysis_close(&d->analysis[i]);
        mass_samples_close(&d->samples[i]);
        if (d->task[i])
            shared_task_release(&d->task[i]->task);
    }
    subset_close(&d->subset);
    free(d);
}

/* False when out of memory; copies null as null. */
static bool copy_array(double **copy, const double *from, size_t count)
{
    if (!from)
        return true;
    *copy = memory_array(count, sizeof **copy);
    return *copy && memcpy(*copy, from, count * sizeof **copy);
}

/* Copies what the bootstrap reads of an analysis; false when out of memory. */
static bool copy_results(struct analysis *copy, const struct analysis *analysis)
{
    size_t places = analysis->queries * analysis->top_k;

    *copy = (struct analysis){.queries = analysis->queries, .gallery = analysis->gallery, .top_k = analysis->top_k};
    return copy_array(&copy->rank, analysis->rank, analysis->queries) &&
           copy_array(&copy->precision, analysis->precision, analysis->queries) &&
           copy_array(&copy->ndcg, analysis->ndcg, analysis->queries) &&
           (copy->top = memory_array(places, sizeof *copy->top)) &&
           memcpy(copy->top, analysis->top, places * sizeof *copy->top);
}

/* Copies what the samples of mass are drawn and measured by. */
static bool copy_mass(struct analysis *copy, const struct analysis *analysis)
{
    *copy =
        (struct analysis){.fit = fit_keep(analysis->fit), .queries = analysis->queries, .gallery = analysis->gallery};
    return copy_array(&copy->mass, analysis->mass, analysis->gallery);
}

/* False when out of memory. */
static bool prepare(const struct model *model, const struct wanted *wanted, struct difference_work *d)
{
    const struct pick picks[2] = {model->versus, wanted->pick};

    for (int i = 0; i < 2; i++) {
        const struct model_side *side = model_side(model, wanted->direction, picks[i]);
        const struct analysis *analysis = result_of(model, wanted->direction, picks[i]);
        if (!analysis)
            return false;
        if (d->mass)
            d->task[i] = shared_task_keep(side->task);
        if (!(d->mass ? copy_mass : copy_results)(&d->analysis[i], analysis))
            return false;
        if (analysis->subset && !d->subset.item && subset_copy(&d->subset, analysis->subset))
            return false;
        d->analysis[i].subset = d->subset.item ? &d->subset : NULL;
    }
    for (int i = 0; i < 2 && d->mass; i++)
        d->samples[i] = take_samples(model->differences, &d->key.of[i]);
    return true;
}

static struct work *difference_new(struct model *model, const struct wanted *wanted)
{
    struct difference_key key = key_of(model, wanted->direction, wanted->pick);
    const struct difference_slot *known = lru_find(model->differences->kept, is_difference, &key);

    if (wanted->mass && !known) /* forgotten meanwhile */
        return NULL;
    struct difference_work *d = memory_array(1, sizeof *d);
    if (!d)
        return NULL;
    d->key = key;
    d->mass = wanted->mass;
    if (d->mass)
        d->result = known->result;
    if (!prepare(model, wanted, d)) {
        difference_free(&d->work);
        return NULL;
    }
    snprintf(d->work.what, WORK_WHAT, "comparing %.28s%s with %.28s", pick_name(model, wanted->pick).text,
             d->mass ? "'s mass" : "", pick_name(model, model->versus).text);
    return &d->work;
}

/* Whether the result, perhaps of a first look, is of the parameters in force; a look is not resampled for a subset. */
static bool is_current(const struct model *model, enum direction direction, struct pick pick)
{
    const struct analysis *analysis = model_own_analysis(model, direction, pick);

    return analysis && analysis->fit == model_side(model, direction, pick)->fit[pick.rule] &&
           rule_same(&analysis->fit->spec, model_spec(model, pick)) &&
           !(analysis->query && narrowing_number(model->narrowing));
}

static bool is_ready(const struct model *model, const struct wanted *wanted)
{
    return is_current(model, wanted->direction, wanted->pick) && is_current(model, wanted->direction, model->versus);
}

static struct work *next_of(struct model *model, bool mass)
{
    struct differences *cache = model->differences;
    struct work *work = NULL;

    for (size_t i = 0; i < cache->wanted_count && !work; i++) {
        struct wanted wanted = cache->wanted[i];
        if (wanted.mass != mass || !is_ready(model, &wanted))
            continue; /* stale: new results will follow */
        memmove(&cache->wanted[i], &cache->wanted[i + 1], (--cache->wanted_count - i) * sizeof wanted);
        i--;
        work = difference_new(model, &wanted);
    }
    return work;
}

static struct work *difference_next(struct model *model)
{
    struct work *work = next_of(model, false);

    return work ? work : next_of(model, true);
}

const struct errand difference_errand = {.next = difference_next,
                                         .forget = differences_forget,
                                         .run = difference_run,
                                         .land = difference_land,
                                         .free = difference_free};

/* The current rule first, then as they are drawn. */
static void want(struct model *model, enum direction direction, struct pick pick, bool mass)
{
    struct differences *cache = model->differences;
    size_t place = cache->wanted_count;

    for (size_t i = 0; i < cache->wanted_count; i++)
        if (cache->wanted[i].direction == direction && pick_same(cache->wanted[i].pick, pick) &&
            cache->wanted[i].mass == mass)
            return;
    if (cache->wanted_count == sizeof cache->wanted / sizeof *cache->wanted)
        return;
    if (pick_same(pick, model->current) && place) {
        cache->wanted[place] = cache->wanted[0];
        place = 0;
    }
    cache->wanted[place] = (struct wanted){direction, pick, mass};
    cache->wanted_count++;
}

static const struct bootstrap *find(struct model *model, enum direction direction, struct pick pick, bool mass)
{
    const struct analysis *from = result_of(model, direction, model->versus), *to = result_of(model, direction, pick);

    if (pick_same(pick, model->versus) || !from || !to || from->queries != to->queries)
        return NULL;
    struct difference_key key = key_of(model, direction, pick);
    const struct difference_slot *slot = lru_find(model->differences->kept, is_difference, &key);
    if (!slot) {
        want(model, direction, pick, false);
        return NULL;
    }
    if (slot->failed)
        return NULL;
    if (mass && slot->result.mass == MASS_UNASKED && !key.subset && !to->query) /* only of all */
        want(model, direction, pick, true);
    return &slot->result;
}

const struct bootstrap *model_difference(struct model *model, enum direction direction, struct pick pick)
{
    return find(model, direction, pick, false);
}

const struct bootstrap *model_difference_in_mass(struct model *model, enum direction direction, struct pick pick)
{
    return find(model, direction, pick, true);
}
