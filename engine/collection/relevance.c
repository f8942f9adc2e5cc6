#include "engine/collection/relevance.h"
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/catalog/catalog.h"
#include "engine/formats/matrix_file.h"
#include "engine/formats/table.h"
#include "engine/formats/table_make.h"
#include "engine/layouts/lines.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct judgement {
    uint32_t query, video;
    float grade;
};

struct judgements {
    struct judgement *list;
    size_t count, room;
};

static int add(struct judgements *all, struct judgement judgement)
{
    if (all->count == all->room) {
        size_t room = all->room ? 2 * all->room : 1024;
        struct judgement *grown = memory_grow(all->list, room, sizeof *grown);
        if (!grown)
            return -1;
        all->list = grown;
        all->room = room;
    }
    all->list[all->count++] = judgement;
    return 0;
}

static int by_query_and_video(const void *a, const void *b)
{
    const struct judgement *x = a, *y = b;

    if (x->query != y->query)
        return x->query < y->query ? -1 : 1;
    return (x->video > y->video) - (x->video < y->video);
}

/* Sorts judgements, merges repeated pairs and drops irrelevant ones. */
static int build(struct relevance *relevance, size_t queries, struct judgements *all, const char *path,
                 struct error *error)
{
    size_t kept = 0;

    *relevance = (struct relevance){
        .queries = queries,
        .start = memory_array(queries + 1, sizeof *relevance->start),
        .video = memory_array(all->count, sizeof *relevance->video),
        .grade = memory_array(all->count, sizeof *relevance->grade),
    };
    if (!relevance->start || !relevance->video || !relevance->grade)
        return error_memory(error);
    if (all->count)
        qsort(all->list, all->count, sizeof *all->list, by_query_and_video);
    for (size_t i = 0; i < all->count; i++) {
        const struct judgement *next = &all->list[i];
        bool again = i && by_query_and_video(next, next - 1) == 0;
        if (again && next->grade != next[-1].grade)
            return error_set(error, ERROR_INPUT, item_text("%s: query %u has two grades for video %u"), path,
                             next->query, next->video);
        if (again || !(next->grade > 0))
            continue;
        relevance->video[kept] = next->video;
        relevance->grade[kept] = next->grade;
        relevance->start[next->query + 1] = ++kept;
    }
    for (size_t q = 0; q < queries; q++) /* a query without any begins where the one before ends */
        if (relevance->start[q + 1] < relevance->start[q])
            relevance->start[q + 1] = relevance->start[q];
    return 0;
}

static int wrong_target(const char *spec, size_t index, size_t each, int64_t value, size_t videos, struct error *error)
{
    char which[64] = "";

    if (each > 1)
        snprintf(which, sizeof which, " of query %zu", index / each);
    return error_set(error, ERROR_INPUT, item_text("%s: target %zu%s is %lld, but videos are 0 to %zu (-1: none)"),
                     spec, each > 1 ? index % each : index, which, (long long)value, videos - 1);
}

int relevance_read_rows(struct relevance *relevance, size_t queries, size_t videos, const char *spec,
                        struct error *error)
{
    struct judgements all = {0};
    int64_t *values = NULL;
    size_t rows, each;

    *relevance = (struct relevance){0};
    if (matrix_file_integer_rows(spec, &values, &rows, &each, error))
        return -1;
    int status = rows == queries ? 0
                                 : error_set(error, ERROR_INPUT, "%s: has %zu targets, but there are %zu queries", spec,
                                             rows, queries);
    for (size_t i = 0; i < rows * each && status == 0; i++)
        if (values[i] < -1 || values[i] >= (int64_t)videos)
            status = wrong_target(spec, i, each, values[i], videos, error);
        else if (values[i] >= 0 && add(&all, (struct judgement){(uint32_t)(i / each), (uint32_t)values[i], 1}))
            status = error_memory(error);
    status = status ? status : build(relevance, queries, &all, spec, error);
    free(all.list);
    free(values);
    return status;
}

/* Keys of the videos, sorted, to look up rows; empty without a catalog. */
struct keys {
    struct key {
        char *text;
        uint32_t row;
    } * key;
    size_t count;
};

static int by_text(const void *a, const void *b)
{
    return strcmp(((const struct key *)a)->text, ((const struct key *)b)->text);
}

static void keys_close(struct keys *keys)
{
    for (size_t i = 0; i < keys->count; i++)
        free(keys->key[i].text);
    free(keys->key);
}

static int keys_open(struct keys *keys, struct catalog *catalog, size_t videos, struct error *error)
{
    *keys = (struct keys){0};
    if (!catalog)
        return 0;
    if (!(keys->key = memory_array(videos, sizeof *keys->key)))
        return error_memory(error);
    for (; keys->count < videos; keys->count++) {
        struct catalog_video video;
        if (catalog_video(catalog, keys->count, &video, error))
            return -1;
        keys->key[keys->count] = (struct key){video.key, (uint32_t)keys->count};
        video.key = NULL;
        catalog_video_close(&video);
    }
    qsort(keys->key, keys->count, sizeof *keys->key, by_text);
    return 0;
}

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

/* Undoes, in place, how lists escape blanks and %; "%" alone is the empty key. */
static void unescape(char *text)
{
    char *out = text;

    if (strcmp(text, "%") == 0) {
        *text = '\0';
        return;
    }
    for (const char *at = text; *at; at++) {
        bool escaped = *at == '%' && hex(at[1]) >= 0 && hex(at[2]) >= 0;
        *out++ = escaped ? (char)(16 * hex(at[1]) + hex(at[2])) : *at;
        at += escaped ? 2 : 0;
    }
    *out = '\0';
}

