#include "engine/evaluation/analysis.h"
#include "engine/base/pool.h"
#include "engine/evaluation/hub_queries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "made.h"

enum { RULES = 3 };

static void make_fits(const struct task *task, float grain, struct fit **fits)
{
    fits[0] = made_fit(task, 20, false, false, grain);
    fits[1] = made_fit(task, 50, true, false, grain);
    fits[2] = made_fit(task, 20, true, true, grain);
}

static void release_fits(struct fit **fits)
{
    for (size_t r = 0; r < RULES; r++) {
        assert_int_equal(fits[r]->references, 1); /* every other reference was released */
        fit_release(fits[r]);
    }
}

static void close_all(struct analysis *results)
{
    for (size_t r = 0; r < RULES; r++)
        analysis_close(&results[r]);
}

/* Item j's place in its row, by counting: 1 + better + earlier ties. */
static size_t place_of(const double *score, size_t m, size_t j)
{
    size_t place = 1;

    for (size_t i = 0; i < m; i++)
        place += score[i] > score[j] || (score[i] == score[j] && i < j);
    return place;
}

static double averaged_rank(const double *score, size_t m, size_t j)
{
    double rank = 1;

    for (size_t i = 0; i < m; i++)
        rank += score[i] > score[j] ? 1 : i != j && score[i] == score[j] ? 0.5 : 0;
    return rank;
}

/* Checks everything against a slow computation. */
static void check_row(const struct made *made, const struct analysis *result, size_t q, double *score, double *mass,
                      uint32_t (*count)[ANALYSIS_KS])
{
    const struct task *task = &made->task;
    const struct fit *fit = result->fit;
    size_t m = result->gallery, top1 = 0;
    const float *s = made->s_data + q * m;

    for (size_t j = 0; j < m; j++)
        if (s[j] > s[top1])
            top1 = j;
    bool open = !fit->active || top1 % 3 == 0;
    for (size_t j = 0; j < m; j++)
        score[j] = (double)s[j] + (open && fit->shift ? (double)fit->shift[j] : 0);
    if (fit->active)
        assert_int_equal(result->gate[q], open);

    double best = NAN, largest = -INFINITY, sum = 0;
    for (uint32_t t = task->target_start[q]; t < task->target_start[q + 1]; t++)
        best = fmin(best, averaged_rank(score, m, task->target[t]));
    assert_true(isnan(best) ? isnan(result->rank[q]) : result->rank[q] == best);

    for (size_t j = 0; j < m; j++)
        largest = fmax(largest, score[j]);
    for (size_t j = 0; j < m; j++)
        sum += exp(fit->scale * (score[j] - largest));
    for (size_t j = 0; j < m; j++) {
        mass[j] += exp(fit->scale * (score[j] - largest)) / sum;
        if (score[j] < score[result->top[q * result->top_k + result->top_k - 1]])
            continue;
        size_t place = place_of(score, m, j);
        if (place <= result->top_k)
            assert_int_equal(result->top[q * result->top_k + place - 1], j);
        for (size_t k = 0; k < ANALYSIS_KS; k++)
            count[j][k] += place <= analysis_k[k];
    }
}

static void check_all(size_t q, size_t m, float grain)
{
    struct made made;
    struct fit *fits[RULES];
    struct analysis results[RULES];
    struct job job = {0};

    made_open(&made, q, m, 1, grain);
    make_fits(&made.task, grain, fits);
    assert_int_equal(analysis_run(&made.task, fits, RULES, results, &job, NULL), 0);
    assert_true(job.done == job.total && job.total > 0);
    double *score = calloc(m, sizeof *score);
    for (size_t r = 0; r < RULES; r++) {
        struct analysis *result = &results[r];
        double *mass = calloc(m, sizeof *mass), total = 0;
        uint32_t(*count)[ANALYSIS_KS] = calloc(m, sizeof *count);
        assert_int_equal(result->top_k, m < 10 ? m : 10);
        for (size_t i = 0; i < q; i++)
            check_row(&made, result, i, score, mass, count);
        for (size_t j = 0; j < m; j++) {
            assert_true(fabs(result->mass[j] - mass[j]) < 1e-5 * mass[j] + 1e-9);
            total += result->mass[j];
            for (size_t k = 0; k < ANALYSIS_KS; k++)
                assert_int_equal(result->occurrence[k][j], count[j][k]);
        }
        assert_true(fabs(total - (double)q) < 1e-5 * (double)q);
        assert_true(isnan(result->gate_rate) == !result->gate);
        assert_true((result->gate != NULL) == (r == 2));
        free(mass);
        free(count);
    }
    free(score);
    close_all(results);
    release_fits(fits);
    made_close(&made);
}

static void agrees_with_counting(void **state)
{
    (void)state;
    check_all(150, 37, 0.125f);
    check_all(70, 300, 0x1p-10f);
    check_all(1, 50, 0.125f);
}

