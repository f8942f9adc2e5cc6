/* The tables of videos and of texts: cross-checked, then written as catalog rows. */
#include "engine/import_parts.h"
#include "engine/memory.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint32_t NONE = UINT32_MAX;

const char *import_field(const struct table *table, size_t row, size_t column)
{
    return column == SIZE_MAX ? "" : table_field(table, row, column);
}

/* Opens a table; what cannot be read is a fault, and *table stays null. */
static int open_table(struct making *making, const char *path, struct table **table,
                      struct error *error)
{
    struct error reason = {0};

    *table = table_open(path, &reason);
    if (!*table)
        return findings_take(making->findings, path, NULL, &reason, error);
    if (table_rows(*table) >= NONE)
        findings_fault(making->findings, path, NULL, "%s: has too many rows", path);
    else
        return 0;
    table_close(*table);
    *table = NULL;
    return 0;
}

/* A column that must be there; without it the table is useless. */
static bool need_column(struct making *making, const struct table *table, const char *path,
                        const char *name, size_t *found)
{
    *found = table_column(table, name);
    if (*found == SIZE_MAX)
        findings_fault(making->findings, path, NULL, "%s: has no column \"%s\"", path, name);
    return *found != SIZE_MAX;
}

static int compare_keys(const void *left, const void *right, void *context)
{
    const struct import_tables *tables = context;
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    int order = strcmp(table_field(tables->videos, a, tables->key),
                       table_field(tables->videos, b, tables->key));

    return order ? order : (a > b) - (a < b);
}

static int sort_keys(struct making *making, struct error *error)
{
    struct import_tables *tables = &making->tables;
    const char *path = making->import->videos_table;
    size_t rows = table_rows(tables->videos);

    tables->by_key = memory_array(rows, sizeof *tables->by_key);
    if (!tables->by_key)
        return error_memory(error);
    for (size_t row = 0; row < rows; row++) {
        if (!*table_field(tables->videos, row, tables->key))
            findings_fault(making->findings, path, "keys that are empty",
                           "%s:%zu: the key is empty", path, table_line(tables->videos, row));
        tables->by_key[row] = (uint32_t)row;
    }
    qsort_r(tables->by_key, rows, sizeof *tables->by_key, compare_keys, tables);
    for (size_t i = 1, first = 0; i < rows; i++) {
        const char *key = table_field(tables->videos, tables->by_key[i], tables->key);
        if (strcmp(table_field(tables->videos, tables->by_key[first], tables->key), key) != 0)
            first = i;
        else if (*key)
            findings_fault(making->findings, path, "keys that are taken",
                           "%s:%zu: the key \"%.80s\" is taken: line %zu has it", path,
                           table_line(tables->videos, tables->by_key[i]), key,
                           table_line(tables->videos, tables->by_key[first]));
    }
    return 0;
}

static uint32_t find_key(const struct import_tables *tables, const char *key)
{
    size_t low = 0, high = table_rows(tables->videos);

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint32_t row = tables->by_key[middle];
        int order = strcmp(key, table_field(tables->videos, row, tables->key));
        if (order == 0)
            return row;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NONE;
}

/* A whole number, 0 where the field is empty or absent, -1 where it is something else. */
static int read_count(const struct table *table, size_t row, size_t column)
{
    const char *text = import_field(table, row, column);
    char *end;

    errno = 0;
    long number = *text ? strtol(text, &end, 10) : 0;
    return *text && (*end || errno || number < 0 || number > INT_MAX) ? -1 : (int)number;
}

static void check_counts(struct making *making, size_t column)
{
    const struct table *table = making->tables.videos;
    const char *path = making->import->videos_table;

    for (size_t row = 0; column != SIZE_MAX && row < table_rows(table); row++)
        if (read_count(table, row, column) < 0)
            findings_fault(making->findings, path, "fields that are no whole number",
                           "%s:%zu: %s is no whole number: \"%.80s\"", path, table_line(table, row),
                           table_name(table, column), table_field(table, row, column));
}

