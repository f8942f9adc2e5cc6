/* Measures of mass on bootstrap samples, against plain code in double precision that draws the samples literally. */
#include "engine/evaluation/mass_samples.h"
#include "engine/base/pool.h"
#include "engine/evaluation/bootstrap.h"
#include "engine/evaluation/resample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "made.h"

enum { RULES = 3, SEED = 11 };

struct case_made {
    struct made made;
    struct fit *fit[RULES];
    struct analysis analysis[RULES];
    const struct analysis *of[RULES];
};

static void open_case(struct case_made *c, size_t q, size_t m)
{
    made_open(&c->made, q, m, 1, 0);
    c->fit[0] = made_fit(&c->made.task, 8, false, false, 0);
    c->fit[1] = made_fit(&c->made.task, 20, true, false, 0);
    c->fit[2] = made_fit(&c->made.task, 8, true, true, 0);
    assert_int_equal(analysis_run(&c->made.task, c->fit, RULES, c->analysis, NULL, NULL), 0);
    for (size_t r = 0; r < RULES; r++)
        c->of[r] = &c->analysis[r];
}

static void close_case(struct case_made *c)
{
    for (size_t r = 0; r < RULES; r++) {
        analysis_close(&c->analysis[r]);
        assert_int_equal(c->fit[r]->references, 1);
        fit_release(c->fit[r]);
    }
    made_close(&c->made);
}

static void near(double value, double right)
{
    if (!(fabs(value - right) <= 2e-5 * (1 + fabs(right))))
        fail_msg("%.17g should be %.17g", value, right);
}

static int descending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* P (Q, M) of a rule. */
static double *plain_probabilities(const struct case_made *c, size_t rule)
{
    const struct fit *fit = c->fit[rule];
    size_t q = c->analysis[rule].queries, m = c->analysis[rule].gallery;
    double *p = calloc(q * m, sizeof *p);

    for (size_t i = 0; i < q; i++) {
        const float *s = c->made.s_data + i * m;
        size_t top1 = 0;
        double sum = 0;
        for (size_t j = 0; j < m; j++)
            top1 = s[j] > s[top1] ? j : top1;
        bool shifted = fit->shift && (!fit->active || fit->active[top1]);
        for (size_t j = 0; j < m; j++)
            sum += p[i * m + j] = exp(fit->scale * ((double)s[j] + (shifted ? (double)fit->shift[j] : 0)));
        for (size_t j = 0; j < m; j++)
            p[i * m + j] /= sum;
    }
    return p;
}

static struct mass_measures plain_measures(double *mass, size_t m, double fair)
{
    struct mass_measures out = {.least = INFINITY};
    double all = 0;

    for (size_t j = 0; j < m; j++) {
        out.normalization_error += fabs(mass[j] - fair) / (double)m;
        out.least = fmin(out.least, mass[j]);
        out.most = fmax(out.most, mass[j]);
        out.over += mass[j] > fair;
        all += mass[j];
    }
    qsort(mass, m, sizeof *mass, descending);
    for (size_t j = 0; j < m && 10 * j < m; j++)
        out.top_tenth += mass[j] / all;
    return out;
}

/* One sample, drawn query by query. */
static struct mass_measures plain_sample(const double *p, size_t q, size_t m, size_t sample)
{
    struct random_state random = random_start(SEED, sample);
    double *mass = calloc(m, sizeof *mass);

    for (size_t i = 0; i < q; i++) {
        size_t row = random_below(&random, q);
        for (size_t j = 0; j < m; j++)
            mass[j] += p[row * m + j];
    }
    struct mass_measures out = plain_measures(mass, m, (double)q / (double)m);
    free(mass);
    return out;
}

static void same_measures(const struct mass_measures *a, const struct mass_measures *right)
{
#define SAME(name) near(a->name, right->name);
    MASS_MEASURES(SAME)
#undef SAME
}