static void more_columns_than_a_block(void **state)
{
    (void)state;
    check_all(9, 5000, 0x1p-10f);
}

static void galleries_smaller_than_the_lists(void **state)
{
    (void)state;
    check_all(40, 7, 0.125f);
    check_all(3, 1, 0.125f);
}

static void queries_without_targets_do_not_count(void **state)
{
    (void)state;
    struct made made;
    struct fit *fit;
    struct analysis result;

    made_open(&made, 8, 20, 1, 0);
    fit = made_fit(&made.task, 20, false, false, 0);
    for (size_t q = 1; q < 8; q++) /* only query 1 keeps its target */
        made.task.target_start[q + 1] = made.task.target_start[2];
    uint32_t best = 0;
    for (uint32_t j = 0; j < 20; j++)
        if (made.s_data[20 + j] > made.s_data[20 + best])
            best = j;
    made.task.target[0] = best;
    assert_int_equal(analysis_run(&made.task, &fit, 1, &result, NULL, NULL), 0);
    assert_true(isnan(result.rank[0]) && result.rank[1] == 1 && isnan(result.rank[2]));
    assert_true(result.metrics.r1 == 100 && result.metrics.mnr == 1);
    assert_true(result.mass_summary.expected == 8.0 / 20);
    analysis_close(&result);
    fit_release(fit);
    made_close(&made);
}

static void no_gallery_is_refused(void **state)
{
    (void)state;
    struct made made;
    struct error error = {0};

    made_open(&made, 8, 1, 1, 0);
    made.task.s.cols = 0;
    assert_int_equal(analysis_run(&made.task, NULL, 0, NULL, NULL, &error), -1);
    assert_int_equal(error.kind, ERROR_INPUT);
    made_close(&made);
}

static void cancelling(void **state)
{
    (void)state;
    struct made made;
    struct fit *fits[RULES];
    struct analysis results[RULES];
    struct job job = {.cancel = true};
    struct error error = {0};

    made_open(&made, 500, 50, 1, 0);
    make_fits(&made.task, 0, fits);
    assert_int_equal(analysis_run(&made.task, fits, RULES, results, &job, &error), -1);
    assert_int_equal(error.kind, ERROR_CANCELLED);
    assert_null(results[0].fit);
    assert_null(results[2].rank);
    release_fits(fits);
    made_close(&made);
}

static void survives_out_of_memory(void **state)
{
    (void)state;
    struct made made;
    struct fit *fits[RULES];
    struct analysis results[RULES];
    struct error error;
    long allowed = 0;
    int status = -1;

    made_open(&made, 200, 30, 1, 0.125f);
    make_fits(&made.task, 0.125f, fits);
    for (; status; allowed++) {
        assert_true(allowed < 1000);
        memory_fail_after(allowed);
        status = analysis_run(&made.task, fits, RULES, results, NULL, &error);
        memory_fail_after(-1);
        if (status) {
            assert_int_equal(error.kind, ERROR_MEMORY);
            assert_null(results[0].rank);
        }
    }
    assert_true(allowed > 20);
    close_all(results);
    release_fits(fits);
    made_close(&made);
}

