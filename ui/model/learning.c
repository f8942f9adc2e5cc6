#include "ui/model/learning.h"

#include "engine/base/memory.h"
#include "ui/draw/glyph.h"
#include "ui/model/learned.h"
#include "ui/model/sources.h"
#include "ui/model/worker.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct learning {
    bool requested, running;
    struct learning_choice choice;                 /* requested last */
    char failure[sizeof((struct error *)0)->text]; /* why that was refused, or "" */
    struct learned_entry *ready;                   /* learned but not yet added; null if there is none */
    struct learning_record seen[LEARNING_LOSSES];  /* of the UI thread */

    pthread_mutex_t mutex;
    struct learning_record live; /* guarded by the mutex: written by the thread that trains */
};

struct learning_work {
    struct work work;
    struct learning *learning;
    const struct collection *collection;
    struct learning_choice choice;
    char from[COLLECTION_MODEL_NAME], name[COLLECTION_MODEL_NAME];
    const char *texts, *videos; /* names of banks; `videos` null: by key or named as `texts` */
    struct learned_entry *entry;
    int status;
    struct error error;
};

struct learning *learning_new(void)
{
    struct learning *learning = memory_array(1, sizeof *learning);

    if (learning)
        pthread_mutex_init(&learning->mutex, NULL);
    return learning;
}

void learning_free(struct learning *learning)
{
    if (!learning)
        return;
    learned_entry_free(learning->ready);
    pthread_mutex_destroy(&learning->mutex);
    free(learning);
}

/* ---- what to learn ---- */

static bool has_rows(const struct bank *banks, size_t count, size_t of)
{
    return of < count && banks[of].matrix.rows;
}

/* A query bank with a bank of videos of its name, else the bank in use, else any. */
static size_t default_texts(const struct model *model, const struct collection_model *from)
{
    for (size_t i = 0; i < from->banks; i++) {
        const struct bank *clips = collection_model_bank(from, true, from->bank[i].name);
        if (has_rows(from->bank, from->banks, i) && clips && clips->matrix.rows)
            return i;
    }
    if (has_rows(from->bank, from->banks, model->bank))
        return model->bank;
    for (size_t i = 0; i < from->banks; i++)
        if (has_rows(from->bank, from->banks, i))
            return i;
    return SIZE_MAX;
}

struct learning_choice learning_defaults(const struct model *model)
{
    size_t from = learned_from(model, model->current.model);
    struct learning_choice choice = {.loss = LOSS_NCL, .videos = SIZE_MAX, .epochs = LEARNING_EPOCHS};

    choice.from = from == SIZE_MAX ? model->current.model : from;
    choice.texts = default_texts(model, model->collection->model[choice.from]);
    return choice;
}

struct learning_rate learning_rate(double rate)
{
    struct learning_rate printed;
    int power = (int)floor(log10(rate) + 1e-9);

    snprintf(printed.text, sizeof printed.text, "%.3ge%d", rate / pow(10, power), power);
    return printed;
}

bool learning_same(const struct learning_choice *a, const struct learning_choice *b)
{
    return a->loss == b->loss && a->head == b->head && a->rate == b->rate && a->texts == b->texts &&
           a->videos == b->videos && a->from == b->from && a->epochs == b->epochs;
}

/* ---- on the thread that trains ---- */

/* Counts masses into bins, in percent; those of no batch are left as they are. */
static void count_masses(const double *mass, size_t count, double *bins)
{
    if (!mass || !count)
        return;
    memset(bins, 0, LEARNING_BINS * sizeof *bins);
    for (size_t i = 0; i < count; i++) {
        double bin = round(mass[i] / LEARNING_BIN);
        bins[bin < LEARNING_BINS - 1 ? (size_t)bin : LEARNING_BINS - 1] += 100 / (double)count;
    }
}

static void put_values(struct learning_run *run, const struct train_epoch *epoch)
{
    const double value[LEARNING_MEASURES] = {
        [LEARNING_R1] = epoch->held.r1,
        [LEARNING_HELD_ERROR] = epoch->held.error,
        [LEARNING_BATCH_ERROR] = epoch->batch_error,
        [LEARNING_SKEWNESS] = epoch->held.skewness,
    };

    for (int m = 0; m < LEARNING_MEASURES; m++)
        run->value[m][epoch->epoch] = value[m];
    run->epochs = epoch->epoch;
}

