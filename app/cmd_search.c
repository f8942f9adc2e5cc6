#include "app/command.h"
#include "app/describe.h"
#include "app/encoder_choice.h"
#include "app/fail.h"
#include "app/progress.h"
#include "app/ranking.h"
#include "app/report.h"
#include "engine/memory.h"
#include "engine/search.h"
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 10 };

static const struct column columns[] = {
    {"rank", "rank", 0, 0, false},
    {"row", NULL, 0, 0, false},
    {"key", "key", 0, 0, false},
    {"title", "title", 0, 0, false},
    {"probability", "prob %", 2, 100, false},
    {"similarity", "similarity", 4, 0, false},
    {"rank_first", "rank first", 0, 0, false},
    {"shift", "shift", 0, 0, true},
    {"target", "target", 0, 0, false},
};

/* What is searched with: a vector, or the row of a stored caption. */
struct question {
    char *text;
    float *vector;
    size_t row;       /* where vector is null */
    uint32_t target;  /* of a stored caption; UINT32_MAX: none */
    json_t *ignored;  /* words the encoder does not know; null for a stored caption */
};

static void question_close(struct question *question)
{
    free(question->text);
    free(question->vector);
    json_decref(question->ignored);
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

static int ask_caption(struct question *question, const struct collection *collection, size_t row)
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
    free(question->text);
    question->text = memory_text(text.caption);
    question->row = row;
    question->target = collection->target[row];
    catalog_text_close(&text);
    return question->text ? -1 : fail_text("out of memory");
}

static int ask_encoder(struct question *question, struct encoder *encoder)
{
    struct error error = {0};
    static struct encoding encoding;
    question->vector = memory_floats(encoder_dimension(encoder));
    if (!question->vector) {
        return fail_text("out of memory");
    }
    struct progress progress;
    progress_start(&progress, "Encoding");
    int outcome =
        encoder_encode_job(encoder, question->text, question->vector, &encoding, &progress.job, &error);
    progress_stop(&progress);
    if (outcome < 0) {
        return fail(&error);
    }
    if (outcome > 0) {
        return fail_text("the text encoder knows no word of '%s'", question->text);
    }
    question->ignored = json_array();
    size_t listed = encoding.words < ENCODING_WORDS ? encoding.words : ENCODING_WORDS;
    for (size_t i = 0; i < listed; i++) {
        const struct encoding_word *word = &encoding.word[i];
        if (!word->known) {
            json_t *text = json_stringn(question->text + word->start, word->length);
            json_array_append_new(question->ignored, text ? text : json_string("?"));
        }
    }
    return -1;
}

static int ask_text(struct question *question, const struct options *options, struct collection *collection)
{
    struct error error = {0};
    question->text = join_words(options->operand + 1, options->operands - 1);
    if (!question->text) {
        return fail_text("out of memory");
    }
    if (encoder_choose(options, collection, &error)) {
        return fail(&error);
    }
    if (collection->encoder) {
        return ask_encoder(question, collection->encoder);
    }
    uint32_t row;
    size_t found = catalog_find_captions(collection->catalog, question->text, &row, 1, &error);
    if (found == SIZE_MAX) {
        return fail(&error);
    }
    if (found == 0) {
        return fail_text("there is no text encoder and no stored caption matches '%s'", question->text);
    }
    return ask_caption(question, collection, row);
}

/* One search for each bank: rules fitted on the same are scored together. */
struct answers {
    struct search *search[SPECS_MOST];
    size_t searches;
    struct answer {
        const struct search *search;
        size_t list; /* of that search */
    } rule[SPECS_MOST];
    size_t *ranks; /* room for those of one list */
};

static void answers_close(struct answers *answers)
{
    for (size_t i = 0; i < answers->searches; i++) {
        search_free(answers->search[i]);
    }
    free(answers->ranks);
}

static int answer(struct answers *answers, const struct workspace *workspace, const struct question *question)
{
    size_t shown = ranking_shown(workspace->options->top, SHOWN, task_gallery(&workspace->task));
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
        struct search *search = search_run(task, question->vector, question->row, fit, count, shown, &error);
        if (!search) {
            return fail(&error);
        }
        answers->search[answers->searches++] = search;
        for (size_t i = 0; i < count; i++) {
            answers->rule[which[i]] = (struct answer){search, i};
        }
    }
    answers->ranks = memory_array(answers->search[0]->k, sizeof *answers->ranks);
    return answers->ranks ? -1 : fail_text("out of memory");
}

