/* The paired bootstrap against normal theory, results by hand, a plain implementation, and itself with the same
 * seed. */
#include "engine/evaluation/bootstrap.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void near(double value, double right, double slack)
{
    if (!(fabs(value - right) <= slack))
        fail_msg("%.17g should be %.17g within %g", value, right, slack);
}

static void by_hand(void **state)
{
    (void)state;
    const double from[] = {1, 3, NAN, 11, 2, 5, 1};
    const double to[] = {2, 1, 4, 10.5, 2, NAN, 1};
    struct bootstrap result;

    assert_int_equal(bootstrap_paired(from, to, 7, 500, 1, &result, NULL, NULL), 0);
    assert_int_equal(result.queries, 5);
    assert_int_equal(result.helped, 2);
    assert_int_equal(result.hurt, 1);
    assert_int_equal(result.unchanged, 2);
    near(result.r1.difference, 0, 0);
    near(result.r10.difference, 20, 1e-12);
    near(result.mnr.difference, -0.3, 1e-12);
    assert_true(result.r10.low == 0); /* no query gets worse at 10 */
    near(result.r1.p, 1, 0);
    struct bootstrap other;
    assert_int_equal(bootstrap_paired(from, to, 7, 50, 2, &result, NULL, NULL), 0);
    assert_int_equal(bootstrap_paired(from, to, 7, 50, 3, &other, NULL, NULL), 0);
    assert_memory_not_equal(&result.mnr, &other.mnr, sizeof other.mnr);
    assert_true(result.mnr.low <= result.mnr.difference && result.mnr.difference <= result.mnr.high);
}

/* Masked videos that are kept: infinite under both rules, they count but do not change. */
static void infinite_ranks(void **state)
{
    (void)state;
    const double from[] = {1, 3, INFINITY, 4, 9}, to[] = {2, 1, INFINITY, 4, 5};
    const double most_from[] = {INFINITY, 3, INFINITY, INFINITY}, most_to[] = {INFINITY, 1, INFINITY, INFINITY};
    struct bootstrap result, other;

    assert_int_equal(bootstrap_paired(from, to, 5, 500, 1, &result, NULL, NULL), 0);
    assert_int_equal(bootstrap_paired(most_from, most_to, 4, 500, 1, &other, NULL, NULL), 0);
    assert_int_equal(result.queries, 5);
    assert_int_equal(result.unchanged, 2);
    near(result.mnr.difference, -1, 1e-12);
    near(result.mdr.difference, 0, 0);
    near(other.mnr.difference, -0.5, 1e-12);
    near(other.mdr.difference, 0, 0); /* both infinite */
    for (size_t i = 0; i < BOOTSTRAP_RANKED; i++) {
        assert_true(isfinite(result.of[i].difference) && isfinite(result.of[i].p));
        assert_true(result.of[i].low <= result.of[i].high && other.of[i].low <= other.of[i].high);
        assert_true(isfinite(other.of[i].low) && isfinite(other.of[i].high));
    }
}

/* 900 queries, of which 90 move to first place and 30 leave it: a difference of 6.667 points with standard error
 * sqrt((120 / 900 - (60 / 900)^2) / 900). */
static void normal_theory(void **state)
{
    (void)state;
    enum { N = 900 };
    double from[N], to[N];
    struct bootstrap result, again, other;

    for (size_t q = 0; q < N; q++) {
        from[q] = q < 90 ? 4 : q < 400 ? 1 : 20;
        to[q] = q < 90 ? 1 : q < 120 ? 7 : from[q];
    }
    pool_set_workers(1);
    assert_int_equal(bootstrap_paired(from, to, N, 20000, 9, &result, NULL, NULL), 0);
    double error = 100 * sqrt((120.0 / N - 60.0 * 60 / N / N) / N);
    near(result.r1.difference, 100.0 * 60 / N, 1e-12);
    near(result.r1.low, result.r1.difference - 1.96 * error, 0.1);
    near(result.r1.high, result.r1.difference + 1.96 * error, 0.1);
    near(result.r1.p, 2.0 / 20001, 1e-12); /* 5.6 standard errors: no sample is below 0 */
    near(result.r10.difference, 0, 0);
    near(result.r10.low, 0, 0);
    near(result.r10.p, 1, 0);
    pool_set_workers(2);
    assert_int_equal(bootstrap_paired(from, to, N, 20000, 9, &again, NULL, NULL), 0);
    assert_memory_equal(&result, &again, sizeof result);
    /* the same pair the other way round */
    assert_int_equal(bootstrap_paired(to, from, N, 20000, 9, &other, NULL, NULL), 0);
    near(other.r1.difference, -result.r1.difference, 1e-12);
    near(other.r1.low, -result.r1.high, 1e-12);
    near(other.r1.p, result.r1.p, 1e-12);
}