static int check_videos(struct making *making, struct error *error)
{
    struct import_tables *tables = &making->tables;
    const char *path = making->import->videos_table;

    if (open_table(making, path, &tables->videos, error))
        return -1;
    if (!tables->videos)
        return 0;
    tables->title = table_column(tables->videos, "title");
    tables->tags = table_column(tables->videos, "tags");
    tables->duration_ms = table_column(tables->videos, "duration_ms");
    tables->frames = table_column(tables->videos, "frames");
    tables->strip = table_column(tables->videos, "strip");
    tables->poster = table_column(tables->videos, "poster");
    making->report->videos = table_rows(tables->videos);
    if (table_rows(tables->videos) == 0)
        findings_fault(making->findings, path, NULL, "%s: has no videos", path);
    check_counts(making, tables->duration_ms);
    check_counts(making, tables->frames);
    return need_column(making, tables->videos, path, "key", &tables->key)
               ? sort_keys(making, error)
               : 0;
}

/* The number of a split: 0 query, 1 + i bank i; NONE if there is no such split. */
static uint32_t find_split(const struct import *import, const char *name)
{
    if (strcmp(name, "query") == 0)
        return 0;
    for (size_t i = 0; i < import->bank_count; i++)
        if (strcmp(name, import->banks[i].name) == 0)
            return (uint32_t)i + 1;
    return NONE;
}

static bool check_splits(struct making *making)
{
    struct import_tables *tables = &making->tables;
    const char *path = making->import->texts_table, *last = NULL;
    uint32_t split = NONE;
    bool sound = true;

    for (size_t row = 0; row < table_rows(tables->texts); row++) {
        const char *name = table_field(tables->texts, row, tables->split);
        if (!last || strcmp(name, last) != 0) /* splits come in runs */
            split = find_split(making->import, name);
        last = name;
        tables->split_of[row] = split;
        if (split != NONE) {
            tables->count[split]++;
            continue;
        }
        sound = false;
        findings_fault(making->findings, path, "splits that are no bank",
                       "%s:%zu: the split \"%.80s\" is neither \"query\" nor the name of a query "
                       "bank",
                       path, table_line(tables->texts, row), name);
    }
    if (sound && tables->count[0] == 0)
        findings_fault(making->findings, path, NULL, "%s: has no text of the split \"query\"",
                       path);
    return sound;
}

/* Captions of bank queries may name videos that are not here: those they were trained on. */
static void check_references(struct making *making)
{
    struct import_tables *tables = &making->tables;
    const char *path = making->import->texts_table;

    for (size_t row = 0; row < table_rows(tables->texts); row++) {
        const char *key = table_field(tables->texts, row, tables->video);
        bool query = tables->split_of[row] == 0;
        tables->video_of[row] = *key && tables->by_key ? find_key(tables, key) : NONE;
        making->report->queries_without_video += query && !*key;
        if (query && *key && tables->by_key && tables->video_of[row] == NONE)
            findings_fault(making->findings, path, "texts of unknown videos",
                           "%s:%zu: no video has the key \"%.80s\"", path,
                           table_line(tables->texts, row), key);
    }
}

static int check_texts(struct making *making, struct error *error)
{
    struct import_tables *tables = &making->tables;
    const char *path = making->import->texts_table;

    if (open_table(making, path, &tables->texts, error))
        return -1;
    if (!tables->texts)
        return 0;
    bool split = need_column(making, tables->texts, path, "split", &tables->split);
    bool video = need_column(making, tables->texts, path, "video", &tables->video);
    need_column(making, tables->texts, path, "caption", &tables->caption);
    size_t rows = table_rows(tables->texts);
    tables->split_of = memory_array(rows, sizeof *tables->split_of);
    tables->video_of = memory_array(rows, sizeof *tables->video_of);
    tables->count = memory_array(1 + making->import->bank_count, sizeof *tables->count);
    if (!tables->split_of || !tables->video_of || !tables->count)
        return error_memory(error);
    bool sound = split && check_splits(making);
    if (sound)
        making->report->queries = tables->count[0];
    if (split && video)
        check_references(making);
    if (!sound) {
        free(tables->count);
        tables->count = NULL;
    }
    return 0;
}

