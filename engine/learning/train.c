#include "engine/learning/train.h"

#include "engine/base/memory.h"
#include "engine/learning/step.h"
#include "engine/matrices/tiles.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 512 };

struct train_options train_defaults(double scale)
{
    return (struct train_options){.loss = LOSS_NCL,
                                  .head = HEAD_LINEAR,
                                  .scale = scale,
                                  .rate = {1e-4, 3e-4, 1e-3},
                                  .iterations = {4},
                                  .rates = 3,
                                  .iterations_count = 1,
                                  .epochs = 60,
                                  .patience = 20,
                                  .seeds = 5};
}

struct training {
    const struct train_options *options;
    struct train_result *result;
    struct job *job;
    struct clips clips;
    struct held_out held;
    struct step step;
    struct adam scale_adam;
    float log_scale;
    struct pair *pair; /* (clips learned from) */
};

/* What one epoch is reported as. */
struct epoch {
    struct loss_value mean; /* over the batches */
    size_t last;            /* pairs of the last batch */
};

static bool cancelled(struct training *training)
{
    if (job_cancelled(training->job))
        training->result->cancelled = true;
    return training->result->cancelled;
}

static double scale_of(const struct training *training)
{
    const struct train_options *options = training->options;

    return options->learn_scale ? exp((double)training->log_scale) : options->scale;
}

/* A learned scale starts at the model's, or at the most it may become. */
static void reset_scale(struct training *training)
{
    adam_restart(&training->scale_adam);
    training->log_scale = (float)log(fmin(training->options->scale, TRAIN_SCALE_MOST));
}

static void learn_scale(struct training *training, double gradient, double rate)
{
    float slope = (float)gradient, most = (float)log(TRAIN_SCALE_MOST);

    adam_step(&training->scale_adam, &training->log_scale, &slope, rate, 0);
    training->log_scale = training->log_scale < most ? training->log_scale : most;
}

/* The batches of an epoch are of equal size up to one pair.  False if the loss is not finite or the job cancelled. */
static bool run_epoch(struct training *training, const struct train_seed *run, struct random_state *random,
                      struct epoch *epoch)
{
    const struct train_options *options = training->options;
    size_t count = training->result->clips, batches = tiles_ceil(count, training->result->batch), start = 0;
    struct loss_terms terms = {options->loss, run->iterations, 0};

    *epoch = (struct epoch){0};
    clips_draw(&training->clips, random, training->pair);
    for (size_t b = 0; b < batches && !cancelled(training); b++) {
        size_t end = count * (b + 1) / batches;
        struct loss_value value;
        epoch->last = end - start;
        terms.scale = scale_of(training);
        step_gradient(&training->step, training->pair + start, epoch->last, &terms, &value);
        if (!isfinite(value.loss))
            return false;
        step_descend(&training->step, run->rate, options->decay);
        if (options->learn_scale)
            learn_scale(training, value.scale_gradient, run->rate);
        epoch->mean.loss += value.loss / (double)batches;
        epoch->mean.error += value.error / (double)batches;
        start = end;
    }
    return !cancelled(training);
}

static int measure(struct training *training, struct held_out_measures *measures, struct error *error)
{
    return held_out_measure(&training->held, &training->step.side[STEP_TEXT].head,
                            &training->step.side[STEP_VIDEO].head, scale_of(training), measures, error);
}

/* Keeps the heads if no seed was better so far. */
static bool keep_best(struct training *training, const struct train_seed *run, bool none_yet)
{
    struct train_result *result = training->result;

    if (!none_yet && !(run->held.mrr > result->seed[result->best].held.mrr))
        return false;
    result->best = result->seeds - 1;
    result->scale = run->scale;
    head_assign(&result->text, &training->step.side[STEP_TEXT].head);
    head_assign(&result->video, &training->step.side[STEP_VIDEO].head);
    memcpy(result->mass, training->held.mass, result->held_clips * sizeof *result->mass);
    return true;
}

static void report(const struct training *training, const struct train_seed *run, const struct epoch *epoch, bool best)
{
    const struct train_result *result = training->result;
    const struct train_epoch made = {.seed = result->seeds - 1,
                                     .rate = run->rate,
                                     .iterations = run->iterations,
                                     .epoch = run->epoch,
                                     .best = best,
                                     .loss = epoch ? epoch->mean.loss : NAN,
                                     .scale = run->scale,
                                     .batch_error = epoch ? epoch->mean.error : NAN,
                                     .held = run->held,
                                     .batch_mass = epoch ? training->step.loss.mass : NULL,
                                     .held_mass = training->held.mass,
                                     .batch = epoch ? epoch->last : 0,
                                     .held_clips = result->held_clips};

    if (training->options->watch)
        training->options->watch(training->options->context, &made);
}

/* One run: the best epoch goes into the seed's entry, and its heads into the result if no seed is better. */
static int run(struct training *training, struct train_seed *run, struct error *error)
{
    const struct train_options *options = training->options;
    struct train_seed *best = &training->result->seed[training->result->seeds - 1];
    struct random_state random = random_start(run->seed, 1);
    double own_best = training->result->frozen.mrr;
    size_t since = 0, done = 0;

    step_restart(&training->step, run->seed);
    reset_scale(training);
    while (done < options->epochs && (since < options->patience || options->patience == 0)) {
        struct epoch epoch;
        if (!run_epoch(training, run, &random, &epoch))
            break;
        run->epoch = ++done;
        run->scale = scale_of(training);
        if (measure(training, &run->held, error))
            return -1;
        bool overall = keep_best(training, run, false);
        if (run->held.mrr > best->held.mrr)
            *best = *run;
        since = run->held.mrr > own_best ? 0 : since + 1;
        own_best = run->held.mrr > own_best ? run->held.mrr : own_best;
        report(training, run, &epoch, overall);
        job_step(training->job);
    }
    for (; done < options->epochs; done++)
        job_step(training->job);
    return 0;
}

