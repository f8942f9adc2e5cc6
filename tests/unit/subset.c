/* Analyses narrowed to a subset of the videos, against a direct computation over its rows. */
#include "engine/evaluation/subset.h"
#include "engine/evaluation/bootstrap.h"
#include "engine/evaluation/hub_queries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "made.h"

enum { Q = 31, M = 23, N = 9 };

struct narrowed {
    struct made made;
    struct fit *fit[2];
    struct analysis whole[2], part[2];
    bool inside[M];
    struct subset subset;
};

static void begin(struct narrowed *n)
{
    struct error error;
    uint32_t seed = 5;

    made_open(&n->made, Q, M, N, 0.01F);
    n->fit[0] = made_fit(&n->made.task, 20, false, false, 0.01F);
    n->fit[1] = made_fit(&n->made.task, 50, true, true, 0.01F);
    assert_int_equal(analysis_run(&n->made.task, n->fit, 2, n->whole, NULL, &error), 0);
    for (size_t j = 0; j < M; j++)
        n->inside[j] = made_uniform(&seed) < 0.4F;
    assert_int_equal(subset_open(&n->subset, &n->made.task, n->inside, "some"), 0);
    for (int r = 0; r < 2; r++) {
        assert_int_equal(analysis_copy(&n->part[r], &n->whole[r]), 0);
        assert_int_equal(analysis_narrow(&n->part[r], &n->subset), 0);
    }
}

static void end(struct narrowed *n)
{
    subset_close(&n->subset);
    for (int r = 0; r < 2; r++) {
        analysis_close(&n->whole[r]);
        analysis_close(&n->part[r]);
        fit_release(n->fit[r]);
    }
    made_close(&n->made);
}

static bool is_asked(const struct narrowed *n, size_t q)
{
    size_t count;
    const uint32_t *target = task_asked(&n->made.task, q, &count);

    for (size_t t = 0; t < count; t++)
        if (n->inside[target[t]])
            return true;
    return false;
}

static void items_and_queries_are_chosen(void **state)
{
    struct narrowed n;
    size_t items = 0, queries = 0;

    (void)state;
    begin(&n);
    for (size_t j = 0; j < M; j++) {
        assert_int_equal(subset_has(&n.subset, j), n.inside[j]);
        items += n.inside[j];
    }
    for (size_t q = 0; q < Q; q++) {
        assert_int_equal(subset_asks(&n.subset, q), is_asked(&n, q));
        queries += is_asked(&n, q);
    }
    assert_true(items > 2 && items < M && queries > 2 && queries < Q);
    assert_int_equal(n.subset.items, items);
    assert_int_equal(n.subset.queries, queries);
    assert_true(subset_has(NULL, 0) && subset_asks(NULL, 0));
    end(&n);
}

static void ranks_are_those_of_its_queries(void **state)
{
    struct narrowed n;

    (void)state;
    begin(&n);
    for (int r = 0; r < 2; r++) {
        double rank[Q];
        size_t count = 0, open = 0;
        struct metrics expected;
        for (size_t q = 0; q < Q; q++) {
            if (!is_asked(&n, q)) {
                assert_true(isnan(n.part[r].rank[q]));
                continue;
            }
            assert_true(n.part[r].rank[q] == n.whole[r].rank[q]); /* in the whole gallery */
            open += n.whole[r].gate ? n.whole[r].gate[q] : 0;
            rank[count++] = n.whole[r].rank[q];
        }
        assert_int_equal(metrics_of(rank, count, &expected), 0);
        assert_float_equal(n.part[r].metrics.r1, expected.r1, 1e-9);
        assert_float_equal(n.part[r].metrics.r10, expected.r10, 1e-9);
        assert_float_equal(n.part[r].metrics.mdr, expected.mdr, 1e-9);
        assert_float_equal(n.part[r].metrics.mnr, expected.mnr, 1e-9);
        if (n.whole[r].gate)
            assert_float_equal(n.part[r].gate_rate, (double)open / (double)count, 1e-9);
    }
    end(&n);
}

static double moment(const double *x, size_t count, double mean, int power)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += pow(x[i] - mean, power);
    return sum / (double)count;
}

static void hubness_is_of_its_items_in_all_lists(void **state)
{
    struct narrowed n;

    (void)state;
    begin(&n);
    for (size_t i = 0; i < ANALYSIS_KS; i++) {
        const uint32_t *occurrence = n.whole[0].occurrence[i];
        const struct hubness *hubness = &n.part[0].hubness[i];
        double x[M], total = 0, most = 0, hubs = 0, held = 0, never = 0, k = (double)analysis_k[i];
        size_t count = 0;
        for (size_t j = 0; j < M; j++) {
            if (!n.inside[j])
                continue;
            x[count++] = occurrence[j];
            total += occurrence[j];
            most = fmax(most, occurrence[j]);
            never += occurrence[j] == 0;
            hubs += occurrence[j] >= 2 * k * Q / M; /* the fair share of the whole */
            held += occurrence[j] >= 2 * k * Q / M ? occurrence[j] : 0;
        }
        double mean = total / (double)count, away = 0;
        for (size_t j = 0; j < count; j++)
            away += fabs(x[j] - mean);
        assert_memory_equal(n.part[0].occurrence[i], occurrence, M * sizeof *occurrence);
        assert_float_equal(hubness->skewness, moment(x, count, mean, 3) / pow(moment(x, count, mean, 2), 1.5), 1e-9);
        assert_float_equal(hubness->robin_hood, 0.5 * away / total, 1e-9);
        assert_int_equal(hubness->max, (uint32_t)most);
        assert_float_equal(hubness->antihub_rate, never / (double)count, 1e-9);
        assert_int_equal(hubness->fair_hub_count, (size_t)hubs);
        assert_float_equal(hubness->fair_hub_occurrence, held / (k * Q), 1e-9);
        assert_float_equal(hubness->groupie_ratio, most / (k * Q), 1e-9);
    }
    end(&n);
}

