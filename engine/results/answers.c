#include "engine/results/answers.h"
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/results/describe.h"
#include <stdlib.h>

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

static const struct column why_columns[] = {
    {"operator", "", 0, 0, false}, {"label", "line", 0, 0, false}, {"number", "number", 3, 0, false},
    {"note", "note", 0, 0, false}, {"value", NULL, 0, 0, false},   {"total", NULL, 0, 0, false},
    {"counts", NULL, 0, 0, false},
};

/* Words unknown to the encoder: those it guessed, or those it ignored. */
static json_t *unknown_words(const struct question *question, bool guessed)
{
    const struct encoding *encoding = &question->typed->encoding;
    json_t *list = json_array();
    size_t listed = encoding->words < ENCODING_WORDS ? encoding->words : ENCODING_WORDS;
    for (size_t i = 0; i < listed; i++) {
        const struct encoding_word *word = &encoding->word[i];
        if (!word->known && word->guessed == guessed) {
            json_t *text = json_stringn(question->text + word->start, word->length);
            json_array_append_new(list, text ? text : json_string("?"));
        }
    }
    return list;
}

/* The lines that lead to the score of the video in question. */
static void explain(const struct task *task, json_t *report, const struct answer *answer, uint32_t item)
{
    struct arithmetic arithmetic;
    json_t *lines = json_array();

    search_explain(task, answer->search, answer->list, item, &arithmetic);
    for (size_t i = 0; i < arithmetic.count; i++) {
        const struct term *term = &arithmetic.term[i];
        json_t *line = json_object();
        json_object_set_new(line, "operator", report_text(term_operator(term)));
        json_object_set_new(line, "label", report_text(term->label));
        json_object_set_new(line, "number", report_real(term_shown(term)));
        json_object_set_new(line, "note", report_text(term->note));
        json_object_set_new(line, "value", report_real(term->value));
        json_object_set_new(line, "total", report_real(term->total));
        json_object_set_new(line, "counts", json_boolean(!term->out && term->kind != TERM_FACT));
        json_array_append_new(lines, line);
    }
    json_object_set_new(report, "why_rank", report_count(search_rank(answer->search, answer->list, item)));
    json_object_set_new(report, "why_of", report_count(answer->search->m));
    json_object_set_new(report, "why", lines);
}

/* An item of a list, with its rank under the list's rule and the first one. */
struct placed {
    size_t rank, first;
    uint32_t item;
};

static int by_rank(const void *a, const void *b)
{
    size_t left = ((const struct placed *)a)->rank, right = ((const struct placed *)b)->rank;

    return (left > right) - (left < right);
}

static bool is_listed(const struct question *question, uint32_t item)
{
    for (size_t from = 0, end = question->listed; from < end;) {
        size_t middle = from + (end - from) / 2;
        if (question->only[middle] == item)
            return true;
        if (question->only[middle] < item)
            from = middle + 1;
        else
            end = middle;
    }
    return !question->only;
}

/* What an answer lists, best first, into `placed` (k); returns how many.  Items and ranks are (k) for own use. */
static size_t place(const struct answer *answer, const struct answer *first, const struct question *question,
                    struct placed *placed, uint32_t *items, size_t *ranks)
{
    const struct search *search = answer->search;
    size_t k = search->k, count = 0;

    if (question->only && question->listed <= k) {
        search_ranks(search, answer->list, question->only, question->listed, ranks);
        for (; count < question->listed; count++)
            placed[count] = (struct placed){.rank = ranks[count], .item = question->only[count]};
        qsort(placed, count, sizeof *placed, by_rank);
    } else {
        for (size_t i = 0; i < k; i++)
            if (is_listed(question, search->list[answer->list].item[i]))
                placed[count++] = (struct placed){.rank = i + 1, .item = search->list[answer->list].item[i]};
    }
    for (size_t i = 0; i < count; i++)
        items[i] = placed[i].item;
    search_ranks(first->search, first->list, items, count, ranks);
    for (size_t i = 0; i < count; i++)
        placed[i].first = ranks[i];
    return count;
}

static json_t *row_begin(const struct task *task, size_t rank, uint32_t item)
{
    json_t *row = json_object();

    json_object_set_new(row, "rank", report_count(rank));
    json_object_set_new(row, "row", report_count(item));
    item_describe(task, row, item);
    return row;
}

static void row_end(json_t *row, const struct question *question, uint32_t item)
{
    if (question->target != UINT32_MAX)
        json_object_set_new(row, "target", json_boolean(item == question->target));
}

static json_t *row_of(const struct task *task, const struct answer *answer, const struct question *question,
                      const struct placed *placed, bool compares)
{
    const struct search *search = answer->search;
    json_t *row = row_begin(task, placed->rank, placed->item);

    json_object_set_new(row, "probability", report_real(search_probability(search, answer->list, placed->item)));
    json_object_set_new(row, "similarity", report_real((double)search->similarity[placed->item]));
    if (compares) {
        json_object_set_new(row, "rank_first", report_count(placed->first));
        json_object_set_new(row, "shift", json_integer((json_int_t)placed->first - (json_int_t)placed->rank));
    }
    row_end(row, question, placed->item);
    return row;
}

static json_t *brief_section(const struct task *task, const struct answer *answer, const struct question *question)
{
    const struct shortlist *list = answer->brief;
    json_t *report = fit_report(task, answer->fit), *rows = json_array();

    json_object_set_new(report, "gate", answer->fit->active ? json_boolean(list->open) : json_null());
    for (size_t i = 0; i < list->count; i++) {
        if (!is_listed(question, list->item[i]))
            continue;
        json_t *row = row_begin(task, i + 1, list->item[i]);
        json_object_set_new(row, "similarity", report_real((double)list->similarity[i]));
        row_end(row, question, list->item[i]);
        json_array_append_new(rows, row);
    }
    json_object_set_new(report, "results", rows);
    return report;
}

