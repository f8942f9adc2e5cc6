/* The videos: the rows of their table, or the keys that the query texts name. */
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/import/existing.h"
#include "engine/import/tables.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint32_t NONE = UINT32_MAX;

static int compare_keys(const void *left, const void *right, void *context)
{
    const char *const *key_of = context;
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    int order = strcmp(key_of[a], key_of[b]);

    return order ? order : (a > b) - (a < b);
}

/* Returns 0 to count - 1 ordered by key, equal keys ascending; null when out of memory. */
static uint32_t *sort_keys(const char **key_of, size_t count)
{
    uint32_t *order = memory_array(count, sizeof *order);

    for (size_t i = 0; order && i < count; i++)
        order[i] = (uint32_t)i;
    if (order)
        qsort_r(order, count, sizeof *order, compare_keys, key_of);
    return order;
}

uint32_t import_find_key(const struct import_tables *tables, const char *key)
{
    size_t low = 0, high = tables->video_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint32_t video = tables->by_key[middle];
        int order = strcmp(key, tables->key_of[video]);
        if (order == 0)
            return video;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NONE;
}

static int check_keys(struct making *making, struct error *error)
{
    struct import_tables *tables = &making->tables;
    const char *from = tables->videos_from;
    size_t count = tables->video_count;
    char place[TABLE_PLACE], where[TABLE_PLACE];

    tables->key_of = memory_array(count, sizeof *tables->key_of);
    if (!tables->key_of)
        return error_memory(error);
    for (size_t row = 0; row < count; row++) {
        tables->key_of[row] = table_field(tables->videos, row, tables->key);
        if (!*tables->key_of[row])
            findings_fault(making->findings, from, "keys that are empty", "%s: the key is empty",
                           table_place(tables->videos, row, place));
    }
    tables->by_key = sort_keys(tables->key_of, count);
    if (!tables->by_key)
        return error_memory(error);
    for (size_t i = 1, first = 0; i < count; i++) {
        uint32_t row = tables->by_key[i];
        const char *key = tables->key_of[row];
        if (strcmp(tables->key_of[tables->by_key[first]], key) != 0)
            first = i;
        else if (*key)
            findings_fault(making->findings, from, "keys that are taken", "%s: the key \"%.80s\" is taken: %s has it",
                           table_place(tables->videos, row, place), key,
                           table_where(tables->videos, tables->by_key[first], where));
    }
    return 0;
}

/* Parses a whole number: 0 if the field is empty or absent, -1 if it is anything else. */
static int read_count(const struct table *table, size_t row, size_t column)
{
    const char *text = table_field(table, row, column);
    char *end;

    errno = 0;
    long number = *text ? strtol(text, &end, 10) : 0;
    return *text && (*end || errno || number < 0 || number > INT_MAX) ? -1 : (int)number;
}

static void check_counts(struct making *making, size_t column)
{
    const struct table *table = making->tables.videos;
    char place[TABLE_PLACE];

    for (size_t row = 0; column != SIZE_MAX && row < table_rows(table); row++)
        if (read_count(table, row, column) < 0)
            findings_fault(making->findings, making->tables.videos_from, "fields that are not whole numbers",
                           "%s: %s is not a whole number: \"%.80s\"", table_place(table, row, place),
                           table_name(table, column), table_field(table, row, column));
}

int import_check_videos(struct making *making, struct error *error)
{
    struct import_tables *tables = &making->tables;
    const char *from = tables->videos_from;

    if (import_open_table(making, from, tables->layout->videos, &tables->videos, error))
        return -1;
    if (!tables->videos)
        return 0;
    tables->key = import_column(making, tables->videos, from, "videos", "key", IMPORT_NEEDED);
    tables->title = import_column(making, tables->videos, from, "videos", "title", IMPORT_IF_NAMED);
    tables->tags = import_column(making, tables->videos, from, "videos", "tags", IMPORT_IF_NAMED);
    tables->duration_ms = import_column(making, tables->videos, from, "videos", "duration_ms", IMPORT_IF_NAMED);
    tables->frames = import_column(making, tables->videos, from, "videos", "frames", IMPORT_IF_NAMED);
    tables->strip = import_column(making, tables->videos, from, "videos", "strip", IMPORT_IF_NAMED);
    tables->poster = import_column(making, tables->videos, from, "videos", "poster", IMPORT_IF_NAMED);
    tables->file = SIZE_MAX; /* without the option it is a detail like any other */
    if (making->import->video_files)
        tables->file = import_column(making, tables->videos, from, "videos", "file", IMPORT_IF_NAMED);
    tables->video_count = making->report->videos = table_rows(tables->videos);
    import_check_cells(making, tables->videos, from, tables->key, "key", false);
    import_check_cells(making, tables->videos, from, tables->title, "title", false);
    if (tables->video_count == 0)
        findings_fault(making->findings, from, NULL, item_text("%s: has no videos"), from);
    check_counts(making, tables->duration_ms);
    check_counts(making, tables->frames);
    return tables->key == SIZE_MAX ? 0 : check_keys(making, error);
}

