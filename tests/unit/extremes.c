/* Scores, biases and scales so far apart that the fast paths lose precision: the fallbacks, against plain loops in
 * double precision.  Every test first makes sure that its data are bad enough. */
#include "engine/evaluation/analysis.h"
#include "engine/fitting/sinkhorn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "made.h"

#define LEAST_SUM 1e-12  /* as in engine/evaluation/panel.c */
#define LEAST_MASS 1e-25 /* as in engine/fitting/sinkhorn.c */

/* log-sum-exp of n logits, `step` apart in memory. */
static double plain_lse(const double *x, size_t n, size_t step)
{
    double most = -INFINITY, sum = 0;

    for (size_t i = 0; i < n; i++)
        most = fmax(most, x[i * step]);
    for (size_t i = 0; i < n; i++)
        sum += exp(x[i * step] - most);
    return most + log(sum);
}

static void near(const char *what, size_t at, double value, double right, double bound)
{
    if (!(fabs(value - right) <= bound))
        fail_msg("%s %zu is %.17g, should be %.17g", what, at, value, right);
}

/* Iterates as the header defines. */
static double plain_sinkhorn(const float *b, size_t n, size_t m, double scale, size_t iterations, double *log_b,
                             double *log_a, double *least)
{
    double *z = calloc(n * m, sizeof *z), *mass = calloc(m, sizeof *mass), apart = 0;

    *least = INFINITY;
    for (size_t step = 0; step <= iterations; step++) {
        memset(mass, 0, m * sizeof *mass);
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j < m; j++)
                z[i * m + j] = scale * (double)b[i * m + j] + log_b[j];
            double lse = plain_lse(z + i * m, m, 1);
            if (step < iterations)
                log_a[i] = -lse;
            for (size_t j = 0; j < m; j++)
                mass[j] += exp(z[i * m + j] - lse);
        }
        for (size_t j = 0; j < m && step < iterations; j++) {
            *least = fmin(*least, mass[j]);
            for (size_t i = 0; i < n; i++)
                z[i * m + j] = scale * (double)b[i * m + j] + log_a[i];
            log_b[j] = -plain_lse(z + j, n, m);
        }
    }
    for (size_t j = 0; j < m; j++)
        apart += fabs(mass[j] - (double)n / (double)m);
    free(z);
    free(mass);
    return apart / (double)m;
}

/* Starting potentials `spread` apart leave items with no mass, or hardly any, in floats. */
static void check_sinkhorn(size_t n, size_t m, double scale, double spread, size_t iterations)
{
    float *b_data = made_floats(n * m, 0x1p-12f, (uint32_t)(n + m));
    struct matrix matrix = matrix_view(b_data, n, m);
    struct sims b = {.rows = n, .cols = m, .stored = &matrix};
    double *log_b = calloc(m, sizeof *log_b), *right_b = calloc(m, sizeof *right_b), residual, least;
    double *log_a = calloc(n, sizeof *log_a), *right_a = calloc(n, sizeof *right_a);

    for (size_t j = 0; j < m; j++)
        log_b[j] = right_b[j] = j % 3 == 1 ? -spread : j % 3 == 2 ? spread : 0;
    double right = plain_sinkhorn(b_data, n, m, scale, iterations, right_b, right_a, &least);
    assert_true(least < LEAST_MASS);
    assert_int_equal(
        sinkhorn(&(struct sinkhorn_matrix){.b = &b}, scale, iterations, log_b, log_a, &residual, NULL, NULL), 0);
    for (size_t j = 0; j < m; j++)
        near("item's potential", j, log_b[j], right_b[j], 2e-5);
    for (size_t i = 0; i < n; i++)
        near("bank query's potential", i, log_a[i], right_a[i], 2e-5);
    near("residual of", n, residual, right, 1e-5 * (1 + right));
    free(log_b);
    free(right_b);
    free(log_a);
    free(right_a);
    free(b_data);
}

/* Similarities that are kept from the first walk give the bits of those computed in each, and nearly those of plain
 * loops. */
