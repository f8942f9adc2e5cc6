#include "engine/formats/row_codes_file.h"

#include "engine/base/mapping.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/formats/file.h"
#include "engine/formats/output.h"
#include "engine/matrices/unit_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER = 64, TASK = 256 /* rows */ };

static const char MAGIC[8] = "HSCODES1";

struct header {
    char magic[sizeof MAGIC];
    uint64_t rows, cols, digest;
    char unused[HEADER - sizeof MAGIC - 3 * sizeof(uint64_t)];
};
_Static_assert(sizeof(struct header) == HEADER, "the header has no gaps");

/* Where the scales begin: the codes before them end on a multiple of 64 bytes. */
static bool find_scales(uint64_t rows, uint64_t cols, size_t *start, size_t *size)
{
    size_t codes, bounds;

    if (!rows || !cols || rows >= UINT32_MAX || cols > ROW_CODES_COLS || __builtin_mul_overflow(rows, cols, &codes))
        return false;
    *start = HEADER + (codes + HEADER - 1) / HEADER * HEADER;
    bounds = 2 * rows * sizeof(float) + sizeof(double);
    return !__builtin_add_overflow(*start, bounds, size);
}

int row_codes_open(const char *path, struct row_codes *codes, struct error *error)
{
    struct error reason = {0};
    struct header header;
    size_t size, scales, whole;

    *codes = (struct row_codes){0};
    char *map = file_map(path, &size, &reason);
    if (!map && reason.kind) {
        if (error)
            *error = reason;
        return -1;
    }
    if (map && size >= HEADER)
        memcpy(&header, map, HEADER);
    if (!map || size < HEADER || memcmp(header.magic, MAGIC, sizeof MAGIC) != 0) {
        mapping_close(map, size);
        return error_set(error, ERROR_INPUT, "%s: is not an index of this version; make it again (import --add-index)",
                         path);
    }
    if (!find_scales(header.rows, header.cols, &scales, &whole) || whole != size) {
        mapping_close(map, size);
        return error_set(error, ERROR_INPUT, "%s: is cut short or damaged; make it again (import --add-index)", path);
    }
    *codes = (struct row_codes){.rows = header.rows,
                                .cols = header.cols,
                                .digest = header.digest,
                                .code = (const int8_t *)map + HEADER,
                                .scale = (const float *)(const void *)(map + scales),
                                .map = map,
                                .map_size = size};
    codes->off = codes->scale + codes->rows;
    memcpy(&codes->longest, codes->off + codes->rows, sizeof codes->longest);
    return 0;
}

void row_codes_close(struct row_codes *codes)
{
    mapping_close(codes->map, codes->map_size);
    *codes = (struct row_codes){0};
}

struct encoding { /* a step's rows */
    const struct matrix *matrix;
    size_t first, rows;
    float *buffer;  /* (STEP, cols), for matrices that are not float32 */
    const float *x; /* (rows, cols) */
    int8_t *code;   /* (STEP, cols) */
    float *scale;   /* (M), then (M) bounds */
    double *length; /* (STEP) */
};

static void encode_task(void *context, size_t task, size_t worker)
{
    const struct encoding *encoding = context;
    size_t cols = encoding->matrix->cols, from = task * TASK;
    size_t to = from + TASK < encoding->rows ? from + TASK : encoding->rows;

    (void)worker;
    for (size_t i = from; i < to; i++) {
        float *scale = encoding->scale + encoding->first + i;
        encoding->length[i] = row_codes_encode(encoding->x + i * cols, cols, encoding->code + i * cols, scale,
                                               scale + encoding->matrix->rows);
    }
}

/* Writes the codes after a header whose digest is still unknown. */
static int write_codes(FILE *out, const char *path, struct encoding *encoding, struct header *header, double *longest,
                       struct job *job, struct error *error)
{
    const struct matrix *matrix = encoding->matrix;
    size_t cols = matrix->cols;
    bool written = fwrite(header, HEADER, 1, out) == 1;

    header->digest = unit_rows_digest_begin(matrix->rows, cols, 0);
    for (encoding->first = 0; written && encoding->first < matrix->rows; encoding->first += encoding->rows) {
        size_t left = matrix->rows - encoding->first;
        encoding->rows = left < ROW_CODES_STEP ? left : ROW_CODES_STEP;
        encoding->x = matrix_rows(matrix, encoding->first, encoding->rows, encoding->buffer);
        if (job_cancelled(job))
            return error_set(error, ERROR_CANCELLED, "cancelled");
        pool_run((encoding->rows + TASK - 1) / TASK, encode_task, encoding);
        for (size_t i = 0; i < encoding->rows; i++) {
            if (!isfinite(encoding->length[i]))
                return error_set(error, ERROR_INPUT, "%s: cannot index NaN or infinite values (row %zu, from 0)", path,
                                 encoding->first + i);
            *longest = fmax(*longest, encoding->length[i]);
        }
        header->digest = unit_rows_digest_add(encoding->x, encoding->rows * cols, header->digest);
        written = fwrite(encoding->code, cols, encoding->rows, out) == encoding->rows;
        job_step(job);
    }
    return written ? 0 : 1;
}

static int write_rest(FILE *out, const struct encoding *encoding, const struct header *header, double longest)
{
    static const char gap[HEADER];
    size_t rows = encoding->matrix->rows, codes = rows * encoding->matrix->cols;
    size_t filled = (HEADER - codes % HEADER) % HEADER;

    return fwrite(gap, 1, filled, out) != filled || fwrite(encoding->scale, sizeof(float), 2 * rows, out) != 2 * rows ||
           fwrite(&longest, sizeof longest, 1, out) != 1 || fseek(out, 0, SEEK_SET) ||
           fwrite(header, HEADER, 1, out) != 1;
}

int row_codes_write(const char *path, const struct matrix *matrix, uint64_t *digest, struct job *job,
                    struct error *error)
{
    struct header header = {.rows = matrix->rows, .cols = matrix->cols};
    struct encoding encoding = {.matrix = matrix};
    struct output output;
    size_t cells = ROW_CODES_STEP * matrix->cols;
    double longest = 0;
    int status = -1;

    memcpy(header.magic, MAGIC, sizeof MAGIC);
    if (output_open(&output, path, true, error))
        return -1;
    encoding.buffer = memory_floats(matrix->type == MATRIX_F32 ? 0 : cells);
    encoding.code = memory_array(cells, 1);
    encoding.scale = memory_floats(2 * matrix->rows);
    encoding.length = memory_array(ROW_CODES_STEP, sizeof *encoding.length);
    if (!encoding.buffer || !encoding.code || !encoding.scale || !encoding.length)
        error_memory(error);
    else if ((status = write_codes(output.stream, path, &encoding, &header, &longest, job, error)) == 0)
        status = write_rest(output.stream, &encoding, &header, longest);
    free(encoding.buffer);
    free(encoding.code);
    free(encoding.scale);
    free(encoding.length);
    *digest = header.digest;
    if (status == 0)
        return output_commit(&output, error);
    if (status > 0)
        error_system(error, "%s: cannot be written", path);
    output_abandon(&output);
    return -1;
}
