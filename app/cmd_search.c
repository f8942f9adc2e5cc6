#include "app/command.h"
#include "app/encoder_options.h"
#include "app/named_collection.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/row_options.h"
#include "app/workspace.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/evaluation/search.h"
#include "engine/results/answers.h"
#include "engine/typing/lexicon.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 10 };

struct search_options {
    struct data_options data; /* a collection */
    struct words text;
    size_t caption;  /* a row; NOT_GIVEN */
    const char *why; /* a video's key, or null */
    bool brief;
    struct row_options rows;
    struct encoder_options encoder;
    struct output_options output;
};

#define FIELD(name) offsetof(struct search_options, name)

static const struct option_entry entries[] = {
    COLLECTION_OPERAND(search_options, data.collection),
    {.name = "TEXT", .kind = OPTION_WORDS, .offset = FIELD(text)},
    {"caption", OPTION_COUNT, FIELD(caption), "ROW",
     .help = "search with a stored evaluation caption (rows count from 0)", .unset = NOT_GIVEN},
    {"why", OPTION_TEXT, FIELD(why), "KEY",
     .help = "in place of lists show how this video gets its score and rank under each rule"},
    {"brief", OPTION_FLAG, FIELD(brief),
     .help = "only the best and their similarities, from the index if there is one (import --index)"},
    INCLUDE_GROUP(search_options, data.rules, rule_group),
    INCLUDE_GROUP(search_options, data.banks, collection_bank_group),
    SPLIT_OPTION(search_options, data.split),
    INCLUDE_GROUP(search_options, rows, row_group),
    INCLUDE_GROUP(search_options, encoder, encoder_group),
    INCLUDE_GROUP(search_options, output, output_group),
    {0},
};

static int settle(void *values, struct error *error)
{
    const struct search_options *options = values;
    bool stored = options->caption != NOT_GIVEN;
    if (!options->data.collection)
        return usage_error(error, COLLECTION_MISSING);
    if (!options->text.count && !stored)
        return usage_error(error, "give a text to search for, or --caption ROW");
    if (options->brief && options->why)
        return usage_error(error, "--why explains a rank, which --brief leaves out: give one of them");
    return options->text.count && stored ? usage_error(error, "give a text or --caption, not both") : 0;
}

/* The query: a vector, or the row of a stored caption. */
struct asked {
    struct catalog *catalog; /* borrowed */
    struct lexicon *lexicon;
    char *text;
    float *vector;
    struct typed typed; /* with a vector */
    size_t row;         /* without one */
    uint32_t target;    /* of a stored caption; UINT32_MAX: none */
    uint32_t why;       /* the video to explain; UINT32_MAX: none */
};

static void asked_close(struct asked *asked)
{
    lexicon_free(asked->lexicon);
    free(asked->text);
    free(asked->vector);
}

static char *join_words(char *const *words, size_t count)
{
    size_t size = 1;
    for (size_t i = 0; i < count; i++)
        size += strlen(words[i]) + 1;
    char *text = memory_array(size, 1);
    for (size_t i = 0; text && i < count; i++) {
        strcat(text, i ? " " : "");
        strcat(text, words[i]);
    }
    return text;
}

static int ask_caption(struct asked *asked, const struct collection *collection, size_t row, struct error *error)
{
    struct catalog_text text;
    if (row >= collection->queries)
        return error_set(error, ERROR_INPUT, "--caption %zu: the collection has %zu evaluation captions, from 0", row,
                         collection->queries);
    if (catalog_text(collection->catalog, "query", row, &text, error))
        return -1;
    free(asked->text);
    asked->text = memory_text(text.caption);
    asked->row = row;
    asked->target = collection->target[row];
    catalog_text_close(&text);
    return asked->text ? 0 : error_memory(error);
}

