#include "tests/bench/load.h"

#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/formats/file.h"
#include "engine/formats/npy.h"
#include "engine/matrices/gemm.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PRODUCT_ROWS = 1024, PRODUCT_COLUMNS = 8192, FLOAT_ROWS = 8 * PRODUCT_COLUMNS };

/* A row of length 1: noise, plus a multiple of `like` if that is given. */
static void fill_row(uint32_t *seed, const float *like, float *row)
{
    double square = 0;

    for (size_t d = 0; d < LOAD_DIMENSION; d++) {
        *seed = *seed * 1664525u + 1013904223u;
        row[d] = (float)(*seed >> 8) * 0x1p-24f - 0.5f;
        if (like)
            row[d] += 4 * like[d];
        square += (double)row[d] * (double)row[d];
    }
    float length = (float)(1 / sqrt(square));
    for (size_t d = 0; d < LOAD_DIMENSION; d++)
        row[d] *= length;
}

/* Row i is like row i % like_rows of `like`, if that is given. */
static float *embeddings(size_t rows, uint32_t seed, const float *like, size_t like_rows)
{
    float *data = memory_floats(rows * LOAD_DIMENSION);

    for (size_t i = 0; data && i < rows; i++)
        fill_row(&seed, like ? like + i % like_rows * LOAD_DIMENSION : NULL, data + i * LOAD_DIMENSION);
    return data;
}

uint16_t load_half(float x)
{
    uint32_t bits;

    memcpy(&bits, &x, sizeof bits);
    uint32_t size = bits & 0x7fffffffu;
    return (uint16_t)((bits >> 16 & 0x8000u) | (size < 0x38800000u ? 0 : (size + 0x1000u - 0x38000000u) >> 13));
}

static int make_up(struct load *load, size_t queries, size_t gallery, size_t bank)
{
    float **made = load->made;

    made[0] = embeddings(gallery, 1, NULL, 0);
    if (made[0]) {
        made[1] = embeddings(queries, 2, made[0], gallery);
        made[2] = embeddings(bank, 3, made[0], gallery);
    }
    load->gallery = matrix_view(made[0], gallery, LOAD_DIMENSION);
    load->query = matrix_view(made[1], queries, LOAD_DIMENSION);
    load->bank = matrix_view(made[2], bank, LOAD_DIMENSION);
    return made[1] && made[2] ? 0 : -1;
}

static int make_up_half(struct load *load, size_t queries, size_t gallery, size_t bank)
{
    size_t floats = gallery < FLOAT_ROWS ? gallery : FLOAT_ROWS;
    float row[LOAD_DIMENSION];
    uint32_t seed = 1;

    load->half = memory_array(gallery * LOAD_DIMENSION, sizeof *load->half);
    if (!load->half || make_up(load, queries, floats, bank))
        return -1;
    for (size_t i = 0; i < gallery; i++) {
        fill_row(&seed, NULL, row);
        for (size_t d = 0; d < LOAD_DIMENSION; d++)
            load->half[i * LOAD_DIMENSION + d] = load_half(row[d]);
    }
    load->gallery = (struct matrix){.data = load->half, .rows = gallery, .cols = LOAD_DIMENSION, .type = MATRIX_F16};
    return 0;
}

static int take_given(const char *folder, const char *name, struct matrix *matrix, struct error *error)
{
    char path[PATH_MAX];

    if (file_join(path, sizeof path, folder, name, error) || npy_open(path, matrix, error))
        return -1;
    if (matrix->type != MATRIX_F32 || matrix->cols != LOAD_DIMENSION || matrix->rows == 0)
        return error_set(error, ERROR_INPUT, "%s: the benchmark needs rows of %d float32 numbers", path,
                         LOAD_DIMENSION);
    return 0;
}

static int make_task(struct load *load, struct error *error)
{
    struct task *task = &load->task;
    size_t queries = load->query.rows, gallery = load->gallery.rows, bank = load->bank.rows;

    task->target_start = memory_array(queries + 1, sizeof *task->target_start);
    task->target = memory_array(queries, sizeof *task->target);
    if (!task->target_start || !task->target)
        return error_memory(error);
    for (size_t q = 0; q < queries; q++) {
        task->target[q] = (uint32_t)(q % gallery);
        task->target_start[q + 1] = (uint32_t)q + 1;
    }
    task->s = (struct sims){.rows = queries, .cols = gallery, .left = &load->query, .right = &load->gallery};
    task->b = (struct sims){.rows = bank, .cols = gallery, .left = &load->bank, .right = &load->gallery};
    task->bank_name = bank ? "made" : "";
    task->logit_scale = 100;
    return 0;
}

int load_open(struct load *load, const struct bench_options *options, size_t queries, size_t gallery, size_t bank,
              struct error *error)
{
    if (options->data) {
        if (take_given(options->data, "gallery.npy", &load->gallery, error) ||
            take_given(options->data, "queries.npy", &load->query, error) ||
            take_given(options->data, "bank.npy", &load->bank, error))
            return -1;
    } else if (make_up(load, queries, gallery, bank)) {
        return error_memory(error);
    }
    return make_task(load, error);
}

