#include "engine/matrices/finite.h"
#include "engine/base/crew.h"
#include "engine/base/pool.h"
#include "engine/matrices/tiles.h"

#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

enum { CHUNK = 1 << 18 }; /* elements */

struct look {
    const struct matrix *matrix;
    size_t elements, first; /* first: chunk of this process */
    struct job *job;
    atomic_bool wild, cancelled;
};

/* With the sign bit cleared, NaN and infinity are the values that are not below infinity's bits; compared as signed
 * integers, which every vector instruction set can do. */
static bool wild_floats(const float *value, size_t count)
{
    int wild = 0;

    for (size_t i = 0; i < count; i++) {
        int32_t bits;
        memcpy(&bits, &value[i], sizeof bits);
        wild |= (bits & 0x7fffffff) > 0x7f7fffff;
    }
    return wild;
}

bool floats_finite(const float *value, size_t count)
{
    return !wild_floats(value, count);
}

static bool wild_halves(const int16_t *bits, size_t count)
{
    int16_t wild = 0;

    for (size_t i = 0; i < count; i++)
        wild |= (int16_t)((bits[i] & 0x7fff) > 0x7bff);
    return wild;
}

/* Elements counted row by row. */
static bool wild_spread(const struct matrix *matrix, struct span part)
{
    enum { PIECE = 1024 };
    float piece[PIECE];
    bool wild = false;

    for (size_t i = part.start, end = part.start + part.count; i < end && !wild;) {
        size_t col = i % matrix->cols, left = matrix->cols - col < end - i ? matrix->cols - col : end - i;
        size_t count = left < PIECE ? left : PIECE;
        matrix_copy(matrix, i / matrix->cols, col, count, piece);
        wild = wild_floats(piece, count);
        i += count;
    }
    return wild;
}

static void look_chunk(void *context, size_t chunk, size_t worker)
{
    struct look *look = context;
    struct span part = tiles_span(look->first + chunk, CHUNK, look->elements);
    const void *data = look->matrix->data;
    bool wild;

    (void)worker;
    if (job_cancelled(look->job))
        atomic_store(&look->cancelled, true);
    if (atomic_load(&look->cancelled) || atomic_load(&look->wild))
        return;
    if (look->matrix->type == MATRIX_SPREAD)
        wild = wild_spread(look->matrix, part);
    else if (look->matrix->type == MATRIX_F16)
        wild = wild_halves((const int16_t *)data + part.start, part.count);
    else
        wild = wild_floats((const float *)data + part.start, part.count);
    if (wild)
        atomic_store(&look->wild, true);
}

bool matrix_finite(const struct matrix *matrix, struct job *job)
{
    struct look look = {.matrix = matrix, .elements = matrix->rows * matrix->cols, .job = job};
    unsigned char *known = &((struct matrix *)matrix)->finite;

    if (__atomic_load_n(known, __ATOMIC_RELAXED))
        return true;
    struct crew_share share = {0, tiles_ceil(look.elements, CHUNK)};
    if (crew_meets())
        share = crew_share(share.count);
    look.first = share.start;
    pool_run(share.count, look_chunk, &look);
    if (!atomic_load(&look.wild) && !atomic_load(&look.cancelled))
        __atomic_store_n(known, 1, __ATOMIC_RELAXED);
    return !atomic_load(&look.wild);
}
