#include "engine/import_tables.h"
#include "engine/memory.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEP = 64 }; /* rows a job_step */

static const uint32_t NONE = UINT32_MAX;

static int wrong(const char *path, const struct csv *csv, size_t row, const char *what,
                 const char *value, const char *more, struct error *error)
{
    return error_set(error, ERROR_INPUT, "%s:%zu: %s \"%.80s\"%s", path, csv_line(csv, row), what,
                     value, more);
}

/* Finds a column; a required one must be there. */
static int column(const struct csv *csv, const char *path, const char *name, size_t *found,
                  bool required, struct error *error)
{
    *found = csv_column(csv, name);
    if (required && *found == SIZE_MAX)
        return error_set(error, ERROR_INPUT, "%s: has no column \"%s\"", path, name);
    return 0;
}

static const char *field(const struct csv *csv, size_t row, size_t at)
{
    return at == SIZE_MAX ? "" : csv_field(csv, row, at);
}

static int compare_keys(const void *left, const void *right, void *context)
{
    const struct import_tables *tables = context;
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    int order = strcmp(csv_field(tables->videos, a, tables->key),
                       csv_field(tables->videos, b, tables->key));

    return order ? order : (a > b) - (a < b);
}

static int sort_keys(struct import_tables *tables, struct error *error)
{
    const char *path = tables->import->videos_csv;
    size_t rows = csv_rows(tables->videos);

    tables->by_key = memory_array(rows, sizeof *tables->by_key);
    if (!tables->by_key)
        return error_memory(error);
    for (size_t row = 0; row < rows; row++) {
        if (!*csv_field(tables->videos, row, tables->key))
            return error_set(error, ERROR_INPUT, "%s:%zu: the key is empty", path,
                             csv_line(tables->videos, row));
        tables->by_key[row] = (uint32_t)row;
    }
    qsort_r(tables->by_key, rows, sizeof *tables->by_key, compare_keys, tables);
    for (size_t i = 1; i < rows; i++) {
        size_t first = tables->by_key[i - 1], again = tables->by_key[i];
        const char *key = csv_field(tables->videos, again, tables->key);
        char more[64];
        if (strcmp(csv_field(tables->videos, first, tables->key), key) != 0)
            continue;
        snprintf(more, sizeof more, " is taken: line %zu has it", csv_line(tables->videos, first));
        return wrong(path, tables->videos, again, "the key", key, more, error);
    }
    return 0;
}

static uint32_t find_key(const struct import_tables *tables, const char *key)
{
    size_t low = 0, high = csv_rows(tables->videos);

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint32_t row = tables->by_key[middle];
        int order = strcmp(key, csv_field(tables->videos, row, tables->key));
        if (order == 0)
            return row;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NONE;
}