/* Keys of the query texts in order of first appearance, as key_of. */
static int collect_keys(struct making *making, const struct import_texts *texts, struct error *error)
{
    struct import_tables *tables = &making->tables;
    size_t rows = table_rows(texts->table), count = 0, kept = 0;
    const char **key = memory_array(rows, sizeof *key);
    uint32_t *order = NULL;
    bool *again = memory_array(rows, sizeof *again);

    for (size_t row = 0; key && row < rows; row++) {
        const char *text = table_field(texts->table, row, texts->video);
        if (texts->split_of[row] == 0 && *text)
            key[count++] = text;
    }
    if (!key || !again || !(order = sort_keys(key, count))) {
        free(key);
        free(again);
        return error_memory(error);
    }
    for (size_t i = 1; i < count; i++)
        again[order[i]] = strcmp(key[order[i]], key[order[i - 1]]) == 0;
    for (size_t i = 0; i < count; i++)
        if (!again[i])
            key[kept++] = key[i];
    free(again);
    free(order);
    tables->key_of = key;
    tables->video_count = kept;
    tables->by_key = sort_keys(key, kept);
    return tables->by_key ? 0 : error_memory(error);
}

int import_derive_videos(struct making *making, struct error *error)
{
    struct import_tables *tables = &making->tables;
    const struct import_texts *texts = &tables->texts[0];

    tables->videos_from = texts->path;
    tables->key = tables->title = tables->tags = tables->duration_ms = tables->frames = tables->strip = tables->poster =
        tables->file = SIZE_MAX;
    if (!texts->table || !texts->split_of || texts->video == SIZE_MAX)
        return 0;
    if (collect_keys(making, texts, error))
        return -1;
    making->report->videos = tables->video_count;
    if (tables->video_count)
        findings_remark(making->findings,
                        item_text("%s: the %zu videos that it names, in order of first appearance, are taken "
                                  "for the %s of %s; --videos-table gives another order"),
                        texts->path, tables->video_count, making->import->sims ? "columns" : "rows",
                        making->import->sims ? making->import->sims : making->import->videos);
    else
        findings_fault(making->findings, texts->path, NULL, item_text("%s: names no video"), texts->path);
    return 0;
}

/* The columns without a meaning of their own as "name: value" lines; the caller frees them. */
static char *details_of(const struct import_tables *tables, size_t row)
{
    const struct table *table = tables->videos;
    const size_t known[] = {tables->key,    tables->title, tables->tags,   tables->duration_ms,
                            tables->frames, tables->strip, tables->poster, tables->file};
    size_t columns = table ? table_columns(table) : 0, size = 1, used = 0;

    for (size_t i = 0; i < columns; i++)
        size += strlen(table_name(table, i)) + strlen(table_field(table, row, i)) + 3;
    char *details = memory_array(size, 1);
    for (size_t i = 0; details && i < columns; i++) {
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
        .key = (char *)tables->key_of[row],
        .title = (char *)table_field(table, row, tables->title),
        .tags = (char *)table_field(table, row, tables->tags),
        .details = details_of(tables, row),
        .duration_ms = read_count(table, row, tables->duration_ms),
        .frames = read_count(table, row, tables->frames),
    };
    int failed = video.details ? catalog_put_video(making->writer, row, &video, error) : error_memory(error);

    free(video.details);
    return failed;
}

int import_take_videos(struct making *making, struct error *error)
{
    struct import_tables *tables = &making->tables;

    if (import_existing_keys(making, error))
        return -1;
    if (!tables->key_of) { /* no table, or a faulty one */
        tables->videos_from = making->import->destination;
        tables->key_of = memory_array(making->existing.keys, sizeof *tables->key_of);
        if (!tables->key_of)
            return error_memory(error);
        for (size_t i = 0; i < making->existing.keys; i++)
            tables->key_of[i] = making->existing.key[i];
        tables->video_count = making->existing.keys;
        tables->by_key = sort_keys(tables->key_of, tables->video_count);
        return tables->by_key ? 0 : error_memory(error);
    }
    bool same = tables->video_count == making->existing.keys;
    for (size_t i = 0; same && i < making->existing.keys; i++)
        same = strcmp(tables->key_of[i], making->existing.key[i]) == 0;
    if (!same)
        findings_fault(making->findings, tables->videos_from, NULL,
                       item_text("%s: lists other videos than %s, or in another order"), tables->videos_from,
                       making->import->destination);
    making->report->videos = making->existing.keys;
    return 0;
}

int import_write_videos(struct making *making, struct error *error)
{
    if (making->import->change)
        return 0;
    size_t videos = making->tables.video_count;

    job_expect(making->job, import_steps(videos));
    for (size_t row = 0; row < videos; row++)
        if (import_step(making->job, row, error) || write_video(making, row, error))
            return -1;
    return 0;
}
