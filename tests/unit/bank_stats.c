#include "engine/fitting/bank_stats.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Stored similarities on a grid of 1/8, so that ties are everywhere; columns 1 and m - 1 are the same. */
static float *grid(size_t n, size_t m)
{
    float *b = memory_floats(n * m);
    uint32_t seed = (uint32_t)(n * 31 + m);

    assert_non_null(b);
    for (size_t i = 0; i < n * m; i++) {
        seed = seed * 1664525u + 1013904223u;
        b[i] = (float)((int)(seed >> 28) - 4) / 8.0f;
    }
    for (size_t i = 0; i < n && m > 2; i++)
        b[i * m + m - 1] = b[i * m + 1];
    return b;
}

static double plain_lse(const float *b, size_t n, size_t m, size_t j, double beta)
{
    double most = -INFINITY, sum = 0;

    for (size_t i = 0; i < n; i++)
        most = fmax(most, (double)b[i * m + j]);
    for (size_t i = 0; i < n; i++)
        sum += exp(beta * ((double)b[i * m + j] - most));
    return beta * most + log(sum);
}

/* Marks the k best of a row, one after the other. */
static void plain_active(const float *row, size_t m, size_t k, uint8_t *active)
{
    bool *taken = calloc(m, sizeof *taken);

    assert_non_null(taken);
    for (size_t l = 0; l < k && l < m; l++) {
        size_t best = m;
        for (size_t j = 0; j < m; j++)
            if (!taken[j] && (best == m || row[j] > row[best]))
                best = j;
        taken[best] = true;
        active[best] = 1;
    }
    free(taken);
}

static void check_column(const struct bank_stats *stats, const float *b, size_t j)
{
    const float *top = stats->column_top + j * stats->column_k;

    for (size_t l = 0; l < stats->column_k; l++) {
        size_t better = 0, equal = 0;
        for (size_t i = 0; i < stats->n; i++) {
            better += b[i * stats->m + j] > top[l];
            equal += b[i * stats->m + j] == top[l];
        }
        assert_true(better <= l && l < better + equal);
    }
}

static void check_moments(const struct bank_stats *stats, const float *b, size_t j)
{
    double mean = 0, apart = 0, n = (double)stats->n;

    for (size_t i = 0; i < stats->n; i++)
        mean += (double)b[i * stats->m + j] / n;
    for (size_t i = 0; i < stats->n; i++)
        apart += pow((double)b[i * stats->m + j] - mean, 2) / n;
    assert_true(fabs(stats->mean[j] - mean) < 1e-6);
    assert_true(fabs(stats->deviation[j] - sqrt(apart)) < 1e-5);
}

static void check(const struct bank_stats *stats, const float *b, size_t n, size_t m)
{
    for (size_t p = 0; p < stats->plan.betas; p++) {
        const double *lse = bank_lse(stats, stats->plan.beta[p]);
        for (size_t j = 0; j < m; j++)
            assert_true(fabs(lse[j] - plain_lse(b, n, m, j, stats->plan.beta[p])) < 1e-5);
        if (m > 2)
            assert_memory_equal(&lse[1], &lse[m - 1], sizeof *lse);
    }
    for (size_t p = 0; p < stats->plan.active_ks; p++) {
        size_t k = stats->plan.active_k[p];
        uint8_t *active = calloc(m, 1);
        assert_non_null(active);
        for (size_t i = 0; i < n; i++)
            plain_active(b + i * m, m, k, active);
        assert_memory_equal(active, bank_active(stats, k), m);
        free(active);
    }
    assert_int_equal(stats->column_k, stats->plan.column_k < n ? stats->plan.column_k : n);
    for (size_t j = 0; j < m; j++)
        check_column(stats, b, j);
    for (size_t j = 0; stats->plan.moments && j < m; j++)
        check_moments(stats, b, j);
}

static void equal_stats(const struct bank_stats *a, const struct bank_stats *b)
{
    for (size_t p = 0; p < a->plan.betas; p++)
        assert_memory_equal(a->lse[p], b->lse[p], a->m * sizeof(double));
    for (size_t p = 0; p < a->plan.active_ks; p++)
        assert_memory_equal(a->active[p], b->active[p], a->m);
    if (a->plan.moments) {
        assert_memory_equal(a->mean, b->mean, a->m * sizeof *a->mean);
        assert_memory_equal(a->deviation, b->deviation, a->m * sizeof *a->deviation);
    }
    assert_memory_equal(a->column_top, b->column_top, a->m * a->column_k * sizeof(float));
}