/* The first run holds the frozen model until its first epoch, and each later one begins with it too. */
static struct learning_run *run_of(struct learning_record *record, const struct train_epoch *epoch)
{
    struct learning_run *run = &record->run[record->runs ? record->runs - 1 : 0];

    if (epoch->epoch == 1) {
        if (record->runs && record->runs < TRAIN_CHOICES) {
            run = &record->run[record->runs];
            for (int m = 0; m < LEARNING_MEASURES; m++)
                run->value[m][0] = record->run[0].value[m][0];
        }
        record->runs += record->runs < TRAIN_CHOICES;
        run->rate = epoch->rate;
    }
    return run;
}

static void watch(void *context, const struct train_epoch *epoch)
{
    struct learning *learning = context;
    struct learning_record *record = &learning->live;

    if (epoch->epoch > LEARNING_EPOCHS)
        return;
    pthread_mutex_lock(&learning->mutex);
    put_values(run_of(record, epoch), epoch);
    count_masses(epoch->held_mass, epoch->held_clips, record->now.held);
    count_masses(epoch->batch_mass, epoch->batch, record->now.batch);
    if (epoch->epoch == 0)
        memcpy(record->first.held, record->now.held, sizeof record->first.held);
    if (epoch->epoch == 1 && record->runs == 1)
        memcpy(record->first.batch, record->now.batch, sizeof record->first.batch);
    if (epoch->best) {
        record->best = record->now;
        record->best_run = record->runs ? record->runs - 1 : 0;
        record->best_epoch = epoch->epoch;
    }
    pthread_mutex_unlock(&learning->mutex);
}

static int learn(struct learning_work *l, struct error *error)
{
    struct learn *learn = &l->entry->learn;
    struct learn_options options = {
        .from = l->from,
        .name = l->name,
        .pairs = {.texts = l->texts, .videos = l->videos},
        .train = train_defaults(0),
    };

    options.train.loss = l->choice.loss;
    options.train.head = l->choice.head;
    options.train.epochs = l->choice.epochs;
    options.train.seeds = 1;
    options.train.watch = watch;
    options.train.context = l->learning;
    if (l->choice.rate > 0) {
        options.train.rate[0] = l->choice.rate;
        options.train.rates = 1;
    }
    if (learn_open(learn, l->collection, &options, error) || learn_run(learn, &l->work.job, error))
        return -1;
    if (learn->result.cancelled)
        return error_set(error, ERROR_CANCELLED, "cancelled");
    if (!learn->result.seed[learn->result.best].epoch)
        return 0; /* it would be the frozen model again */
    const struct learned_model learned = learn_model(learn);
    return learned_model_make(&learned, &l->entry->made, &l->work.job, error);
}

static void learning_run(struct work *work)
{
    struct learning_work *l = (struct learning_work *)work;

    l->status = learn(l, &l->error);
}

/* ---- on the UI thread ---- */

/* Replaces what was seen of an earlier training once this one has an epoch to show. */
static void catch_up(struct learning *learning, enum learning_state state)
{
    pthread_mutex_lock(&learning->mutex);
    if (learning->live.runs) {
        learning->live.state = state;
        learning->seen[learning->live.choice.loss] = learning->live;
    }
    pthread_mutex_unlock(&learning->mutex);
}

static void fail(struct model *model, const char *why)
{
    snprintf(model->learning->failure, sizeof model->learning->failure, "%s", why);
    model_say(model, true, "%s", why);
}

static void learning_land(struct work *work, struct model *model)
{
    struct learning_work *l = (struct learning_work *)work;
    struct learning *learning = model->learning;
    bool cancelled = l->status && l->error.kind == ERROR_CANCELLED;
    struct learning_record *record = &learning->seen[l->choice.loss];

    catch_up(learning, cancelled || l->status ? LEARNING_CANCELLED : LEARNING_DONE);
    model_touch(model);
    if (l->status) {
        if (cancelled)
            model_say(model, false, "training cancelled: no model was made");
        else
            fail(model, l->error.text);
        return;
    }
    record->clips = l->entry->learn.result.clips;
    record->held_clips = l->entry->learn.result.held_clips;
    if (!record->best_epoch) {
        model_say(model, false, "no epoch was better than the frozen model: no model was made");
        return;
    }
    learning->ready = l->entry;
    l->entry = NULL;
}

