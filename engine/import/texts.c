/* The texts: queries and banks from one table by its splits, single banks from tables of their own. */
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/formats/table_lists.h"
#include "engine/import/tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint32_t NONE = UINT32_MAX;

enum { STRANGERS = 8 };

struct strangers { /* splits that are not banks */
    struct stranger {
        const char *name;
        size_t row, count; /* first row, rows */
    } split[STRANGERS];
    size_t count, more; /* rows of further splits */
};

static void meet(struct strangers *strangers, const char *name, size_t row)
{
    for (size_t i = 0; i < strangers->count; i++)
        if (strcmp(strangers->split[i].name, name) == 0) {
            strangers->split[i].count++;
            return;
        }
    if (strangers->count == STRANGERS)
        strangers->more++;
    else
        strangers->split[strangers->count++] = (struct stranger){name, row, 1};
}

/* In a collection's own table they are mistakes, in a whole dataset's they are its other splits. */
static bool leaves_out(const struct making *making)
{
    return making->tables.layout->whole || making->import->query_split;
}

static void tell_strangers(struct making *making, const struct import_texts *texts, const struct strangers *strangers)
{
    char place[TABLE_PLACE];

    for (size_t i = 0; i < strangers->count; i++) {
        const struct stranger *split = &strangers->split[i];
        if (leaves_out(making))
            findings_remark(making->findings,
                            "%s: %zu texts of the split \"%.80s\" are left out, as no bank has "
                            "that name",
                            texts->path, split->count, split->name);
        else
            findings_fault(making->findings, texts->path, NULL,
                           "%s: the split \"%.80s\" (%zu texts) is neither \"query\" nor the name "
                           "of a query bank (--query-split says which are the queries)",
                           table_place(texts->table, split->row, place), split->name, split->count);
    }
    if (strangers->more && !leaves_out(making))
        findings_fault(making->findings, texts->path, NULL, "%s: %zu texts of further splits", texts->path,
                       strangers->more);
}

static const char *query_split(const struct making *making)
{
    const char *of_layout = making->tables.layout->query_split;

    return making->import->query_split ? making->import->query_split : of_layout ? of_layout : "query";
}

/* The number of a split: 0 query, 1 + i bank i; NONE if unknown. */
static uint32_t find_split(const struct making *making, const char *name)
{
    const struct import *import = making->import;

    if (strcmp(name, query_split(making)) == 0)
        return 0;
    for (size_t i = 0; i < import->bank_count; i++)
        if (strcmp(name, import->banks[i].name) == 0)
            return (uint32_t)i + 1;
    return NONE;
}

/* Splits rows by the column; without it all are queries. */
static bool split_all(struct making *making, struct import_texts *texts)
{
    struct strangers strangers = {.count = 0};
    const char *last = NULL;
    uint32_t split = 0;

    for (size_t row = 0; row < table_rows(texts->table); row++) {
        const char *name = table_field(texts->table, row, texts->split);
        if (texts->split != SIZE_MAX && (!last || strcmp(name, last) != 0)) /* they come in runs */
            split = find_split(making, name);
        last = name;
        texts->split_of[row] = split;
        if (split == NONE)
            meet(&strangers, name, row);
    }
    tell_strangers(making, texts, &strangers);
    return !strangers.count || leaves_out(making);
}

/* Rows of a bank's own table: those of its split, or all if none is. */
static void split_bank(struct making *making, struct import_texts *texts)
{
    const char *name = making->import->banks[texts->bank].name;
    size_t named = 0;

    for (size_t row = 0; texts->split != SIZE_MAX && row < table_rows(texts->table); row++)
        named += strcmp(table_field(texts->table, row, texts->split), name) == 0;
    for (size_t row = 0; row < table_rows(texts->table); row++) {
        bool taken = !named || strcmp(table_field(texts->table, row, texts->split), name) == 0;
        texts->split_of[row] = taken ? (uint32_t)texts->bank + 1 : NONE;
    }
}

static void remark_spread(struct making *making, const struct import_texts *texts, const char *what,
                          const struct table_spread *spread)
{
    if (spread->rows)
        findings_remark(making->findings, "%s: %zu rows hold %s, %zu in all: each is a text of its own", texts->path,
                        spread->rows, what, spread->values);
    if (spread->empty)
        findings_remark(making->findings, "%s: %zu rows have no caption and are left out", texts->path, spread->empty);
}

