#include "engine/learning/loss.h"

#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/tiles.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 64 }; /* rows in a chunk of work, and the side of a block that is transposed */

int loss_open(struct loss *loss, size_t most, struct error *error)
{
    size_t cells = most * most;

    *loss = (struct loss){
        .most = most,
        .cosine = memory_floats(cells),
        .gradient = memory_floats(cells),
        .mass = memory_array(most, sizeof *loss->mass),
        .turned = memory_floats(cells),
        .probability = memory_floats(cells),
        .log_a = memory_array(most, sizeof *loss->log_a),
        .log_b = memory_array(most, sizeof *loss->log_b),
        .shift = memory_floats(most),
        .term = memory_array(2 * most, sizeof *loss->term),
        .missing = memory_array(2 * most, sizeof *loss->missing),
        .product = memory_array(most, sizeof *loss->product),
        .part = memory_array(tiles_ceil(most, PIECE) * most, sizeof *loss->part),
        .scratch = memory_floats(pool_workers() * most),
    };
    if (loss->cosine && loss->gradient && loss->mass && loss->turned && loss->probability && loss->log_a &&
        loss->log_b && loss->shift && loss->term && loss->missing && loss->product && loss->part && loss->scratch)
        return 0;
    loss_close(loss);
    return error_memory(error);
}

void loss_close(struct loss *loss)
{
    free(loss->cosine);
    free(loss->gradient);
    free(loss->mass);
    free(loss->turned);
    free(loss->probability);
    free(loss->log_a);
    free(loss->log_b);
    free(loss->shift);
    free(loss->term);
    free(loss->missing);
    free(loss->product);
    free(loss->part);
    free(loss->scratch);
    *loss = (struct loss){0};
}

/* One pass over a batch: what its chunks need. */
struct pass {
    struct loss *loss;
    size_t pairs;
    double scale;
    const float *source; /* (B, B) whose rows are normalised: cosine or turned */
    bool shifted;        /* by loss->shift */
    double *potential;   /* (B) to fill with -lse of the rows */
    float *probability;  /* (B, B) to fill with their softmax */
    double *term;        /* (B) to fill with its logarithm at each pair */
    double *missing;     /* (B) and with what it lacks there to 1 */
};

static void turn_chunk(void *context, size_t chunk, size_t worker)
{
    const struct pass *pass = context;
    struct span to = tiles_span(chunk, PIECE, pass->pairs);
    size_t n = pass->pairs;

    (void)worker;
    for (size_t first = 0; first < n; first += PIECE) {
        size_t last = n - first < PIECE ? n : first + PIECE;
        for (size_t j = to.start; j < to.start + to.count; j++)
            for (size_t i = first; i < last; i++)
                pass->loss->turned[j * n + i] = pass->loss->cosine[i * n + j];
    }
}

/* The row with its shift, and its largest value. */
static const float *shifted_row(const struct pass *pass, size_t row, size_t worker, float *most)
{
    const float *x = pass->source + row * pass->pairs;

    if (pass->shifted) {
        float *sum = pass->loss->scratch + worker * pass->loss->most;
        kernel_add(x, pass->loss->shift, sum, pass->pairs);
        x = sum;
    }
    *most = kernel_max(x, pass->pairs);
    return x;
}

static void potential_chunk(void *context, size_t chunk, size_t worker)
{
    const struct pass *pass = context;
    struct span rows = tiles_span(chunk, PIECE, pass->pairs);

    for (size_t row = rows.start; row < rows.start + rows.count; row++) {
        float most;
        const float *x = shifted_row(pass, row, worker, &most);
        double sum = kernel_exp(x, pass->pairs, (float)pass->scale, most, NULL);
        pass->potential[row] = -(pass->scale * (double)most + log(sum));
    }
}

/* The pair's own probability is summed apart: where it is nearly 1, subtracting 1 from it would leave only rounding. */
static void softmax_chunk(void *context, size_t chunk, size_t worker)
{
    const struct pass *pass = context;
    struct span rows = tiles_span(chunk, PIECE, pass->pairs);
    size_t n = pass->pairs;
    float *rest = pass->loss->scratch + worker * pass->loss->most;

    for (size_t row = rows.start; row < rows.start + rows.count; row++) {
        float most, *out = pass->probability + row * n;
        const float *x = shifted_row(pass, row, worker, &most);
        double own = pass->scale * ((double)x[row] - (double)most);
        if (x != rest)
            memcpy(rest, x, n * sizeof *rest);
        rest[row] = -INFINITY;
        double others = kernel_exp(rest, n, (float)pass->scale, most, out), sum = exp(own) + others;
        float factor = (float)(1 / sum);
        for (size_t j = 0; j < n; j++)
            out[j] *= factor;
        out[row] = (float)(exp(own) / sum);
        pass->missing[row] = others / sum;
        pass->term[row] = own - log(sum);
    }
}

