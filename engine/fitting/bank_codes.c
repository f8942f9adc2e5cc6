#include "engine/fitting/bank_codes.h"

#include "engine/base/memory.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/gemm.h"

#include <stdlib.h>
#include <string.h>

enum { CODE_MOST = 32767 };

void bank_codes_plan(struct bank_codes *codes, const struct sims *b, size_t memory)
{
    size_t fit = b->cols ? memory / sizeof *codes->code / b->cols : 0, rows = b->rows < fit ? b->rows : fit;

    *codes = (struct bank_codes){.m = b->cols};
    rows = rows < b->rows ? rows / GEMM_GROUP * GEMM_GROUP : rows;
    if (!rows || b->rows <= BANK_CODES_LEAST / b->cols)
        return;
    codes->rows = rows;
    codes->step = (float)(sims_most(b) / CODE_MOST);
}

void bank_codes_open(struct bank_codes *codes, const struct sims *b, size_t memory)
{
    bank_codes_plan(codes, b, memory);
    if (codes->rows && !(codes->code = memory_array(codes->rows * b->cols, sizeof *codes->code)))
        codes->rows = 0;
}

void bank_codes_close(struct bank_codes *codes)
{
    free(codes->code);
    *codes = (struct bank_codes){0};
}

/* Rounds to the nearest whole number, as kernel_expf does, whose low bits are those of the sum. */
static void encode(const float *x, size_t n, float by, int16_t *code)
{
    const float round = 12582912.0f; /* 1.5 * 2^23 */

    for (size_t i = 0; i < n; i++) {
        float shifted = x[i] * by + round;
        uint32_t bits;
        memcpy(&bits, &shifted, sizeof bits);
        code[i] = (int16_t)bits;
    }
}

void bank_codes_put(struct bank_codes *codes, struct span rows, struct span cols, const float *cell, size_t stride)
{
    float by = codes->step > 0 ? 1 / codes->step : 0;

    for (size_t i = 0; codes->code && i < rows.count && rows.start + i < codes->rows; i++)
        encode(cell + i * stride, cols.count, by, codes->code + (rows.start + i) * codes->m + cols.start);
}

void bank_codes_get(const struct bank_codes *codes, size_t row, size_t count, float *out)
{
    kernel_set()->steps(codes->code + row * codes->m, count * codes->m, codes->step, out);
}

void bank_codes_round(const struct bank_codes *codes, float *x, size_t count)
{
    int16_t code[TILE_COLS];
    float by = codes->step > 0 ? 1 / codes->step : 0;

    for (size_t done = 0; done < count; done += TILE_COLS) {
        struct span part = tiles_span(done / TILE_COLS, TILE_COLS, count);
        encode(x + part.start, part.count, by, code);
        kernel_set()->steps(code, part.count, codes->step, x + part.start);
    }
}
