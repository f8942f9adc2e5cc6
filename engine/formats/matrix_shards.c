#include "engine/formats/matrix_shards.h"

#include "engine/base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Appends the rows of `piece`; *room counts the rows that there is room for. */
static int append(struct matrix *matrix, const struct matrix *piece, size_t *room, const char *path,
                  struct error *error)
{
    size_t rows = matrix->rows + piece->rows, cols = piece->cols, cells;

    if (matrix->rows && cols != matrix->cols)
        return error_set(error, ERROR_INPUT, "%s: has %zu columns, those before it have %zu", path, cols, matrix->cols);
    if (rows > *room) {
        size_t larger = 2 * rows;
        float *grown = __builtin_mul_overflow(larger, cols, &cells) ? NULL : memory_floats(cells);
        if (!grown)
            return error_memory(error);
        if (matrix->rows)
            memcpy(grown, matrix->owned, matrix->rows * cols * sizeof *grown);
        free(matrix->owned);
        size_t before = matrix->rows;
        *matrix = matrix_view(grown, before, cols);
        matrix->owned = grown;
        *room = larger;
    }
    float *to = (float *)matrix->owned + matrix->rows * cols;
    const float *from = matrix_rows(piece, 0, piece->rows, to);
    if (from != to)
        memcpy(to, from, piece->rows * cols * sizeof *to);
    matrix->rows = rows;
    return 0;
}

static int read_all(const struct shards *shards, const struct matrix_request *request, matrix_reader *read,
                    struct matrix *matrix, size_t *rows, struct error *error)
{
    size_t room = 0;
    int failed = 0;

    for (size_t i = 0; i < shards->count && !failed; i++) {
        struct matrix_request one = {.spec = shards->path[i],
                                     .pool = request->pool,
                                     .any_order = request->any_order,
                                     .kept_order = request->kept_order};
        struct matrix piece;
        failed = read(&one, &piece, error);
        if (failed)
            break;
        rows[i] = piece.rows;
        failed = append(matrix, &piece, &room, one.spec, error);
        matrix_close(&piece);
    }
    return failed;
}

int matrix_shards_read(const struct matrix_request *request, matrix_reader *read, struct matrix *matrix,
                       struct error *error)
{
    struct matrix_pieces found = {0};
    int failed = -1;

    *matrix = (struct matrix){0};
    if (shards_find(&found.files, request->spec, "matrix", "img_emb_*.npy", error))
        return -1;
    found.rows = memory_array(found.files.count, sizeof *found.rows);
    failed = found.rows ? read_all(&found.files, request, read, matrix, found.rows, error) : error_memory(error);
    if (failed)
        matrix_close(matrix);
    if (!failed && request->pieces)
        *request->pieces = found;
    else
        matrix_pieces_close(&found);
    return failed;
}

void matrix_pieces_close(struct matrix_pieces *pieces)
{
    shards_close(&pieces->files);
    free(pieces->rows);
    *pieces = (struct matrix_pieces){0};
}