static void expect_twin(size_t q, size_t m, size_t samples)
{
    struct case_made c;
    struct mass_samples drawn[RULES];
    struct job job = {0};

    open_case(&c, q, m);
    assert_int_equal(mass_samples_draw(&c.made.task, c.of, RULES, samples, SEED, drawn, &job, NULL), 0);
    assert_true(job.done == job.total && job.total > 0);
    for (size_t r = 0; r < RULES; r++) {
        double *p = plain_probabilities(&c, r), *mass = calloc(m, sizeof *mass);
        assert_int_equal(drawn[r].sampling, MASS_SAMPLED);
        for (size_t s = 0; s < samples; s++) {
            struct mass_measures right = plain_sample(p, q, m, s);
            same_measures(&drawn[r].sample[s], &right);
        }
        for (size_t i = 0; i < q * m; i++)
            mass[i % m] += p[i];
        struct mass_measures right = plain_measures(mass, m, (double)q / (double)m);
        same_measures(&drawn[r].all, &right);
        free(p);
        free(mass);
        mass_samples_close(&drawn[r]);
    }
    close_case(&c);
}

static void agrees_with_plain_code(void **state)
{
    (void)state;
    expect_twin(150, 37, 60);
    expect_twin(70, 1100, 20);  /* two tiles of items */
    expect_twin(1000, 20, 500); /* three panels, two tiles of samples */
    expect_twin(1, 5, 3);
    expect_twin(9, 1, 3);
}

static void draws_as_many_rows_as_exist(void **state)
{
    uint32_t weight[100], total;

    (void)state;
    for (size_t sample = 0; sample < 50; sample++) {
        struct random_state random = random_start(SEED, sample);
        resample_rows(SEED, sample, 100, weight);
        total = 0;
        for (size_t i = 0; i < 100; i++)
            total += weight[i];
        assert_int_equal(total, 100);
        for (size_t i = 0; i < 100; i++)
            weight[random_below(&random, 100)]--;
        for (size_t i = 0; i < 100; i++)
            assert_int_equal(weight[i], 0);
    }
}

static void expect_any_memory(size_t workers)
{
    enum { Q = 600, M = 200, SAMPLES = 200 };
    struct case_made c;
    struct mass_samples whole[RULES], cut[RULES];

    pool_set_workers(workers);
    open_case(&c, Q, M);
    assert_int_equal(mass_samples_draw(&c.made.task, c.of, RULES, SAMPLES, SEED, whole, NULL, NULL), 0);
    fit_set_memory(1000);
    assert_int_equal(mass_samples_draw(&c.made.task, c.of, RULES, SAMPLES, SEED, cut, NULL, NULL), 0);
    for (size_t r = 0; r < RULES; r++) {
        assert_int_equal(cut[r].sampling, MASS_TOO_LARGE);
        assert_null(cut[r].sample);
        assert_in_range(cut[r].needed, 1000, 2 << 20);
    }
    size_t needed = cut[0].needed;
    fit_set_memory(needed - 1);
    assert_int_equal(mass_samples_draw(&c.made.task, c.of, RULES, SAMPLES, SEED, cut, NULL, NULL), 0);
    assert_int_equal(cut[0].sampling, MASS_TOO_LARGE);
    fit_set_memory(needed); /* 48 samples at a time, rule by rule */
    assert_int_equal(mass_samples_draw(&c.made.task, c.of, RULES, SAMPLES, SEED, cut, NULL, NULL), 0);
    for (size_t r = 0; r < RULES; r++) {
        assert_int_equal(cut[r].sampling, MASS_SAMPLED);
        for (size_t s = 0; s < SAMPLES; s++)
            same_measures(&cut[r].sample[s], &whole[r].sample[s]);
        mass_samples_close(&cut[r]);
    }
    fit_set_memory(0);
    for (size_t r = 0; r < RULES; r++)
        mass_samples_close(&whole[r]);
    close_case(&c);
    pool_set_workers(0);
}

static void takes_what_memory_there_is(void **state)
{
    (void)state;
    expect_any_memory(1);
    expect_any_memory(8);
}

static void does_not_depend_on_the_workers(void **state)
{
    enum { Q = 700, M = 90, SAMPLES = 100 };
    struct case_made c;
    struct mass_samples one[RULES], three[RULES];

    (void)state;
    open_case(&c, Q, M);
    pool_set_workers(1);
    assert_int_equal(mass_samples_draw(&c.made.task, c.of, RULES, SAMPLES, SEED, one, NULL, NULL), 0);
    pool_set_workers(3);
    assert_int_equal(mass_samples_draw(&c.made.task, c.of, RULES, SAMPLES, SEED, three, NULL, NULL), 0);
    pool_set_workers(0);
    for (size_t r = 0; r < RULES; r++) {
        assert_memory_equal(one[r].sample, three[r].sample, SAMPLES * sizeof *one[r].sample);
        mass_samples_close(&one[r]);
        mass_samples_close(&three[r]);
    }
    close_case(&c);
}