/* A difference of one standard error has p = 0.317. */
static void p_of_a_small_difference(void **state)
{
    (void)state;
    enum { N = 2500 };
    double from[N], to[N];
    struct bootstrap result;

    for (size_t q = 0; q < N; q++) {
        from[q] = 50;
        to[q] = 50 + (q % 2 ? 1 : -1) * 10 + 0.2; /* mean 0.2, standard error 10 / 50 */
    }
    assert_int_equal(bootstrap_paired(from, to, N, 20000, 3, &result, NULL, NULL), 0);
    near(result.mnr.p, 0.317, 0.02);
    near(result.mnr.low, 0.2 - 0.392, 0.02);
    near(result.mnr.high, 0.2 + 0.392, 0.02);
}

static void nothing_and_cancelled(void **state)
{
    (void)state;
    const double none[] = {NAN, NAN}, some[] = {1, 2};
    struct bootstrap result;
    struct job job = {0};
    struct error error = {0};

    assert_int_equal(bootstrap_paired(none, some, 2, 100, 0, &result, NULL, NULL), 0);
    assert_int_equal(result.queries, 0);
    assert_true(isnan(result.r1.difference) && isnan(result.mnr.p));
    atomic_store(&job.cancel, true);
    assert_int_equal(bootstrap_paired(some, some, 2, 100, 0, &result, &job, &error), -1);
    assert_int_equal(error.kind, ERROR_CANCELLED);
    memory_fail_after(1);
    assert_int_equal(bootstrap_paired(some, some, 2, 100, 0, &result, NULL, &error), -1);
    memory_fail_after(-1);
    assert_int_equal(error.kind, ERROR_MEMORY);
}

/* ---- a plain implementation ---- */

enum { TWIN_QUERIES = 60, TWIN_ITEMS = 30, TWIN_TOP = 7, TWIN_SAMPLES = 200, TWIN_K = 5 };

struct made {
    double rank[TWIN_QUERIES];
    uint32_t top[TWIN_QUERIES * TWIN_TOP];
};

static struct analysis make_analysis(struct made *made, uint64_t seed, bool all_have_targets)
{
    struct random_state random = random_start(seed, 0);

    for (size_t q = 0; q < TWIN_QUERIES; q++) {
        uint32_t item[TWIN_ITEMS];
        made->rank[q] = 1 + (double)random_below(&random, 120) / 2;
        if (!all_have_targets && q % 9 == 4)
            made->rank[q] = NAN;
        for (uint32_t j = 0; j < TWIN_ITEMS; j++)
            item[j] = j;
        for (size_t place = 0; place < TWIN_TOP; place++) { /* smaller rows more often: hubs */
            size_t room = TWIN_ITEMS - place, at = random_below(&random, 1 + random_below(&random, room));
            made->top[q * TWIN_TOP + place] = item[at];
            item[at] = item[room - 1];
        }
    }
    return (struct analysis){
        .queries = TWIN_QUERIES, .gallery = TWIN_ITEMS, .rank = made->rank, .top_k = TWIN_TOP, .top = made->top};
}

