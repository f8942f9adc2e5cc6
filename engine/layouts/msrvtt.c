/* MSR-VTT: MSRVTT_JSFUSION_test.csv (key, vid_key, video_id, sentence; one row a query) or
 * similar, or videodatainfo JSON, {"videos": [{"video_id", "split", ...}], "sentences": [{"video_id",
 * "caption"}]}.
 *
 * In the JSON the evaluation queries are the texts of the split "test", else of "validate", else of the only split, and
 * the videos are those of that split; texts of other splits can be banks ("train"). */
#include "engine/base/memory.h"
#include "engine/formats/table_line.h"
#include "engine/formats/table_make.h"
#include "engine/formats/table_reader.h"
#include "engine/layouts/beginning.h"
#include "engine/layouts/layout.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The header of the file of captions: columns that only this dataset has. */
static bool recognise(const char *head)
{
    return beginning_is(head, "key,vid_key,video_id,sentence") || beginning_is(head, "key;vid_key;video_id;sentence");
}

/* Whether `spec` names a JSON file that holds an object, without selecting an array of it. */
static bool is_videodatainfo(const char *spec)
{
    enum { LOOK = 64 << 10 };
    char *head = memory_array(LOOK + 1, 1);
    FILE *file = head ? fopen(spec, "rb") : NULL;
    bool found = false;

    if (file) {
        size_t size = fread(head, 1, LOOK, file), start = table_skip_mark(head, size);
        start += strspn(head + start, " \t\r\n");
        found = head[start] == '{' && table_reader_for(spec, head, size) == &table_json;
        fclose(file);
    }
    free(head);
    return found;
}

static struct table *open_part(const char *spec, const char *array, struct error *error)
{
    return is_videodatainfo(spec) ? table_open_as(&table_json, spec, array, error) : table_open(spec, error);
}

/* The split whose texts are the queries, "" if videos have none; borrowed from the table. */
static const char *query_split(const struct table *videos)
{
    static const char *const wanted[] = {"test", "validate", "val"};
    size_t column = table_column(videos, "split");

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        for (size_t row = 0; row < table_rows(videos); row++)
            if (strcmp(table_field(videos, row, column), wanted[i]) == 0)
                return wanted[i];
    return table_rows(videos) ? table_field(videos, 0, column) : "";
}

static struct table *read_videos(const struct layout_request *request, struct error *error)
{
    struct table *table = open_part(request->file, "videos", error);
    size_t split = table ? table_column(table, "split") : SIZE_MAX;

    if (!table)
        return NULL;
    if (split != SIZE_MAX) {
        const char *kept = query_split(table);
        bool *keep = memory_array(table_rows(table), sizeof *keep);
        for (size_t row = 0; keep && row < table_rows(table); row++)
            keep[row] = strcmp(table_field(table, row, split), kept) == 0;
        if (keep)
            table_keep(table, keep);
        free(keep);
        if (!keep) {
            error_memory(error);
            goto fail;
        }
    }
    /* "key" in the CSV numbers its rows */
    if ((table_column(table, "video_id") != SIZE_MAX && table_rename(table, "key", "row", error)) ||
        table_rename(table, "video_id", "key", error) || table_rename(table, "sentence", "title", error))
        goto fail;
    return table;

fail:
    table_close(table);
    return NULL;
}

struct lookup { /* rows of the videos by their id */
    const struct table *videos;
    size_t id, split;
    uint32_t *row;
    size_t rows;
};

static int compare_ids(const void *left, const void *right, void *context)
{
    const struct lookup *lookup = context;

    return strcmp(table_field(lookup->videos, *(const uint32_t *)left, lookup->id),
                  table_field(lookup->videos, *(const uint32_t *)right, lookup->id));
}

/* The split of a video, "" if unknown. */
static const char *find_split(const struct lookup *lookup, const char *id)
{
    size_t low = 0, high = lookup->rows;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint32_t row = lookup->row[middle];
        int order = strcmp(id, table_field(lookup->videos, row, lookup->id));
        if (order == 0)
            return table_field(lookup->videos, row, lookup->split);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return "";
}

/* Texts with the splits of their videos. */
static struct table *add_splits(const struct table *texts, const struct lookup *lookup, struct error *error)
{
    static const char *const names[] = {"video", "caption", "split"};
    struct table *table = table_make(texts->path, names, 3, error);
    size_t id = table_column(texts, "video_id"), caption = table_column(texts, "caption");
    const char *query = query_split(lookup->videos);
    int failed = !table;

    if (table)
        table->by_number = table->typed = true;
    for (size_t row = 0; !failed && row < table_rows(texts); row++) {
        const char *split = find_split(lookup, table_field(texts, row, id));
        if (strcmp(split, query) == 0)
            split = "query";
        failed = table_put_cell(table, texts, row, id, error) || table_put_cell(table, texts, row, caption, error) ||
                 table_put_kind(table, TABLE_TEXT, split, strlen(split), error) ||
                 table_end_row(table, table_line(texts, row), error);
    }
    if (!failed)
        return table;
    table_close(table);
    return NULL;
}

static struct table *read_info_texts(const char *path, struct error *error)
{
    struct table *made = NULL, *texts = table_open_as(&table_json, path, "sentences", error);
    struct table *videos = texts ? table_open_as(&table_json, path, "videos", error) : NULL;

    if (videos) {
        struct lookup lookup = {.videos = videos,
                                .id = table_column(videos, "video_id"),
                                .split = table_column(videos, "split"),
                                .rows = table_rows(videos)};
        lookup.row = memory_array(lookup.rows, sizeof *lookup.row);
        for (size_t i = 0; lookup.row && i < lookup.rows; i++)
            lookup.row[i] = (uint32_t)i;
        if (lookup.row) {
            qsort_r(lookup.row, lookup.rows, sizeof *lookup.row, compare_ids, &lookup);
            made = add_splits(texts, &lookup, error);
        } else {
            error_memory(error);
        }
        free(lookup.row);
    }
    table_close(texts);
    table_close(videos);
    return made;
}

static struct table *read_texts(const struct layout_request *request, struct error *error)
{
    const char *spec = request->file;

    if (is_videodatainfo(spec))
        return read_info_texts(spec, error);
    struct table *table = table_open(spec, error);
    if (table &&
        (table_rename(table, "video_id", "video", error) || table_rename(table, "sentence", "caption", error))) {
        table_close(table);
        table = NULL;
    }
    return table;
}

const struct dataset_layout layout_msrvtt = {
    .name = "msrvtt",
    .help = "key,vid_key,video_id,sentence (MSRVTT_JSFUSION_test.csv), or videodatainfo JSON",
    .recognise = recognise,
    .videos = read_videos,
    .texts = read_texts,
    .tells_videos = is_videodatainfo,
    .whole = true,
};
