#include "engine/collection/targets.h"
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/formats/matrix_file.h"

#include <stdlib.h>
#include <string.h>

int targets_default(uint32_t *target, size_t queries, size_t videos, const char *path, struct error *error)
{
    size_t each = queries / videos;

    if (queries % videos)
        return error_set(
            error, ERROR_INPUT,
            item_text("%s: %zu queries are not a multiple of %zu videos; say with --targets which video each query "
                      "belongs to"),
            path, queries, videos);
    for (size_t i = 0; i < queries; i++)
        target[i] = (uint32_t)(i / each);
    return 0;
}

int targets_read(uint32_t *target, size_t queries, size_t videos, const char *spec, struct error *error)
{
    int64_t *values = NULL;
    size_t count = 0;
    int failed = 0;

    if (matrix_file_integers(spec, &values, &count, error))
        return -1;
    if (count != queries)
        failed = error_set(error, ERROR_INPUT, "%s: has %zu targets, but there are %zu queries", spec, count, queries);
    for (size_t i = 0; !failed && i < count; i++)
        if (values[i] < -1 || values[i] >= (int64_t)videos)
            failed =
                error_set(error, ERROR_INPUT, item_text("%s: target %zu is %lld, but videos are 0 to %zu (-1: none)"),
                          spec, i, (long long)values[i], videos - 1);
        else
            target[i] = values[i] < 0 ? UINT32_MAX : (uint32_t)values[i];
    free(values);
    return failed;
}

/* Replaces the matrix by a copy with only the rows `keep`, ascending. */
static int keep_rows(struct matrix *matrix, const uint32_t *keep, size_t count)
{
    size_t row = matrix->cols * (matrix->type == MATRIX_F32 ? sizeof(float) : sizeof(uint16_t));
    char *copy = memory_array(count, row ? row : 1);

    if (!copy)
        return -1;
    for (size_t i = 0; i < count; i++)
        memcpy(copy + i * row, (const char *)matrix->data + keep[i] * row, row);
    struct matrix kept = {.data = copy, .rows = count, .cols = matrix->cols, .type = matrix->type, .owned = copy};
    matrix_close(matrix);
    *matrix = kept;
    return 0;
}

int targets_mask(struct matrix *query, uint32_t *target, struct relevance *relevance, const char *spec,
                 struct error *error)
{
    bool *present = NULL;
    uint32_t *keep = NULL;
    size_t count = 0, kept = 0;
    int failed = -1;

    if (matrix_file_mask(spec, &present, &count, error))
        return -1;
    if (count != query->rows) {
        error_set(error, ERROR_INPUT, "%s: masks %zu queries, but there are %zu", spec, count, query->rows);
        goto done;
    }
    if (!(keep = memory_array(count, sizeof *keep))) {
        error_memory(error);
        goto done;
    }
    for (size_t i = 0; i < count; i++)
        if (present[i]) {
            target[kept] = target[i];
            keep[kept++] = (uint32_t)i;
        }
    if (!kept)
        error_set(error, ERROR_INPUT, "%s: masks every query, so nothing is left to evaluate", spec);
    else if (kept < count &&
             ((relevance && relevance->start && relevance_keep(relevance, keep, kept)) || keep_rows(query, keep, kept)))
        error_memory(error);
    else
        failed = 0;
done:
    free(present);
    free(keep);
    return failed;
}