static int open_videos(struct import_tables *tables, struct error *error)
{
    const char *path = tables->import->videos_csv;

    tables->videos = csv_open(path, error);
    if (!tables->videos || column(tables->videos, path, "key", &tables->key, true, error))
        return -1;
    column(tables->videos, path, "title", &tables->title, false, error);
    column(tables->videos, path, "tags", &tables->tags, false, error);
    column(tables->videos, path, "duration_ms", &tables->duration_ms, false, error);
    column(tables->videos, path, "frames", &tables->frames, false, error);
    column(tables->videos, path, "strip", &tables->strip, false, error);
    column(tables->videos, path, "poster", &tables->poster, false, error);
    if (tables->import->thumbnails && tables->strip == SIZE_MAX && tables->poster == SIZE_MAX)
        return error_set(error, ERROR_INPUT,
                         "%s: has no column \"strip\" or \"poster\" to name the files in %s", path,
                         tables->import->thumbnails);
    if (csv_rows(tables->videos) == 0 || csv_rows(tables->videos) >= NONE)
        return error_set(error, ERROR_INPUT, "%s: has %s videos", path,
                         csv_rows(tables->videos) ? "too many" : "no");
    return sort_keys(tables, error);
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

static int check_texts(struct import_tables *tables, struct error *error)
{
    const char *path = tables->import->texts_csv;
    const char *last = NULL;
    uint32_t split = NONE;

    for (size_t row = 0; row < csv_rows(tables->texts); row++) {
        const char *name = csv_field(tables->texts, row, tables->split);
        const char *key = csv_field(tables->texts, row, tables->video);
        if (!last || strcmp(name, last) != 0) /* splits come in runs */
            split = find_split(tables->import, name);
        last = name;
        if (split == NONE)
            return wrong(path, tables->texts, row, "the split", name,
                         " is neither \"query\" nor the name of a query bank", error);
        tables->split_of[row] = split;
        tables->count[split]++;
        tables->video_of[row] = *key ? find_key(tables, key) : NONE;
        if (split == 0 && *key && tables->video_of[row] == NONE)
            return wrong(path, tables->texts, row, "no video has the key", key, "", error);
    }
    if (tables->count[0] == 0)
        return error_set(error, ERROR_INPUT, "%s: has no text of the split \"query\"", path);
    return 0;
}

static int open_texts(struct import_tables *tables, struct error *error)
{
    const char *path = tables->import->texts_csv;

    tables->texts = csv_open(path, error);
    if (!tables->texts || column(tables->texts, path, "split", &tables->split, true, error) ||
        column(tables->texts, path, "video", &tables->video, true, error) ||
        column(tables->texts, path, "caption", &tables->caption, true, error))
        return -1;
    size_t rows = csv_rows(tables->texts);
    if (rows >= NONE)
        return error_set(error, ERROR_INPUT, "%s: has too many texts", path);
    tables->split_of = memory_array(rows, sizeof *tables->split_of);
    tables->video_of = memory_array(rows, sizeof *tables->video_of);
    tables->count = memory_array(1 + tables->import->bank_count, sizeof *tables->count);
    if (!tables->split_of || !tables->video_of || !tables->count)
        return error_memory(error);
    return check_texts(tables, error);
}

int import_tables_open(struct import_tables *tables, const struct import *import,
                       struct error *error)
{
    *tables = (struct import_tables){.import = import};
    if (open_videos(tables, error) || open_texts(tables, error)) {
        import_tables_close(tables);
        return -1;
    }
    return 0;
}

void import_tables_close(struct import_tables *tables)
{
    csv_close(tables->videos);
    csv_close(tables->texts);
    free(tables->by_key);
    free(tables->split_of);
    free(tables->video_of);
    free(tables->count);
    *tables = (struct import_tables){0};
}

int64_t import_tables_first_text(const struct import_tables *tables, size_t bank)
{
    int64_t first = 1;

    if (tables->count[1 + bank] == 0)
        return 0;
    for (size_t split = 0; split <= bank; split++)
        first += (int64_t)tables->count[split];
    return first;
}

size_t import_tables_steps(const struct import_tables *tables)
{
    return (csv_rows(tables->videos) + STEP - 1) / STEP +
           (csv_rows(tables->texts) + STEP - 1) / STEP;
}

/* At the start of every STEP rows. */
static int step(struct job *job, size_t row, struct error *error)
{
    if (row % STEP)
        return 0;
    job_step(job);
    return job_cancelled(job) ? error_set(error, ERROR_CANCELLED, "cancelled") : 0;
}

/* A whole number, 0 where the field is empty or absent. */
static int read_count(const struct import_tables *tables, size_t row, size_t at, int *value,
                      struct error *error)
{
    const char *text = field(tables->videos, row, at);
    char *end;

    errno = 0;
    long number = *text ? strtol(text, &end, 10) : 0;
    *value = (int)number;
    if (*text && (*end || errno || number < 0 || number > INT_MAX)) {
        char what[96];
        snprintf(what, sizeof what, "%s is no whole number:", csv_name(tables->videos, at));
        return wrong(tables->import->videos_csv, tables->videos, row, what, text, "", error);
    }
    return 0;
}

/* The columns that have no meaning of their own as "name: value" lines; the caller frees them. */
static char *details_of(const struct import_tables *tables, size_t row)
{
    const struct csv *csv = tables->videos;
    const size_t known[] = {tables->key,    tables->title, tables->tags,  tables->duration_ms,
                            tables->frames, tables->strip, tables->poster};
    size_t size = 1, used = 0;

    for (size_t i = 0; i < csv_columns(csv); i++)
        size += strlen(csv_name(csv, i)) + strlen(csv_field(csv, row, i)) + 3;
    char *details = memory_array(size, 1);
    for (size_t i = 0; details && i < csv_columns(csv); i++) {
        bool shown = *csv_field(csv, row, i) != 0;
        for (size_t j = 0; j < sizeof known / sizeof *known; j++)
            shown = shown && known[j] != i;
        if (shown)
            used += (size_t)snprintf(details + used, size - used, "%s: %s\n", csv_name(csv, i),
                                     csv_field(csv, row, i));
    }
    return details;
}

static int write_video(const struct import_tables *tables, size_t row,
                       struct catalog_writer *writer, struct error *error)
{
    struct catalog_video video = {0};
    int failed;

    if (read_count(tables, row, tables->duration_ms, &video.duration_ms, error) ||
        read_count(tables, row, tables->frames, &video.frames, error))
        return -1;
    video.key = (char *)field(tables->videos, row, tables->key);
    video.title = (char *)field(tables->videos, row, tables->title);
    video.tags = (char *)field(tables->videos, row, tables->tags);
    video.details = details_of(tables, row);
    failed = video.details ? catalog_put_video(writer, row, &video, error) : error_memory(error);
    free(video.details);
    return failed;
}

static int write_texts(const struct import_tables *tables, struct catalog_writer *writer,
                       struct import_report *report, struct job *job, struct error *error)
{
    const struct import *import = tables->import;
    size_t *next = memory_array(1 + import->bank_count, sizeof *next);
    int failed = next ? 0 : error_memory(error);

    for (size_t row = 0; !failed && row < csv_rows(tables->texts); row++) {
        uint32_t split = tables->split_of[row], video = tables->video_of[row];
        int64_t first = split ? import_tables_first_text(tables, split - 1) : 1;
        const struct catalog_text text = {
            .id = first + (int64_t)next[split],
            .caption = (char *)csv_field(tables->texts, row, tables->caption),
            .video = video == NONE ? -1 : (int64_t)video,
            .row = (int64_t)next[split]++,
        };
        failed = step(job, row, error);
        if (!failed)
            failed = catalog_put_text(writer, split ? import->banks[split - 1].name : "query",
                                      &text, error);
        report->queries_without_video += split == 0 && video == NONE;
    }
    free(next);
    return failed;
}

int import_tables_write(const struct import_tables *tables, struct catalog_writer *writer,
                        struct import_report *report, struct job *job, struct error *error)
{
    for (size_t row = 0; row < csv_rows(tables->videos); row++)
        if (step(job, row, error) || write_video(tables, row, writer, error) ||
            import_thumbnail(tables, row, writer, report, error))
            return -1;
    return write_texts(tables, writer, report, job, error);
}