static void everything_in_one_pass(void **state)
{
    static const size_t shape[][2] = {{1, 1}, {1, 7}, {7, 1}, {300, 5}, {257, 1025}, {2100, 40}, {600, 2100}};

    (void)state;
    for (size_t s = 0; s < sizeof shape / sizeof *shape; s++) {
        size_t n = shape[s][0], m = shape[s][1];
        float *b = grid(n, m);
        struct matrix stored = matrix_view(b, n, m);
        struct sims sims = {.rows = n, .cols = m, .stored = &stored};
        struct bank_plan plan = {0};
        struct bank_stats one, two;
        struct job job = {0};
        assert_int_equal(bank_want_lse(&plan, 20), 0);
        assert_int_equal(bank_want_lse(&plan, 1000), 0);
        assert_int_equal(bank_want_lse(&plan, 0.001), 0);
        assert_int_equal(bank_want_active(&plan, 1), 0);
        assert_int_equal(bank_want_active(&plan, 3), 0);
        bank_want_column_top(&plan, 9);
        bank_want_column_top(&plan, 2);
        bank_want_moments(&plan);
        pool_set_workers(1);
        assert_int_equal(bank_measure(&sims, &plan, &one, &job, NULL), 0);
        assert_int_equal(atomic_load(&job.done), atomic_load(&job.total));
        check(&one, b, n, m);
        pool_set_workers(3);
        assert_int_equal(bank_measure(&sims, &plan, &two, NULL, NULL), 0);
        equal_stats(&one, &two);
        assert_null(bank_lse(&one, 21));
        assert_null(bank_active(&one, 2));
        bank_stats_close(&one);
        bank_stats_close(&two);
        free(b);
    }
}

/* Enough places in row lists to split the bank into several panels. */
static void long_lists_in_panels(void **state)
{
    size_t n = 9000, m = 1100;
    float *b = grid(n, m);
    struct matrix stored = matrix_view(b, n, m);
    struct sims sims = {.rows = n, .cols = m, .stored = &stored};
    struct bank_plan plan = {0};
    struct bank_stats stats;
    uint8_t *active = calloc(m, 1);

    (void)state;
    assert_non_null(active);
    for (size_t i = 0; i < n; i++) /* item 5 is best in the last row only; item 6 is worst in all rows but one */
        b[i * m + 5] = i + 1 == n ? 2.0f : -2.0f, b[i * m + 6] = -2.0f;
    bank_want_lse(&plan, 20);
    bank_want_active(&plan, 1);
    bank_want_active(&plan, 1000);
    bank_want_column_top(&plan, 7);
    bank_want_moments(&plan);
    pool_set_workers(2);
    assert_int_equal(bank_measure(&sims, &plan, &stats, NULL, NULL), 0);
    for (size_t j = 0; j < m; j += 50)
        assert_true(fabs(stats.lse[0][j] - plain_lse(b, n, m, j, 20)) < 1e-5);
    for (size_t j = 0; j < m; j += 50)
        check_column(&stats, b, j);
    for (size_t i = 0; i < n; i++)
        plain_active(b + i * m, m, 1, active);
    assert_memory_equal(active, bank_active(&stats, 1), m);
    assert_int_equal(active[5], 1);
    assert_int_equal(bank_active(&stats, 1000)[5], 1);
    assert_int_equal(bank_active(&stats, 1000)[6], 0);
    bank_stats_close(&stats);
    free(active);
    free(b);
}

/* Enough places in column lists to split the gallery into several stripes: lists in the middle and at the ends of a
 * stripe are correct, and the rest of the pass is unaffected. */