/* All runs of a seed, whose best epoch is the frozen model until one is better. */
static int run_seed(struct training *training, uint64_t seed, struct error *error)
{
    const struct train_options *options = training->options;
    struct train_result *result = training->result;
    const struct train_seed frozen = {.seed = seed,
                                      .rate = options->rate[0],
                                      .scale = options->scale,
                                      .iterations = options->iterations[0],
                                      .held = result->frozen};

    result->seed[result->seeds++] = frozen;
    if (result->seeds == 1) {
        keep_best(training, &frozen, true);
        memcpy(result->frozen_mass, result->mass, result->held_clips * sizeof *result->mass);
        report(training, &frozen, NULL, true);
    }
    for (size_t i = 0; i < options->iterations_count; i++)
        for (size_t r = 0; r < options->rates && !cancelled(training); r++) {
            struct train_seed made = {.seed = seed, .rate = options->rate[r], .iterations = options->iterations[i]};
            if (run(training, &made, error))
                return -1;
        }
    return 0;
}

static void summarise(struct train_result *result)
{
    double sum = 0, square = 0, seeds = (double)result->seeds;

    for (size_t s = 0; s < result->seeds; s++)
        sum += result->seed[s].held.r1;
    result->r1_mean = sum / seeds;
    for (size_t s = 0; s < result->seeds; s++)
        square += (result->seed[s].held.r1 - result->r1_mean) * (result->seed[s].held.r1 - result->r1_mean);
    result->r1_spread = result->seeds > 1 ? sqrt(square / (seeds - 1)) : 0;
}

static int check_options(const struct train_options *options, struct error *error)
{
    if (options->rates < 1 || options->rates > TRAIN_CHOICES || options->iterations_count < 1 ||
        options->iterations_count > TRAIN_CHOICES)
        return error_set(error, ERROR_INPUT, "training tries 1 to %d rates and numbers of iterations", TRAIN_CHOICES);
    for (size_t r = 0; r < options->rates; r++)
        if (!(options->rate[r] > 0))
            return error_set(error, ERROR_INPUT, "a learning rate must be above 0, not %g", options->rate[r]);
    if (!(options->scale > 0))
        return error_set(error, ERROR_INPUT, "the scale must be above 0, not %g", options->scale);
    if (options->epochs < 1 || options->seeds < 1)
        return error_set(error, ERROR_INPUT, "training needs at least one epoch and one seed");
    return 0;
}

/* Everything of a training, ready for the first seed. */
static int open_training(struct training *training, const struct pairs *pairs, struct error *error)
{
    const struct train_options *options = training->options;
    struct train_result *result = training->result;

    if (check_options(options, error) || clips_open(&training->clips, pairs, options->seed, error))
        return -1;
    result->held_clips = training->clips.held;
    result->held_captions = training->clips.start[training->clips.held];
    result->clips = training->clips.count - training->clips.held;
    size_t half = result->clips / 2, wanted = options->batch ? options->batch : half < BATCH ? half : BATCH;
    result->batch = wanted < result->clips ? wanted : result->clips;
    if (step_open(&training->step, pairs, options->head, result->batch, error) ||
        held_out_open(&training->held, pairs, &training->clips, training->step.side[STEP_TEXT].head.hidden, error) ||
        adam_open(&training->scale_adam, 1, error) ||
        head_open(&result->text, options->head, pairs->texts->cols, error) ||
        head_open(&result->video, options->head, pairs->texts->cols, error))
        return -1;
    reset_scale(training);
    training->pair = memory_array(result->clips, sizeof *training->pair);
    result->seed = memory_array(options->seeds, sizeof *result->seed);
    result->frozen_mass = memory_array(result->held_clips, sizeof *result->frozen_mass);
    result->mass = memory_array(result->held_clips, sizeof *result->mass);
    return training->pair && result->seed && result->frozen_mass && result->mass ? 0 : error_memory(error);
}

int train_heads(const struct pairs *pairs, const struct train_options *options, struct train_result *result,
                struct job *job, struct error *error)
{
    struct training training = {.options = options, .result = result, .job = job};

    *result = (struct train_result){.scale = options->scale};
    int status = open_training(&training, pairs, error) || measure(&training, &result->frozen, error) ? -1 : 0;
    if (status == 0)
        job_expect(job, options->seeds * options->rates * options->iterations_count * options->epochs);
    for (size_t s = 0; status == 0 && s < options->seeds && !(s && cancelled(&training)); s++)
        status = run_seed(&training, options->seed + s, error);
    if (status == 0)
        summarise(result);
    else
        train_close(result);
    free(training.pair);
    adam_close(&training.scale_adam);
    step_close(&training.step);
    held_out_close(&training.held);
    clips_close(&training.clips);
    return status;
}

void train_close(struct train_result *result)
{
    head_close(&result->text);
    head_close(&result->video);
    free(result->seed);
    free(result->frozen_mass);
    free(result->mass);
    *result = (struct train_result){0};
}
