#include "engine/fitting/bank_codes.h"
#include "engine/base/memory.h"
#include "engine/fitting/fit.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N = 3001, M = 2900, D = 16 };

/* Rows of length 1, each near one of `like` unless that is null. */
static float *unit_rows(size_t rows, uint32_t seed, const float *like)
{
    float *data = memory_floats(rows * D);

    assert_non_null(data);
    for (size_t i = 0; i < rows; i++) {
        double square = 0;
        for (size_t d = 0; d < D; d++) {
            seed = seed * 1664525u + 1013904223u;
            float *x = &data[i * D + d];
            *x = (float)(seed >> 8) * 0x1p-24f - 0.5f + (like ? like[i % M * D + d] : 0);
            square += (double)*x * (double)*x;
        }
        for (size_t d = 0; d < D; d++)
            data[i * D + d] *= (float)(1 / sqrt(square));
    }
    return data;
}

static void codes_are_within_half_a_step(void **state)
{
    float *right_data = unit_rows(M, 1, NULL), *left_data = unit_rows(N, 2, right_data), *block, *row;
    struct matrix left = matrix_view(left_data, N, D), right = matrix_view(right_data, M, D);
    struct sims b = {.rows = N, .cols = M, .left = &left, .right = &right};
    struct bank_codes codes;

    (void)state;
    bank_codes_open(&codes, &b, (size_t)2 * M * 200);
    assert_int_equal(codes.rows, 192);
    assert_true(codes.step >= 1.0f / 32767 && codes.step < 1.001f / 32767);
    block = memory_floats((size_t)200 * M);
    row = memory_floats(M);
    sims_block(&b, 0, 200, 0, M, block, M, NULL);
    bank_codes_put(&codes, (struct span){0, 200}, (struct span){0, 1000}, block, M);
    bank_codes_put(&codes, (struct span){0, 200}, (struct span){1000, M - 1000}, block + 1000, M);
    for (size_t i = 0; i < codes.rows; i++) {
        bank_codes_get(&codes, i, 1, row);
        for (size_t j = 0; j < M; j++)
            assert_true(fabsf(row[j] - block[i * M + j]) <= 0.503f * codes.step /* floats of 32767 steps */);
    }
    bank_codes_close(&codes);
    bank_codes_open(&codes, &b, 100); /* not even one row */
    assert_true(!codes.code && codes.rows == 0);
    b.rows = 2000; /* a small bank */
    bank_codes_open(&codes, &b, (size_t)1 << 20);
    assert_true(!codes.code && codes.rows == 0);
    free(block);
    free(row);
    free(left_data);
    free(right_data);
}

static struct fit *fit_ncl(const struct task *task, size_t memory)
{
    struct rule_spec spec;
    struct fit *fit;

    assert_int_equal(rule_parse("ncl:scale=100,iterations=4", 100, &spec, NULL), 0);
    assert_int_equal(
        fit_rules(task, &spec, 1, &(struct fit_options){.no_cache = true, .memory = memory}, &fit, NULL, NULL), 0);
    return fit;
}

/* NCL from floats that are kept, from codes of two rows in three, and computed again and again. */
static void bias_errs_less_than_stated(void **state)
{
    float *right_data = unit_rows(M, 1, NULL), *left_data = unit_rows(N, 2, right_data);
    struct matrix left = matrix_view(left_data, N, D), right = matrix_view(right_data, M, D);
    struct task task = {.s = {.cols = M, .right = &right},
                        .b = {.rows = N, .cols = M, .left = &left, .right = &right},
                        .bank_name = "made",
                        .logit_scale = 100};
    const double step = 1.0 / 32767, bound = 2 * 4 * 100 * step; /* twice, as a bias is centred */
    struct fit *kept = fit_ncl(&task, (size_t)4 * N * M), *coded = fit_ncl(&task, (size_t)2 * 2000 * M);
    struct fit *computed = fit_ncl(&task, 1);
    double worst = 0, change = 0;

    (void)state;
    for (size_t j = 0; j < M; j++) {
        worst = fmax(worst, fabs(coded->bias[j] - kept->bias[j]));
        change = fmax(change, fabs(kept->bias[j] - kept->bias[0]));
    }
    print_message("biases from codes are within %.2g, at most %.2g, of those from floats\n", worst, bound);
    assert_true(worst > 0 && worst < bound && worst < bound / 8 && change > 1);
    assert_memory_equal(kept->bias, computed->bias, M * sizeof *kept->bias);
    fit_release(kept);
    fit_release(coded);
    fit_release(computed);
    free(left_data);
    free(right_data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_within_half_a_step),
        cmocka_unit_test(bias_errs_less_than_stated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
