#include "engine/fit_encoder/ridge.h"

#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/kernels/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { C = RIDGE_COLUMNS, BLOCK = 256, ITERATIONS = 200 };

struct work {
    const struct ridge *ridge;
    size_t first, columns; /* of this slice */
    size_t types, captions, count, blocks;
    float *solution, *residual, *direction, *image; /* (count, C) */
    float *diagonal;                                /* (count) of the matrix */
    float *type;                                    /* (types, C) */
    float *text;                                    /* (captions, C) vectors */
    float *woven;                                   /* (C / KERNEL_PART, 2, types, KERNEL_PART) */
    double *part;                                   /* (blocks, 2, C) sums of each block */
    double mean[C];
    double step[C], turn[C];
    const float *source; /* `type` is computed from it: (count, C) */
};

static void add(float *restrict sum, const float *restrict x, float factor)
{
    for (size_t c = 0; c < C; c++)
        sum[c] += factor * x[c];
}

static size_t block_end(size_t chunk, size_t rows)
{
    return (chunk + 1) * BLOCK < rows ? (chunk + 1) * BLOCK : rows;
}

static size_t blocks_of(size_t rows)
{
    return (rows + BLOCK - 1) / BLOCK;
}

/* type = features of each word, of `source` */
static void make_types(void *context, size_t chunk, size_t worker)
{
    const struct work *work = context;
    const struct feature_weights *weights = work->ridge->weights;

    (void)worker;
    for (size_t type = chunk * BLOCK; type < block_end(chunk, work->types); type++) {
        float sum[C] = {0}, *out = work->type + type * C;
        if (weights->idf[type] > 0) {
            size_t start = weights->shared_start[type];
            kernel_set()->gather(work->source, weights->shared + start, NULL, weights->shared_start[type + 1] - start,
                                 sum);
            for (size_t c = 0; c < C; c++)
                sum[c] *= weights->gram_weight[type];
            if (weights->own[type] != UINT32_MAX)
                add(sum, work->source + weights->own[type] * C, weights->own_weight[type]);
        }
        memcpy(out, sum, sizeof sum);
    }
}

/* type = the design without n-grams, transposed, times itself and type, for a few columns: from words to captions and
 * back, caption by caption, so that only words are in memory, in an array of these columns alone that stays in
 * cache. */
static void through_texts(void *context, size_t part, size_t worker)
{
    const struct work *work = context;
    const struct features *features = work->ridge->features;
    const struct feature_weights *weights = work->ridge->weights;
    float *in = work->woven + 2 * part * work->types * KERNEL_PART, *out = in + work->types * KERNEL_PART;

    (void)worker;
    for (size_t type = 0; type < work->types; type++)
        memcpy(in + type * KERNEL_PART, work->type + type * C + part * KERNEL_PART, KERNEL_PART * sizeof *in);
    memset(out, 0, work->types * KERNEL_PART * sizeof *out);
    for (size_t i = 0; i < work->captions; i++)
        if (work->ridge->learn[i])
            kernel_set()->weave(in, features->text_type + features->text_start[i], weights->idf,
                                features->text_start[i + 1] - features->text_start[i], weights->scale[i], out);
    for (size_t type = 0; type < work->types; type++)
        for (size_t c = 0; c < KERNEL_PART; c++)
            work->type[type * C + part * KERNEL_PART + c] = weights->idf[type] * out[type * KERNEL_PART + c];
}

/* type = captions learnt from of each word */
static void gather_texts(void *context, size_t chunk, size_t worker)
{
    const struct work *work = context;
    const struct features *features = work->ridge->features;
    const struct feature_weights *weights = work->ridge->weights;

    (void)worker;
    for (size_t type = chunk * BLOCK; type < block_end(chunk, work->types); type++) {
        float sum[C] = {0}, *out = work->type + type * C;
        float idf = weights->idf[type];
        size_t start = features->type_start[type];
        if (idf > 0) /* captions not learnt from are 0 */
            kernel_set()->gather(work->text, features->type_text + start, weights->scale,
                                 features->type_start[type + 1] - start, sum);
        for (size_t c = 0; c < C; c++)
            out[c] = idf * sum[c];
    }
}

/* out = words of a feature: the transpose of make_types */
static void gather_types(const struct work *work, size_t feature, float *out)
{
    const struct feature_weights *weights = work->ridge->weights;
    const float *weight = feature < weights->private ? weights->own_weight : weights->gram_weight;
    float sum[C] = {0};

    size_t start = weights->row_start[feature];
    kernel_set()->gather(work->type, weights->row_type + start, weight, weights->row_start[feature + 1] - start, sum);
    memcpy(out, sum, sizeof sum);
}