static json_t *section(const struct workspace *workspace, const struct answers *answers, size_t which,
                       const struct question *question)
{
    const struct search *search = answers->rule[which].search;
    const struct answer *first = &answers->rule[0];
    size_t rule = answers->rule[which].list;
    const struct search_list *list = &search->list[rule];
    json_t *report = fit_report(workspace, list->fit);
    json_object_set_new(report, "gate", list->fit->active ? json_boolean(list->open) : json_null());
    if (question->target != UINT32_MAX) {
        json_object_set_new(report, "target_rank", report_count(search_rank(search, rule, question->target)));
    }
    search_ranks(first->search, first->list, list->item, search->k, answers->ranks);
    json_t *rows = json_array();
    for (size_t i = 0; i < search->k; i++) {
        uint32_t item = list->item[i];
        json_t *row = json_object();
        json_object_set_new(row, "rank", report_count(i + 1));
        json_object_set_new(row, "row", report_count(item));
        item_describe(workspace, row, item);
        json_object_set_new(row, "probability", report_real(search_probability(search, rule, item)));
        json_object_set_new(row, "similarity", report_real((double)search->similarity[item]));
        if (which > 0) {
            size_t rank = answers->ranks[i];
            json_object_set_new(row, "rank_first", report_count(rank));
            json_object_set_new(row, "shift", json_integer((json_int_t)rank - (json_int_t)(i + 1)));
        }
        if (question->target != UINT32_MAX) {
            json_object_set_new(row, "target", json_boolean(item == question->target));
        }
        json_array_append_new(rows, row);
    }
    json_object_set_new(report, "results", rows);
    return report;
}

static void put_title(FILE *out, const json_t *report)
{
    workspace_title(out, report);
    json_t *caption = json_object_get(report, "caption");
    if (caption) {
        fprintf(out, "stored caption %lld: ", (long long)json_integer_value(caption));
    }
    report_put_text(out, report, "query");
    size_t index;
    json_t *word, *ignored = json_object_get(report, "ignored");
    json_array_foreach(ignored, index, word) {
        json_t *named = json_pack("{s:O}", "word", word);
        fputs(index ? ", " : "  (unknown, ignored: ", out);
        report_put_text(out, named, "word");
        json_decref(named);
    }
    fputs(json_array_size(ignored) ? ")\n" : "\n", out);
}

static void put_heading(FILE *out, const json_t *rule)
{
    rule_put(out, rule);
    const json_t *gate = json_object_get(rule, "gate");
    if (json_is_boolean(gate)) {
        fputs(json_is_true(gate) ? ", gate open" : ", gate shut: ordered as raw", out);
    }
    double target = report_get_real(rule, "target_rank");
    if (target > 0) {
        fprintf(out, ", target at rank %.0f", target);
    }
    fputc('\n', out);
}

static int report_search(struct workspace *workspace, const struct question *question)
{
    const struct options *options = workspace->options;
    struct answers answers = {0};
    int status = answer(&answers, workspace, question);
    if (status >= 0) {
        answers_close(&answers);
        return status;
    }
    json_t *report = workspace_report(workspace);
    json_object_set_new(report, "query", report_text(question->text));
    if (question->vector) {
        json_object_set(report, "ignored", question->ignored);
    } else {
        json_object_set_new(report, "caption", report_count(question->row));
        json_object_set_new(report, "target",
                            question->target == UINT32_MAX ? json_null() : report_count(question->target));
    }
    json_t *list = json_array();
    json_object_set_new(report, "rules", list);
    for (size_t i = 0; i < workspace->fits; i++) {
        json_array_append_new(list, section(workspace, &answers, i, question));
    }
    answers_close(&answers);
    const struct layout layout = {
        .sections = "rules",
        .section_name = "spec",
        .rows = "results",
        .columns = columns,
        .count = sizeof columns / sizeof *columns,
        .title = put_title,
        .heading = put_heading,
    };
    report_print(report, options->format, &layout);
    return STATUS_OK;
}

/* Three rules say what normalisation does; the others are fitted only where they are named. */
static int fit_wanted(struct workspace *workspace)
{
    static const char *const wanted[] = {"raw", "qbnorm", "ncl", NULL}, *const without_bank[] = {"raw", NULL};
    return workspace_fit(workspace, task_bank(&workspace->task) ? wanted : without_bank);
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
    struct question question = {.target = UINT32_MAX};
    int status = workspace_open(&workspace, options);
    if (status < 0) {
        status = stored ? ask_caption(&question, workspace.collection, options->caption)
                        : ask_text(&question, options, workspace.collection);
    }
    status = status < 0 ? workspace_task(&workspace, T2V) : status;
    status = status < 0 ? fit_wanted(&workspace) : status;
    status = status < 0 ? report_search(&workspace, &question) : status;
    question_close(&question);
    workspace_close(&workspace);
    return status;
}
