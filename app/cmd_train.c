#include "app/command.h"
#include "app/named_collection.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/train_report.h"
#include "engine/formats/matrix_file.h"
#include "engine/formats/output.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SCALE_FIXED, SCALE_LEARNED };

struct train_command_options {
    struct named_collection collection;
    int loss, head, scale; /* enum loss_kind, enum head_kind */
    const char *model, *from, *text_bank, *video_bank, *pairs;
    const char *rate, *iterations, *decay; /* numbers; the first two are lists */
    size_t batch, epochs, seed, seeds;
    const char *output, *log;
    bool replace, keep_best, leave_out;
    struct output_options report;

    struct train_options train; /* settled, but for the scale */
};

#define FIELD(name) offsetof(struct train_command_options, name)

static const char *loss_name(size_t index)
{
    return learn_loss_name[index];
}

static const char *head_name(size_t index)
{
    return learn_head_name[index];
}

static const struct option_entry entries[] = {
    INCLUDE_GROUP(train_command_options, collection, named_collection_group),
    {"loss", OPTION_CHOICE, FIELD(loss), .help = "what is minimised (ncl)", .unset = LOSS_NCL, .name_at = loss_name},
    {"model", OPTION_TEXT, FIELD(model), "NAME", .help = "what the new model is called (LOSS-HEAD, as in ncl-linear)"},
    {"from", OPTION_TEXT, FIELD(from), "MODEL", .help = "the frozen model that the heads are over (the first)"},
    {"head", OPTION_CHOICE, FIELD(head), .help = "a matrix or a residual MLP (linear)", .name_at = head_name},
    {"iterations", OPTION_TEXT, FIELD(iterations), "N,...",
     .help = "iterations of NCL; of several the best is chosen (4)"},
    {"batch", OPTION_COUNT, FIELD(batch), "N", .help = "pairs of a batch (half of the clips learned from, at most 512)",
     .least = 2},
    {"epochs", OPTION_COUNT, FIELD(epochs), "N", .help = "epochs at most (60)", .least = 1, .unset = NOT_GIVEN},
    {"rate", OPTION_TEXT, FIELD(rate), "R,...",
     .help = "learning rate; of several the best is chosen (1e-4,3e-4,1e-3)"},
    {"decay", OPTION_TEXT, FIELD(decay), "W", .help = "weight decay towards the frozen model (0)"},
    {"scale", OPTION_CHOICE, FIELD(scale), "fixed|learned",
     .help = "the logit scale: the frozen model's, or learned (fixed)"},
    {"seed", OPTION_COUNT, FIELD(seed), "N", .help = "the first random seed; it also decides what is held out (0)"},
    {"seeds", OPTION_COUNT, FIELD(seeds), "N", .help = "how many seeds; the best is kept (5)", .least = 1,
     .unset = NOT_GIVEN},
    {"text-bank", OPTION_TEXT, FIELD(text_bank), "BANK", .help = "the query bank of captions (train)"},
    {"video-bank", OPTION_TEXT, FIELD(video_bank), "BANK", .help = "the bank of their clips (named as the query bank)"},
    {"pairs", OPTION_TEXT, FIELD(pairs), "FILE", .help = "row of each caption's clip in the video bank, -1 for none"},
    {"leave-out", OPTION_FLAG, FIELD(leave_out),
     .help = "leave out evaluation captions and videos instead of refusing"},
    {"output", OPTION_TEXT, FIELD(output), "DIR", .help = "add the model to a copy of the collection there"},
    {"log", OPTION_TEXT, FIELD(log), "FILE", .help = "write every epoch as CSV"},
    {"replace", OPTION_FLAG, FIELD(replace), .help = "replace an existing collection at --output, and an existing log"},
    {"keep-best", OPTION_FLAG, FIELD(keep_best), .help = "when interrupted, keep the best so far (nothing is kept)"},
    INCLUDE_GROUP(train_command_options, report, output_format_group),
    {0},
};

