#include "engine/bench.h"

#include "engine/analysis.h"
#include "engine/collection.h"
#include "engine/formats/npy.h"
#include "engine/gemm.h"
#include "engine/kernels.h"
#include "engine/memory.h"
#include "engine/pool.h"
#include "engine/search.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

enum { DIMENSION = 512, RUNS_MOST = 15, RULES = 6, ROWS = 1024 };

/* One workload's data and what is done with it. */
struct load {
    float *gallery, *query, *bank; /* (M, d), (Q, d), (N, d) */
    struct matrix gallery_view, query_view, bank_view;
    struct task task;
    struct fit *fit[RULES];
    size_t fits;
    struct bank_plan plan;
    struct rule_spec ncl;
    float *product; /* of the reference, (workers, ROWS, M) */
    size_t product_rows;
    struct matrix mapped;
    struct collection *sample;
    void (*reference)(struct load *load);
    int (*work)(struct load *load, struct error *error);
};

static double seconds(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double now(void)
{
    return seconds(CLOCK_MONOTONIC);
}

static double processor(void)
{
    return seconds(CLOCK_PROCESS_CPUTIME_ID);
}

/* A line "NAME:  123 kB" of /proc/self/status, in bytes; 0 if it cannot be had. */
static size_t status_bytes(const char *name)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[160];
    size_t kilobytes = 0, length = strlen(name);

    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, name, length) == 0)
            kilobytes = strtoul(line + length + 1, NULL, 10);
    if (file)
        fclose(file);
    return kilobytes << 10;
}

