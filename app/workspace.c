#include "app/workspace.h"
#include "app/progress.h"
#include "engine/base/crew.h"
#include "engine/collection/fingerprint.h"
#include "engine/fitting/fit_file.h"

/* Several processes must have found the same data, each perhaps on a disk of its own. */
static int same_collection(const struct collection *collection, struct error *error)
{
    uint64_t found = crew_size() > 1 ? collection_fingerprint(collection) : 0;
    return crew_same(&found, sizeof found, "found other data than process 0", error);
}

int workspace_open(struct workspace *workspace, const struct data_options *options, enum direction direction,
                   struct error *error)
{
    *workspace = (struct workspace){.options = options};
    workspace->collection = data_options_open(options, direction, error);
    return workspace->collection ? same_collection(workspace->collection, error) : -1;
}

/* The bank of the options; matrices have at most one, and their options name its file. */
static int name_bank(const struct workspace *workspace, enum direction direction, struct bank_subset *bank,
                     struct error *error)
{
    const struct bank_options *options = &workspace->options->banks;
    const char *text = NULL;
    if (workspace->collection->catalog)
        text = list_last(direction == V2T && options->video_bank.count ? &options->video_bank : &options->bank);
    return bank_name_parse(text ? text : "", bank, error) ? usage_from(error) : 0;
}

int workspace_study(struct workspace *workspace, enum direction direction, struct error *error)
{
    const struct bank_options *banks = &workspace->options->banks;
    struct study_options options = {
        .direction = direction,
        .rows = bank_options_rows(banks),
        .gallery_bank = data_options_gallery_bank(workspace->options, workspace->collection),
        .conventions = convention_options_of(&workspace->options->conventions),
    };
    struct progress progress;
    if (name_bank(workspace, direction, &options.bank, error))
        return -1;
    study_close(&workspace->study);
    progress_start(&progress, "Choosing bank queries");
    int failed = study_open(&workspace->study, workspace->collection, &options, &progress.job, error);
    progress_stop(&progress);
    return failed;
}

static int add_usual(struct study *study, struct error *error)
{
    static const char *const usual[] = {"raw", "qbnorm", "ncl"};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (!rule_unavailable(rule_find(usual[i]), study_task(study)) && study_add_text(study, usual[i], NULL, error))
            return -1;
    return 0;
}

int workspace_rules(struct workspace *workspace, struct error *error)
{
    const struct text_list *named = &workspace->options->rules.rule;
    struct progress progress;
    int failed = 0;
    if (!named->count)
        return workspace->options->fit ? 0 : add_usual(&workspace->study, error);
    progress_start(&progress, "Choosing bank queries");
    for (size_t i = 0; i < named->count && !failed; i++)
        failed = study_add_text(&workspace->study, named->item[i], &progress.job, error);
    progress_stop(&progress);
    return failed;
}

/* Adds the rules that the file has fits of. */
static int add_from_file(struct workspace *workspace, const struct fit_file *file, struct error *error)
{
    char rule[FIT_FILE_RULE];
    for (size_t i = 0; i < file->count; i++)
        if (fit_file_rule(file, i, rule, sizeof rule, error) || study_add_text(&workspace->study, rule, NULL, error))
            return -1;
    return 0;
}

/* Takes the fits from the file; what needs none, or has none that a file could hold, is fitted as ever. */
static int take_fits(struct workspace *workspace, struct error *error)
{
    struct study *study = &workspace->study;
    struct fit_file file;
    if (!workspace->options->fit)
        return 0;
    if (fit_file_open(&file, workspace->options->fit, workspace->collection, study->options.direction, error))
        return -1;
    int failed = study->entries ? 0 : add_from_file(workspace, &file, error);
    for (size_t i = 0; i < study->entries && !failed; i++) {
        const struct rule_spec *spec = &study->key[i].spec;
        if (!study->fit[i] && fit_file_takes(spec->rule) &&
            !(study->fit[i] = fit_file_take(&file, study_task_of(study, i), spec, error)))
            failed = -1;
    }
    fit_file_close(&file);
    return failed;
}

int workspace_fit(struct workspace *workspace, struct error *error)
{
    return workspace_rules(workspace, error) || workspace_fit_added(workspace, error) ? -1 : 0;
}

int workspace_fit_added(struct workspace *workspace, struct error *error)
{
    struct progress progress;
    if (take_fits(workspace, error))
        return -1;
    progress_start(&progress, "Fitting");
    int failed = study_fit(&workspace->study, &progress.job, error);
    progress_stop(&progress);
    return failed;
}

int workspace_analyse(struct workspace *workspace, size_t top, struct error *error)
{
    struct progress progress;
    progress_start(&progress, "Analysing");
    int failed = study_analyse(&workspace->study, top, &progress.job, error);
    progress_stop(&progress);
    return failed;
}

int workspace_sample_mass(struct workspace *workspace, const size_t *entry, size_t count, size_t samples, size_t seed,
                          struct error *error)
{
    struct progress progress;
    progress_start(&progress, "Resampling mass");
    int failed = study_sample_mass(&workspace->study, entry, count, samples, seed, &progress.job, error);
    progress_stop(&progress);
    return failed;
}

int workspace_difference(const struct workspace *workspace, size_t from, size_t to, size_t samples, size_t seed,
                         struct bootstrap *result, struct error *error)
{
    struct progress progress;
    progress_start(&progress, "Resampling");
    int failed = study_difference(&workspace->study, from, to, samples, seed, result, &progress.job, error);
    progress_stop(&progress);
    return failed;
}

void workspace_close(struct workspace *workspace)
{
    study_close(&workspace->study);
    subset_close(&workspace->subset);
    if (workspace->collection)
        collection_close(workspace->collection);
    workspace->collection = NULL;
}

int workspace_run(const struct data_options *data, enum direction direction,
                  int (*report)(struct workspace *workspace, const void *options, struct error *error),
                  const void *options, struct error *error)
{
    struct workspace workspace;
    int failed = workspace_open(&workspace, data, direction, error) || workspace_study(&workspace, direction, error) ||
                 report(&workspace, options, error);
    workspace_close(&workspace);
    return failed ? -1 : 0;
}
