#include "app/bootstrap_options.h"
#include "app/command.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/workspace.h"
#include "engine/evaluation/bootstrap.h"
#include "engine/page/command.h"
#include "engine/page/page.h"
#include <stdlib.h>
#include <string.h>

enum page_directions { PAGE_BOTH, PAGE_T2V, PAGE_V2T };

struct report_options {
    struct data_options data;
    int directions; /* enum page_directions */
    struct bootstrap_options bootstrap;
    struct output_options output;
};

#define FIELD(name) offsetof(struct report_options, name)

static const struct option_entry entries[] = {
    INCLUDE_GROUP(report_options, data, data_group),
    {"direction", OPTION_CHOICE, FIELD(directions), "both|t2v|v2t",
     .help = "text to video with the measures of the other direction (both), or one alone"},
    INCLUDE_GROUP(report_options, bootstrap, bootstrap_group),
    INCLUDE_GROUP(report_options, output, output_page_group),
    {0},
};

static int settle(void *values, struct error *error)
{
    const struct report_options *options = values;
    if (!options->output.path)
        return usage_error(error, "name the page to write: --output FILE.html");
    if (options->bootstrap.samples == 0)
        return usage_error(error, "--bootstrap takes 1 to %d samples here", BOOTSTRAP_SAMPLES_MOST);
    return 0;
}

static void add_file(struct page_command *line, const char *option, const char *path)
{
    if (path) {
        page_command_word(line, option);
        page_command_name(line, path);
    }
}

static void add_text(struct page_command *line, const char *option, const char *text)
{
    if (text) {
        page_command_word(line, option);
        page_command_word(line, text);
    }
}

static void add_count(struct page_command *line, const char *option, size_t count)
{
    char text[32];
    if (count != SIZE_MAX) {
        snprintf(text, sizeof text, "%zu", count);
        add_text(line, option, text);
    }
}

static void add_data(struct page_command *line, const struct data_options *data)
{
    const struct matrix_options *matrices = &data->matrices;
    void (*const add_bank)(struct page_command *, const char *, const char *) = data->collection ? add_text : add_file;
    if (data->collection)
        page_command_name(line, data->collection);
    add_file(line, "--queries", matrices->queries);
    add_file(line, "--videos", matrices->videos);
    add_file(line, "--sims", matrices->sims);
    add_file(line, "--bank-sims", matrices->bank_sims);
    add_file(line, "--targets", matrices->targets);
    add_file(line, "--query-mask", matrices->query_mask);
    add_text(line, "--pool", (const char *const[]){NULL, "mean", "max"}[matrices->pool]);
    if (matrices->logit_scale != 0) {
        char text[32];
        snprintf(text, sizeof text, "%.10g", matrices->logit_scale);
        add_text(line, "--logit-scale", text);
    }
    add_bank(line, "--bank", list_last(&data->banks.bank));
    add_bank(line, "--video-bank", list_last(&data->banks.video_bank));
    add_bank(line, "--gallery-bank", data->banks.gallery_bank);
    add_file(line, "--gallery-bank-sims", data->banks.gallery_bank_sims);
    add_file(line, "--bank-gallery-sims", data->banks.bank_gallery_sims);
    add_file(line, "--qrels", data->qrels);
    add_text(line, "--v2t", data->conventions.v2t ? "videos" : NULL);
    add_text(line, "--masked", data->conventions.masked ? "keep" : NULL);
    add_count(line, "--bank-size", data->banks.size);
    add_count(line, "--bank-seed", data->banks.seed);
    add_count(line, "--bank-adversarial", data->banks.adversarial);
    for (size_t i = 0; i < data->rules.rule.count; i++)
        add_text(line, "--rule", data->rules.rule.item[i]);
}

/* The command that reproduces the page, with the names of files without their folders. */
static void make_command(struct page_command *line, const struct report_options *options)
{
    static const char *const directions[] = {NULL, "t2v", "v2t"};
    page_command_begin(line, "hubscope report");
    add_data(line, &options->data);
    add_text(line, "--direction", directions[options->directions]);
    add_count(line, "--bootstrap", options->bootstrap.samples);
    if (options->bootstrap.mass)
        page_command_word(line, "--bootstrap-mass");
    if (options->bootstrap.seed)
        add_count(line, "--seed", options->bootstrap.seed);
    add_file(line, "--output", options->output.path);
}

/* The rules with their banks; the first of --rule that is not raw is the one to compare with raw. */
static void take_rules(struct page_request *request, const struct study *study, const struct text_list *named)
{
    for (size_t i = 0; i < study->entries; i++) {
        request->rule[i] = study->key[i];
        if (request->focus == SIZE_MAX && strcmp(study->key[i].spec.rule->name, "raw") != 0)
            request->focus = i;
    }
    request->rules = study->entries;
    if (!named->count || strncmp(named->item[0], "all", 3) == 0)
        request->focus = SIZE_MAX;
}

static int write_page(const struct page_request *request, struct error *error)
{
    struct progress progress;
    size_t size;
    progress_start(&progress, "Making the page");
    char *bytes = page_make(request, &size, &progress.job, error);
    progress_stop(&progress);
    if (!bytes)
        return -1;
    fwrite(bytes, 1, size, output_stream()); /* output_end checks whether all was written */
    free(bytes);
    return 0;
}

static int make_page(struct workspace *workspace, const void *given, struct error *error)
{
    const struct report_options *options = given;
    const struct study *study = &workspace->study;
    struct page_command line;
    struct page_request request = {
        .collection = workspace->collection,
        .direction = study->options.direction,
        .both = options->directions == PAGE_BOTH,
        .conventions = study->options.conventions,
        .study = study,
        .focus = SIZE_MAX,
        .samples = bootstrap_options_samples(&options->bootstrap, BOOTSTRAP_SAMPLES),
        .mass = options->bootstrap.mass,
        .seed = options->bootstrap.seed,
        .command = line.text,
    };
    if (workspace_rules(workspace, error))
        return -1;
    take_rules(&request, study, &options->data.rules.rule);
    make_command(&line, options);
    return write_page(&request, error);
}

static int run(const void *given, struct error *error)
{
    const struct report_options *options = given;
    return workspace_run(&options->data, options->directions == PAGE_V2T ? V2T : T2V, make_page, given, error);
}

const struct command command_report = {
    .name = "report",
    .usage = "COLLECTION | MATRICES --output FILE.html [--rule NAME[:p=v,...]]...",
    .help = "the whole analysis as one HTML page: text, tables, charts, pictures",
    .options =
        {
            .entries = entries,
            .details = "The page needs no network and prints well; its one script sorts and filters tables. The\n"
                       "same input gives the same bytes.  Charts and lists compare raw with ncl, or with the first\n"
                       "--rule that is not raw.\n",
            .settle = settle,
        },
    .size = sizeof(struct report_options),
    .run = run,
};
