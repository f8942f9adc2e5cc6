#include "app/command.h"
#include "app/fail.h"
#include "app/progress.h"
#include "app/report.h"
#include "app/workspace.h"
#include "engine/fit_encoder/fit_encoder.h"
#include "engine/results/quality.h"

static json_t *fit_report(const struct collection *collection, const struct options *options,
                          const struct fit_encoder_report *fitted)
{
    json_t *report = json_object(), *rows = json_array(), *row;
    json_object_set_new(report, "collection", report_text(collection->name));
    json_object_set_new(report, "output", options->fitted_output ? report_text(options->fitted_output) : json_null());
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
    fprintf(out, "measured on %.0f evaluation captions that it had not seen, against their true vectors\n\n",
            report_get_real(report, "captions_measured"));
}

int cmd_fit_encoder(const struct options *options)
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
    const struct layout layout = {.rows = "encoders",
                                  .columns = columns,
                                  .count = sizeof columns / sizeof *columns,
                                  .title = put_title};
    if (!options->operands) {
        return fail_usage("fit-encoder", "which collection?");
    }
    const struct format *vectors = options->fitted_vectors ? format_of_path(FORMAT_ANY, options->fitted_vectors) : NULL;
    if (vectors && vectors != &format_npy)
        return fail_usage("fit-encoder", "--vectors has no format '%s': npy", vectors->name);
    struct workspace workspace;
    int status = workspace_open(&workspace, options);
    if (status < 0) {
        const struct fit_encoder_options how = {.ridge = options->ridge, .vectors = options->fitted_vectors};
        struct fit_encoder_report fitted;
        struct progress progress;
        struct error error = {0};
        progress_start(&progress, "Fitting an encoder");
        int failed = fit_encoder_install(workspace.collection, &how, options->fitted_output, options->replace, &fitted,
                                       &progress.job, &error);
        progress_stop(&progress);
        status = failed ? fail(&error) : STATUS_OK;
        if (!failed) {
            report_print(fit_report(workspace.collection, options, &fitted), options->format, &layout);
        }
    }
    workspace_close(&workspace);
    return status;
}
