#include "app/command.h"
#include "app/named_collection.h"
#include "app/output.h"
#include "app/progress.h"
#include "engine/fit_encoder/fit_encoder.h"
#include "engine/results/quality.h"

struct fit_encoder_command_options {
    struct named_collection collection;
    const char *model, *output, *vectors;
    bool replace;
    double ridge; /* 0: not given */
    struct output_options report;
};

#define FIELD(name) offsetof(struct fit_encoder_command_options, name)

static const struct option_entry entries[] = {
    INCLUDE_GROUP(fit_encoder_command_options, collection, named_collection_group),
    {"model", OPTION_TEXT, FIELD(model), "MODEL", .help = "whose embeddings to learn (the first model's)"},
    {"output", OPTION_TEXT, FIELD(output), "DIR",
     .help = "write the encoder to this folder and leave the collection unchanged"},
    {"replace", OPTION_FLAG, FIELD(replace), .help = "replace the existing encoder"},
    {"ridge", OPTION_REAL, FIELD(ridge), "X", .help = "ridge penalty (chosen on held-out captions)"},
    {"vectors", OPTION_TEXT, FIELD(vectors), "FILE",
     .help = "write the measured vectors as .npy, one row per evaluation caption"},
    INCLUDE_GROUP(fit_encoder_command_options, report, output_format_group),
    {0},
};

static int settle(void *values, struct error *error)
{
    const struct fit_encoder_command_options *options = values;
    const struct format *vectors = options->vectors ? format_of_path(FORMAT_ANY, options->vectors) : NULL;
    if (vectors && vectors != &format_npy)
        return usage_error(error, "--vectors writes .npy only, not '%s'", vectors->name);
    return 0;
}

static json_t *fit_report(const struct collection *collection, const char *output,
                          const struct fit_encoder_report *fitted)
{
    json_t *report = json_object(), *rows = json_array(), *row;
    json_object_set_new(report, "collection", report_text(collection->name));
    json_object_set_new(report, "output", output ? report_text(output) : json_null());
    json_object_set_new(report, "captions_learnt_from", report_count(fitted->captions));
    json_object_set_new(report, "banks_learnt_from", report_count(fitted->banks));
    json_object_set_new(report, "words", report_count(fitted->words));
    json_object_set_new(report, "ngrams", report_count(fitted->grams));
    json_object_set_new(report, "ridge", report_real(fitted->ridge));
    json_object_set_new(report, "captions_measured", report_count(fitted->quality.captions));
    json_object_set_new(report, "captions_measured_with_video", report_count(fitted->with_video));
    row = quality_report(&fitted->quality);
    json_object_set_new(row, "encoder", json_string("fitted"));
    json_array_append_new(rows, row);
    if (fitted->other[0]) {
        row = quality_report(&fitted->other_quality);
        json_object_set_new(row, "encoder", report_text(fitted->other));
        json_object_set_new(row, "overlap_with_fitted", report_real(fitted->other_overlap));
        json_array_append_new(rows, row);
    }
    json_object_set_new(report, "encoders", rows);
    return report;
}

static void put_title(FILE *out, const json_t *report)
{
    fprintf(out, "learnt %.0f words and %.0f parts of words from %.0f captions (ridge %g)\n",
            report_get_real(report, "words"), report_get_real(report, "ngrams"),
            report_get_real(report, "captions_learnt_from"), report_get_real(report, "ridge"));
    fprintf(out, "measured on %.0f unseen evaluation captions, against their true vectors\n\n",
            report_get_real(report, "captions_measured"));
}

static int fit(struct collection *collection, const struct fit_encoder_command_options *options,
               struct fit_encoder_report *fitted, struct error *error)
{
    const struct collection_model *model =
        options->model ? collection_find_model(collection, options->model, error) : collection->model[0];
    const struct fit_encoder_options how = {.model = model, .ridge = options->ridge, .vectors = options->vectors};
    struct progress progress;
    if (!model)
        return -1;
    progress_start(&progress, "Fitting an encoder");
    int failed = fit_encoder_install(collection, &how, options->output, options->replace, fitted, &progress.job, error);
    progress_stop(&progress);
    return failed;
}

static int run(const void *given, struct error *error)
{
    static const struct column columns[] = {
        {"encoder", "encoder", 0, 0, false},
        {"cosine", "cosine", 3, 0, false},
        {"recall_at_10", "R@10", 1, 100, false},
        {"recall_at_10_true", "true R@10", 1, 100, false},
        {"recall_at_10_kept", "kept %", 1, 100, false},
        {"overlap_at_10", "of true top 10 %", 1, 100, false},
        {"overlap_with_fitted", "top 10 shared %", 1, 100, false},
    };
    const struct fit_encoder_command_options *options = given;
    struct fit_encoder_report fitted;
    struct report report = {
        .layout = {.rows = "encoders",
                   .columns = columns,
                   .count = sizeof columns / sizeof *columns,
                   .title = put_title},
    };
    struct collection *collection = named_collection_open(options->collection.name, error);
    if (!collection)
        return -1;
    int failed = fit(collection, options, &fitted, error);
    if (!failed)
        report.tree = fit_report(collection, options->output, &fitted);
    collection_close(collection);
    return failed ? -1 : output_report(&report, options->report.format, error);
}

const struct command command_fit_encoder = {
    .name = "fit-encoder",
    .usage = "COLLECTION [--model MODEL] [--output DIR] [--replace] [--format NAME]",
    .help = "learn a text encoder from the collection's captions and their embeddings",
    .options =
        {
            .entries = entries,
            .details = "Lets queries be typed without the model: learns a vector for each word and part of a word\n"
                       "from the evaluation captions and the query banks that have captions.  Five sixths of the\n"
                       "evaluation captions are each encoded by a fit that has seen neither them nor another caption\n"
                       "of their video; the numbers are of these.  The encoder that is kept is then fitted to all.\n"
                       "--vectors: rows of NaN are captions that were not measured.\n",
            .settle = settle,
        },
    .size = sizeof(struct fit_encoder_command_options),
    .run = run,
};