/* The right-hand side is the first residual. */
static void begin(void *context, size_t chunk, size_t worker)
{
    struct work *work = context;
    double *sum = work->part + chunk * 2 * C;

    (void)worker;
    memset(sum, 0, 2 * C * sizeof *sum);
    for (size_t f = chunk * BLOCK; f < block_end(chunk, work->count); f++) {
        float *r = work->residual + f * C, *p = work->direction + f * C;
        gather_types(work, f, r);
        memset(work->solution + f * C, 0, C * sizeof(float));
        for (size_t c = 0; c < C; c++) {
            p[c] = r[c] / work->diagonal[f];
            sum[c] += (double)r[c] * (double)p[c];
            sum[C + c] += (double)r[c] * (double)r[c];
        }
    }
}

/* image = matrix times direction, and direction times image */
static void multiply(void *context, size_t chunk, size_t worker)
{
    struct work *work = context;
    double *sum = work->part + chunk * 2 * C;
    float ridge = (float)work->ridge->ridge;

    (void)worker;
    memset(sum, 0, 2 * C * sizeof *sum);
    for (size_t f = chunk * BLOCK; f < block_end(chunk, work->count); f++) {
        float *q = work->image + f * C;
        const float *p = work->direction + f * C;
        gather_types(work, f, q);
        for (size_t c = 0; c < C; c++) {
            q[c] += ridge * p[c];
            sum[c] += (double)p[c] * (double)q[c];
        }
    }
}

static void advance(void *context, size_t chunk, size_t worker)
{
    struct work *work = context;
    double *sum = work->part + chunk * 2 * C;
    float step[C];

    (void)worker;
    memset(sum, 0, 2 * C * sizeof *sum);
    for (size_t c = 0; c < C; c++)
        step[c] = (float)work->step[c];
    for (size_t f = chunk * BLOCK; f < block_end(chunk, work->count); f++) {
        float *x = work->solution + f * C, *r = work->residual + f * C;
        const float *p = work->direction + f * C, *q = work->image + f * C;
        for (size_t c = 0; c < C; c++) {
            x[c] += step[c] * p[c];
            r[c] -= step[c] * q[c];
            sum[c] += (double)r[c] * (double)(r[c] / work->diagonal[f]);
            sum[C + c] += (double)r[c] * (double)r[c];
        }
    }
}

static void turn(void *context, size_t chunk, size_t worker)
{
    struct work *work = context;
    float factor[C];

    (void)worker;
    for (size_t c = 0; c < C; c++)
        factor[c] = (float)work->turn[c];
    for (size_t f = chunk * BLOCK; f < block_end(chunk, work->count); f++) {
        float *p = work->direction + f * C;
        const float *r = work->residual + f * C;
        for (size_t c = 0; c < C; c++)
            p[c] = r[c] / work->diagonal[f] + factor[c] * p[c];
    }
}

/* Adds up the sums of all blocks, always in the same order. */
static void add_up(const struct work *work, double first[C], double second[C])
{
    memset(first, 0, C * sizeof *first);
    memset(second, 0, C * sizeof *second);
    for (size_t block = 0; block < work->blocks; block++)
        for (size_t c = 0; c < C; c++) {
            first[c] += work->part[block * 2 * C + c];
            second[c] += work->part[block * 2 * C + C + c];
        }
}

/* Vectors of the captions learnt from, less their mean, into `text`. */
static int read_vectors(struct work *work, struct error *error)
{
    const struct ridge *ridge = work->ridge;
    float *buffer = memory_floats(ridge->dimension);
    size_t learnt = 0;

    if (!buffer)
        return error_memory(error);
    memset(work->mean, 0, sizeof work->mean);
    for (size_t part = 0; part < ridge->part_count; part++) {
        const struct matrix *matrix = ridge->parts[part].matrix;
        for (size_t row = 0; row < matrix->rows; row++) {
            size_t i = ridge->parts[part].first + row;
            float *out = work->text + i * C;
            memset(out, 0, C * sizeof *out);
            if (!ridge->learn[i])
                continue;
            const float *vector = matrix_rows(matrix, row, 1, buffer);
            memcpy(out, vector + work->first, work->columns * sizeof *out);
            for (size_t c = 0; c < work->columns; c++)
                work->mean[c] += (double)out[c];
            learnt++;
        }
    }
    free(buffer);
    for (size_t c = 0; c < C && learnt; c++)
        work->mean[c] /= (double)learnt;
    for (size_t i = 0; i < work->captions; i++)
        for (size_t c = 0; c < work->columns && ridge->learn[i]; c++)
            work->text[i * C + c] -= (float)work->mean[c];
    return 0;
}