static void long_columns_in_stripes(void **state)
{
    size_t n = 300, m = 35000;
    float *b = grid(n, m);
    struct matrix stored = matrix_view(b, n, m);
    struct sims sims = {.rows = n, .cols = m, .stored = &stored};
    struct bank_plan plan = {0};
    struct bank_stats one, two;
    struct job job = {0};
    uint8_t *active = calloc(m, 1);

    (void)state;
    assert_non_null(active);
    bank_want_lse(&plan, 20);
    bank_want_active(&plan, 1);
    bank_want_column_top(&plan, 128);
    pool_set_workers(1);
    assert_int_equal(bank_measure(&sims, &plan, &one, &job, NULL), 0);
    assert_int_equal(atomic_load(&job.done), atomic_load(&job.total));
    pool_set_workers(3);
    assert_int_equal(bank_measure(&sims, &plan, &two, NULL, NULL), 0);
    equal_stats(&one, &two);
    for (size_t j = 0; j<m; j += j % 512> 1 && j % 512 < 510 ? 39 : 1)
        check_column(&one, b, j);
    for (size_t j = 0; j < m; j += 50)
        assert_true(fabs(one.lse[0][j] - plain_lse(b, n, m, j, 20)) < 1e-5);
    for (size_t i = 0; i < n; i++)
        plain_active(b + i * m, m, 1, active);
    assert_memory_equal(active, bank_active(&one, 1), m);
    bank_stats_close(&one);
    bank_stats_close(&two);
    free(active);
    free(b);
}

static void embeddings_agree_with_plain_loops(void **state)
{
    enum { N = 700, M = 1111, D = 19 };
    float *left = memory_floats(N * D), *right = memory_floats(M * D), *b = memory_floats(N * M);
    struct matrix l = matrix_view(left, N, D), r = matrix_view(right, M, D);
    struct sims sims = {.rows = N, .cols = M, .left = &l, .right = &r};
    struct bank_plan plan = {0};
    struct bank_stats stats;
    uint32_t seed = 3;

    (void)state;
    assert_true(left && right && b);
    for (size_t i = 0; i < (N + M) * D; i++) {
        float *x = i < N * D ? &left[i] : &right[i - N * D];
        seed = seed * 1664525u + 1013904223u;
        *x = (float)((int)(seed >> 27) - 16) / 64.0f; /* products and sums are exact */
    }
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < M; j++) {
            float sum = 0;
            for (size_t k = 0; k < D; k++)
                sum += left[i * D + k] * right[j * D + k];
            b[i * M + j] = sum;
        }
    memcpy(right + (M - 1) * D, right + D, D * sizeof *right);
    for (size_t i = 0; i < N; i++)
        b[i * M + M - 1] = b[i * M + 1];
    bank_want_lse(&plan, 30);
    bank_want_active(&plan, 2);
    bank_want_column_top(&plan, 4);
    assert_int_equal(bank_measure(&sims, &plan, &stats, NULL, NULL), 0);
    check(&stats, b, N, M);
    bank_stats_close(&stats);
    free(left);
    free(right);
    free(b);
}

static void plans_fill_up(void **state)
{
    struct bank_plan plan = {0};

    (void)state;
    for (int i = 0; i < BANK_BETAS; i++)
        assert_int_equal(bank_want_lse(&plan, 1 + i), 0);
    assert_int_equal(bank_want_lse(&plan, 1), 0); /* already known */
    assert_int_equal(bank_want_lse(&plan, 0.5), -1);
    for (size_t i = 0; i < BANK_KS; i++)
        assert_int_equal(bank_want_active(&plan, 1 + i), 0);
    assert_int_equal(bank_want_active(&plan, BANK_KS), 0);
    assert_int_equal(bank_want_active(&plan, 100), -1);
}

static void cancelled(void **state)
{
    float *b = grid(500, 50);
    struct matrix stored = matrix_view(b, 500, 50);
    struct sims sims = {.rows = 500, .cols = 50, .stored = &stored};
    struct bank_plan plan = {0};
    struct bank_stats stats;
    struct job job = {.cancel = true};
    struct error error = {0};

    (void)state;
    bank_want_lse(&plan, 20);
    bank_want_active(&plan, 1);
    assert_int_equal(bank_measure(&sims, &plan, &stats, &job, &error), -1);
    assert_int_equal(error.kind, ERROR_CANCELLED);
    free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_in_one_pass),  cmocka_unit_test(long_lists_in_panels),
        cmocka_unit_test(long_columns_in_stripes), cmocka_unit_test(embeddings_agree_with_plain_loops),
        cmocka_unit_test(plans_fill_up),           cmocka_unit_test(cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
