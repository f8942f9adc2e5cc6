#include "engine/evaluation/measures.h"

#include "engine/base/memory.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void near(double value, double right)
{
    if (!(fabs(value - right) <= 1e-12 * fmax(1, fabs(right))))
        fail_msg("%.17g should be %.17g", value, right);
}

static void metrics_by_hand(void **state)
{
    (void)state;
    const double ranks[] = {60, 1, NAN, 5.5, 11, 1.5};
    struct metrics metrics;

    assert_int_equal(metrics_of(ranks, 6, &metrics), 0);
    near(metrics.r1, 20); /* a tie for the first place is not a first place */
    near(metrics.r5, 60); /* 1, 1.5 and 5.5 are below 6 */
    near(metrics.r10, 60);
    near(metrics.r50, 80);
    near(metrics.mdr, 5.5);
    near(metrics.mnr, 15.8);
    near(metrics.geometric, 41.60167646103808);

    const double even[] = {4, 1, 2, 100};
    assert_int_equal(metrics_of(even, 4, &metrics), 0);
    near(metrics.mdr, 3);
    near(metrics.r1, 25);

    const double edges[] = {1, 6, 11, 51}; /* the first rank that does not count any more */
    assert_int_equal(metrics_of(edges, 4, &metrics), 0);
    near(metrics.r5, 25);
    near(metrics.r10, 50);
    near(metrics.r50, 75);

    const double none[] = {NAN, NAN};
    assert_int_equal(metrics_of(none, 2, &metrics), 0);
    assert_true(isnan(metrics.r1) && isnan(metrics.mdr) && isnan(metrics.geometric));
    assert_int_equal(metrics_of(none, 0, &metrics), 0);
    assert_true(isnan(metrics.mnr));
}

static void hubness_by_hand(void **state)
{
    (void)state;
    const uint32_t counts[] = {3, 0, 1, 0};
    struct hubness h;

    assert_int_equal(hubness_of(counts, 4, 1, 4, &h), 0);
    near(h.skewness, 1 / sqrt(1.5)); /* deviations 2 -1 0 -1: moments 1.5 and 1.5 */
    near(h.robin_hood, 0.5);
    near(h.gini, 0.625);
    near(h.atkinson, 1 - (4 + 2 * sqrt(3)) / 16);
    assert_int_equal(h.max, 3);
    near(h.antihub_rate, 0.5);
    assert_int_equal(h.hub_count, 1);
    near(h.hub_occurrence, 0.75);
    assert_int_equal(h.fair_hub_count, 1);
    near(h.fair_hub_occurrence, 0.75);
    assert_int_equal(h.k, 1);
}

static void more_items_than_list_places(void **state)
{
    (void)state;
    const uint32_t counts[] = {0, 0, 1, 0, 0};
    struct hubness h;

    assert_int_equal(hubness_of(counts, 5, 1, 1, &h), 0);
    near(h.skewness, 1.5); /* moments 0.16 and 0.096 */
    near(h.robin_hood, 0.8);
    near(h.gini, 0.8);
    near(h.atkinson, 0.8);
    assert_int_equal(h.max, 1);
    near(h.antihub_rate, 0.8);
    assert_int_equal(h.hub_count, 0);
    near(h.hub_occurrence, 0);
}

/* Five captions a video instead of one, each retrieving the same: every item is in five times as many lists.  Hubs by
 * the fair share stay what they were, those by the published 2 k do not. */
static void more_captions_make_no_hubs(void **state)
{
    (void)state;
    uint32_t one[40], five[40];
    struct hubness h, more;

    for (uint32_t j = 0; j < 40; j++) {
        one[j] = j % 8 == 0 ? 24 : j % 8 + 4; /* 400 places of 40 lists of 10 */
        five[j] = 5 * one[j];
    }
    assert_int_equal(hubness_of(one, 40, 10, 40, &h), 0);
    assert_int_equal(hubness_of(five, 40, 10, 200, &more), 0);
    assert_int_equal(h.fair_hub_count, 5);
    assert_int_equal(more.fair_hub_count, h.fair_hub_count);
    near(more.fair_hub_occurrence, h.fair_hub_occurrence);
    near(more.skewness, h.skewness);
    near(more.gini, h.gini);
    near(h.hub_occurrence, h.fair_hub_occurrence); /* the same where Q = M */
    assert_true(more.hub_count > h.hub_count && more.hub_occurrence > h.hub_occurrence);
}