/* In a child process, since the number of workers is fixed once. */
static void analyse_in_child(size_t workers, size_t memory, double *shared, size_t q, size_t m)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        float *left_data = made_floats(q * 24, 0, 5), *right_data = made_floats(m * 24, 0, 6);
        struct matrix left = matrix_view(left_data, q, 24), right = matrix_view(right_data, m, 24);
        struct task task = {.s = {.rows = q, .cols = m, .left = &left, .right = &right}};
        struct fit *fits[RULES];
        struct analysis results[RULES];
        pool_set_workers(workers);
        fit_set_memory(memory);
        made_targets(&task);
        make_fits(&task, 0, fits);
        if (analysis_run(&task, fits, RULES, results, NULL, NULL))
            _exit(1);
        for (size_t r = 0; r < RULES; r++) {
            memcpy(shared, results[r].rank, q * sizeof *shared);
            memcpy(shared + q, results[r].mass, m * sizeof *shared);
            shared += q + m;
            for (size_t i = 0; i < q * results[r].top_k; i++)
                *shared++ = results[r].top[i];
        }
        _exit(0);
    }
    int status;
    assert_true(waitpid(child, &status, 0) == child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* Analyses with each number of workers and each budget, and compares all to the first. */
static void compare_runs(size_t q, size_t m, const size_t (*with)[2], size_t count)
{
    size_t size = RULES * (q * 11 + m) * sizeof(double);
    double *first = NULL;

    for (size_t i = 0; i < count; i++) {
        double *run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        assert_true(run != MAP_FAILED);
        analyse_in_child(with[i][0], with[i][1], run, q, m);
        assert_true(run[3] >= 1);
        if (i == 0) {
            first = run;
            continue;
        }
        assert_memory_equal(first, run, size);
        munmap(run, size);
    }
    munmap(first, size);
}

static void workers_do_not_change_results(void **state)
{
    static const size_t workers[][2] = {{1, 0}, {2, 0}, {5, 0}};
    (void)state;
    compare_runs(700, 90, workers, 3);
}

/* Panels of 48 rows, and one of all. */
static void budgets_do_not_change_results(void **state)
{
    static const size_t memory[][2] = {{2, 1 << 20}, {1, (size_t)1 << 30}};
    (void)state;
    compare_runs(100, 100001, memory, 2);
}

/* Three queries, two items: the item in every first place has more mass than its share. */
static void false_answers(void **state)
{
    (void)state;
    const float s[] = {0.9f, 0.1f, 0.8f, 0.3f, 0.7f, 0.6f};
    struct matrix matrix = matrix_view(s, 3, 2);
    uint32_t start[] = {0, 1, 2, 2}, target[] = {0, 1};
    struct task task = {.s = {.rows = 3, .cols = 2, .stored = &matrix},
                        .target_start = start,
                        .target = target,
                        .bank_name = "",
                        .logit_scale = 10};
    struct fit *fit = made_fit(&task, 10, false, false, 0);
    struct analysis result;
    struct false_rates over, under;
    uint32_t occurrence[2];
    struct hubness hubness;

    assert_int_equal(analysis_run_top(&task, &fit, 1, 50, &result, NULL, NULL), 0);
    false_rates_of(&task, &result, &over, &under);
    assert_int_equal(over.items, 1);
    assert_int_equal(under.items, 1);
    assert_true(over.false_positive ==
                0.5); /* query 1 targets another item; query 2 has no target and does not count */
    assert_true(over.false_negative == 0);
    assert_true(isnan(under.false_positive));
    assert_true(under.false_negative == 1);
    assert_int_equal(analysis_occurrence(&result, 2, occurrence, &hubness), 0);
    assert_int_equal(occurrence[0], 3);
    assert_int_equal(occurrence[1], 3);
    assert_int_equal(hubness.k, 2);
    analysis_close(&result);
    fit_release(fit);
}

/* Lists of any length, in galleries with more and with fewer groups than places. */
static void long_lists(void **state)
{
    enum { QUERIES = 3, MOST = 2000 };
    static const size_t sizes[] = {5, 99, 100, 101, 300, 500, 1600, MOST}, lengths[] = {11, 32, 33, 64, 100};
    static float s[QUERIES * MOST];
    static uint32_t occurrence[MOST];

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes * (sizeof lengths / sizeof *lengths); i++) {
        size_t m = sizes[i % 8], k = lengths[i / 8], places = k < m ? k : m;
        uint32_t seed = (uint32_t)i, start[QUERIES + 1] = {0, 1, 2, 3}, target[QUERIES] = {0, 1, 2};
        for (size_t c = 0; c < QUERIES * m; c++) {
            seed = seed * 1664525u + 1013904223u;
            s[c] = (float)(seed >> 24) / 256; /* few values: ties go to the smaller row */
        }
        struct matrix matrix = matrix_view(s, QUERIES, m);
        struct task task = {.s = {.rows = QUERIES, .cols = m, .stored = &matrix},
                            .target_start = start,
                            .target = target,
                            .bank_name = "",
                            .logit_scale = 10};
        struct fit *fit = made_fit(&task, 10, false, false, 0);
        struct analysis result;
        struct hubness hubness;
        assert_int_equal(analysis_run_top(&task, &fit, 1, k, &result, NULL, NULL), 0);
        assert_int_equal(result.top_k, places);
        for (size_t q = 0; q < QUERIES; q++)
            for (size_t p = 0; p < places; p++) {
                size_t item = result.top[q * places + p], before = 0;
                for (size_t j = 0; j < m; j++)
                    before += s[q * m + j] > s[q * m + item] || (s[q * m + j] == s[q * m + item] && j < item);
                assert_int_equal(before, p);
            }
        assert_int_equal(analysis_occurrence(&result, places, occurrence, &hubness), 0);
        assert_in_range(hubness.max, 1, QUERIES);
        analysis_close(&result);
        fit_release(fit);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(workers_do_not_change_results), /* first: these fork, so no thread may be running yet */
        cmocka_unit_test(budgets_do_not_change_results),
        cmocka_unit_test(agrees_with_counting),
        cmocka_unit_test(false_answers),
        cmocka_unit_test(long_lists),
        cmocka_unit_test(more_columns_than_a_block),
        cmocka_unit_test(galleries_smaller_than_the_lists),
        cmocka_unit_test(queries_without_targets_do_not_count),
        cmocka_unit_test(no_gallery_is_refused),
        cmocka_unit_test(cancelling),
        cmocka_unit_test(survives_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