/* What sections use to place their items. */
struct room {
    struct placed *placed; /* (k) */
    uint32_t *items;       /* (k) */
    size_t *ranks;         /* (k) */
};

static void room_free(struct room *room)
{
    free(room->placed);
    free(room->items);
    free(room->ranks);
}

static json_t *section(const struct task *task, const struct answer *answers, size_t which,
                       const struct question *question, const struct room *room)
{
    const struct answer *answer = &answers[which];
    const struct search_list *list = &answer->search->list[answer->list];
    json_t *report = fit_report(task, list->fit);

    json_object_set_new(report, "gate", list->fit->active ? json_boolean(list->open) : json_null());
    if (question->target != UINT32_MAX)
        json_object_set_new(report, "target_rank",
                            report_count(search_rank(answer->search, answer->list, question->target)));
    if (question->why != UINT32_MAX) {
        explain(task, report, answer, question->why);
        return report;
    }
    size_t count = place(answer, &answers[0], question, room->placed, room->items, room->ranks);
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(rows, row_of(task, answer, question, &room->placed[i], which > 0));
    json_object_set_new(report, "results", rows);
    return report;
}

static void put_words(FILE *out, const json_t *words, const char *before)
{
    size_t index;
    json_t *word;
    json_array_foreach (words, index, word) {
        json_t *named = json_pack("{s:O}", "word", word);
        fputs(index ? ", " : before, out);
        report_put_text(out, named, "word");
        json_decref(named);
    }
    fputs(json_array_size(words) ? ")" : "", out);
}

static void put_note(FILE *out, const json_t *report, const char *name, const char *before)
{
    if (!json_object_get(report, name))
        return;
    fprintf(out, "  (%s ", before);
    report_put_text(out, report, name);
    fputc(')', out);
}

static void put_title(FILE *out, const json_t *report)
{
    task_title(out, report);
    json_t *caption = json_object_get(report, "caption");
    if (caption) {
        const char *text = json_string_value(json_object_get(report, "query"));
        fprintf(out, text && *text ? "stored caption %lld: " : "query %lld", (long long)json_integer_value(caption));
    }
    report_put_text(out, report, "query");
    put_words(out, json_object_get(report, "guessed"), "  (guessed from parts: ");
    put_words(out, json_object_get(report, "ignored"),
              json_object_get(report, "cut") ? "  (too long, left out: " : "  (unknown, ignored: ");
    put_note(out, report, "symbols", "read");
    put_note(out, report, "suggestion", "did you mean:");
    fputc('\n', out);
    const json_t *why = json_object_get(report, "why");
    if (why) {
        fputs(item_text("why this video: "), out);
        report_put_text(out, why, "title");
        fputc('\n', out);
    }
}

static void put_heading(FILE *out, const json_t *rule)
{
    rule_put(out, rule);
    const json_t *gate = json_object_get(rule, "gate");
    if (json_is_boolean(gate))
        fputs(json_is_true(gate) ? ", gate open" : ", gate shut: ordered as raw", out);
    double target = report_get_real(rule, "target_rank");
    if (target > 0)
        fprintf(out, ", target at rank %.0f", target);
    if (json_object_get(rule, "why"))
        fprintf(out, item_text(", this video at rank %.0f of %.0f"), report_get_real(rule, "why_rank"),
                report_get_real(rule, "why_of"));
    fputc('\n', out);
}

int answers_report(const struct task *task, const struct question *question, const struct answer *answers, size_t count,
                   struct report *report, struct error *error)
{
    *report = (struct report){0};
    size_t k = count && answers[0].search ? answers[0].search->k : 0;
    struct room room = {.placed = memory_array(k, sizeof *room.placed),
                        .items = memory_array(k, sizeof *room.items),
                        .ranks = memory_array(k, sizeof *room.ranks)};
    if (!room.placed || !room.items || !room.ranks) {
        room_free(&room);
        return error_memory(error);
    }
    json_t *tree = task_report(task), *list = json_array();
    json_object_set_new(tree, "query", report_text(question->text));
    if (question->typed) {
        json_object_set_new(tree, "ignored", unknown_words(question, false));
        json_object_set_new(tree, "guessed", unknown_words(question, true));
        if (question->typed->encoding.cut)
            json_object_set_new(tree, "cut", json_true());
        if (*question->typed->suggestion)
            json_object_set_new(tree, "suggestion", report_text(question->typed->suggestion));
        if (*question->typed->names)
            json_object_set_new(tree, "symbols", report_text(question->typed->names));
    } else {
        json_object_set_new(tree, "caption", report_count(question->row));
        json_object_set_new(tree, "target",
                            question->target == UINT32_MAX ? json_null() : report_count(question->target));
    }
    json_object_set_new(tree, "rules", list);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, answers[i].brief ? brief_section(task, &answers[i], question)
                                                     : section(task, answers, i, question, &room));
    room_free(&room);
    bool why = question->why != UINT32_MAX;
    if (why) {
        json_t *video = json_object();
        json_object_set_new(video, "row", report_count(question->why));
        item_describe(task, video, question->why);
        json_object_set_new(tree, "why", video);
    }
    *report = (struct report){
        .tree = tree,
        .layout =
            {
                .sections = "rules",
                .section_name = "spec",
                .rows = why ? "why" : "results",
                .columns = why ? why_columns : columns,
                .count = why ? sizeof why_columns / sizeof *why_columns : sizeof columns / sizeof *columns,
                .title = put_title,
                .heading = put_heading,
            },
    };
    return describe_check_read(task, report, error);
}
