#include "app/command.h"
#include "app/fail.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/workspace.h"
#include "engine/evaluation/bootstrap.h"
#include "engine/page/command.h"
#include "engine/page/page.h"
#include <stdlib.h>
#include <string.h>

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

/* The command that makes the page again, with the names of files without their folders. */
static void make_command(struct page_command *line, const struct options *options, bool matrices)
{
    static const char *const directions[] = {NULL, "t2v", "v2t"};
    page_command_begin(line, "hubscope report");
    if (options->operands) {
        page_command_name(line, options->operand[0]);
    }
    add_file(line, "--queries", options->queries);
    add_file(line, "--videos", options->videos);
    add_file(line, "--sims", options->sims);
    add_file(line, "--bank-sims", options->bank_sims);
    add_file(line, "--targets", options->targets);
    add_file(line, "--query-mask", options->query_mask);
    if (options->logit_scale != 0) {
        char text[32];
        snprintf(text, sizeof text, "%.10g", options->logit_scale);
        add_text(line, "--logit-scale", text);
    }
    (matrices ? add_file : add_text)(line, "--bank", list_last(&options->bank));
    (matrices ? add_file : add_text)(line, "--video-bank", list_last(&options->video_bank));
    add_text(line, "--bank-gallery", options->gallery_bank);
    add_count(line, "--bank-size", options->bank_size);
    add_count(line, "--bank-seed", options->bank_seed);
    add_count(line, "--bank-adversarial", options->bank_adversarial);
    for (size_t i = 0; i < options->rule.count; i++) {
        add_text(line, "--rule", options->rule.item[i]);
    }
    add_text(line, "--direction", directions[options->directions]);
    add_count(line, "--bootstrap", options->bootstrap);
    if (options->seed) {
        add_count(line, "--seed", options->seed);
    }
    add_file(line, "--output", options->output);
}

/* The rules with the banks they name; of those of --rule, the first that is not raw is the one set against it. */
static void take_rules(struct page_request *request, const struct workspace *workspace)
{
    request->focus = SIZE_MAX;
    for (size_t i = 0; i < workspace->specs; i++) {
        const struct task *task = workspace->task_of[i];
        request->rule[i] = (struct study_key){workspace->spec[i], task != &workspace->task, task->bank_subset};
        if (request->focus == SIZE_MAX && strcmp(workspace->spec[i].rule->name, "raw") != 0) {
            request->focus = i;
        }
    }
    request->rules = workspace->specs;
    const struct text_list *named = &workspace->options->rule;
    if (!named->count || strncmp(named->item[0], "all", 3) == 0) {
        request->focus = SIZE_MAX;
    }
}

static int write_page(const struct page_request *request)
{
    struct progress progress;
    struct error error = {0};
    size_t size;
    progress_start(&progress, "Making the page");
    char *bytes = page_make(request, &size, &progress.job, &error);
    progress_stop(&progress);
    if (!bytes) {
        return fail(&error);
    }
    fwrite(bytes, 1, size, output_stream()); /* output_end sees whether all was written */
    free(bytes);
    return STATUS_OK;
}

static int make_page(struct workspace *workspace)
{
    const struct options *options = workspace->options;
    struct page_command line;
    struct page_request request = {
        .collection = workspace->collection,
        .direction = workspace->task.direction,
        .both = options->directions == PAGE_BOTH,
        .bank = workspace->task.bank_subset,
        .gallery_bank = options->gallery_bank,
        .focus = SIZE_MAX,
        .samples = options->bootstrap == SIZE_MAX ? BOOTSTRAP_SAMPLES : options->bootstrap,
        .seed = options->seed,
        .command = line.text,
    };
    int status = workspace_rules(workspace, NULL);
    if (status >= 0) {
        return status;
    }
    take_rules(&request, workspace);
    make_command(&line, options, !workspace->collection->catalog);
    return write_page(&request);
}

int cmd_report(const struct options *options)
{
    if (!options->output) {
        return fail_usage("report", "where to? Give --output FILE.html");
    }
    if (options->bootstrap != SIZE_MAX && (options->bootstrap == 0 || options->bootstrap > BOOTSTRAP_SAMPLES_MOST)) {
        return fail_usage("report", "--bootstrap takes 1 to %d samples here", BOOTSTRAP_SAMPLES_MOST);
    }
    struct workspace workspace;
    int status = workspace_open(&workspace, options);
    if (status < 0) {
        status = workspace_task(&workspace, options->directions == PAGE_V2T ? V2T : T2V);
    }
    if (status < 0) {
        status = make_page(&workspace);
    }
    workspace_close(&workspace);
    return status;
}