int load_open_half(struct load *load, size_t queries, size_t gallery, size_t bank, struct error *error)
{
    return make_up_half(load, queries, gallery, bank) ? error_memory(error) : make_task(load, error);
}

void load_close(struct load *load)
{
    for (size_t i = 0; i < load->fits; i++)
        fit_release(load->fit[i]);
    free(load->task.target_start);
    free(load->task.target);
    matrix_close(&load->gallery);
    matrix_close(&load->query);
    matrix_close(&load->bank);
    for (size_t i = 0; i < sizeof load->made / sizeof *load->made; i++)
        free(load->made[i]);
    free(load->half);
    free(load->product);
    *load = (struct load){0};
}

int load_fit_six(struct load *load, struct error *error)
{
    static const char *const wanted[] = {"raw", "is",         "qbnorm",           "ncl", "csls",
                                         "nnn", "is:beta=50", "ncl:iterations=1", NULL};
    const struct fit_options options = {.no_cache = true};
    struct rule_spec spec[LOAD_RULES];
    struct error ignored = {0};
    size_t count = 0;

    for (size_t i = 0; wanted[i] && count < LOAD_RULES; i++)
        if (rule_parse(wanted[i], load->task.logit_scale, &spec[count], &ignored) == 0 &&
            !rule_unavailable(spec[count].rule, &load->task))
            count++;
    if (fit_rules(&load->task, spec, count, &options, load->fit, NULL, error))
        return -1;
    load->fits = count;
    return 0;
}

int load_fit(struct load *load, const char *rule, struct error *error)
{
    const struct fit_options options = {.no_cache = true, .memory = load->memory};
    struct rule_spec spec;

    if (rule_parse(rule, load->task.logit_scale, &spec, error) ||
        fit_rules(&load->task, &spec, 1, &options, load->fit, NULL, error))
        return -1;
    load->fits = 1;
    return 0;
}

struct product {
    struct load *load;
    const struct sims *sims;
    size_t rows; /* of a task */
};

/* The same where only the gallery's first rows are in float32. */
static void half_chunk(const struct product *product, size_t first, size_t rows, size_t worker)
{
    const struct sims *sims = product->sims;
    const float *left = (const float *)sims->left->data + first * LOAD_DIMENSION;
    float *out = product->load->product + worker * PRODUCT_ROWS * PRODUCT_COLUMNS;

    for (size_t col = 0; col < sims->cols; col += PRODUCT_COLUMNS) {
        size_t cols = sims->cols - col < PRODUCT_COLUMNS ? sims->cols - col : PRODUCT_COLUMNS;
        gemm(rows, cols, LOAD_DIMENSION, left, LOAD_DIMENSION,
             product->load->made[0] + col % FLOAT_ROWS * LOAD_DIMENSION, LOAD_DIMENSION, out, PRODUCT_COLUMNS);
    }
}

static void product_chunk(void *context, size_t chunk, size_t worker)
{
    const struct product *product = context;
    const struct sims *sims = product->sims;
    size_t first = chunk * product->rows, rows = sims->rows - first;

    rows = rows < product->rows ? rows : product->rows;
    if (product->load->half) {
        half_chunk(product, first, rows, worker);
        return;
    }
    gemm(rows, sims->cols, LOAD_DIMENSION, (const float *)sims->left->data + first * LOAD_DIMENSION, LOAD_DIMENSION,
         sims->right->data, LOAD_DIMENSION, product->load->product + worker * PRODUCT_ROWS * sims->cols, sims->cols);
}

static void product_of(struct load *load, const struct sims *sims)
{
    size_t share = (sims->rows + pool_workers() - 1) / pool_workers();
    struct product product = {load, sims, share < PRODUCT_ROWS ? share : PRODUCT_ROWS};

    pool_run((sims->rows + product.rows - 1) / product.rows, product_chunk, &product);
}

int load_product_room(struct load *load, struct error *error)
{
    size_t columns = load->half ? PRODUCT_COLUMNS : load->task.s.cols;

    load->product = memory_floats(pool_workers() * PRODUCT_ROWS * columns);
    return load->product ? 0 : error_memory(error);
}

void load_query_product(void *context)
{
    struct load *load = context;

    product_of(load, &load->task.s);
}

void load_bank_product(void *context)
{
    struct load *load = context;

    product_of(load, &load->task.b);
}

static void vector_chunk(void *context, size_t chunk, size_t worker)
{
    struct load *load = context;
    size_t m = load->task.s.cols, share = (m + pool_workers() - 1) / pool_workers();
    size_t first = chunk * share, rows = first >= m ? 0 : m - first < share ? m - first : share;

    (void)worker;
    memset(load->product + first, 0, rows * sizeof(float));
    gemv_add(rows, LOAD_DIMENSION, (const float *)load->gallery.data + first * LOAD_DIMENSION, LOAD_DIMENSION,
             load->query.data, load->product + first);
}

void load_vector_product(void *context)
{
    pool_run(pool_workers(), vector_chunk, context);
}
