/* Stored similarities instead of embeddings: checked against the tables, if given; else the videos are named by number
 * and the queries have no captions. */
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/collection/targets.h"
#include "engine/import/matrices.h"
#include "engine/import/parts.h"
#include "engine/matrices/unit_rows.h"

#include <stdio.h>
#include <stdlib.h>

/* All must be similarities to the same gallery. */
static int open_stored(struct making *making, struct error *error)
{
    const struct import_matrix *sims = making->matrix;

    for (size_t i = 0; i < making->matrices; i++) {
        struct import_matrix *matrix = &making->matrix[i];
        int opened = import_open_matrix(making, matrix, error);
        if (opened < 0)
            return -1;
        if (!opened)
            continue;
        if (matrix->matrix.rows >= UINT32_MAX || matrix->matrix.cols >= UINT32_MAX)
            findings_fault(making->findings, matrix->path, NULL, "%s: has too many rows or columns", matrix->path);
        else if (sims->matrix.rows && matrix->matrix.cols != sims->matrix.cols)
            findings_fault(making->findings, matrix->path, NULL,
                           item_text("%s: has %zu columns, but there are %zu videos in %s"), matrix->path,
                           matrix->matrix.cols, sims->matrix.cols, sims->path);
    }
    return 0;
}

/* Finds each query's video, and which queries are kept.  A table of queries lists those that are kept, and their
 * videos. */
static int find_targets(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    struct import_matrix *sims = making->matrix;
    struct error reason = {0};
    size_t queries = sims->matrix.rows, videos = sims->matrix.cols;

    making->target = memory_array(queries, sizeof *making->target);
    if (!making->target)
        return error_memory(error);
    if (!import->texts_table &&
        (import->targets ? targets_read(making->target, queries, videos, import->targets, &reason)
                         : targets_default(making->target, queries, videos, sims->path, &reason)) &&
        findings_take(making->findings, import->targets ? import->targets : sims->path, NULL, &reason, error))
        return -1;
    if (import->mask && targets_mask(&sims->matrix, making->target, NULL, import->mask, &reason) &&
        findings_take(making->findings, import->mask, NULL, &reason, error))
        return -1;
    for (size_t i = 0; i < sims->matrix.rows && !import->texts_table; i++)
        making->report->queries_without_video += making->target[i] == UINT32_MAX;
    return 0;
}

static int check_tables(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    const struct import_tables *tables = &making->tables;
    const struct import_matrix *sims = making->matrix;

    if (sims->matrix.cols && tables->video_count && tables->video_count != sims->matrix.cols)
        findings_fault(making->findings, sims->path, NULL, item_text("%s: has %zu columns, but %s %s %zu videos%s"),
                       sims->path, sims->matrix.cols, tables->videos_from, tables->videos ? "has" : "names",
                       tables->video_count,
                       tables->videos ? "" : "; give all of them, in the order of the columns, by --videos-table");
    if (!tables->count)
        return 0;
    import_check_rows(making, sims, tables->count[0],
                      import->mask ? "texts of queries; it must have those that the mask leaves" : "texts of queries",
                      import->texts_table);
    return import_check_bank_rows(making, error);
}

static int check_values(struct making *making, struct error *error)
{
    for (size_t i = 0; i < making->matrices; i++)
        job_expect(making->job, unit_rows_steps(&making->matrix[i].matrix));
    for (size_t i = 0; i < making->matrices; i++) {
        struct import_matrix *matrix = &making->matrix[i];
        struct error reason = {0};
        if (matrix->matrix.rows && unit_rows_check(&matrix->matrix, matrix->path, making->job, &reason) &&
            findings_take(making->findings, matrix->path, NULL, &reason, error))
            return -1;
    }
    return 0;
}

static int check_stored(struct making *making, struct error *error)
{
    const struct import *import = making->import;

    if (!import->sims || import->change)
        return 0;
    if (import->encoder)
        findings_fault(making->findings, import->encoder, NULL,
                       "%s: stored similarities take no typed queries, and so no encoder", import->encoder);
    if (import_list_matrices(making, error) || open_stored(making, error) ||
        (making->matrix->matrix.rows && find_targets(making, error)))
        return -1;
    if (check_tables(making, error))
        return -1;
    making->report->stored = making->model[making->own].stored = true;
    making->report->videos = making->matrix->matrix.cols;
    making->report->queries = making->matrix->matrix.rows;
    import_count_banks(making);
    return check_values(making, error);
}

static int write_numbered(struct making *making, struct error *error)
{
    size_t videos = making->report->videos;
    char key[24], title[32];

    job_expect(making->job, import_steps(videos));
    for (size_t row = 0; row < videos; row++) {
        snprintf(key, sizeof key, "%zu", row);
        snprintf(title, sizeof title, item_text("video %zu"), row);
        const struct catalog_video video = {.key = key, .title = title, .tags = (char *)"", .details = (char *)""};
        if (import_step(making->job, row, error) || catalog_put_video(making->writer, row, &video, error))
            return -1;
    }
    return 0;
}

static int write_wordless(struct making *making, struct error *error)
{
    size_t queries = making->report->queries;

    job_expect(making->job, import_steps(queries));
    for (size_t row = 0; row < queries; row++) {
        uint32_t video = making->target[row];
        const struct catalog_text text = {.id = (int64_t)row + 1,
                                          .caption = (char *)"",
                                          .video = video == UINT32_MAX ? -1 : (int64_t)video,
                                          .row = (int64_t)row};
        if (import_step(making->job, row, error) || catalog_put_text(making->writer, "query", &text, error))
            return -1;
    }
    return 0;
}

static int write_stored(struct making *making, struct error *error)
{
    const struct import *import = making->import;

    if (!import->sims || import->change)
        return 0;
    if ((!import->videos_table && !import->texts_table && write_numbered(making, error)) ||
        (!import->texts_table &&
         (catalog_put_meta(making->writer, "captions", "none", error) || write_wordless(making, error))))
        return -1;
    return import_write_matrices(making, error);
}

static void close_stored(struct making *making)
{
    free(making->target);
}

const struct import_part import_part_stored = {
    .name = "similarities", .check = check_stored, .write = write_stored, .close = close_stored};