/* The diagonal of the matrix, ignoring what two words of one caption share: it need not be exact. */
static void make_diagonal(struct work *work)
{
    const struct features *features = work->ridge->features;
    const struct feature_weights *weights = work->ridge->weights;
    float *of_type = work->type; /* not in use yet */

    for (size_t type = 0; type < work->types; type++) {
        double sum = 0;
        for (size_t at = features->type_start[type]; at < features->type_start[type + 1]; at++) {
            size_t text = features->type_text[at];
            double scale = work->ridge->learn[text] ? (double)weights->scale[text] : 0;
            sum += scale * scale;
        }
        of_type[type] = (float)(sum * (double)weights->idf[type] * (double)weights->idf[type]);
    }
    for (size_t f = 0; f < work->count; f++) {
        double sum = work->ridge->ridge;
        for (size_t at = weights->row_start[f]; at < weights->row_start[f + 1]; at++) {
            size_t type = weights->row_type[at];
            double weight = (double)(f < weights->private ? weights->own_weight : weights->gram_weight)[type];
            sum += weight * weight * (double)of_type[type];
        }
        work->diagonal[f] = (float)sum;
    }
}

static int solve_slice(struct work *work, struct job *job, struct error *error)
{
    double square[C], least[C], product[C], unused[C], next[C];

    if (read_vectors(work, error))
        return -1;
    pool_run(blocks_of(work->types), gather_texts, work);
    pool_run(work->blocks, begin, work);
    add_up(work, square, least);
    for (size_t c = 0; c < C; c++)
        least[c] *= work->ridge->tolerance * work->ridge->tolerance;
    work->source = work->direction;
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
        bool done = true;
        if (job_cancelled(job))
            return error_set(error, ERROR_CANCELLED, "cancelled");
        pool_run(blocks_of(work->types), make_types, work);
        pool_run(C / KERNEL_PART, through_texts, work);
        pool_run(work->blocks, multiply, work);
        add_up(work, product, unused);
        for (size_t c = 0; c < C; c++)
            work->step[c] = product[c] > 0 ? square[c] / product[c] : 0;
        pool_run(work->blocks, advance, work);
        add_up(work, next, product);
        for (size_t c = 0; c < C; c++) {
            done = done && product[c] <= least[c];
            work->turn[c] = square[c] > 0 ? next[c] / square[c] : 0;
            square[c] = next[c];
        }
        if (done)
            break;
        pool_run(work->blocks, turn, work);
    }
    work->source = work->solution;
    pool_run(blocks_of(work->types), make_types, work);
    return 0;
}

size_t ridge_steps(size_t columns)
{
    return (columns + C - 1) / C;
}

int ridge_solve(const struct ridge *ridge, ridge_take *take, void *context, struct job *job, struct error *error)
{
    size_t types = ridge->features->types, captions = ridge->features->captions;
    size_t count = ridge->weights->count;
    struct work work = {
        .ridge = ridge,
        .types = types,
        .captions = captions,
        .count = count,
        .blocks = blocks_of(count),
        .solution = memory_floats(count * C),
        .residual = memory_floats(count * C),
        .direction = memory_floats(count * C),
        .image = memory_floats(count * C),
        .diagonal = memory_floats(count),
        .type = memory_floats(types * C),
        .text = memory_floats(captions * C),
        .woven = memory_floats(2 * types * C),
    };
    int failed = 0;

    work.part = memory_array(work.blocks * 2 * C, sizeof *work.part);
    if (!work.solution || !work.residual || !work.direction || !work.image || !work.diagonal || !work.type ||
        !work.text || !work.woven || !work.part)
        failed = error_memory(error);
    if (!failed)
        make_diagonal(&work);
    for (size_t first = 0; !failed && first < ridge->columns; first += C) {
        work.first = first;
        work.columns = ridge->columns - first < C ? ridge->columns - first : C;
        failed = solve_slice(&work, job, error);
        if (!failed) {
            float mean[C];
            for (size_t c = 0; c < C; c++)
                mean[c] = (float)work.mean[c];
            take(context, &(struct ridge_slice){first, work.columns, work.solution, work.type, mean});
            job_step(job);
        }
    }
    free(work.solution);
    free(work.residual);
    free(work.direction);
    free(work.image);
    free(work.diagonal);
    free(work.type);
    free(work.text);
    free(work.woven);
    free(work.part);
    return failed;
}