/* The column of captions; where it holds lists of them, a row becomes several. */
static int find_captions(struct making *making, struct import_texts *texts, struct error *error)
{
    struct table_spread lists, columns;
    struct error reason = {0};

    if (table_spread_columns(texts->table, "caption", &columns, error))
        return -1;
    texts->caption = import_column(making, texts->table, texts->path, "texts", "caption", IMPORT_NEEDED);
    if (table_spread_lists(texts->table, texts->caption, &lists, &reason))
        return findings_take(making->findings, texts->path, NULL, &reason, error);
    remark_spread(making, texts, "the columns caption_1, caption_2, ...", &columns);
    remark_spread(making, texts, "lists of captions", &lists);
    import_check_cells(making, texts->table, texts->path, texts->caption, "caption", true);
    if (making->import->paragraphs && texts->video == SIZE_MAX)
        findings_fault(making->findings, texts->path, NULL, "%s: has no column \"video\" to make paragraphs by",
                       texts->path);
    else if (making->import->paragraphs && table_join(texts->table, texts->video, texts->caption, error))
        return -1;
    import_check_cells(making, texts->table, texts->path, texts->video, "video", false);
    import_check_cells(making, texts->table, texts->path, texts->split, "split", false);
    return 0;
}

static int open_texts(struct making *making, struct import_texts *texts, struct error *error)
{
    bool of_all = texts->bank == SIZE_MAX;

    if (import_open_table(making, texts->path, making->tables.layout->texts, &texts->table, error))
        return -1;
    if (!texts->table)
        return 0;
    texts->split =
        import_column(making, texts->table, texts->path, "texts", "split", of_all ? IMPORT_IF_NAMED : IMPORT_FREE);
    texts->video = import_column(making, texts->table, texts->path, "texts", "video",
                                 !of_all                      ? IMPORT_FREE
                                 : making->tables.videos_from ? IMPORT_IF_NAMED
                                                              : IMPORT_NEEDED);
    if (find_captions(making, texts, error))
        return -1;
    texts->split_of = memory_array(table_rows(texts->table), sizeof *texts->split_of);
    texts->video_of = memory_array(table_rows(texts->table), sizeof *texts->video_of);
    if (!texts->split_of || !texts->video_of)
        return error_memory(error);
    if (!of_all) {
        split_bank(making, texts);
    } else if (!split_all(making, texts)) {
        free(texts->split_of);
        texts->split_of = NULL;
    }
    return 0;
}

static int list_tables(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    struct import_tables *tables = &making->tables;

    tables->texts = memory_array(1 + import->bank_count, sizeof *tables->texts);
    if (!tables->texts)
        return error_memory(error);
    if (import->texts_table)
        tables->texts[tables->text_tables++] = (struct import_texts){.path = import->texts_table, .bank = SIZE_MAX};
    for (size_t i = 0; i < import->bank_count; i++)
        if (import->banks[i].texts)
            tables->texts[tables->text_tables++] = (struct import_texts){.path = import->banks[i].texts, .bank = i};
    return 0;
}

int import_check_texts(struct making *making, struct error *error)
{
    if (list_tables(making, error))
        return -1;
    for (size_t i = 0; i < making->tables.text_tables; i++)
        if (open_texts(making, &making->tables.texts[i], error))
            return -1;
    return 0;
}

/* Finds each text's video.  Captions of bank queries may name videos that are not here: those they were trained on. */
static void find_videos(struct making *making, struct import_texts *texts)
{
    struct import_tables *tables = &making->tables;
    char place[TABLE_PLACE];
    size_t left_out = 0;

    for (size_t row = 0; row < table_rows(texts->table); row++) {
        const char *key = table_field(texts->table, row, texts->video);
        bool query = texts->split_of[row] == 0;
        texts->video_of[row] = *key && tables->by_key ? import_find_key(tables, key) : NONE;
        if (!query || !tables->by_key || (*key && texts->video_of[row] != NONE))
            continue;
        if (!*key) {
            making->report->queries_without_video++;
        } else if (tables->layout->whole) {
            texts->split_of[row] = NONE;
            left_out++;
        } else {
            findings_fault(making->findings, texts->path, item_text("texts of unknown videos"),
                           item_text("%s: no video has the key \"%.80s\""), table_place(texts->table, row, place), key);
        }
    }
    if (left_out)
        findings_remark(making->findings, item_text("%s: %zu texts are left out, as %s does not list their videos"),
                        texts->path, left_out, tables->videos_from);
}