/* Says that no word is known, with what helps: a spelling, or captions that contain the text. */
static int refuse_unknown(const struct asked *asked, struct error *error)
{
    uint32_t row[SHOWN];
    char number[24], captions[SHOWN * sizeof number] = "";
    const char *meant = asked->typed.suggestion;
    size_t found = asked->catalog ? catalog_find_captions(asked->catalog, asked->text, row, SHOWN, error) : 0;
    if (found == SIZE_MAX)
        return -1;
    for (size_t i = 0; i < found; i++) {
        snprintf(number, sizeof number, "%lu", (unsigned long)row[i]);
        text_append(captions, sizeof captions, ", ", number);
    }
    return error_set(error, ERROR_INPUT, "the text encoder knows no word of '%.100s'%s%s%s%s%s", asked->text,
                     *meant ? "; did you mean '" : "", meant, *meant ? "'?" : "",
                     *captions ? "; it is in stored captions: --caption " : "", captions);
}

static int ask_encoder(struct asked *asked, struct encoder *encoder, struct error *error)
{
    struct progress progress;
    asked->vector = memory_floats(encoder_dimension(encoder));
    if (!asked->vector)
        return error_memory(error);
    progress_start(&progress, "Encoding");
    int outcome =
        typed_encode(asked->lexicon, encoder, asked->text, false, asked->vector, &asked->typed, &progress.job, error);
    progress_stop(&progress);
    if (outcome >= 0 && lexicon_check_read(asked->lexicon, error))
        return -1;
    return outcome > 0 ? refuse_unknown(asked, error) : outcome;
}

/* Without an encoder: takes the stored caption that matches the text best. */
static int ask_index(struct asked *asked, const struct collection *collection, struct error *error)
{
    uint32_t row;
    size_t found = catalog_find_captions(collection->catalog, asked->text, &row, 1, error);
    if (found == SIZE_MAX)
        return -1;
    if (collection->wordless)
        return error_set(error, ERROR_INPUT,
                         "%s: stored similarities without captions take no text: give --caption ROW, from 0",
                         collection->name);
    if (found == 0)
        return error_set(error, ERROR_INPUT, "no text encoder, and no stored caption matches '%s'", asked->text);
    return ask_caption(asked, collection, row, error);
}

static int ask(struct asked *asked, const struct search_options *options, struct collection *collection,
               struct error *error)
{
    if (options->caption != NOT_GIVEN)
        return ask_caption(asked, collection, options->caption, error);
    asked->text = join_words(options->text.word, options->text.count);
    asked->catalog = collection->catalog;
    asked->lexicon = lexicon_new(collection->catalog);
    if (!asked->text || !asked->lexicon)
        return error_memory(error);
    if (encoder_options_apply(&options->encoder, collection, error))
        return -1;
    return collection->model[0]->encoder ? ask_encoder(asked, collection->model[0]->encoder, error)
                                         : ask_index(asked, collection, error);
}

/* One search for each bank: rules fitted on the same bank are scored together. */
struct answers {
    struct search *search[STUDY_ENTRIES];
    size_t searches;
    struct shortlist brief[STUDY_ENTRIES];
    size_t briefs;
    struct answer rule[STUDY_ENTRIES];
};

static void answers_close(struct answers *answers)
{
    for (size_t i = 0; i < answers->searches; i++)
        search_free(answers->search[i]);
    shortlist_close(answers->brief, answers->briefs);
}

/* Fills *vector with the text as another model encodes it. */
static int encode_for(const struct collection_model *model, const struct asked *asked, float **vector,
                      struct error *error)
{
    struct asked other = {.catalog = asked->catalog, .lexicon = asked->lexicon, .text = asked->text};
    if (!model->encoder)
        return error_set(error, ERROR_INPUT,
                         "model %s has no text encoder: fit one (hubscope fit-encoder --model %s) or use --caption",
                         model->name, model->name);
    int failed = ask_encoder(&other, model->encoder, error);
    *vector = other.vector;
    return failed;
}