/* Reads "1e-4,3e-4": at most `most` numbers, above 0 or, with `zero`, from 0. */
static int parse_list(const char *name, const char *text, bool zero, size_t most, double *number, size_t *count,
                      struct error *error)
{
    *count = 0;
    for (const char *at = text;; at++) {
        char *end;
        double value = strtod(at, &end);
        if (end == at || !isfinite(value) || value < 0 || (value == 0 && !zero) || (*end && *end != ','))
            return usage_error(error, "--%s takes %s %s 0%s, not '%s'", name, most > 1 ? "numbers" : "a number",
                               zero ? "from" : "above", most > 1 ? " separated by commas" : "", text);
        if (*count == most)
            return usage_error(error, "--%s takes at most %zu number%s", name, most, most > 1 ? "s" : "");
        number[(*count)++] = value;
        if (!*end)
            return 0;
        at = end;
    }
}

static int settle_iterations(struct train_command_options *options, struct error *error)
{
    struct train_options *train = &options->train;
    double number[TRAIN_CHOICES];
    if (!options->iterations)
        return 0;
    if (train->loss != LOSS_NCL)
        return usage_error(error, "--iterations goes with --loss ncl");
    if (parse_list("iterations", options->iterations, true, TRAIN_CHOICES, number, &train->iterations_count, error))
        return -1;
    for (size_t i = 0; i < train->iterations_count; i++) {
        if (number[i] != floor(number[i]) || number[i] > 1000)
            return usage_error(error, "--iterations takes whole numbers up to 1000, not '%s'", options->iterations);
        train->iterations[i] = (size_t)number[i];
    }
    return 0;
}

/* The options that are lists or may be 0. */
static int settle_numbers(struct train_command_options *options, struct error *error)
{
    struct train_options *train = &options->train;
    size_t one;
    if (options->rate && parse_list("rate", options->rate, false, TRAIN_CHOICES, train->rate, &train->rates, error))
        return -1;
    if (options->decay && parse_list("decay", options->decay, true, 1, &train->decay, &one, error))
        return -1;
    return settle_iterations(options, error);
}

static int settle(void *values, struct error *error)
{
    struct train_command_options *options = values;
    struct train_options *train = &options->train;
    *train = train_defaults(0);
    train->loss = (enum loss_kind)options->loss;
    train->head = (enum head_kind)options->head;
    train->learn_scale = options->scale == SCALE_LEARNED;
    train->batch = options->batch;
    train->seed = options->seed;
    if (options->epochs != NOT_GIVEN)
        train->epochs = options->epochs;
    if (options->seeds != NOT_GIVEN)
        train->seeds = options->seeds;
    if (settle_numbers(options, error))
        return -1;
    if ((options->text_bank && !*options->text_bank) || (options->video_bank && !*options->video_bank))
        return usage_error(error, "a bank's name is empty");
    if (options->replace && !options->output && !options->log)
        return usage_error(error, "--replace goes with --output or --log");
    return 0;
}

/* Where epochs are shown: a line on the terminal, rows of the log. */
struct watching {
    struct progress progress;
    struct train_options train;
    FILE *log; /* or null */
};

/* A number and a comma; nothing for NaN. */
static void put_number(FILE *log, double value)
{
    if (isfinite(value))
        fprintf(log, "%.9g", value);
    fputc(',', log);
}

static void log_epoch(FILE *log, const struct watching *watching, const struct train_epoch *epoch)
{
    bool ncl = watching->train.loss == LOSS_NCL;
    const double number[] = {
        epoch->loss,     epoch->scale,      epoch->batch_error,   epoch->held.r1,
        epoch->held.mrr, epoch->held.error, epoch->held.skewness,
    };
    fprintf(log, "%llu,", (unsigned long long)watching->train.seed + epoch->seed);
    put_number(log, epoch->epoch ? epoch->rate : NAN);
    put_number(log, epoch->epoch && ncl ? (double)epoch->iterations : NAN);
    fprintf(log, "%zu,", epoch->epoch);
    for (size_t i = 0; i < sizeof number / sizeof *number; i++)
        put_number(log, number[i]);
    fprintf(log, "%d\n", epoch->best);
}

static void watch(void *context, const struct train_epoch *epoch)
{
    struct watching *watching = context;
    if (watching->log)
        log_epoch(watching->log, watching, epoch);
    progress_note(&watching->progress,
                  "seed %zu/%zu rate %g epoch %zu: loss %.3f, R@1 %.1f, mass error %.2f %.2f, skew %.2f",
                  epoch->seed + 1, watching->train.seeds, epoch->rate, epoch->epoch, epoch->loss, epoch->held.r1,
                  epoch->batch_error, epoch->held.error, epoch->held.skewness);
}

