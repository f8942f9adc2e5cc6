#include "engine/learning/step.h"

#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/gemm.h"
#include "engine/matrices/tiles.h"

#include <stdlib.h>
#include <string.h>

enum {
    PIECE = 128
}; /* rows of a product in a chunk of work: by shape alone, since BLAS sums by the shape it is given */

static int open_side(struct step_side *side, const struct matrix *rows, enum head_kind kind, size_t most,
                     struct error *error)
{
    size_t d = rows->cols;

    side->rows = rows;
    if (head_open(&side->head, kind, d, error) || adam_open(&side->adam, side->head.count, error))
        return -1;
    side->gradient = memory_floats(side->head.count);
    side->x = memory_floats(most * d);
    side->z = memory_floats(most * d);
    side->inverse = memory_floats(most);
    side->hidden = memory_floats(most * side->head.hidden);
    side->back = memory_floats(most * d);
    side->inner = memory_floats(most * side->head.hidden);
    return side->gradient && side->x && side->z && side->inverse && side->hidden && side->back && side->inner
               ? 0
               : error_memory(error);
}

static void close_side(struct step_side *side)
{
    head_close(&side->head);
    adam_close(&side->adam);
    free(side->gradient);
    free(side->x);
    free(side->z);
    free(side->inverse);
    free(side->hidden);
    free(side->back);
    free(side->inner);
}

int step_open(struct step *step, const struct pairs *pairs, enum head_kind kind, size_t most, struct error *error)
{
    *step = (struct step){0};
    if (gemm_open(error) || open_side(&step->side[STEP_TEXT], pairs->texts, kind, most, error) ||
        open_side(&step->side[STEP_VIDEO], pairs->videos, kind, most, error) || loss_open(&step->loss, most, error)) {
        step_close(step);
        return -1;
    }
    return 0;
}

void step_close(struct step *step)
{
    for (size_t s = 0; s < STEP_SIDES; s++)
        close_side(&step->side[s]);
    loss_close(&step->loss);
    *step = (struct step){0};
}

void step_restart(struct step *step, uint64_t seed)
{
    for (size_t s = 0; s < STEP_SIDES; s++) {
        head_reset(&step->side[s].head, STEP_SIDES * seed + s);
        adam_restart(&step->side[s].adam);
    }
}

struct batch {
    struct step *step;
    const struct pair *pair;
    size_t pairs;
};

/* Chunks of both sides' products of `rows` rows: chunk c is piece c / 2 of side c % 2. */
static size_t chunks_of(size_t rows)
{
    return STEP_SIDES * tiles_ceil(rows, PIECE);
}

static struct span piece_of(size_t chunk, size_t rows)
{
    return tiles_span(chunk / STEP_SIDES, PIECE, rows);
}

static void forward_chunk(void *context, size_t chunk, size_t worker)
{
    const struct batch *batch = context;
    size_t s = chunk % STEP_SIDES;
    struct step_side *side = &batch->step->side[s];
    struct span rows = piece_of(chunk, batch->pairs);
    size_t d = side->head.dimension;
    float *x = side->x + rows.start * d, *z = side->z + rows.start * d;

    (void)worker;
    for (size_t i = 0; i < rows.count; i++) {
        const struct pair *pair = &batch->pair[rows.start + i];
        const float *row = matrix_rows(side->rows, s == STEP_TEXT ? pair->text : pair->video, 1, x + i * d);
        if (row != x + i * d)
            memcpy(x + i * d, row, d * sizeof *row);
    }
    head_forward(&side->head, x, rows.count, side->hidden + rows.start * side->head.hidden, z);
    head_unit(z, rows.count, d, side->inverse + rows.start);
}

static void cosine_chunk(void *context, size_t chunk, size_t worker)
{
    const struct batch *batch = context;
    const struct step_side *text = &batch->step->side[STEP_TEXT], *video = &batch->step->side[STEP_VIDEO];
    struct span rows = tiles_span(chunk, PIECE, batch->pairs);
    size_t d = text->head.dimension, n = batch->pairs;

    (void)worker;
    gemm(rows.count, n, d, text->z + rows.start * d, d, video->z, d, batch->step->loss.cosine + rows.start * n, n);
}