static void forget_peak(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");

    if (file) {
        fputs("5", file);
        fclose(file);
    }
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(const double *x, size_t n)
{
    double sorted[RUNS_MOST];

    memcpy(sorted, x, n * sizeof *x);
    qsort(sorted, n, sizeof *sorted, ascending);
    return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

/* Reference and work in turn, so that what else the machine does hits both. */
static int measure(struct load *load, size_t runs, bool twin, struct bench_result *result,
                   struct error *error)
{
    double work[RUNS_MOST], reference[RUNS_MOST], ratio[RUNS_MOST];
    double used[RUNS_MOST];

    if (load->work(load, error)) /* once unmeasured: threads start, pages are touched */
        return -1;
    size_t before = status_bytes("VmRSS");
    forget_peak();
    for (size_t run = 0; run < runs; run++) {
        double start = now(), begun = processor();
        if (load->work(load, error))
            return -1;
        work[run] = now() - start;
        used[run] = processor() - begun;
        if (run == 0) {
            size_t peak = status_bytes("VmHWM");
            result->peak = peak > before ? peak - before : 0;
        }
        if (load->reference) {
            start = now();
            begun = processor();
            load->reference(load);
            reference[run] = now() - start;
            ratio[run] = work[run] / reference[run];
            used[run] /= processor() - begun;
        }
    }
    qsort(work, runs, sizeof *work, ascending);
    result->seconds = median(work, runs);
    result->fastest = work[0];
    result->slowest = work[runs - 1];
    if (load->reference) {
        result->reference_seconds = median(reference, runs);
        result->ratio = median(ratio, runs);
        result->processor_ratio = median(used, runs);
    }
    if (!twin)
        return 0;
    kernel_use(kernel_set_of(KERNEL_GENERIC));
    double start = now();
    int status = load->work(load, error);
    result->generic = (now() - start) / result->seconds;
    kernel_use(NULL);
    return status;
}

/* Rows of length 1: noise, and a part of row i % M of `like` where that is given. */
static float *embeddings(size_t rows, uint32_t seed, const float *like, size_t like_rows)
{
    float *data = memory_floats(rows * DIMENSION);

    for (size_t i = 0; data && i < rows; i++) {
        float *row = data + i * DIMENSION;
        double square = 0;
        for (size_t d = 0; d < DIMENSION; d++) {
            seed = seed * 1664525u + 1013904223u;
            row[d] = (float)(seed >> 8) * 0x1p-24f - 0.5f;
            if (like)
                row[d] += 4 * like[i % like_rows * DIMENSION + d];
            square += (double)row[d] * (double)row[d];
        }
        float length = (float)(1 / sqrt(square));
        for (size_t d = 0; d < DIMENSION; d++)
            row[d] *= length;
    }
    return data;
}

static int load_open(struct load *load, size_t queries, size_t gallery, size_t bank,
                     struct error *error)
{
    struct task *task = &load->task;

    load->gallery = embeddings(gallery, 1, NULL, 0);
    if (load->gallery) {
        load->query = embeddings(queries, 2, load->gallery, gallery);
        load->bank = embeddings(bank, 3, load->gallery, gallery);
    }
    task->target_start = memory_array(queries + 1, sizeof *task->target_start);
    task->target = memory_array(queries, sizeof *task->target);
    if (!load->query || !load->bank || !task->target_start || !task->target)
        return error_memory(error);
    for (size_t q = 0; q < queries; q++) {
        task->target[q] = (uint32_t)(q % gallery);
        task->target_start[q + 1] = (uint32_t)q + 1;
    }
    load->gallery_view = matrix_view(load->gallery, gallery, DIMENSION);
    load->query_view = matrix_view(load->query, queries, DIMENSION);
    load->bank_view = matrix_view(load->bank, bank, DIMENSION);
    task->s = (struct sims){
        .rows = queries, .cols = gallery, .left = &load->query_view, .right = &load->gallery_view};
    task->b = (struct sims){
        .rows = bank, .cols = gallery, .left = &load->bank_view, .right = &load->gallery_view};
    task->bank_name = bank ? "made" : "";
    task->logit_scale = 100;
    return 0;
}

static void load_close(struct load *load)
{
    for (size_t i = 0; i < load->fits; i++)
        fit_release(load->fit[i]);
    if (load->sample)
        task_close(&load->task);
    else {
        free(load->task.target_start);
        free(load->task.target);
    }
    collection_close(load->sample);
    matrix_close(&load->mapped);
    free(load->gallery);
    free(load->query);
    free(load->bank);
    free(load->product);
}

/* Six rules; those after the sixth stand in where one is not to be had. */
static int fit_six(struct load *load, struct error *error)
{
    static const char *const wanted[] = {"raw", "is",         "qbnorm",           "ncl", "csls",
                                         "nnn", "is:beta=50", "ncl:iterations=1", NULL};
    const struct fit_options options = {.no_cache = true};
    struct rule_spec spec[RULES];
    struct error ignored = {0};
    size_t count = 0;

    for (size_t i = 0; wanted[i] && count < RULES; i++)
        if (rule_parse(wanted[i], load->task.logit_scale, &spec[count], &ignored) == 0 &&
            !rule_unavailable(spec[count].rule, &load->task))
            count++;
    if (fit_rules(&load->task, spec, count, &options, load->fit, NULL, error))
        return -1;
    load->fits = count;
    return 0;
}

/* References. */
static const struct sims *product_sims;

static void product_task(void *context, size_t task, size_t worker)
{
    struct load *load = context;
    const struct sims *sims = product_sims;
    size_t first = task * ROWS, rows = sims->rows - first < ROWS ? sims->rows - first : ROWS;

    gemm(rows, sims->cols, DIMENSION, (const float *)sims->left->data + first * DIMENSION,
         DIMENSION, load->gallery, DIMENSION, load->product + worker * ROWS * sims->cols,
         sims->cols);
}

static void product_of(struct load *load, const struct sims *sims)
{
    product_sims = sims;
    pool_run((sims->rows + ROWS - 1) / ROWS, product_task, load);
}

static void query_product(struct load *load)
{
    product_of(load, &load->task.s);
}

static void bank_product(struct load *load)
{
    product_of(load, &load->task.b);
}

static void vector_task(void *context, size_t task, size_t worker)
{
    struct load *load = context;
    size_t m = load->task.s.cols, share = (m + pool_workers() - 1) / pool_workers();
    size_t first = task * share, rows = first >= m ? 0 : m - first < share ? m - first : share;

    (void)worker;
    memset(load->product + first, 0, rows * sizeof(float));
    gemv_add(rows, DIMENSION, load->gallery + first * DIMENSION, DIMENSION, load->query,
             load->product + first);
}

static void vector_product(struct load *load)
{
    pool_run(pool_workers(), vector_task, load);
}

static void read_task(void *context, size_t task, size_t worker)
{
    struct load *load = context;
    size_t share = load->mapped.rows * load->mapped.cols / 4 / pool_workers();
    const uint64_t *data = (const uint64_t *)load->mapped.data + task * share;
    uint64_t lane[16] = {0}, total = 0;

    for (size_t i = 0; i + 16 <= share; i += 16)
        for (size_t l = 0; l < 16; l++)
            lane[l] += data[i + l];
    for (size_t l = 0; l < 16; l++)
        total += lane[l];
    load->product[worker] = (float)total;
}

static void read_once(struct load *load)
{
    pool_run(pool_workers(), read_task, load);
}

/* Work. */
static int work_bank(struct load *load, struct error *error)
{
    struct bank_stats stats;

    if (bank_measure(&load->task, &load->plan, &stats, NULL, error))
        return -1;
    bank_stats_close(&stats);
    return 0;
}

static int work_analysis(struct load *load, struct error *error)
{
    struct analysis results[RULES];

    if (analysis_run(&load->task, load->fit, load->fits, results, NULL, error))
        return -1;
    for (size_t i = 0; i < load->fits; i++)
        analysis_close(&results[i]);
    return 0;
}

static int work_ncl(struct load *load, struct error *error)
{
    const struct fit_options options = {.no_cache = true};
    struct fit *fit;

    if (fit_rules(&load->task, &load->ncl, 1, &options, &fit, NULL, error))
        return -1;
    fit_release(fit);
    return 0;
}

static int work_search(struct load *load, struct error *error)
{
    struct search *search =
        search_run(&load->task, load->query, 0, load->fit, load->fits, 100, error);

    if (!search)
        return -1;
    search_free(search);
    return 0;
}

static int work_typed(struct load *load, struct error *error)
{
    struct encoding encoding;
    float vector[1024];

    if (encoder_dimension(load->sample->encoder) > sizeof vector / sizeof *vector)
        return error_set(error, ERROR_INPUT, "the sample's encoder is too wide");
    if (encoder_encode(load->sample->encoder, "a yellow face crying with tears", vector, &encoding,
                       error))
        return -1;
    struct search *search = search_run(&load->task, vector, 0, load->fit, load->fits, 10, error);
    if (!search)
        return -1;
    search_free(search);
    return 0;
}

/* The workloads. */
struct workload {
    const char *name;
    size_t queries, gallery, bank; /* quick runs take a quarter */
    size_t runs;
    bool twin;
    double goal;
    int (*run)(const struct workload *workload, const struct bench_options *options,
               struct load *load, struct bench_result *result, struct error *error);
};

static size_t size_of(size_t size, const struct bench_options *options)
{
    return options->quick ? size / 4 : size;
}

static int product_room(struct load *load, struct error *error)
{
    load->product = memory_floats(pool_workers() * ROWS * load->task.s.cols);
    return load->product ? 0 : error_memory(error);
}

static void product_counts(struct bench_result *result, const struct sims *sims)
{
    result->cells = (double)sims->rows * (double)sims->cols;
    result->gflops = 2e-9 * result->cells * DIMENSION / result->seconds;
    result->reference = "sgemm";
}

static size_t runs_of(const struct workload *workload, const struct bench_options *options)
{
    return options->quick && workload->runs > 3 ? 3 : workload->runs;
}

static int run_bank(const struct workload *workload, const struct bench_options *options,
                    struct load *load, struct bench_result *result, struct error *error)
{
    size_t m = size_of(workload->gallery, options), n = size_of(workload->bank, options);

    if (load_open(load, 1, m, n, error) || product_room(load, error))
        return -1;
    bank_want_lse(&load->plan, 20);
    bank_want_active(&load->plan, 1);
    bank_want_column_top(&load->plan, 128);
    load->work = work_bank;
    load->reference = bank_product;
    snprintf(result->what, sizeof result->what,
             "fit is + qbnorm + csls + nnn: %zu bank x %zu gallery x %d", n, m, DIMENSION);
    if (measure(load, runs_of(workload, options), workload->twin, result, error))
        return -1;
    product_counts(result, &load->task.b);
    return 0;
}

static int run_analysis(const struct workload *workload, const struct bench_options *options,
                        struct load *load, struct bench_result *result, struct error *error)
{
    size_t q = size_of(workload->queries, options), m = size_of(workload->gallery, options);

    if (load_open(load, q, m, size_of(workload->bank, options), error) ||
        product_room(load, error) || fit_six(load, error))
        return -1;
    load->work = work_analysis;
    load->reference = query_product;
    snprintf(result->what, sizeof result->what, "analyse %zu rules: %zu queries x %zu gallery x %d",
             load->fits, q, m, DIMENSION);
    if (measure(load, runs_of(workload, options), workload->twin, result, error))
        return -1;
    product_counts(result, &load->task.s);
    return 0;
}

static int run_ncl(const struct workload *workload, const struct bench_options *options,
                   struct load *load, struct bench_result *result, struct error *error)
{
    size_t m = size_of(workload->gallery, options), n = size_of(workload->bank, options);

    if (load_open(load, 1, m, n, error) || product_room(load, error) ||
        rule_parse("ncl:iterations=4", 100, &load->ncl, error))
        return -1;
    load->work = work_ncl;
    load->reference = bank_product;
    snprintf(result->what, sizeof result->what,
             "fit ncl, 4 iterations: %zu bank x %zu gallery x %d", n, m, DIMENSION);
    if (measure(load, runs_of(workload, options), workload->twin, result, error))
        return -1;
    product_counts(result, &load->task.b);
    return 0;
}

static int run_query(const struct workload *workload, const struct bench_options *options,
                     struct load *load, struct bench_result *result, struct error *error)
{
    size_t m = size_of(workload->gallery, options);

    if (load_open(load, 1, m, workload->bank, error) || product_room(load, error) ||
        fit_six(load, error))
        return -1;
    load->work = work_search;
    load->reference = vector_product;
    snprintf(result->what, sizeof result->what, "one query, %zu rules, top 100: %zu gallery x %d",
             load->fits, m, DIMENSION);
    if (measure(load, workload->runs, workload->twin, result, error))
        return -1;
    result->cells = (double)m;
    result->gflops = 2e-9 * result->cells * DIMENSION / result->seconds;
    result->reference = "sgemv";
    return 0;
}

/* Bytes of room for files at `path`. */
static double disk_room(const char *path)
{
    struct statvfs room;

    return statvfs(path, &room) ? 0 : (double)room.f_bavail * (double)room.f_frsize;
}

/* A .npy file of (rows, 512) float16 numbers around 1/22, without a name: it is gone with its
 * descriptor. */
static int write_halves(int file, size_t rows)
{
    char head[129];
    uint16_t row[16 * DIMENSION];
    uint64_t seed = 1;

    int used =
        snprintf(head, sizeof head,
                 "{'descr': '<f2', 'fortran_order': False, 'shape': (%zu, %d), }", rows, DIMENSION);
    memset(head + used, ' ', 117 - (size_t)used);
    head[117] = '\n';
    if (write(file, "\x93NUMPY\x01\x00\x76\x00", 10) != 10 || write(file, head, 118) != 118)
        return -1;
    for (size_t done = 0; done < rows; done += 16) {
        size_t count = rows - done < 16 ? rows - done : 16;
        for (size_t i = 0; i < 16 * DIMENSION; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            row[i] = (uint16_t)(0x2800 | (seed >> 40 & 0x83ff)); /* sign and fraction */
        }
        size_t size = count * DIMENSION * sizeof *row;
        if (write(file, row, size) != (ssize_t)size)
            return -1;
    }
    return 0;
}

static int open_halves(struct load *load, size_t rows, struct bench_result *result, double *opening,
                       struct error *error)
{
    const char *folder = getenv("TMPDIR");
    double bytes = (double)rows * DIMENSION * 2;
    char path[64];

    folder = folder && *folder ? folder : "/tmp";
    double memory = (double)sysconf(_SC_AVPHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    if (disk_room(folder) < 2 * bytes || memory < 1.5 * bytes) {
        snprintf(result->skipped, sizeof result->skipped,
                 "needs %.1f GB of disk in %.60s and %.1f GB of free memory", 2e-9 * bytes, folder,
                 1.5e-9 * bytes);
        return 0;
    }
    int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file < 0 || write_halves(file, rows)) {
        snprintf(result->skipped, sizeof result->skipped, "cannot write a temporary file in %.60s",
                 folder);
        if (file >= 0)
            close(file);
        return 0;
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    double start = now();
    int status = npy_open(path, &load->mapped, error);
    *opening = now() - start;
    close(file);
    return status;
}

static int run_million(const struct workload *workload, const struct bench_options *options,
                       struct load *load, struct bench_result *result, struct error *error)
{
    size_t m = size_of(workload->gallery, options);
    double opening = 0;

    if (load_open(load, 1, 1, 0, error) || open_halves(load, m, result, &opening, error))
        return -1;
    if (result->skipped[0])
        return 0;
    load->task.s.cols = m;
    load->task.s.right = &load->mapped;
    struct rule_spec raw;
    if (rule_parse("raw", 100, &raw, error) ||
        fit_rules(&load->task, &raw, 1, NULL, load->fit, NULL, error))
        return -1;
    load->fits = 1;
    load->product = memory_floats(pool_workers());
    if (!load->product)
        return error_memory(error);
    load->work = work_search;
    load->reference = read_once;
    snprintf(result->what, sizeof result->what,
             "one query: %zu gallery x %d float16, mapped (opened in %.4f s)", m, DIMENSION,
             opening);
    if (measure(load, workload->runs, workload->twin, result, error))
        return -1;
    result->cells = (double)m;
    result->gflops = 2e-9 * result->cells * DIMENSION / result->seconds;
    result->reference = "read";
    return 0;
}

static int run_typed(const struct workload *workload, const struct bench_options *options,
                     struct load *load, struct bench_result *result, struct error *error)
{
    if (!options->sample || !(load->sample = collection_open(options->sample, error)) ||
        !load->sample->encoder) {
        snprintf(result->skipped, sizeof result->skipped, "the sample collection is not built");
        return 0;
    }
    if (task_open(&load->task, load->sample, T2V, NULL, error) || fit_six(load, error))
        return -1;
    load->work = work_typed;
    snprintf(result->what, sizeof result->what,
             "a typed query on the sample, encoded, %zu rules: %zu gallery x %zu", load->fits,
             load->task.s.cols, load->sample->dimension);
    if (measure(load, workload->runs, workload->twin, result, error))
        return -1;
    result->cells = (double)load->task.s.cols;
    return 0;
}

static const struct workload workloads[] = {
    {"bank", 1, 10000, 20000, 5, true, 1 / 0.8, run_bank},
    {"analysis", 10000, 10000, 2000, 5, true, 1 / 0.7, run_analysis},
    {"ncl", 1, 10000, 20000, 5, true, 2.5, run_ncl},
    {"query", 1, 100000, 500, 15, true, 1.3, run_query},
    {"million", 1, 1000000, 0, 5, true, 1.3, run_million},
    {"typed", 0, 0, 0, 15, true, NAN, run_typed},
    {"bank/4", 1, 10000, 5000, 3, false, NAN, run_bank},
    {"bank/2", 1, 10000, 10000, 3, false, NAN, run_bank},
    {"analysis Q/4", 2500, 10000, 500, 3, false, NAN, run_analysis},
    {"analysis Q/2", 5000, 10000, 500, 3, false, NAN, run_analysis},
    {"analysis M/4", 10000, 2500, 500, 3, false, NAN, run_analysis},
    {"analysis M/2", 10000, 5000, 500, 3, false, NAN, run_analysis},
};

const size_t bench_count = sizeof workloads / sizeof *workloads;

const char *bench_name(size_t index)
{
    return workloads[index].name;
}

int bench_run(size_t index, const struct bench_options *options, struct bench_result *result,
              struct error *error)
{
    const struct workload *workload = &workloads[index];
    struct load load = {0};

    *result = (struct bench_result){.name = workload->name,
                                    .gflops = NAN,
                                    .reference_seconds = NAN,
                                    .ratio = NAN,
                                    .processor_ratio = NAN,
                                    .goal = workload->goal,
                                    .generic = NAN};
    int status = workload->run(workload, options, &load, result, error);
    load_close(&load);
    return status;
}