static void mass_is_of_its_items_against_the_fair_share_of_all(void **state)
{
    struct narrowed n;

    (void)state;
    begin(&n);
    for (int r = 0; r < 2; r++) {
        const struct mass_summary *summary = &n.part[r].mass_summary;
        double error = 0, least = INFINITY, most = 0, over = 0;
        struct false_rates rates[2];
        for (size_t j = 0; j < M; j++) {
            double mass = n.whole[r].mass[j];
            if (!n.inside[j])
                continue;
            error += fabs(mass - (double)Q / M);
            least = fmin(least, mass);
            most = fmax(most, mass);
            over += mass > (double)Q / M;
        }
        assert_float_equal(summary->expected, (double)Q / M, 1e-12);
        assert_float_equal(summary->normalization_error, error / (double)n.subset.items, 1e-9);
        assert_float_equal(summary->least, least, 1e-12);
        assert_float_equal(summary->most, most, 1e-12);
        false_rates_of(&n.made.task, &n.part[r], &rates[0], &rates[1]);
        assert_int_equal(rates[0].items, (size_t)over);
        assert_int_equal(rates[0].items + rates[1].items, n.subset.items);
    }
    end(&n);
}

static void differences_are_of_it_alone(void **state)
{
    struct bootstrap part, paired;
    struct narrowed n;
    struct error error;
    size_t count = 0;

    (void)state;
    begin(&n);
    for (size_t q = 0; q < Q; q++)
        count += !isnan(n.part[0].rank[q]);
    assert_int_equal(bootstrap_analyses(&n.part[0], &n.part[1], 10, 50, 1, &part, NULL, &error), 0);
    assert_int_equal(bootstrap_paired(n.part[0].rank, n.part[1].rank, Q, 50, 1, &paired, NULL, &error), 0);
    assert_int_equal(part.queries, count);
    assert_float_equal(part.r1.difference, paired.r1.difference, 1e-9);
    assert_float_equal(part.r1.difference, n.part[1].metrics.r1 - n.part[0].metrics.r1, 1e-9);
    assert_float_equal(part.skewness.difference, n.part[1].hubness[2].skewness - n.part[0].hubness[2].skewness, 1e-9);
    assert_float_equal(part.gini.difference, n.part[1].hubness[2].gini - n.part[0].hubness[2].gini, 1e-9);
    end(&n);
}

static void the_whole_is_a_subset_too(void **state)
{
    struct narrowed n;
    struct subset all;
    bool inside[M];

    (void)state;
    begin(&n);
    memset(inside, 1, sizeof inside);
    assert_int_equal(subset_open(&all, &n.made.task, inside, "all"), 0);
    analysis_close(&n.part[0]);
    assert_int_equal(analysis_copy(&n.part[0], &n.whole[0]), 0);
    assert_int_equal(analysis_narrow(&n.part[0], &all), 0);
    assert_memory_equal(&n.part[0].hubness, &n.whole[0].hubness, sizeof n.whole[0].hubness);
    assert_float_equal(n.part[0].metrics.mnr, n.whole[0].metrics.mnr, 1e-12);
    assert_float_equal(n.part[0].mass_summary.normalization_error, n.whole[0].mass_summary.normalization_error, 1e-12);
    subset_close(&all);
    end(&n);
}

static void copies_stand_alone(void **state)
{
    struct narrowed n;
    struct subset copy;

    (void)state;
    begin(&n);
    assert_int_equal(subset_copy(&copy, &n.subset), 0);
    assert_memory_equal(copy.item, n.subset.item, M * sizeof *copy.item);
    assert_memory_equal(copy.query, n.subset.query, Q * sizeof *copy.query);
    assert_string_equal(copy.name, "some");
    assert_int_equal(copy.items, n.subset.items);
    subset_close(&copy);
    end(&n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_and_queries_are_chosen),
        cmocka_unit_test(ranks_are_those_of_its_queries),
        cmocka_unit_test(hubness_is_of_its_items_in_all_lists),
        cmocka_unit_test(mass_is_of_its_items_against_the_fair_share_of_all),
        cmocka_unit_test(differences_are_of_it_alone),
        cmocka_unit_test(the_whole_is_a_subset_too),
        cmocka_unit_test(copies_stand_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
