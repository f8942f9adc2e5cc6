#include "engine/base/crew.h"
#include "engine/base/crew_progress.h"
#include "engine/collection/collection_model.h"
#include "engine/evaluation/analysis.h"
#include "engine/evaluation/mass_samples.h"
#include "engine/evaluation/search.h"
#include "engine/fitting/bank_stats.h"
#include "engine/matrices/unit_rows.h"
#include "engine/results/lists.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "crew_made.h"
#include "made.h"
#include "sanitized.h"

static const size_t sizes[] = {1, 5, 3, 2};
enum { SIZES = 4, SAMPLES = 9 };

/* ---- exchanges ---- */

static int exchange(void *context)
{
    enum { BLOCKS = 7, BYTES = 3, TOTAL = 20 };
    char array[TOTAL], all[16];
    double sums[2] = {(double)crew_rank(), 0.5};
    struct crew_share share = crew_share(BLOCKS);
    struct error error = {0};

    (void)context;
    memset(array, '?', sizeof array);
    for (size_t i = share.start * BYTES; i < (share.start + share.count) * BYTES && i < TOTAL; i++)
        array[i] = (char)('a' + i);
    if (crew_fill(array, BLOCKS, BYTES, TOTAL, &error) || memcmp(array, "abcdefghijklmnopqrst", TOTAL) != 0)
        return 1;
    char own = (char)('0' + crew_rank());
    if (crew_collect(&own, 1, all, &error) || memcmp(all, "01234", crew_size()) != 0)
        return 2;
    size_t size = crew_size();
    if (crew_sum(sums, 2, &error) || sums[0] != (double)(size * (size - 1) / 2) || sums[1] != 0.5 * (double)size)
        return 3;
    if (crew_tell(&own, 1, &error) || own != '0')
        return 4;
    return crew_same("same", 4, "differs", &error) || crew_end(0, &error) ? 5 : 0;
}

/* The last process fails: all get its error, whatever they were about to do. */
static int fail_last(void *context)
{
    struct error error = {0};
    double x = 1;

    (void)context;
    if (crew_rank() + 1 == crew_size())
        error_set(&error, ERROR_INPUT, "video.npy: cannot be read");
    int status = crew_end(error.kind ? -1 : crew_sum(&x, 1, &error), &error);
    return status != -1 || error.kind != ERROR_INPUT || strcmp(error.text, "video.npy: cannot be read") != 0;
}

static int differ(void *context)
{
    struct error error = {0};
    int seen = crew_rank() == 1 ? 8 : 7;

    (void)context;
    int status = crew_end(crew_same(&seen, sizeof seen, "reads another file", &error), &error);
    return status != -1 || strcmp(error.text, "process 1 reads another file") != 0;
}

static int out_of_step(void *context)
{
    struct error error = {0};
    double x[2] = {0};

    (void)context;
    int status = crew_end(crew_sum(x, crew_rank() == 1 ? 2 : 1, &error), &error);
    return status != -1 || !strstr(error.text, "processes 0 and 1 do not do the same");
}

static void exchanges_complete_arrays(void **state)
{
    (void)state;
    for (size_t i = 0; i < SIZES; i++)
        assert_int_equal(crew_made_run(sizes[i], exchange, NULL), 0);
}

static void all_end_with_the_first_error(void **state)
{
    (void)state;
    assert_int_equal(crew_made_run(3, fail_last, NULL), 0);
    assert_int_equal(crew_made_run(3, differ, NULL), 0);
    assert_int_equal(crew_made_run(2, out_of_step, NULL), 0);
}

/* ---- matrices ---- */

/* Faults of all shares make one message. */
static int refuse_rows(void *context)
{
    enum { ROWS = 1500, D = 3 };
    static float row[ROWS * D];
    struct matrix matrix;
    struct error error = {0};

    (void)context;
    for (size_t i = 0; i < ROWS * D; i++)
        row[i] = i % D ? 0 : 1;
    row[1] = NAN;
    row[700 * D + 2] = INFINITY;
    row[1499 * D] = 0;
    matrix = matrix_view(row, ROWS, D);
    if (unit_rows_make(&matrix, 0.1, "x.npy", NULL, &error) != -1)
        return 1;
    return strcmp(error.text, "x.npy: 2 rows hold NaN or infinite values (rows 0, 700; the first in column 1); "
                              "1 row is all zeros (row 1499), counted from 0; repair or remove them") != 0;
}