static void kept_similarities(void **state)
{
    enum { N = 1700, M1 = 600, M2 = 90, D = 24, M = M1 + M2, ITERATIONS = 3 };
    float *rows = made_floats(N * D, 0, 3), *items = made_floats(M * D, 0, 4), *b_data = memory_floats(N * M);
    struct matrix left = matrix_view(rows, N, D), right = matrix_view(items, M1, D),
                  other = matrix_view(items + M1 * D, M2, D);
    const struct sims b = {.rows = N, .cols = M1, .left = &left, .right = &right};
    const struct sims beside = {.rows = N, .cols = M2, .left = &left, .right = &other};
    double *log_b[3], *log_a[3], residual[3], least;

    (void)state;
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < M; j++) {
            b_data[i * M + j] = 0;
            for (size_t d = 0; d < D; d++)
                b_data[i * M + j] += rows[i * D + d] * items[j * D + d];
        }
    for (size_t way = 0; way < 3; way++) {
        const struct sinkhorn_matrix matrix = {.b = &b, .beside = &beside, .keep = way ? SIZE_MAX : 0};
        log_b[way] = calloc(M, sizeof **log_b);
        log_a[way] = calloc(N, sizeof **log_a);
        if (way < 2)
            assert_int_equal(sinkhorn(&matrix, 20, ITERATIONS, log_b[way], log_a[way], &residual[way], NULL, NULL), 0);
        else
            residual[way] = plain_sinkhorn(b_data, N, M, 20, ITERATIONS, log_b[way], log_a[way], &least);
    }
    assert_memory_equal(log_b[0], log_b[1], M * sizeof **log_b);
    assert_memory_equal(log_a[0], log_a[1], N * sizeof **log_a);
    assert_true(residual[0] == residual[1]);
    near("residual of", N, residual[1], residual[2], 1e-5);
    for (size_t j = 0; j < M; j++)
        near("item's potential", j, log_b[1][j], log_b[2][j], 2e-5);
    for (size_t way = 0; way < 3; way++) {
        free(log_b[way]);
        free(log_a[way]);
    }
    free(rows);
    free(items);
    free(b_data);
}

static void items_without_mass(void **state)
{
    (void)state;
    check_sinkhorn(90, 40, 100, 300, 1);
    check_sinkhorn(90, 40, 100, 300, 4);
    check_sinkhorn(40, 90, 20, 3000, 2);
    check_sinkhorn(1, 7, 20, 300, 2);
    check_sinkhorn(700, 130, 1e4, 1e5, 3); /* several segments */
    check_sinkhorn(33, 1100, 1e5, 300, 2);
}

/* Two of three queries have their best similarity at an item that the bias moves far down. */
static void push_down(struct made *made, struct fit *fit, double scale, double by)
{
    size_t q = made->task.s.rows, m = made->task.s.cols;

    for (size_t i = 0; i < q; i++)
        if (i % 3)
            made->s_data[i * m + i * 5 % m / 8 * 8] = 2;
    fit->scale = fit->pull_scale = scale;
    for (size_t j = 0; j < m; j++) {
        if (j % 8 == 0)
            fit->shift[j] = (float)(floor(-by / scale * 1024) / 1024);
        fit->bias[j] = scale * (double)fit->shift[j];
    }
}

/* Computes every mass, and counts the rows whose sums are too small for the shared exponentials, and the others. */
static void check_mass(const struct made *made, const struct analysis *result, size_t *starved, size_t *fed)
{
    const struct fit *fit = result->fit;
    size_t q = result->queries, m = result->gallery;
    double *mass = calloc(m, sizeof *mass), *logit = calloc(m, sizeof *logit);

    *starved = *fed = 0;
    for (size_t i = 0; i < q; i++) {
        const float *s = made->s_data + i * m;
        double most = -INFINITY, sum = 0;
        size_t top1 = 0;
        for (size_t j = 0; j < m; j++)
            top1 = s[j] > s[top1] ? j : top1;
        bool open = !fit->active || fit->active[top1];
        for (size_t j = 0; j < m; j++) {
            logit[j] = fit->scale * (double)s[j] + (open && fit->bias ? fit->bias[j] : 0);
            most = fmax(most, fit->scale * (double)s[j]);
        }
        double lse = plain_lse(logit, m, 1);
        for (size_t j = 0; j < m; j++) {
            sum += exp(logit[j] - most);
            mass[j] += exp(logit[j] - lse);
        }
        *starved += sum < LEAST_SUM;
        *fed += sum >= LEAST_SUM;
    }
    for (size_t j = 0; j < m; j++)
        near("mass of item", j, result->mass[j], mass[j],
             1e-5 * mass[j] + 1e-15 * (double)q); /* mass is rounded to steps */
    free(mass);
    free(logit);
}

/* Rules at three scales, one a multiple of another, with and without biases and gates: rows for which the shared
 * exponentials are too imprecise beside rows for which they suffice. */
static void check_biases(size_t q, size_t m, double by)
{
    enum { RULES = 5 };
    static const double scales[RULES] = {50, 50, 100, 100, 64};
    struct made made;
    struct fit *fits[RULES];
    struct analysis results[RULES];

    made_open(&made, q, m, 1, 0x1p-10f);
    for (size_t r = 0; r < RULES; r++) {
        fits[r] = made_fit(&made.task, scales[r], r > 0, r == 3, 0x1p-10f);
        if (r > 0)
            push_down(&made, fits[r], scales[r], by);
    }
    assert_int_equal(analysis_run(&made.task, fits, RULES, results, NULL, NULL), 0);
    for (size_t r = 0; r < RULES; r++) {
        size_t starved, fed;
        check_mass(&made, &results[r], &starved, &fed);
        assert_true(r == 0 ? starved == 0 : starved > 0);
        assert_true(fed > 0);
        analysis_close(&results[r]);
        fit_release(fits[r]);
    }
    made_close(&made);
}

