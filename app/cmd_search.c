#include "app/command.h"
#include "app/encoder_choice.h"
#include "app/fail.h"
#include "app/output.h"
#include "app/workspace.h"
#include "app/progress.h"
#include "engine/base/memory.h"
#include "engine/results/answers.h"
#include "engine/evaluation/search.h"
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 10 };

/* What is searched with: a vector, or the row of a stored caption. */
struct asked {
    char *text;
    float *vector;
    struct encoding encoding; /* with a vector */
    size_t row;               /* without one */
    uint32_t target;          /* of a stored caption; UINT32_MAX: none */
};

static void asked_close(struct asked *asked)
{
    free(asked->text);
    free(asked->vector);
}

static char *join_words(char *const *words, size_t count)
{
    size_t size = 1;
    for (size_t i = 0; i < count; i++) {
        size += strlen(words[i]) + 1;
    }
    char *text = memory_array(size, 1);
    for (size_t i = 0; text && i < count; i++) {
        strcat(text, i ? " " : "");
        strcat(text, words[i]);
    }
    return text;
}

static int ask_caption(struct asked *asked, const struct collection *collection, size_t row)
{
    struct error error = {0};
    struct catalog_text text;
    if (row >= collection->queries) {
        return fail_text("--caption %zu: the collection has %zu evaluation captions, from 0", row,
                         collection->queries);
    }
    if (catalog_text(collection->catalog, "query", row, &text, &error)) {
        return fail(&error);
    }
    free(asked->text);
    asked->text = memory_text(text.caption);
    asked->row = row;
    asked->target = collection->target[row];
    catalog_text_close(&text);
    return asked->text ? -1 : fail_text("out of memory");
}

static int ask_encoder(struct asked *asked, struct encoder *encoder)
{
    struct error error = {0};
    asked->vector = memory_floats(encoder_dimension(encoder));
    if (!asked->vector) {
        return fail_text("out of memory");
    }
    struct progress progress;
    progress_start(&progress, "Encoding");
    int outcome =
        encoder_encode_job(encoder, asked->text, asked->vector, &asked->encoding, &progress.job, &error);
    progress_stop(&progress);
    if (outcome < 0) {
        return fail(&error);
    }
    if (outcome > 0) {
        return fail_text("the text encoder knows no word of '%s'", asked->text);
    }
    return -1;
}

static int ask_text(struct asked *asked, const struct options *options, struct collection *collection)
{
    struct error error = {0};
    asked->text = join_words(options->operand + 1, options->operands - 1);
    if (!asked->text) {
        return fail_text("out of memory");
    }
    if (encoder_choose(options, collection, &error)) {
        return fail(&error);
    }
    if (collection->encoder) {
        return ask_encoder(asked, collection->encoder);
    }
    uint32_t row;
    size_t found = catalog_find_captions(collection->catalog, asked->text, &row, 1, &error);
    if (found == SIZE_MAX) {
        return fail(&error);
    }
    if (collection->wordless) {
        return fail_text("%s: stored similarities without captions take no text: --caption ROW takes query ROW, from 0",
                         options->operand[0]);
    }
    if (found == 0) {
        return fail_text("there is no text encoder and no stored caption matches '%s'", asked->text);
    }
    return ask_caption(asked, collection, row);
}

/* One search for each bank: rules fitted on the same are scored together. */
struct answers {
    struct search *search[SPECS_MOST];
    size_t searches;
    struct answer rule[SPECS_MOST];
};

static void answers_close(struct answers *answers)
{
    for (size_t i = 0; i < answers->searches; i++) {
        search_free(answers->search[i]);
    }
}

static int answer(struct answers *answers, const struct workspace *workspace, const struct asked *asked)
{
    size_t shown = options_shown(workspace->options, SHOWN);
    struct error error = {0};
    for (size_t t = 0; t <= workspace->others; t++) {
        const struct task *task = workspace_task_at(workspace, t);
        struct fit *fit[SPECS_MOST];
        size_t which[SPECS_MOST], count = workspace_rules_of(workspace, task, which);
        if (count == 0) {
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            fit[i] = workspace->fit[which[i]];
        }
        struct search *search = search_run(task, asked->vector, asked->row, fit, count, shown, &error);
        if (!search) {
            return fail(&error);
        }
        answers->search[answers->searches++] = search;
        for (size_t i = 0; i < count; i++) {
            answers->rule[which[i]] = (struct answer){search, i};
        }
    }
    return -1;
}

static int report_search(struct workspace *workspace, const struct asked *asked)
{
    struct answers answers = {0};
    struct report report;
    struct error error = {0};
    const struct question question = {
        .text = asked->text,
        .encoding = asked->vector ? &asked->encoding : NULL,
        .row = asked->row,
        .target = asked->target,
    };
    int status = answer(&answers, workspace, asked);
    if (status < 0 &&
        answers_report(&workspace->task, &question, answers.rule, workspace->fits, &report, &error)) {
        status = fail(&error);
    }
    answers_close(&answers);
    return status < 0 ? report_show(&report, workspace->options->format) : status;
}

int cmd_search(const struct options *options)
{
    bool stored = options->caption != SIZE_MAX;
    if (options->operands < 2 && !stored) {
        return fail_usage("search", options->operands ? "what shall be searched for?"
                                                      : "which collection? Name a directory or `sample`");
    }
    if (options->operands > 1 && stored) {
        return fail_usage("search", "give a text or --caption, not both");
    }
    struct workspace workspace;
    struct asked asked = {.target = UINT32_MAX};
    int status = workspace_open(&workspace, options);
    if (status < 0) {
        status = stored ? ask_caption(&asked, workspace.collection, options->caption)
                        : ask_text(&asked, options, workspace.collection);
    }
    status = status < 0 ? workspace_task(&workspace, T2V) : status;
    status = status < 0 ? workspace_fit(&workspace, NULL) : status;
    status = status < 0 ? report_search(&workspace, &asked) : status;
    asked_close(&asked);
    workspace_close(&workspace);
    return status;
}