/* Reads a whole number below `most`; false if the text is anything else. */
static bool row_of(const char *text, size_t most, uint32_t *row)
{
    char *end;

    if (*text < '0' || *text > '9')
        return false;
    unsigned long long value = strtoull(text, &end, 10);
    *row = (uint32_t)value;
    return !*end && value < most;
}

static bool video_of(const struct keys *keys, size_t videos, char *text, uint32_t *row)
{
    if (!keys->count)
        return row_of(text, videos, row);
    unescape(text);
    struct key wanted = {.text = text};
    const struct key *found = bsearch(&wanted, keys->key, keys->count, sizeof *keys->key, by_text);
    *row = found ? found->row : 0;
    return found;
}

/* Splits a line into four words; false if it has more or fewer. */
static bool split(char *line, char *word[4])
{
    size_t count = 0;

    for (char *next, *at = strtok_r(line, " \t\r", &next); at; at = strtok_r(NULL, " \t\r", &next)) {
        if (count == 4)
            return false;
        word[count++] = at;
    }
    return count == 4;
}

/* Adds query, item and grade of a line as a row of the table. */
static int put_line(struct table *table, const struct lines *lines, char *line, struct error *error)
{
    static const size_t taken[] = {0, 2, 3};
    char *word[4];

    if (!line[strspn(line, " \t\r")])
        return 0;
    if (!split(line, word))
        return lines_refuse(lines, "judgements have four columns: query, iteration, item, grade", error);
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (table_put(table, word[taken[i]], strlen(word[taken[i]]), error))
            return -1;
    return table_end_row(table, lines->number, error);
}

/* State of reading judgements. */
struct qrels {
    struct table *table;
    struct keys keys;
    const struct relevance_names *names;
};

static int refuse(const struct qrels *qrels, size_t row, const char *what, struct error *error)
{
    char place[TABLE_PLACE];

    return error_set(error, ERROR_INPUT, "%s: %s", table_place(qrels->table, row, place), what);
}

static int read_row(const struct qrels *qrels, size_t row, struct judgement *judgement, struct error *error)
{
    const struct relevance_names *names = qrels->names;
    const char *grade = table_field(qrels->table, row, 2), *query = table_field(qrels->table, row, names->by_video);
    char *video = memory_text(table_field(qrels->table, row, !names->by_video)), *end;

    if (!video)
        return error_memory(error);
    bool known = video_of(&qrels->keys, names->videos, video, &judgement->video);
    free(video);
    if (!known)
        return refuse(qrels, row,
                      qrels->keys.count ? item_text("the video is not a key of this collection")
                                        : item_text("the video is not a row of the gallery"),
                      error);
    if (!row_of(query, names->queries, &judgement->query))
        return refuse(
            qrels, row,
            names->by_video ? "the item is not the row of a caption" : "the query is not the row of a caption", error);
    judgement->grade = strtof(grade, &end);
    if (end == grade || *end || !isfinite(judgement->grade))
        return refuse(qrels, row, "the grade is not a number", error);
    return 0;
}

int relevance_read_qrels(struct relevance *relevance, const struct relevance_names *names, const char *path,
                         struct error *error)
{
    static const char *const columns[] = {"query", "item", "grade"};
    struct qrels qrels = {.table = lines_table(path, columns, 3, put_line, error), .names = names};
    struct judgements all = {0};
    int status = qrels.table ? keys_open(&qrels.keys, names->catalog, names->videos, error) : -1;

    *relevance = (struct relevance){0};
    for (size_t row = 0; status == 0 && row < table_rows(qrels.table); row++) {
        struct judgement judgement = {0};
        status = read_row(&qrels, row, &judgement, error);
        if (status == 0 && add(&all, judgement))
            status = error_memory(error);
    }
    if (status == 0)
        status = all.count ? build(relevance, names->queries, &all, path, error)
                           : error_set(error, ERROR_INPUT, "%s: has no judgements", path);
    free(all.list);
    keys_close(&qrels.keys);
    table_close(qrels.table);
    return status;
}

int relevance_keep(struct relevance *relevance, const uint32_t *keep, size_t count)
{
    struct relevance kept = {.queries = count, .start = memory_array(count + 1, sizeof *kept.start)};
    size_t total = 0;

    if (!kept.start)
        return -1;
    for (size_t q = 0; q < count; q++) {
        size_t from = relevance->start[keep[q]], own = relevance->start[keep[q] + 1] - from;
        memmove(relevance->video + total, relevance->video + from, own * sizeof *relevance->video);
        memmove(relevance->grade + total, relevance->grade + from, own * sizeof *relevance->grade);
        kept.start[q + 1] = total += own;
    }
    free(relevance->start);
    relevance->start = kept.start;
    relevance->queries = count;
    return 0;
}

bool relevance_is_plural(const struct relevance *relevance)
{
    for (size_t q = 0; q < relevance->queries; q++)
        for (size_t i = relevance->start[q]; i < relevance->start[q + 1]; i++)
            if (i > relevance->start[q] || relevance->grade[i] != 1.0f)
                return true;
    return false;
}

void relevance_targets(const struct relevance *relevance, uint32_t *target)
{
    for (size_t q = 0; q < relevance->queries; q++) {
        size_t best = relevance->start[q];
        for (size_t i = best; i < relevance->start[q + 1]; i++)
            best = relevance->grade[i] > relevance->grade[best] ? i : best;
        target[q] = best < relevance->start[q + 1] ? relevance->video[best] : UINT32_MAX;
    }
}

void relevance_close(struct relevance *relevance)
{
    free(relevance->start);
    free(relevance->video);
    free(relevance->grade);
    *relevance = (struct relevance){0};
}