/* Answers by `count` fits of one task: those of the study's entries `entry`. */
static int answer_by(struct answers *answers, const struct study *study, size_t t, const size_t *entry, size_t count,
                     const float *vector, const struct asked *asked, const struct search_options *options,
                     struct error *error)
{
    size_t shown = row_options_shown(&options->rows, SHOWN);
    struct fit *fit[STUDY_ENTRIES];
    for (size_t i = 0; i < count; i++)
        fit[i] = study->fit[entry[i]];
    if (options->brief && shown) {
        struct shortlist *brief = answers->brief + answers->briefs;
        if (shortlist_run(study->task[t], vector, asked->row, fit, count, shown, brief, error))
            return -1;
        answers->briefs += count;
        for (size_t i = 0; i < count; i++)
            answers->rule[entry[i]] = (struct answer){.brief = &brief[i], .fit = fit[i]};
        return 0;
    }
    struct search *search = search_run(study->task[t], vector, asked->row, fit, count, shown, error);
    if (!search)
        return -1;
    answers->search[answers->searches++] = search;
    for (size_t i = 0; i < count; i++)
        answers->rule[entry[i]] = (struct answer){.search = search, .list = i};
    return 0;
}

static int answer(struct answers *answers, const struct study *study, const struct asked *asked,
                  const struct search_options *options, struct error *error)
{
    for (size_t t = 0; t < study->tasks; t++) {
        size_t entry[STUDY_ENTRIES], count = study_entries_on(study, t, entry);
        const struct collection_model *model = study->task[t]->model;
        bool foreign = asked->vector && model != study_task(study)->model;
        float *vector = NULL;
        if (count == 0)
            continue;
        int failed =
            (foreign && encode_for(model, asked, &vector, error)) ||
            answer_by(answers, study, t, entry, count, foreign ? vector : asked->vector, asked, options, error);
        free(vector);
        if (failed)
            return -1;
    }
    return 0;
}

static int report_search(const struct study *study, const struct asked *asked, const struct search_options *options,
                         struct error *error)
{
    struct answers answers = {0};
    struct report report;
    const struct question question = {
        .text = asked->text,
        .typed = asked->vector ? &asked->typed : NULL,
        .row = asked->row,
        .target = asked->target,
        .why = asked->why,
    };
    int failed = answer(&answers, study, asked, options, error) ||
                 answers_report(study_task(study), &question, answers.rule, study->entries, &report, error);
    answers_close(&answers);
    return failed ? -1 : output_report(&report, options->output.format, error);
}

static int run(const void *given, struct error *error)
{
    const struct search_options *options = given;
    struct workspace workspace;
    struct asked asked = {.target = UINT32_MAX, .why = UINT32_MAX};
    int failed = workspace_open(&workspace, &options->data, T2V, error) ||
                 ask(&asked, options, workspace.collection, error) ||
                 (options->why && catalog_find_key(workspace.collection->catalog, options->why, &asked.why, error)) ||
                 workspace_study(&workspace, T2V, error) || workspace_fit(&workspace, error) ||
                 report_search(&workspace.study, &asked, options, error);
    asked_close(&asked);
    workspace_close(&workspace);
    return failed ? -1 : 0;
}

const struct command command_search = {
    .name = "search",
    .usage = "COLLECTION TEXT... | COLLECTION --caption ROW",
    .help = "the best videos for a text under each rule",
    .options =
        {
            .entries = entries,
            .details = "Without a text encoder the best matching stored caption is used.  Emoji and other symbols\n"
                       "are read as the title of a video that has them as its key or in title, tags or columns,\n"
                       "or else as their Unicode name.  A shift is the rank under\n"
                       "the first rule minus the rank under this one: +3 moved up three places.  Only the rules\n"
                       "named are fitted, and their fits are cached in the collection.  The lines of --why lead from\n"
                       "similarity to score: each adds to the ones before, multiplies them or states a fact.\n",
            .settle = settle,
        },
    .crew = true,
    .size = sizeof(struct search_options),
    .run = run,
};