static void constant_and_empty_counts(void **state)
{
    (void)state;
    uint32_t counts[1000];
    struct hubness h;

    for (uint32_t value = 0; value < 40; value++) {
        for (size_t j = 0; j < 1000; j++)
            counts[j] = value;
        assert_int_equal(hubness_of(counts, 1000, 10, 100 * value, &h), 0);
        near(h.skewness, 0);
        near(h.robin_hood, 0);
        near(h.gini, 0);
        near(h.atkinson, 0);
        assert_int_equal(h.max, value);
        near(h.antihub_rate, value == 0);
        assert_int_equal(h.hub_count, value >= 20 ? 1000 : 0);
        near(h.hub_occurrence, value >= 20 ? 1 : 0);
        assert_int_equal(h.fair_hub_count, 0); /* no item has twice the fair share, however many queries */
    }
    assert_int_equal(hubness_of(counts, 0, 10, 0, &h), 0);
    near(h.gini, 0);
    assert_int_equal(hubness_of(counts, 1, 10, 390, &h), 0);
    near(h.skewness, 0);
}

static void mass_by_hand(void **state)
{
    (void)state;
    const double mass[] = {0.25, 1.75, 0.5, 0.5};
    struct mass_summary summary = mass_summary_of(mass, 4, 3);

    near(summary.expected, 0.75);
    near(summary.normalization_error, (0.5 + 1 + 0.25 + 0.25) / 4);
    near(summary.least, 0.25);
    near(summary.most, 1.75);
}

static void survives_out_of_memory(void **state)
{
    (void)state;
    const uint32_t counts[] = {1, 2};
    const double ranks[] = {1, 2};
    struct hubness h;
    struct metrics metrics;

    memory_fail_after(0);
    int hubness_status = hubness_of(counts, 2, 1, 3, &h);
    int metrics_status = metrics_of(ranks, 2, &metrics);
    memory_fail_after(-1);
    assert_int_equal(hubness_status, -1);
    assert_int_equal(metrics_status, -1);
}

/* Worked by hand; the kurtosis by scipy.stats.kurtosis. */
static void more_hubness(void **state)
{
    (void)state;
    const uint32_t counts[] = {0, 1, 1, 2, 6};
    struct hubness hubness;

    assert_int_equal(hubness_of(counts, 5, 1, 10, &hubness), 0);
    near(hubness.kurtosis, (16.0 + 1 + 1 + 0 + 256) / 5 / (4.4 * 4.4) - 3); /* deviations -2 -1 -1 0 4 */
    near(hubness.groupie_ratio, 0.6);
    const uint32_t flat[] = {2, 2, 2};
    assert_int_equal(hubness_of(flat, 3, 2, 3, &hubness), 0);
    near(hubness.kurtosis, 0);
}

static void mass_distribution(void **state)
{
    (void)state;
    const double mass[] = {4, 1, 0, 3, 2};
    double quantile[MASS_QUANTILES], lorenz[11];

    assert_int_equal(mass_quantiles_of(mass, 5, quantile), 0);
    near(quantile[0], 0.2);
    near(quantile[1], 1);
    near(quantile[2], 2);
    near(quantile[4], 3.8);
    assert_int_equal(lorenz_of(mass, 5, 10, lorenz), 0);
    near(lorenz[0], 0);
    near(lorenz[2], 0);
    near(lorenz[3], 0.05); /* half of the second poorest item, which holds a tenth */
    near(lorenz[4], 0.1);
    near(lorenz[6], 0.3);
    near(lorenz[10], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_by_hand),
        cmocka_unit_test(hubness_by_hand),
        cmocka_unit_test(more_hubness),
        cmocka_unit_test(mass_distribution),
        cmocka_unit_test(more_items_than_list_places),
        cmocka_unit_test(more_captions_make_no_hubs),
        cmocka_unit_test(constant_and_empty_counts),
        cmocka_unit_test(mass_by_hand),
        cmocka_unit_test(survives_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