static void rows_are_refused_alike(void **state)
{
    (void)state;
    for (size_t i = 0; i < SIZES; i++)
        assert_int_equal(crew_made_run(sizes[i], refuse_rows, NULL), 0);
}

/* ---- progress ---- */

enum { STEPS = 4, TRIES = 10000 };

struct walk {
    struct job job;
    atomic_bool *seen; /* shared: whether the first process has seen who is behind */
};

static void moment(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

/* The last process stays at half of its steps until the first one has seen that. */
static void walk_chunk(void *context, size_t chunk, size_t worker)
{
    struct walk *walk = context;
    bool last = crew_rank() + 1 == crew_size();

    (void)worker;
    if (!last || chunk < STEPS / 2) {
        job_step(&walk->job);
        return;
    }
    for (size_t i = 0; i < TRIES && !atomic_load(walk->seen); i++) {
        moment();
        crew_progress_pulse();
    }
    job_step(&walk->job);
}

/* Watches as the program does, in a thread of its own. */
static void *watch_walk(void *context)
{
    struct walk *walk = context;
    size_t last = crew_size() - 1;

    for (size_t i = 0; i < TRIES; i++) {
        struct crew_slowest slowest = crew_progress_slowest();
        if (slowest.rank == last && slowest.share == 0.5 && slowest.waited_for > 0.01) {
            atomic_store(walk->seen, true);
            break;
        }
        moment();
    }
    return NULL;
}

static int walk_together(void *context)
{
    struct walk walk = {.seen = context};
    struct error error = {0};
    double x = 1;
    pthread_t watcher;

    crew_progress_watch(&walk.job);
    job_expect(&walk.job, STEPS);
    if (crew_leads() && pthread_create(&watcher, NULL, watch_walk, &walk))
        return 1;
    pool_run(STEPS, walk_chunk, &walk);
    int status = crew_sum(&x, 1, &error) || x != (double)crew_size();
    if (crew_leads()) {
        struct crew_slowest slowest = crew_progress_slowest(); /* nobody, once all have met */
        status = status || slowest.rank != 0 || slowest.share != 1;
        pthread_join(watcher, NULL);
    }
    crew_progress_watch(NULL);
    return crew_end(0, &error) || status || !atomic_load(walk.seen);
}

static void the_slowest_is_seen(void **state)
{
    atomic_bool *seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    (void)state;
    assert_ptr_not_equal(seen, MAP_FAILED);
    assert_int_equal(crew_made_run(3, walk_together, seen), 0);
    munmap(seen, sizeof *seen);
}

/* ---- the same numbers ---- */

/* A task of embeddings, and what one process found in it. */
struct job_of_all {
    struct collection_model model;
    struct matrix query, video, bank, second;
    float *data[4];
    struct task task;
    struct bank_plan plan;
    struct bank_stats stats;
    const char *const *rule;
    size_t rules;
    size_t memory;
    struct fit *fit[16];
    struct analysis analysis[16];
    struct search *search[2]; /* with a query's row, and with a vector */
    struct mass_samples mass[16];
};

static void open_rows(struct matrix *matrix, float **data, size_t rows, size_t d, uint32_t seed)
{
    *data = made_floats(rows * d, 0, seed);
    for (size_t i = 0; i < rows; i++) {
        double length = 0;
        for (size_t c = 0; c < d; c++)
            length += (double)(*data)[i * d + c] * (double)(*data)[i * d + c];
        for (size_t c = 0; c < d; c++)
            (*data)[i * d + c] /= (float)sqrt(length);
    }
    *matrix = matrix_view(*data, rows, d);
}

static void open_job(struct job_of_all *job, size_t q, size_t m, size_t n)
{
    enum { D = 16, SECOND = 90 };

    *job = (struct job_of_all){.memory = 1 << 30};
    open_rows(&job->query, &job->data[0], q, D, 1);
    open_rows(&job->video, &job->data[1], m, D, 2);
    open_rows(&job->bank, &job->data[2], n, D, 3);
    open_rows(&job->second, &job->data[3], SECOND, D, 4);
    job->task = (struct task){.model = &job->model,
                              .s = {.rows = q, .cols = m, .left = &job->query, .right = &job->video},
                              .b = {.rows = n, .cols = m, .left = &job->bank, .right = &job->video},
                              .g = {.rows = SECOND, .cols = m, .left = &job->second, .right = &job->video},
                              .bank_name = "train",
                              .gallery_bank_name = "second",
                              .logit_scale = 30};
    made_targets(&job->task);
    job->task.several = true;
}

static void close_job(struct job_of_all *job)
{
    for (size_t r = 0; r < job->rules; r++) {
        mass_samples_close(&job->mass[r]);
        analysis_close(&job->analysis[r]);
        fit_release(job->fit[r]);
    }
    bank_stats_close(&job->stats);
    for (size_t i = 0; i < 2; i++)
        search_free(job->search[i]);
    for (size_t i = 0; i < 4; i++)
        free(job->data[i]);
    free(job->task.target);
    free(job->task.target_start);
}

static bool same(const void *a, const void *b, size_t bytes)
{
    return !a == !b && (!a || memcmp(a, b, bytes) == 0);
}

static int measure(void *context)
{
    const struct job_of_all *job = context;
    const struct bank_stats *one = &job->stats;
    size_t m = one->m;
    struct bank_stats stats;
    bool equal = true;

    if (bank_measure(&job->task.b, &job->plan, &stats, NULL, NULL))
        return 1;
    for (size_t i = 0; i < job->plan.betas; i++)
        equal = equal && same(stats.lse[i], one->lse[i], m * sizeof(double));
    for (size_t i = 0; i < job->plan.active_ks; i++)
        equal = equal && same(stats.active[i], one->active[i], m);
    equal = equal && same(stats.column_top, one->column_top, m * one->column_k * sizeof(float)) &&
            same(stats.mean, one->mean, m * sizeof(double)) &&
            same(stats.deviation, one->deviation, m * sizeof(double));
    bank_stats_close(&stats);
    return !equal;
}

static void measure_divided(struct job_of_all *job, size_t size)
{
    struct kept kept = {.rank = 0};
    struct crew_store store = {.size = size, .keep = keep, .find = find, .context = &kept};
    struct bank_stats stats;

    for (; kept.rank < size; store.rank = ++kept.rank) {
        crew_divide(&store);
        assert_int_equal(bank_measure(&job->task.b, &job->plan, &stats, NULL, NULL), 0);
        bank_stats_close(&stats);
    }
    crew_divide(&store);
    assert_int_equal(measure(job), 0);
    crew_divide(NULL);
    for (size_t r = 0; r < size; r++)
        for (size_t i = 0; i < 64; i++)
            free(kept.bytes[r][i]);
}

static void compare_measures(size_t m, size_t n, size_t active, size_t top, size_t first)
{
    struct job_of_all job;

    open_job(&job, 1, m, n);
    bank_want_lse(&job.plan, 30);
    bank_want_lse(&job.plan, 5);
    bank_want_moments(&job.plan);
    if (active) {
        bank_want_active(&job.plan, 1);
        bank_want_active(&job.plan, active);
    }
    bank_want_column_top(&job.plan, top);
    assert_int_equal(bank_measure(&job.task.b, &job.plan, &job.stats, NULL, NULL), 0);
    for (size_t i = first; i < SIZES; i++)
        assert_int_equal(crew_made_run(sizes[i], measure, &job), 0);
    if (n < 10000) /* once is enough for what takes long */
        measure_divided(&job, sizes[first]);
    close_job(&job);
}

static void banks_measure_the_same(void **state)
{
    (void)state;
    compare_measures(700, 7000, 3, 0, 2); /* several segments, and tiles that processes share */
    compare_measures(700, 3500, 0, 7, 2); /* whole columns, fewer tiles than processes */
    compare_measures(2600, 200, 10, 4, 1);
    compare_measures(30, 20, 2, 2, 1);
#ifndef __SANITIZE_ADDRESS__
    compare_measures(600, 14000, 600, 0, 3); /* panels of rows */
#endif
}

/* Stops at the first list that differs from the one process's: those are the beginnings of its top lists. */
static int compare_list(void *context, size_t query, const struct list *lists, struct error *error)
{
    const struct job_of_all *job = context;

    for (size_t r = 0; r < job->rules; r++) {
        const struct analysis *one = &job->analysis[r];
        if (memcmp(lists[r].item, one->top + query * one->top_k, lists[r].count * sizeof *one->top) != 0)
            return error_set(error, ERROR_INPUT, "%s, query %zu", job->rule[r], query);
    }
    return 0;
}

static bool same_analysis(const struct analysis *a, const struct analysis *b)
{
    size_t q = a->queries, m = a->gallery;
    bool equal = same(a->rank, b->rank, q * sizeof *a->rank) && same(a->top, b->top, q * a->top_k * sizeof *a->top) &&
                 same(a->mass, b->mass, m * sizeof *a->mass) &&
                 same(a->precision, b->precision, q * sizeof *a->precision) &&
                 same(a->ndcg, b->ndcg, q * sizeof *a->ndcg) && same(a->gate, b->gate, q) &&
                 same(a->gallery_gate, b->gallery_gate, q) && same(&a->metrics, &b->metrics, sizeof a->metrics);

    for (size_t i = 0; i < ANALYSIS_KS; i++)
        equal = equal && same(a->occurrence[i], b->occurrence[i], m * sizeof(uint32_t));
    return equal;
}

static int fit_all(const struct job_of_all *job, struct fit **fit)
{
    struct rule_spec spec[16];

    for (size_t r = 0; r < job->rules; r++)
        if (rule_parse(job->rule[r], 30, &spec[r], NULL))
            return -1;
    return fit_rules(&job->task, spec, job->rules, &(struct fit_options){.memory = job->memory, .no_cache = true}, fit,
                     NULL, NULL);
}

/* Where a process's block begins if the gallery is cut into so many pieces of `width`, the last one taking the rest. */
static size_t block_start(size_t m, size_t width, size_t pieces, size_t rank)
{
    size_t start = crew_start(pieces, rank) * width;

    return rank == crew_size() || start > m ? m : start;
}

/* Replaces the gallery by one that is wrong outside this process's block, whose ends depend a little on the pass. */
static float *spoil_others(struct job_of_all *job)
{
    size_t m = job->video.rows, d = job->video.cols, rank = crew_rank(), first = m, end = 0;
    const size_t width[] = {256, 512, 32, 1024};
    const size_t pieces[] = {(m + 127) / 256, (m + 511) / 512, (m + 31) / 32, (m + 1023) / 1024};
    float *spoilt = malloc(m * d * sizeof *spoilt);

    for (size_t i = 0; i < 4; i++) {
        size_t from = block_start(m, width[i], pieces[i], rank), to = block_start(m, width[i], pieces[i], rank + 1);
        first = from < to && from < first ? from : first;
        end = from < to && to > end ? to : end;
    }
    for (size_t i = 0; i < m * d; i++)
        spoilt[i] = i / d >= first && i / d < end ? job->data[1][i] : 7;
    job->video = matrix_view(spoilt, m, d);
    return spoilt;
}

static struct search *search_for(const struct job_of_all *job, struct fit *const *fit, size_t kind)
{
    const float *vector = kind ? job->data[2] : NULL; /* the bank's first */

    return search_run(&job->task, vector, kind ? 0 : 7, fit, job->rules, 9, NULL);
}

static bool same_searches(const struct job_of_all *job, struct fit *const *fit)
{
    bool equal = true;

    for (size_t i = 0; i < 2; i++) {
        const struct search *one = job->search[i];
        struct search *search = search_for(job, fit, i);
        for (size_t r = 0; r < job->rules; r++) {
            bool alike = search && same(search->list[r].score, one->list[r].score, one->m * sizeof(float)) &&
                         same(search->list[r].item, one->list[r].item, one->k * sizeof(uint32_t));
            if (!alike)
                fprintf(stderr, "search %zu by %s differs\n", i, job->rule[r]);
            equal = equal && alike;
        }
        search_free(search);
    }
    return equal;
}

static int sample_mass(const struct job_of_all *job, const struct analysis *analysis, struct mass_samples *mass)
{
    const struct analysis *each[16];

    for (size_t r = 0; r < job->rules; r++)
        each[r] = &analysis[r];
    return mass_samples_draw(&job->task, each, job->rules, SAMPLES, 1, mass, NULL, NULL);
}

static bool same_mass(const struct job_of_all *job, const struct analysis *analysis)
{
    struct mass_samples mass[16];
    bool equal = sample_mass(job, analysis, mass) == 0;

    for (size_t r = 0; r < job->rules && equal; r++) {
        equal = mass[r].sampling == job->mass[r].sampling &&
                same(mass[r].sample, job->mass[r].sample, SAMPLES * sizeof *mass[r].sample);
        if (!equal)
            fprintf(stderr, "mass on samples by %s differs\n", job->rule[r]);
    }
    for (size_t r = 0; r < job->rules; r++)
        mass_samples_close(&mass[r]);
    return equal;
}

static int evaluate(void *context)
{
    struct job_of_all *job = context;
    float *spoilt = crew_splits() ? spoil_others(job) : NULL;
    struct fit *fit[16];
    struct analysis analysis[16];
    struct ruled ruled[16];
    struct error error = {0};
    bool equal = true;

    if (fit_all(job, fit))
        return 1;
    for (size_t r = 0; r < job->rules; r++) {
        const struct fit *one = job->fit[r];
        bool alike = same(fit[r]->bias, one->bias, one->m * sizeof *one->bias) &&
                     same(fit[r]->row_bias, one->row_bias, one->n * sizeof *one->row_bias) &&
                     same(fit[r]->active, one->active, one->m) &&
                     same(&fit[r]->residual, &one->residual, sizeof one->residual);
        if (!alike)
            fprintf(stderr, "fit of %s differs\n", job->rule[r]);
        equal = equal && alike;
        ruled[r] = (struct ruled){&job->task, fit[r]};
    }
    if (analysis_run(&job->task, fit, job->rules, analysis, NULL, NULL))
        return 2;
    for (size_t r = 0; r < job->rules; r++) {
        bool alike = same_analysis(&analysis[r], &job->analysis[r]);
        if (!alike)
            fprintf(stderr, "analysis of %s differs\n", job->rule[r]);
        equal = equal && alike;
    }
    if (job->search[0])
        equal = same_searches(job, fit) && same_mass(job, analysis) && equal;
    if (lists_run(ruled, job->rules, 7, compare_list, job, NULL, &error)) {
        fprintf(stderr, "%s\n", error.text);
        equal = false;
    }
    for (size_t r = 0; r < job->rules; r++) {
        analysis_close(&analysis[r]);
        fit_release(fit[r]);
    }
    job->video = matrix_view(job->data[1], job->video.rows, job->video.cols);
    free(spoilt);
    return !equal;
}

static void compare_rules(struct job_of_all *job, const char *const *rule, size_t count, size_t memory, size_t first)
{
    job->rule = rule;
    job->rules = count;
    job->memory = memory;
    assert_int_equal(fit_all(job, job->fit), 0);
    assert_int_equal(analysis_run(&job->task, job->fit, count, job->analysis, NULL, NULL), 0);
    for (size_t i = 0; i < 2 && count > 2; i++)
        assert_non_null(job->search[i] = search_for(job, job->fit, i));
    if (count > 2)
        assert_int_equal(sample_mass(job, job->analysis, job->mass), 0);
    for (size_t i = first; i < SIZES; i++) {
        assert_int_equal(crew_made_run(sizes[i], evaluate, job), 0);
        crew_split(true);
        assert_int_equal(crew_made_run(sizes[i], evaluate, job), 0);
        crew_split(false);
    }
}

static void all_rules_give_the_same(void **state)
{
    static const char *const rule[] = {"raw", "ncl",      "is",  "qbnorm", "csls",   "gc",      "dsl",
                                       "mp",  "sinkhorn", "nnn", "nicdm",  "center", "dualdis", "dualis"};
    struct job_of_all job;

    (void)state;
    open_job(&job, 100, 2600, 150); /* three products: blocks of the gallery that do not divide */
    compare_rules(&job, rule, sizeof rule / sizeof *rule, 1 << 30, SANITIZED ? 2 : 1);
    close_job(&job);
    open_job(&job, 100, 2600, 150);
    compare_rules(&job, rule + 5, 1, 1000, 2); /* gc, neither columns nor counts of which fit */
    close_job(&job);
}

#ifndef __SANITIZE_ADDRESS__
/* A bank that does not fit: its first rows are rounded to 16 bits by whoever computes them. */
static void rounded_rows_are_the_same(void **state)
{
    static const char *const rule[] = {"ncl:iterations=2", "gc"}; /* whose columns do not fit, but its counts */
    struct job_of_all job;

    (void)state;
    open_job(&job, 50, 2900, 3000);
    compare_rules(&job, rule, 2, 2900 * 1500 * 2, 3);
    close_job(&job);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exchanges_complete_arrays), cmocka_unit_test(all_end_with_the_first_error),
        cmocka_unit_test(the_slowest_is_seen),       cmocka_unit_test(rows_are_refused_alike),
        cmocka_unit_test(banks_measure_the_same),    cmocka_unit_test(all_rules_give_the_same),
#ifndef __SANITIZE_ADDRESS__
        cmocka_unit_test(rounded_rows_are_the_same),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