/* All measures over these rows of an analysis, in the order of struct bootstrap. */
static void measure_rows(const struct analysis *analysis, const size_t *ranked, size_t ranked_count,
                         const size_t *listed, double value[BOOTSTRAP_LISTED])
{
    double rank[TWIN_QUERIES];
    uint32_t occurrence[TWIN_ITEMS] = {0};
    struct metrics metrics;
    struct hubness hubness;
    size_t at = 0;

    for (size_t i = 0; i < ranked_count; i++)
        rank[i] = analysis->rank[ranked[i]];
    assert_int_equal(metrics_of(rank, ranked_count, &metrics), 0);
    for (size_t i = 0; i < TWIN_QUERIES; i++)
        for (size_t place = 0; place < TWIN_K; place++)
            occurrence[analysis->top[listed[i] * TWIN_TOP + place]]++;
    assert_int_equal(hubness_of(occurrence, TWIN_ITEMS, TWIN_K, TWIN_QUERIES, &hubness), 0);
#define TAKE_METRIC(name) value[at++] = metrics.name;
    BOOTSTRAP_RETRIEVAL(TAKE_METRIC)
#define TAKE_HUBNESS(name) value[at++] = (double)hubness.name;
    BOOTSTRAP_HUBNESS(TAKE_HUBNESS)
}

static int twin_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void expect_twin(bool all_have_targets)
{
    static struct made made[2];
    static double by[BOOTSTRAP_LISTED][TWIN_SAMPLES];
    struct analysis from = make_analysis(&made[0], 1, all_have_targets), to = make_analysis(&made[1], 2, true);
    size_t have[TWIN_QUERIES], n = 0, ranked[TWIN_QUERIES], listed[TWIN_QUERIES];
    double a[BOOTSTRAP_LISTED], b[BOOTSTRAP_LISTED];
    struct bootstrap result, alone, again;

    for (size_t q = 0; q < TWIN_QUERIES; q++)
        if (!isnan(from.rank[q]))
            have[n++] = q;
    for (size_t s = 0; s < TWIN_SAMPLES; s++) {
        struct random_state random = random_start(5, s);
        for (size_t i = 0; i < n; i++)
            ranked[i] = have[random_below(&random, n)];
        random = random_start(5, s);
        for (size_t i = 0; i < TWIN_QUERIES; i++)
            listed[i] = random_below(&random, TWIN_QUERIES);
        measure_rows(&from, ranked, n, listed, a);
        measure_rows(&to, ranked, n, listed, b);
        for (size_t m = 0; m < BOOTSTRAP_LISTED; m++)
            by[m][s] = b[m] - a[m];
    }
    for (size_t i = 0; i < TWIN_QUERIES; i++)
        listed[i] = i;
    measure_rows(&from, have, n, listed, a);
    measure_rows(&to, have, n, listed, b);
    assert_int_equal(bootstrap_analyses(&from, &to, TWIN_K, TWIN_SAMPLES, 5, &result, NULL, NULL), 0);
    assert_int_equal(result.k, TWIN_K);
    assert_int_equal(result.queries, n);
    for (size_t m = 0; m < BOOTSTRAP_LISTED; m++) {
        qsort(by[m], TWIN_SAMPLES, sizeof by[m][0], twin_order);
        near(result.of[m].difference, b[m] - a[m], 1e-9);
        double low = by[m][4] + 0.975 * (by[m][5] - by[m][4]); /* at 0.025 x 199 */
        double high = by[m][194] + 0.025 * (by[m][195] - by[m][194]);
        near(result.of[m].low, m < BOOTSTRAP_RANKED ? low : fmin(low, b[m] - a[m]), 1e-9);
        near(result.of[m].high, m < BOOTSTRAP_RANKED ? high : fmax(high, b[m] - a[m]), 1e-9);
    }
    assert_int_equal(bootstrap_paired(from.rank, to.rank, TWIN_QUERIES, TWIN_SAMPLES, 5, &alone, NULL, NULL), 0);
    assert_memory_equal(result.of, alone.of, BOOTSTRAP_RANKED * sizeof *result.of);
    assert_int_equal(alone.k, 0);
    assert_true(isnan(alone.skewness.difference) && isnan(alone.fair_hub_occurrence.p));
    pool_set_workers(1);
    assert_int_equal(bootstrap_analyses(&from, &to, TWIN_K, TWIN_SAMPLES, 5, &again, NULL, NULL), 0);
    pool_set_workers(2);
    assert_memory_equal(&result, &again, sizeof result);
}

