/* The paired bootstrap against normal theory, by hand, and for the same seed twice. */
#include "engine/evaluation/bootstrap.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"

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
    assert_true(result.r10.low == 0); /* nobody is hurt at 10 */
    near(result.r1.p, 1, 0);
    struct bootstrap other;
    assert_int_equal(bootstrap_paired(from, to, 7, 50, 2, &result, NULL, NULL), 0);
    assert_int_equal(bootstrap_paired(from, to, 7, 50, 3, &other, NULL, NULL), 0);
    assert_memory_not_equal(&result.mnr, &other.mnr, sizeof other.mnr);
    assert_true(result.mnr.low <= result.mnr.difference && result.mnr.difference <= result.mnr.high);
}

/* 900 queries, of which 90 come to the first place and 30 leave it: a difference of 6.667 points whose standard error
 * is sqrt((120 / 900 - (60 / 900)^2) / 900). */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(normal_theory),
        cmocka_unit_test(p_of_a_small_difference),
        cmocka_unit_test(nothing_and_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
