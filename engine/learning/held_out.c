#include "engine/learning/held_out.h"

#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/evaluation/measures.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/gemm.h"
#include "engine/matrices/tiles.h"
#include "engine/matrices/topk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 96, LIST = 10 };

int held_out_open(struct held_out *held, const struct pairs *pairs, const struct clips *clips, size_t hidden,
                  struct error *error)
{
    size_t d = pairs->videos->cols, m = clips->held, q = clips->start[m], workers = pool_workers();

    *held = (struct held_out){
        .pairs = pairs,
        .clips = clips,
        .captions = q,
        .mass = memory_array(m, sizeof *held->mass),
        .video = memory_floats(m * d),
        .clip = memory_array(q, sizeof *held->clip),
        .occurrence = memory_array(workers * m, sizeof *held->occurrence),
        .reciprocal = memory_array(q, sizeof *held->reciprocal),
        .first = memory_array(q, 1),
        .part = memory_array(tiles_ceil(q, PIECE) * m, sizeof *held->part),
        .scratch_size = PIECE * (2 * d + hidden + m),
    };
    held->scratch = memory_floats(workers * held->scratch_size);
    if (!held->mass || !held->video || !held->clip || !held->occurrence || !held->reciprocal || !held->first ||
        !held->part || !held->scratch) {
        held_out_close(held);
        return error_memory(error);
    }
    for (size_t clip = 0; clip < m; clip++)
        for (size_t i = clips->start[clip]; i < clips->start[clip + 1]; i++)
            held->clip[i] = (uint32_t)clip;
    return 0;
}

void held_out_close(struct held_out *held)
{
    free(held->mass);
    free(held->video);
    free(held->clip);
    free(held->occurrence);
    free(held->reciprocal);
    free(held->first);
    free(held->part);
    free(held->scratch);
    *held = (struct held_out){0};
}

struct measuring {
    struct held_out *held;
    const struct head *text, *video;
    double scale;
};

/* out (rows, d) = unit rows of the head of the matrix's rows given.  Scratch: (rows, d + h). */
static void embed(const struct head *head, const struct matrix *matrix, const uint32_t *row, size_t rows, float *out,
                  float *scratch)
{
    size_t d = head->dimension;

    for (size_t i = 0; i < rows; i++) {
        const float *x = matrix_rows(matrix, row[i], 1, scratch + i * d);
        if (x != scratch + i * d)
            memcpy(scratch + i * d, x, d * sizeof *x);
    }
    head_forward(head, scratch, rows, scratch + rows * d, out);
    head_unit(out, rows, d, NULL);
}

static void video_chunk(void *context, size_t chunk, size_t worker)
{
    const struct measuring *work = context;
    struct held_out *held = work->held;
    struct span clips = tiles_span(chunk, PIECE, held->clips->held);

    embed(work->video, held->pairs->videos, held->clips->video + clips.start, clips.count,
          held->video + clips.start * work->video->dimension, held->scratch + worker * held->scratch_size);
}

/* Ranks, lists and masses of one caption's cosines s (M), which become probabilities. */
static void measure_caption(const struct measuring *work, size_t caption, float *s, uint32_t *occurrence, double *part)
{
    struct held_out *held = work->held;
    size_t m = held->clips->held, greater, equal;
    float value[LIST];
    uint32_t item[LIST];
    struct topk top = topk_make(value, item, LIST);

    kernel_count(s, m, s[held->clip[caption]], &greater, &equal);
    held->reciprocal[caption] = 1 / ((double)greater + ((double)equal + 1) / 2);
    held->first[caption] = greater == 0 && equal == 1;
    topk_add(&top, s, m, 0);
    for (size_t i = 0; i < top.count; i++)
        occurrence[item[i]]++;
    float most = kernel_max(s, m);
    double sum = kernel_exp(s, m, (float)work->scale, most, s);
    kernel_set()->settle(s, NULL, m, 1 / sum, 0, part);
}

static void caption_chunk(void *context, size_t chunk, size_t worker)
{
    const struct measuring *work = context;
    struct held_out *held = work->held;
    struct span captions = tiles_span(chunk, PIECE, held->captions);
    size_t d = work->text->dimension, m = held->clips->held;
    float *scratch = held->scratch + worker * held->scratch_size, *text = scratch, *s = scratch + PIECE * d;
    double *part = held->part + chunk * m;

    embed(work->text, held->pairs->texts, held->clips->caption + captions.start, captions.count, text, s);
    gemm(captions.count, m, d, text, d, held->video, d, s, m);
    memset(part, 0, m * sizeof *part);
    for (size_t i = 0; i < captions.count; i++)
        measure_caption(work, captions.start + i, s + i * m, held->occurrence + worker * m, part);
}

/* Adds up the masses of all chunks in order, and the counts of all workers. */
static void add_up(struct held_out *held)
{
    size_t m = held->clips->held;

    memset(held->mass, 0, m * sizeof *held->mass);
    for (size_t chunk = 0; chunk < tiles_ceil(held->captions, PIECE); chunk++)
        for (size_t j = 0; j < m; j++)
            held->mass[j] += held->part[chunk * m + j] * (double)m / (double)held->captions;
    for (size_t worker = 1; worker < pool_workers(); worker++)
        for (size_t j = 0; j < m; j++)
            held->occurrence[j] += held->occurrence[worker * m + j];
}

int held_out_measure(struct held_out *held, const struct head *text, const struct head *video, double scale,
                     struct held_out_measures *measures, struct error *error)
{
    size_t m = held->clips->held, q = held->captions;
    struct measuring work = {held, text, video, scale};
    struct hubness hubness;

    memset(held->occurrence, 0, pool_workers() * m * sizeof *held->occurrence);
    pool_run(tiles_ceil(m, PIECE), video_chunk, &work);
    pool_run(tiles_ceil(q, PIECE), caption_chunk, &work);
    add_up(held);
    *measures = (struct held_out_measures){0};
    for (size_t i = 0; i < q; i++) {
        measures->r1 += held->first[i] * 100.0 / (double)q;
        measures->mrr += held->reciprocal[i] / (double)q;
    }
    for (size_t j = 0; j < m; j++)
        measures->error += fabs(held->mass[j] - 1) / (double)m;
    if (hubness_of(held->occurrence, m, LIST, q, &hubness))
        return error_memory(error);
    measures->skewness = hubness.skewness;
    return 0;
}
