#include "engine/matrices/row_codes.h"

#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/kernels/kernels.h"

#include <math.h>
#include <stdlib.h>

enum {
    CODE_MOST = 127,
    QUERY_MOST = 32767,
    CHUNK = 2048, /* rows of a task */
    GROUP = 64    /* rows multiplied at once */
};

static float largest(const float *x, size_t n)
{
    float most = 0;

    for (size_t i = 0; i < n; i++)
        most = fabsf(x[i]) > most ? fabsf(x[i]) : most;
    return most;
}

double row_codes_off(const float *x, size_t cols, const int8_t *code, float scale)
{
    double sum = 0;

    for (size_t i = 0; i < cols; i++) {
        double apart = (double)x[i] - (double)scale * code[i];
        sum += apart * apart;
    }
    return sqrt(sum);
}

double row_codes_encode(const float *x, size_t cols, int8_t *code, float *scale, float *off)
{
    const float round = 12582912.0f; /* 1.5 * 2^23: adding it rounds to a whole number */
    const double above = 1 + 1e-6;   /* makes up for the rounding of what is computed here */
    double squares = 0;

    *scale = largest(x, cols) / CODE_MOST;
    float by = *scale > 0 ? 1 / *scale : 0;
    if (!isfinite(by)) /* a row of denormals */
        *scale = by = 0;
    for (size_t i = 0; i < cols; i++) {
        float whole = x[i] * by + round - round;
        whole = whole > CODE_MOST ? CODE_MOST : whole > -CODE_MOST ? whole : -CODE_MOST; /* NaN, too */
        code[i] = (int8_t)whole;
        squares += (double)x[i] * (double)x[i];
    }
    *off = nextafterf((float)(row_codes_off(x, cols, code, *scale) * above), INFINITY);
    return sqrt(squares) * above;
}

struct coded_query {
    int16_t *code; /* (cols) */
    float scale;
    float weight, slack; /* a row's bound is weight * off + slack */
};

/* So fine that all sums of products fit in 32 bits. */
static int encode_query(const struct row_codes *codes, const float *vector, struct coded_query *query)
{
    const double above = 1 + 1e-6, rounding = 0x1p-23; /* of an operation, twice */
    size_t cols = codes->cols;
    double most = (double)INT32_MAX / (CODE_MOST + 1) / (double)cols, off = 0, squares = 0, coded = 0;

    most = floor(most < QUERY_MOST ? most : QUERY_MOST);
    if (!(query->code = memory_array(cols, sizeof *query->code)))
        return -1;
    query->scale = (float)(largest(vector, cols) / most);
    for (size_t i = 0; i < cols; i++) {
        double value = (double)vector[i], whole = query->scale > 0 ? nearbyint(value / (double)query->scale) : 0;
        whole = fmax(-most, fmin(most, whole));
        double apart = value - whole * (double)query->scale;
        query->code[i] = (int16_t)whole;
        off += apart * apart;
        squares += value * value;
        coded += value * value + apart * (apart - 2 * value);
    }
    double length = sqrt(squares);
    query->weight = (float)(fmax(length, sqrt(fmax(coded, 0))) * above);
    query->slack = (float)((sqrt(off) + ((double)cols + 16) * rounding * length) * codes->longest * above);
    return 0;
}

struct bounding {
    const struct row_codes *codes;
    struct coded_query query;
    float *low, *high;
};

static void bound_chunk(void *context, size_t chunk, size_t worker)
{
    const struct bounding *bounding = context;
    const struct row_codes *codes = bounding->codes;
    const struct coded_query *query = &bounding->query;
    size_t from = chunk * CHUNK, to = from + CHUNK < codes->rows ? from + CHUNK : codes->rows;
    int32_t dot[GROUP];

    (void)worker;
    for (size_t row = from; row < to; row += GROUP) {
        size_t count = to - row < GROUP ? to - row : GROUP;
        const float *scale = codes->scale + row, *off = codes->off + row;
        kernel_set()->code_dots(codes->code + row * codes->cols, count, codes->cols, query->code, dot);
        for (size_t i = 0; i < count; i++) {
            float product = (float)dot[i] * (scale[i] * query->scale);
            float bound = query->weight * off[i] + query->slack;
            bounding->low[row + i] = product - bound;
            bounding->high[row + i] = product + bound;
        }
    }
}

int row_codes_bounds(const struct row_codes *codes, const float *vector, float *low, float *high)
{
    struct bounding bounding = {.codes = codes, .low = low, .high = high};

    if (encode_query(codes, vector, &bounding.query))
        return -1;
    pool_run((codes->rows + CHUNK - 1) / CHUNK, bound_chunk, &bounding);
    free(bounding.query.code);
    return 0;
}