/* back = through x / |x| to the head's output: (g - (g . z) z) / |x|, times the ratio of an mlp. */
static void through_length(const struct step_side *side, struct span rows)
{
    size_t d = side->head.dimension;

    for (size_t i = rows.start; i < rows.start + rows.count; i++) {
        float *g = side->back + i * d, factor = side->inverse[i];
        const float *z = side->z + i * d;
        double along = 0;
        kernel_set()->dots(g, d, &z, 1, &along);
        if (side->head.kind == HEAD_MLP)
            factor *= side->head.ratio;
        for (size_t c = 0; c < d; c++)
            g[c] = factor * (g[c] - (float)along * z[c]);
    }
}

/* inner = through U and relu. */
static void through_hidden(const struct step_side *side, struct span rows)
{
    size_t d = side->head.dimension, h = side->head.hidden;
    float *inner = side->inner + rows.start * h;
    const float *hidden = side->hidden + rows.start * h;

    gemm_plain(rows.count, h, d, side->back + rows.start * d, d, head_up(&side->head), h, inner, h);
    for (size_t i = 0; i < rows.count * h; i++)
        inner[i] = hidden[i] > 0 ? inner[i] : 0;
}

static void backward_chunk(void *context, size_t chunk, size_t worker)
{
    const struct batch *batch = context;
    size_t s = chunk % STEP_SIDES, n = batch->pairs;
    const struct step_side *side = &batch->step->side[s], *other = &batch->step->side[1 - s];
    const float *gradient = batch->step->loss.gradient;
    struct span rows = piece_of(chunk, n);
    size_t d = side->head.dimension;
    float *back = side->back + rows.start * d;

    (void)worker;
    if (s == STEP_TEXT)
        gemm_plain(rows.count, d, n, gradient + rows.start * n, n, other->z, d, back, d);
    else
        gemm_left(rows.count, d, n, gradient + rows.start, n, other->z, d, back, d);
    through_length(side, rows);
    if (side->head.kind == HEAD_MLP)
        through_hidden(side, rows);
}

/* gradient (rows of them) of W (d, d), or of U (d, h). */
static void outer_chunk(void *context, size_t chunk, size_t worker)
{
    const struct batch *batch = context;
    const struct step_side *side = &batch->step->side[chunk % STEP_SIDES];
    size_t d = side->head.dimension, h = side->head.hidden;
    struct span rows = piece_of(chunk, d);
    const float *back = side->back + rows.start;

    (void)worker;
    if (side->head.kind == HEAD_LINEAR)
        gemm_left(rows.count, d, batch->pairs, back, d, side->x, d, side->gradient + rows.start * d, d);
    else
        gemm_left(rows.count, h, batch->pairs, back, d, side->hidden, h, side->gradient + h * d + rows.start * h, h);
}

/* gradient (rows of them) of D (h, d). */
static void inner_chunk(void *context, size_t chunk, size_t worker)
{
    const struct batch *batch = context;
    const struct step_side *side = &batch->step->side[chunk % STEP_SIDES];
    size_t d = side->head.dimension, h = side->head.hidden;
    struct span rows = piece_of(chunk, h);

    (void)worker;
    gemm_left(rows.count, d, batch->pairs, side->inner + rows.start, h, side->x, d, side->gradient + rows.start * d, d);
}

void step_gradient(struct step *step, const struct pair *pair, size_t pairs, const struct loss_terms *terms,
                   struct loss_value *value)
{
    struct batch batch = {step, pair, pairs};
    const struct head *head = &step->side[STEP_TEXT].head;

    pool_run(chunks_of(pairs), forward_chunk, &batch);
    pool_run(tiles_ceil(pairs, PIECE), cosine_chunk, &batch);
    loss_run(&step->loss, pairs, terms, value);
    pool_run(chunks_of(pairs), backward_chunk, &batch);
    pool_run(chunks_of(head->dimension), outer_chunk, &batch);
    if (head->kind == HEAD_MLP)
        pool_run(chunks_of(head->hidden), inner_chunk, &batch);
}

void step_descend(struct step *step, double rate, double decay)
{
    for (size_t s = 0; s < STEP_SIDES; s++) {
        struct step_side *side = &step->side[s];
        adam_step(&side->adam, side->head.weight, side->gradient, rate, decay);
    }
}