static void agrees_with_plain_code(void **state)
{
    (void)state;
    expect_twin(true);
    expect_twin(false);
}

/* Two queries with lists of one place: under `from` both list item 0, under `to` each lists its own.  A sample draws
 * the same query twice (then both rules have a hub in 2 lists) or each once. */
static void hubness_by_hand(void **state)
{
    (void)state;
    double rank[] = {1, 1};
    uint32_t one[] = {0, 0}, own[] = {0, 1};
    struct analysis from = {.queries = 2, .gallery = 2, .rank = rank, .top_k = 1, .top = one};
    struct analysis to = {.queries = 2, .gallery = 2, .rank = rank, .top_k = 1, .top = own};
    struct bootstrap result;

    assert_int_equal(bootstrap_analyses(&from, &to, 10, 1000, 0, &result, NULL, NULL), 0);
    near(result.max.difference, -1, 0);
    near(result.max.low, -1, 0);
    near(result.max.high, 0, 0);
    near(result.gini.difference, -0.5, 1e-12);
    near(result.gini.low, -0.5, 1e-12);
    near(result.antihub_rate.difference, -0.5, 0);
    near(result.antihub_rate.high, 0, 0);
    near(result.robin_hood.p, 1, 0.1); /* in half of the samples the rules are equal, and none is above 0 */
}

/* nDCG and MAP are means over the queries with a target. */
static void agrees_on_judgements(void **state)
{
    static struct made made[2];
    double score[4][TWIN_QUERIES], by[TWIN_SAMPLES], all = 0;
    struct analysis from = make_analysis(&made[0], 1, false), to = make_analysis(&made[1], 2, true);
    size_t have[TWIN_QUERIES], n = 0;
    struct random_state random = random_start(8, 0);
    struct bootstrap result, one_sided;

    (void)state;
    for (size_t q = 0; q < TWIN_QUERIES; q++) {
        for (size_t i = 0; i < 4; i++)
            score[i][q] = isnan(from.rank[q]) ? NAN : (double)random_below(&random, 1000) / 1000;
        if (!isnan(from.rank[q]))
            have[n++] = q;
    }
    from.precision = score[0];
    from.ndcg = score[1];
    assert_int_equal(bootstrap_analyses(&from, &to, TWIN_K, TWIN_SAMPLES, 5, &one_sided, NULL, NULL), 0);
    assert_true(isnan(one_sided.map.difference) && isnan(one_sided.ndcg.p));
    to.precision = score[2];
    to.ndcg = score[3];
    for (size_t s = 0; s < TWIN_SAMPLES; s++) {
        random = random_start(5, s);
        by[s] = 0;
        for (size_t i = 0; i < n; i++) {
            size_t q = have[random_below(&random, n)];
            by[s] += 100 * (score[2][q] - score[0][q]) / (double)n;
        }
    }
    for (size_t i = 0; i < n; i++)
        all += 100 * (score[3][have[i]] - score[1][have[i]]) / (double)n;
    qsort(by, TWIN_SAMPLES, sizeof by[0], twin_order);
    assert_int_equal(bootstrap_analyses(&from, &to, TWIN_K, TWIN_SAMPLES, 5, &result, NULL, NULL), 0);
    near(result.ndcg.difference, all, 1e-9);
    near(result.map.low, by[4] + 0.975 * (by[5] - by[4]), 1e-9);
    near(result.map.high, by[194] + 0.025 * (by[195] - by[194]), 1e-9);
    assert_memory_equal(result.of, one_sided.of, BOOTSTRAP_LISTED * sizeof *result.of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(infinite_ranks),
        cmocka_unit_test(normal_theory),
        cmocka_unit_test(p_of_a_small_difference),
        cmocka_unit_test(nothing_and_cancelled),
        cmocka_unit_test(agrees_with_plain_code),
        cmocka_unit_test(hubness_by_hand),
        cmocka_unit_test(agrees_on_judgements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