void learning_settle(struct model *model)
{
    struct learning *learning = model->learning;
    struct learned_entry *entry = learning->ready;
    struct error error;

    if (!entry || !worker_lane_idle(model->worker, LANE_HEAVY) || !worker_lane_idle(model->worker, LANE_FILE))
        return;
    learning->ready = NULL;
    if (learned_add(model, entry, &error)) {
        learned_entry_free(entry);
        fail(model, error.text);
        return;
    }
    if (sources_catch_up(model, &error)) { /* choosing the model will try again */
        fail(model, error.text);
        return;
    }
    const struct train_result *result = &entry->learn.result;
    const struct train_seed *best = &result->seed[result->best];
    learning->seen[entry->learn.train.loss].model = entry->model;
    model_say(model, false,
              "%s: held-out R@1 %.1f %s %.1f, rate %s, epoch %zu; evaluation queries were never looked at",
              entry->learn.name, result->frozen.r1, glyph(GLYPH_ARROW), best->held.r1, learning_rate(best->rate).text,
              best->epoch);
}

static void work_done(struct work *work)
{
    struct learning_work *l = (struct learning_work *)work;

    l->learning->running = false;
    learned_entry_free(l->entry);
    free(l);
}

void model_learn(struct model *model, const struct learning_choice *choice)
{
    struct learning *learning = model->learning;

    if (learning_busy(model))
        return;
    learning->requested = true;
    learning->choice = *choice;
    learning->failure[0] = 0;
    model->paused = false;
    model_touch(model);
}

bool learning_busy(const struct model *model)
{
    return model->learning->requested || model->learning->running || model->learning->ready;
}

const struct learning_record *model_learning(struct model *model, enum loss_kind loss)
{
    struct learning *learning = model->learning;

    if (learning->running)
        catch_up(learning, LEARNING_RUNNING);
    return learning->seen[loss].state == LEARNING_NONE ? NULL : &learning->seen[loss];
}

const char *learning_failure(const struct model *model, const struct learning_choice *choice)
{
    return learning_same(choice, &model->learning->choice) ? model->learning->failure : "";
}

void learning_forget(struct model *model)
{
    model->learning->requested = false;
}

/* Names banks, fills the record that the training writes, and makes room for the model. */
static int prepare(const struct model *model, struct learning_work *l, struct error *error)
{
    const struct collection_model *from = model->collection->model[l->choice.from];
    struct learning *learning = model->learning;

    if (l->choice.texts >= from->banks)
        return error_set(error, ERROR_INPUT, "model %s has no query bank to learn from", from->name);
    if (!(l->entry = memory_array(1, sizeof *l->entry)))
        return error_memory(error);
    l->texts = from->bank[l->choice.texts].name;
    l->videos = l->choice.videos < from->video_banks ? from->video_bank[l->choice.videos].name : NULL;
    snprintf(l->from, sizeof l->from, "%s", from->name);
    learned_name(model, l->choice.loss, l->choice.head, l->name);
    learning->live = (struct learning_record){.choice = l->choice, .model = SIZE_MAX};
    return 0;
}

static struct work *learning_next(struct model *model)
{
    struct learning *learning = model->learning;
    struct error error;

    if (!learning->requested)
        return NULL;
    learning->requested = false;
    struct learning_work *l = memory_array(1, sizeof *l);
    if (!l) {
        fail(model, "out of memory");
        return NULL;
    }
    l->learning = learning;
    l->collection = model->collection;
    l->choice = learning->choice;
    if (prepare(model, l, &error)) {
        fail(model, error.text);
        work_done(&l->work);
        return NULL;
    }
    learning->running = true;
    snprintf(l->work.what, WORK_WHAT, "training %s", l->name);
    return &l->work;
}

const struct errand learning_errand = {
    .next = learning_next, .run = learning_run, .land = learning_land, .free = work_done};