/* Without a column of keys: equally many query texts for each video, in the order of its table. */
static void share_videos(struct making *making, struct import_texts *texts)
{
    size_t videos = making->tables.video_count, queries = 0, next = 0;

    for (size_t row = 0; row < table_rows(texts->table); row++)
        queries += texts->split_of[row] == 0;
    size_t each = videos ? queries / videos : 0;
    for (size_t row = 0; row < table_rows(texts->table); row++)
        texts->video_of[row] = texts->split_of[row] == 0 && each ? (uint32_t)(next++ / each) : NONE;
    if (videos && (!each || queries % videos))
        findings_fault(making->findings, texts->path, NULL,
                       item_text("%s: has no column \"video\", and its %zu texts of queries cannot be "
                                 "distributed over %zu videos; name the column of keys with "
                                 "--column video=NAME"),
                       texts->path, queries, videos);
    else if (videos)
        findings_remark(making->findings,
                        item_text("%s: has no column \"video\"; in turn every %zu of its texts of queries are "
                                  "taken for those of a video of %s"),
                        texts->path, each, making->tables.videos_from);
}

static int count_texts(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    struct import_tables *tables = &making->tables;

    for (size_t i = 0; i < tables->text_tables; i++)
        if (!tables->texts[i].table || !tables->texts[i].split_of)
            return 0;
    tables->count = memory_array(1 + import->bank_count, sizeof *tables->count);
    if (!tables->count)
        return error_memory(error);
    for (size_t i = 0; i < tables->text_tables; i++) {
        const struct import_texts *texts = &tables->texts[i];
        if (texts->bank != SIZE_MAX && tables->count[1 + texts->bank])
            findings_fault(making->findings, texts->path, NULL,
                           "%s: are texts of the bank \"%.63s\", but %s has %zu of them too", texts->path,
                           import->banks[texts->bank].name, tables->texts[0].path, tables->count[1 + texts->bank]);
        for (size_t row = 0; row < table_rows(texts->table); row++)
            if (texts->split_of[row] != NONE)
                tables->count[texts->split_of[row]]++;
    }
    if (import->change)
        return 0;
    making->report->queries = tables->count[0];
    if (tables->count[0] == 0)
        findings_fault(making->findings, import->texts_table, NULL, "%s: has no text of the split \"%.80s\"",
                       import->texts_table, query_split(making));
    return 0;
}

int import_check_references(struct making *making, struct error *error)
{
    struct import_tables *tables = &making->tables;

    for (size_t i = 0; i < tables->text_tables; i++) {
        struct import_texts *texts = &tables->texts[i];
        if (!texts->table || !texts->split_of)
            continue;
        if (texts->bank == SIZE_MAX && texts->video == SIZE_MAX)
            share_videos(making, texts);
        else
            find_videos(making, texts);
    }
    return count_texts(making, error);
}

int64_t import_first_text(const struct import_tables *tables, size_t bank)
{
    int64_t first = tables->first_text;

    if (!tables->count || tables->count[1 + bank] == 0)
        return 0;
    for (size_t split = 0; split <= bank; split++)
        first += (int64_t)tables->count[split];
    return first;
}

/* `next` (1 + banks) counts the texts written of each split. */
static int write_rows(struct making *making, const struct import_texts *texts, size_t *next, struct error *error)
{
    const struct import_tables *tables = &making->tables;
    size_t rows = table_rows(texts->table);

    job_expect(making->job, import_steps(rows));
    for (size_t row = 0; row < rows; row++) {
        uint32_t split = texts->split_of[row], video = texts->video_of[row];
        if (import_step(making->job, row, error))
            return -1;
        if (split == NONE)
            continue;
        int64_t first = split ? import_first_text(tables, split - 1) : tables->first_text;
        const struct catalog_text text = {
            .id = first + (int64_t)next[split],
            .caption = (char *)table_field(texts->table, row, texts->caption),
            .video = video == NONE ? -1 : (int64_t)video,
            .row = (int64_t)next[split]++,
        };
        if (catalog_put_text(making->writer, split ? making->import->banks[split - 1].name : "query", &text, error))
            return -1;
    }
    return 0;
}

int import_write_texts(struct making *making, struct error *error)
{
    struct import_tables *tables = &making->tables;
    size_t *next = memory_array(1 + making->import->bank_count, sizeof *next);
    int failed = next ? 0 : error_memory(error);

    for (size_t i = 0; !failed && i < tables->text_tables; i++)
        failed = write_rows(making, &tables->texts[i], next, error);
    free(next);
    return failed;
}

void import_close_texts(struct making *making)
{
    struct import_tables *tables = &making->tables;

    for (size_t i = 0; i < tables->text_tables; i++) {
        table_close(tables->texts[i].table);
        free(tables->texts[i].split_of);
        free(tables->texts[i].video_of);
    }
    free(tables->texts);
    free(tables->count);
}