static int ascending(const void *a, const void *b)
{
    return -descending(a, b);
}

static void gives_paired_intervals(void **state)
{
    enum { Q = 120, M = 30, SAMPLES = 200 };
    struct case_made c;
    struct mass_samples drawn[RULES];
    struct bootstrap result = {.samples = SAMPLES};
    double by[SAMPLES];

    (void)state;
    open_case(&c, Q, M);
    double *from = plain_probabilities(&c, 0), *to = plain_probabilities(&c, 1);
    assert_int_equal(mass_samples_draw(&c.made.task, c.of, RULES, SAMPLES, SEED, drawn, NULL, NULL), 0);
    assert_int_equal(bootstrap_add_mass(&drawn[0], &drawn[1], &result), 0);
    assert_int_equal(result.mass, MASS_SAMPLED);
    for (size_t s = 0; s < SAMPLES; s++)
        by[s] = plain_sample(to, Q, M, s).normalization_error - plain_sample(from, Q, M, s).normalization_error;
    qsort(by, SAMPLES, sizeof *by, ascending);
    double difference = c.analysis[1].mass_summary.normalization_error - c.analysis[0].mass_summary.normalization_error;
    near(result.normalization_error.difference, difference);
    near(result.normalization_error.low, fmin(difference, by[4] + 0.975 * (by[5] - by[4])));
    near(result.normalization_error.high, fmax(difference, by[194] + 0.025 * (by[195] - by[194])));
    near(result.most.difference, c.analysis[1].mass_summary.most - c.analysis[0].mass_summary.most);
    assert_true(result.least.low <= result.least.high && result.top_tenth.p > 0 && result.over.p <= 1);
    for (size_t r = 0; r < RULES; r++)
        mass_samples_close(&drawn[r]);
    free(from);
    free(to);
    close_case(&c);
}

static void leaves_out_rules_without_mass(void **state)
{
    struct case_made c;
    struct mass_samples drawn[RULES];
    struct bootstrap result = {.samples = 10, .normalization_error = {.low = 7}};

    (void)state;
    open_case(&c, 50, 20);
    free(c.analysis[1].mass);
    c.analysis[1].mass = NULL;
    assert_int_equal(mass_samples_draw(&c.made.task, c.of, RULES, 10, SEED, drawn, NULL, NULL), 0);
    assert_int_equal(drawn[0].sampling, MASS_SAMPLED);
    assert_int_equal(drawn[1].sampling, MASS_NONE);
    assert_null(drawn[1].sample);
    assert_int_equal(bootstrap_add_mass(&drawn[0], &drawn[1], &result), 0);
    assert_int_equal(result.mass, MASS_NONE);
    assert_true(result.normalization_error.low == 7);
    for (size_t r = 0; r < RULES; r++)
        mass_samples_close(&drawn[r]);
    close_case(&c);
}

static void stops_when_cancelled_or_out_of_memory(void **state)
{
    struct case_made c;
    struct mass_samples drawn[RULES];
    struct job job = {0};
    struct error error = {0};
    long allocations = 0;

    (void)state;
    pool_set_workers(1);
    open_case(&c, 50, 20);
    atomic_store(&job.cancel, true);
    assert_int_equal(mass_samples_draw(&c.made.task, c.of, RULES, 10, SEED, drawn, &job, &error), -1);
    assert_int_equal(error.kind, ERROR_CANCELLED);
    assert_null(drawn[0].sample);
    for (int status = -1; status; allocations++) {
        memory_fail_after(allocations);
        status = mass_samples_draw(&c.made.task, c.of, RULES, 10, SEED, drawn, NULL, &error);
        memory_fail_after(-1);
        assert_true(status == 0 || error.kind == ERROR_MEMORY);
    }
    assert_true(allocations > 10);
    for (size_t r = 0; r < RULES; r++)
        mass_samples_close(&drawn[r]);
    close_case(&c);
    pool_set_workers(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_plain_code),
        cmocka_unit_test(draws_as_many_rows_as_exist),
        cmocka_unit_test(takes_what_memory_there_is),
        cmocka_unit_test(does_not_depend_on_the_workers),
        cmocka_unit_test(gives_paired_intervals),
        cmocka_unit_test(leaves_out_rules_without_mass),
        cmocka_unit_test(stops_when_cancelled_or_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