static int check_tables(struct making *making, struct error *error)
{
    return check_videos(making, error) || check_texts(making, error) ? -1 : 0;
}

static void close_tables(struct making *making)
{
    struct import_tables *tables = &making->tables;

    table_close(tables->videos);
    table_close(tables->texts);
    free(tables->by_key);
    free(tables->split_of);
    free(tables->video_of);
    free(tables->count);
}

int64_t import_first_text(const struct import_tables *tables, size_t bank)
{
    int64_t first = 1;

    if (tables->count[1 + bank] == 0)
        return 0;
    for (size_t split = 0; split <= bank; split++)
        first += (int64_t)tables->count[split];
    return first;
}

/* The columns that have no meaning of their own as "name: value" lines; the caller frees them. */
static char *details_of(const struct import_tables *tables, size_t row)
{
    const struct table *table = tables->videos;
    const size_t known[] = {tables->key,    tables->title, tables->tags,  tables->duration_ms,
                            tables->frames, tables->strip, tables->poster};
    size_t size = 1, used = 0;

    for (size_t i = 0; i < table_columns(table); i++)
        size += strlen(table_name(table, i)) + strlen(table_field(table, row, i)) + 3;
    char *details = memory_array(size, 1);
    for (size_t i = 0; details && i < table_columns(table); i++) {
        bool shown = *table_field(table, row, i) != 0;
        for (size_t j = 0; j < sizeof known / sizeof *known; j++)
            shown = shown && known[j] != i;
        if (shown)
            used += (size_t)snprintf(details + used, size - used, "%s: %s\n", table_name(table, i),
                                     table_field(table, row, i));
    }
    return details;
}

static int write_video(struct making *making, size_t row, struct error *error)
{
    const struct import_tables *tables = &making->tables;
    const struct table *table = tables->videos;
    struct catalog_video video = {
        .key = (char *)table_field(table, row, tables->key),
        .title = (char *)import_field(table, row, tables->title),
        .tags = (char *)import_field(table, row, tables->tags),
        .details = details_of(tables, row),
        .duration_ms = read_count(table, row, tables->duration_ms),
        .frames = read_count(table, row, tables->frames),
    };
    int failed = video.details ? catalog_put_video(making->writer, row, &video, error)
                               : error_memory(error);

    free(video.details);
    return failed;
}

static int write_texts(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    const struct import_tables *tables = &making->tables;
    size_t *next = memory_array(1 + import->bank_count, sizeof *next);
    int failed = next ? 0 : error_memory(error);

    for (size_t row = 0; !failed && row < table_rows(tables->texts); row++) {
        uint32_t split = tables->split_of[row], video = tables->video_of[row];
        int64_t first = split ? import_first_text(tables, split - 1) : 1;
        const struct catalog_text text = {
            .id = first + (int64_t)next[split],
            .caption = (char *)table_field(tables->texts, row, tables->caption),
            .video = video == NONE ? -1 : (int64_t)video,
            .row = (int64_t)next[split]++,
        };
        failed = import_step(making->job, row, error);
        if (!failed)
            failed = catalog_put_text(making->writer,
                                      split ? import->banks[split - 1].name : "query", &text, error);
    }
    free(next);
    return failed;
}

static int write_tables(struct making *making, struct error *error)
{
    size_t videos = table_rows(making->tables.videos);

    job_expect(making->job, import_steps(videos) + import_steps(table_rows(making->tables.texts)));
    for (size_t row = 0; row < videos; row++)
        if (import_step(making->job, row, error) || write_video(making, row, error))
            return -1;
    return write_texts(making, error);
}

const struct import_part import_part_tables = {
    .name = "tables", .check = check_tables, .write = write_tables, .close = close_tables};