static int learn_watched(struct learn *learn, FILE *log, struct error *error)
{
    struct watching watching = {.train = learn->train, .log = log};
    if (log)
        fputs("seed,rate,iterations,epoch,loss,scale,batch_normalization_error,held_out_r1,held_out_mrr,"
              "held_out_normalization_error,held_out_skewness,best\n",
              log);
    learn->train.watch = watch;
    learn->train.context = &watching;
    progress_start(&watching.progress, "Training");
    int failed = learn_run(learn, &watching.progress.job, error);
    progress_stop(&watching.progress);
    return failed;
}

static int install(const struct learn *learn, const struct train_command_options *options, struct error *error)
{
    const struct learned_model learned = learn_model(learn);
    struct progress progress;
    progress_start(&progress, "Adding the model");
    int failed = learned_model_install(&learned, options->output, options->replace, &progress.job, error);
    progress_stop(&progress);
    return failed;
}

static int train(struct learn *learn, const struct train_command_options *options, struct error *error)
{
    struct output log = {0};
    if (options->log && output_open(&log, options->log, options->replace, error))
        return -1;
    int failed = learn_watched(learn, log.stream, error);
    if (!failed && learn->result.cancelled && !options->keep_best)
        failed = error_set(error, ERROR_CANCELLED, "cancelled");
    if (!failed)
        failed = install(learn, options, error);
    if (!failed && options->log)
        failed = output_commit(&log, error);
    output_abandon(&log);
    return failed;
}

/* Refuses, before any work, a collection that cannot be written. */
static int check_writable(const struct collection *collection, const struct train_command_options *options,
                          struct error *error)
{
    struct error why = {0};
    if (!options->output && named_collection_is_sample(options->collection.name))
        return error_set(error, ERROR_INPUT,
                         "the built-in sample is never changed: --output DIR adds the model to a copy of it");
    if (!learned_model_writable(collection, options->output, options->replace, &why))
        return 0;
    return error_set(error, why.kind, "%s%s", why.text,
                     options->output ? "" : "; --output DIR adds the model to a copy");
}

static int open_learn(struct learn *learn, const struct collection *collection,
                      const struct train_command_options *options, int64_t **row, struct error *error)
{
    struct learn_options how = {
        .from = options->from,
        .name = options->model,
        .pairs = {.texts = options->text_bank ? options->text_bank : "train",
                  .videos = options->video_bank,
                  .leave_out = options->leave_out},
        .train = options->train,
    };
    if (options->pairs && matrix_file_integers(options->pairs, row, &how.pairs.rows, error))
        return -1;
    how.pairs.row = *row;
    return learn_open(learn, collection, &how, error);
}

static int run(const void *given, struct error *error)
{
    const struct train_command_options *options = given;
    struct learn learn = {0};
    int64_t *row = NULL;
    struct report report = {0};
    struct collection *collection = named_collection_open(options->collection.name, error);
    if (!collection)
        return -1;
    int failed = check_writable(collection, options, error) || open_learn(&learn, collection, options, &row, error) ||
                 train(&learn, options, error);
    if (!failed)
        report = train_report(&learn, options->output ? options->output : options->collection.name);
    learn_close(&learn);
    free(row);
    collection_close(collection);
    return failed ? -1 : output_report(&report, options->report.format, error);
}

const struct command command_train = {
    .name = "train",
    .usage = "COLLECTION [--loss ncl|infonce] [--model NAME] [--output DIR] [options]",
    .help = "learn heads over a model's embeddings from a bank, as a new model",
    .options =
        {
            .entries = entries,
            .details =
                "Learns a head for texts and one for videos over frozen embeddings, by InfoNCE or NCL, from a query\n"
                "bank of captions and a bank of their clips, and adds a model of which every matrix went through "
                "them.\n"
                "Captions belong to clips as --pairs says, or as the catalog knows them by key, or in order where the\n"
                "counts divide.  23 % of the clips are held out; of all rates, iterations, epochs and seeds the one\n"
                "with the best mean reciprocal rank on these is kept.  Evaluation queries are never looked at, and\n"
                "banks that hold evaluation captions or videos are refused.  The same seed gives the same bytes.\n",
            .settle = settle,
        },
    .size = sizeof(struct train_command_options),
    .run = run,
};