static void biases_far_from_the_similarities(void **state)
{
    (void)state;
    check_biases(40, 60, 300);
    check_biases(64, 700, 300);
    check_biases(30, 60, 90); /* weights around the smallest float */
    check_biases(30, 60, 3000);
}

/* A weight is the exponential of a bias.  Here weights cross the smallest float from item to item while all else in a
 * row is equal, so that anything missing from the sum shows. */
static void weights_around_the_smallest_float(void **state)
{
    enum { M = 200 };
    struct made made;
    struct analysis result;

    (void)state;
    made_open(&made, 5, M, 1, 0x1p-10f);
    struct fit *fit = made_fit(&made.task, 64, true, false, 0x1p-10f);
    for (size_t j = 0; j < M; j++) {
        fit->shift[j] = -(float)j / 128;
        fit->bias[j] = 64 * (double)fit->shift[j];
        for (size_t i = 0; i < 5; i++)
            made.s_data[i * M + j] = i < 4 ? (float)j / 128 * (float)i / 4 : 0.5f;
    }
    assert_true(exp(fit->bias[M - 1]) < 1e-37 && exp(fit->bias[M - 1]) > 0);
    assert_int_equal(analysis_run(&made.task, &fit, 1, &result, NULL, NULL), 0);
    size_t starved, fed;
    check_mass(&made, &result, &starved, &fed);
    assert_true(starved > 0 && fed > 0);
    analysis_close(&result);
    fit_release(fit);
    made_close(&made);
}

/* Runs rules that sum exponentials over the bank on similarities that are not cosines, in units of `size`. */
static void check_stored(float size, const char *rule)
{
    enum { Q = 30, M = 24, N = 70 };
    struct made made;
    struct rule_spec spec;
    struct fit *fit;
    struct fit_options options = {.no_cache = true};
    struct analysis result;
    struct error error;

    made_open(&made, Q, M, N, 0x1p-8f);
    for (size_t i = 0; i < Q * M; i++)
        made.s_data[i] *= size;
    for (size_t i = 0; i < N * M; i++)
        made.b_data[i] *= size;
    assert_int_equal(rule_parse(rule, 100, &spec, NULL), 0);
    if (fit_rules(&made.task, &spec, 1, &options, &fit, NULL, &error))
        fail_msg("%s", error.text);
    double log_b[M], log_a[N], least, most = -INFINITY;
    for (size_t j = 0; j < M; j++) {
        double z[N];
        for (size_t i = 0; i < N; i++)
            z[i] = fit->scale * (double)made.b_data[i * M + j];
        log_b[j] = -plain_lse(z, N, 1);
    }
    if (strncmp(rule, "ncl", 3) == 0) {
        plain_sinkhorn(made.b_data, N, M, fit->scale, (size_t)rule_value(&spec, "iterations"), log_b, log_a, &least);
        double all = plain_lse(log_b, M, 1);
        for (size_t j = 0; j < M; j++)
            log_b[j] -= all;
    }
    for (size_t j = 0; j < M; j++) {
        near("bias of item", j, fit->bias[j], log_b[j], 1e-5 + 1e-12 * fabs(log_b[j]));
        most = fmax(most, fit->bias[j]);
    }
    assert_int_equal(analysis_run(&made.task, &fit, 1, &result, NULL, &error), 0);
    double total = 0;
    for (size_t j = 0; j < M; j++) {
        assert_true(isfinite(result.mass[j]) && result.mass[j] >= 0);
        total += result.mass[j];
    }
    near("total mass of", Q, total, Q, 1e-4);
    for (size_t q = 0; q < Q; q++) {
        const float *s = made.s_data + q * M;
        size_t best = result.top[q * result.top_k];
        for (size_t j = 0; j < M; j++)
            assert_true(s[best] + fit->shift[best] >= s[j] + fit->shift[j]);
    }
    analysis_close(&result);
    fit_release(fit);
    made_close(&made);
}

static void similarities_of_any_size(void **state)
{
    static const char *const asked[] = {"is:beta=20", "is:beta=100000", "ncl:scale=100,iterations=3",
                                        "ncl:scale=100000,iterations=2"};
    static const float sizes[] = {1, 1e4f, 0x1p-60f, 0x1p60f};

    (void)state;
    for (size_t r = 0; r < sizeof asked / sizeof *asked; r++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
            if (!(r >= 2 && s == 3)) /* sums of such large logits have no precision left for Sinkhorn's differences */
                check_stored(sizes[s], asked[r]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_similarities),
        cmocka_unit_test(items_without_mass),
        cmocka_unit_test(biases_far_from_the_similarities),
        cmocka_unit_test(weights_around_the_smallest_float),
        cmocka_unit_test(similarities_of_any_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