/* Sums of the columns of the chunk's rows. */
static void mass_chunk(void *context, size_t chunk, size_t worker)
{
    const struct pass *pass = context;
    struct span rows = tiles_span(chunk, PIECE, pass->pairs);
    size_t n = pass->pairs;
    float *sum = pass->loss->scratch + worker * pass->loss->most;
    double *part = pass->loss->part + chunk * n;

    memset(sum, 0, n * sizeof *sum);
    memset(part, 0, n * sizeof *part);
    for (size_t row = rows.start; row < rows.start + rows.count; row++)
        kernel_add(sum, pass->probability + row * n, sum, n);
    kernel_set()->settle(sum, NULL, n, 1, 0, part);
}

/* gradient = (text to video + the transpose of video to text - 2) * scale / 2B, in place of the former. */
static void gradient_chunk(void *context, size_t chunk, size_t worker)
{
    const struct pass *pass = context;
    struct loss *loss = pass->loss;
    struct span rows = tiles_span(chunk, PIECE, pass->pairs);
    size_t n = pass->pairs;
    float factor = (float)(pass->scale / (2 * (double)n));

    (void)worker;
    for (size_t first = 0; first < n; first += PIECE) {
        size_t last = n - first < PIECE ? n : first + PIECE;
        for (size_t i = rows.start; i < rows.start + rows.count; i++)
            for (size_t j = first; j < last; j++)
                loss->gradient[i * n + j] += loss->probability[j * n + i];
    }
    for (size_t i = rows.start; i < rows.start + rows.count; i++) {
        float *row = loss->gradient + i * n;
        const float *same = row;
        row[i] = (float)-(loss->missing[i] + loss->missing[n + i]);
        for (size_t j = 0; j < n; j++)
            row[j] *= factor;
        loss->product[i] = 0;
        kernel_set()->dots(loss->cosine + i * n, n, &same, 1, &loss->product[i]);
    }
}

static void run_pass(struct pass *pass, pool_chunk *chunk)
{
    pool_run(tiles_ceil(pass->pairs, PIECE), chunk, pass);
}

/* From here on rows are shifted by `potential`; none: not shifted. */
static void shift_by(struct pass *pass, const double *potential)
{
    pass->shifted = potential != NULL;
    for (size_t i = 0; potential && i < pass->pairs; i++)
        pass->loss->shift[i] = (float)(potential[i] / pass->scale);
}

static void find_potential(struct pass *pass, const float *source, const double *shift, double *potential)
{
    shift_by(pass, shift);
    pass->source = source;
    pass->potential = potential;
    run_pass(pass, potential_chunk);
}

static void balance(struct pass *pass, size_t iterations)
{
    struct loss *loss = pass->loss;

    find_potential(pass, loss->turned, NULL, loss->log_b);
    if (iterations == 0)
        find_potential(pass, loss->cosine, NULL, loss->log_a);
    for (size_t i = 0; i < iterations; i++) {
        find_potential(pass, loss->cosine, loss->log_b, loss->log_a);
        find_potential(pass, loss->turned, loss->log_a, loss->log_b);
    }
}

/* Of `side` 0 or 1. */
static void softmax(struct pass *pass, size_t side, const float *source, const double *shift, float *probability)
{
    shift_by(pass, shift);
    pass->source = source;
    pass->probability = probability;
    pass->term = pass->loss->term + side * pass->pairs;
    pass->missing = pass->loss->missing + side * pass->pairs;
    run_pass(pass, softmax_chunk);
}

/* Adds up the masses of all pieces, always in the same order. */
static void find_mass(struct pass *pass)
{
    struct loss *loss = pass->loss;
    size_t n = pass->pairs;

    pass->probability = loss->gradient;
    run_pass(pass, mass_chunk);
    memcpy(loss->mass, loss->part, n * sizeof *loss->mass);
    for (size_t piece = 1; piece < tiles_ceil(n, PIECE); piece++)
        for (size_t j = 0; j < n; j++)
            loss->mass[j] += loss->part[piece * n + j];
}

void loss_run(struct loss *loss, size_t pairs, const struct loss_terms *terms, struct loss_value *value)
{
    struct pass pass = {.loss = loss, .pairs = pairs, .scale = terms->scale};
    bool ncl = terms->kind == LOSS_NCL;

    memset(loss->log_a, 0, pairs * sizeof *loss->log_a);
    memset(loss->log_b, 0, pairs * sizeof *loss->log_b);
    run_pass(&pass, turn_chunk);
    if (ncl)
        balance(&pass, terms->iterations);
    softmax(&pass, 0, loss->cosine, ncl ? loss->log_b : NULL, loss->gradient);
    softmax(&pass, 1, loss->turned, ncl ? loss->log_a : NULL, loss->probability);
    find_mass(&pass);
    run_pass(&pass, gradient_chunk);
    *value = (struct loss_value){0};
    for (size_t i = 0; i < pairs; i++) {
        value->loss -= (loss->term[i] + loss->term[pairs + i]) / (2 * (double)pairs);
        value->scale_gradient += loss->product[i];
        value->error += fabs(loss->mass[i] - 1) / (double)pairs;
    }
}
