#include "engine/fitting/sinkhorn.h"
#include "engine/base/crew.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/kernels/denormal.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/gemm.h"
#include "engine/matrices/sims_split.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* One walk over the rows is one iteration: with p the softmax of row i of Z + log_b,
 *     log_a[i] = -lse_j(Z[i] + log_b),    and    sum_i p[i][j] = mass[j] = exp(log_b[j]) sum_i exp(Z[i][j] + log_a[i]),
 * so the new log_b[j] is log_b[j] - log mass[j].  This takes one exponential per cell.
 *
 * The quick walk factors p: with most the maximum of row i of B and top that of log_b,
 *     e[j] = exp(scale (B[i][j] - most)),    w[j] = exp(log_b[j] - top),    p[i][j] = w[j] e[j] / sum_j w[j] e[j],
 * all in floats, w being the same for all rows.  A row whose sum is too small for that takes double logits instead,
 * bounded by their own maximum, as all rows of the plain walk do, which takes over if a column comes out too small.
 * Only if a column is too small for that, too, does another walk use the columns' own maxima. */
enum { PANEL_FLOATS = 4 << 20, PART_ROWS = 32, SEGMENTS = 16, SEGMENT_FLOATS = 8 << 20, FEW = 4, PIECE = 1024 };
#define LEAST_MASS 1e-25   /* what floats lose of a column's mass is below 1e-7 of this */
#define LEAST_SUM 1e-10    /* of a row: products of floats below the smallest one are below 1e-27 of it ... */
#define LEAST_COLUMN 1e-13 /* ... and, of a million rows, below 1e-7 of this sum of e[j] / sum_j w[j] e[j] */

struct state {
    const struct sinkhorn_matrix *matrix;
    size_t rows, cols; /* N, M */
    double scale;
    size_t segments, segment_rows; /* depend on the shape alone */
    struct crew_share own;         /* the segments that this process walks */
    size_t panel_rows;             /* rows computed at once if B is not stored */
    const double *log_b;
    double *log_a;       /* of the rows */
    double *mass;        /* (segments, M) */
    double top;          /* the largest of log_b */
    float *weights;      /* (M) */
    const float *weight; /* w of a quick walk; null: a plain one */
    double *whole;       /* (segments, M) mass of the rows that took double logits in a quick walk */
    bool *mixed;         /* (segments) whether there are such rows */
    float *kept;         /* (rows of the own segments, M) rows of B, once they were computed; or null */
    bool *made;          /* (panels of the own segments) those that are kept by now */
    bool together;       /* a crew that splits the gallery computes the panels of all processes together: */
    struct sims_split split;
    size_t step;         /* the panel of each segment that all are at */
    float *panels;       /* (own segments, panel_rows, M) these, unless they are kept */
    bool fetched;        /* all panels are kept */
    struct error *error; /* of an exchange that failed; the caller's */
    bool failed;
    double *max, *sum; /* (segments, M) of a column step */
    struct place {
        float *panel, *scratch, *row, *part; /* row: (FEW, M) */
        double *logit;
    } * place; /* (workers) */
    struct job *job;
};

/* Whether rows of B can be read in place. */
static bool in_place(const struct sinkhorn_matrix *matrix)
{
    const struct sims *b = matrix->b;

    return !matrix->beside && b->stored && !b->transposed && !b->row_map && b->stored->type == MATRIX_F32;
}

/* Which of the own segments' panels begins at a row. */
static size_t panel_index(const struct state *state, size_t row)
{
    size_t each = tiles_ceil(state->segment_rows, state->panel_rows), segment = row / state->segment_rows;

    return (segment - state->own.start) * each + row % state->segment_rows / state->panel_rows;
}

/* To searches, which must find denormals as they are elsewhere. */
static void give_way(void)
{
    unsigned kept = denormal_on();

    pool_give_way();
    denormal_restore(kept);
}

static void make_panel(const struct state *state, const struct place *place, const struct sims *sims, size_t row,
                       size_t rows, float *out)
{
    for (size_t col = 0; col < sims->cols; col += TILE_COLS) {
        size_t cols = sims->cols - col < TILE_COLS ? sims->cols - col : TILE_COLS;
        give_way();
        sims_block(sims, row, rows, col, cols, out + col, state->cols, place->scratch);
    }
}

/* Completes rows of B that are computed but for the columns beside it; rounds them where they have codes. */
static void complete_rows(const struct state *state, const struct place *place, size_t row, size_t rows, float *out)
{
    const struct sinkhorn_matrix *matrix = state->matrix;

    if (matrix->beside)
        make_panel(state, place, matrix->beside, row, rows, out + matrix->b->cols);
    if (matrix->codes && row + rows <= matrix->codes->rows)
        bank_codes_round(matrix->codes, out, rows * state->cols);
}

/* Computes rows [row, row + rows) of B into out (rows, M). */
static void compute_rows(const struct state *state, const struct place *place, size_t row, size_t rows, float *out)
{
    make_panel(state, place, state->matrix->b, row, rows, out);
    complete_rows(state, place, row, rows, out);
}

/* Where a panel is kept. */
static float *kept_panel(const struct state *state, size_t row)
{
    return state->kept + (row - state->own.start * state->segment_rows) * state->cols;
}

/* Rows [row, row + rows) of B: a panel. */
static const float *panel_of(const struct state *state, const struct place *place, size_t row, size_t rows)
{
    const struct sinkhorn_matrix *matrix = state->matrix;

    if (in_place(matrix))
        return (const float *)matrix->b->stored->data + row * state->cols;
    if (state->together)
        return state->kept
                   ? kept_panel(state, row)
                   : state->panels + (row / state->segment_rows - state->own.start) * state->panel_rows * state->cols;
    if (matrix->codes && matrix->codes->code && row + rows <= matrix->codes->rows) {
        bank_codes_get(matrix->codes, row, rows, place->panel);
        return place->panel;
    }
    if (!state->kept) {
        compute_rows(state, place, row, rows, place->panel);
        return place->panel;
    }
    size_t panel = panel_index(state, row);
    float *kept = kept_panel(state, row);
    if (!state->made[panel])
        compute_rows(state, place, row, rows, kept);
    state->made[panel] = true;
    return kept;
}

/* The probabilities of row i of B, x (M), times `sum`, which this returns, into out (M); sets the row's log_a. */
static double row_plainly(const struct state *state, const struct place *place, const float *x, size_t i, float *out)
{
    double most = kernel_set()->logits(x, state->log_b, state->cols, state->scale, place->logit);
    double sum = kernel_set()->exp_logits(place->logit, state->cols, most, out);

    state->log_a[i] = -(most + log(sum));
    return sum;
}

/* The quick form: e into out (M), the sum of w e returned. */
static double row_quickly(const struct state *state, const float *x, size_t i, float *out)
{
    const struct kernel_set *kernel = kernel_set();
    float most = kernel->max(x, state->cols);
    double sum = 0;

    for (size_t start = 0; start < state->cols; start += PIECE) {
        size_t count = state->cols - start < PIECE ? state->cols - start : PIECE;
        const float *weight = state->weight + start;
        kernel->exp(x + start, NULL, count, (float)state->scale, most, out + start);
        kernel->dots(out + start, count, &weight, 1, &sum);
    }
    state->log_a[i] = -(state->scale * (double)most + state->top + log(sum));
    return sum;
}

/* Adds what a few rows of a panel, x (rows, M), add to the items' mass. */
static void add_few(const struct state *state, const struct place *place, const float *x, size_t first, size_t rows,
                    double *whole, bool *mixed)
{
    const struct kernel_set *kernel = kernel_set();
    size_t m = state->cols;
    float share[FEW];

    for (size_t i = 0; i < rows; i++) {
        float *row = place->row + i * m;
        double sum = state->weight ? row_quickly(state, x + i * m, first + i, row)
                                   : row_plainly(state, place, x + i * m, first + i, row);
        share[i] = (float)(1 / sum);
        if (!state->weight || sum >= LEAST_SUM)
            continue;
        sum = row_plainly(state, place, x + i * m, first + i, row);
        kernel->settle(row, NULL, m, 1 / sum, 0, whole); /* empties the row */
        *mixed = true;
        share[i] = 0;
    }
    kernel->spread(place->row, m, rows, m, share, &place->part, 1);
}

/* The panels of a segment that a chunk walks: all of them, or the one that all processes are at. */
static struct span panels_of(const struct state *state, struct span rows)
{
    size_t panels = tiles_ceil(rows.count, state->panel_rows);

    if (!state->together)
        return (struct span){0, panels};
    return (struct span){state->step, state->step < panels ? 1 : 0};
}

/* Sets log_a of a segment's rows and sums what they add to the items' mass, in a quick walk but for the factor w. */
static void mass_chunk(void *context, size_t chunk, size_t worker)
{
    const struct state *state = context;
    const struct place *place = &state->place[worker];
    size_t segment = state->own.start + chunk;
    struct span rows = tiles_span(segment, state->segment_rows, state->rows);
    struct span panels = panels_of(state, rows);
    size_t m = state->cols;
    double *mass = state->mass + segment * m, *whole = state->whole + segment * m;
    unsigned kept = denormal_off();

    if (panels.start == 0) {
        memset(mass, 0, m * sizeof *mass);
        memset(whole, 0, m * sizeof *whole);
        state->mixed[segment] = false;
    }
    memset(place->part, 0, m * sizeof *place->part);
    for (size_t p = panels.start; p < panels.start + panels.count && !job_cancelled(state->job); p++) {
        struct span panel = tiles_span(p, state->panel_rows, rows.count);
        const float *b = panel_of(state, place, rows.start + panel.start, panel.count);
        for (size_t i = 0; i < panel.count; i += FEW) {
            size_t few = panel.count - i < FEW ? panel.count - i : FEW;
            give_way();
            add_few(state, place, b + i * m, rows.start + panel.start + i, few, whole, &state->mixed[segment]);
            if (i % PART_ROWS == PART_ROWS - FEW || i + few == panel.count)
                kernel_set()->settle(place->part, NULL, m, 1, 0, mass);
        }
        if (state->weight) /* a plain walk is not expected */
            job_step(state->job);
    }
    denormal_restore(kept);
}

/* One segment's share of lse_i(Z + log_a), safe for terms of any size. */
static void column_chunk(void *context, size_t chunk, size_t worker)
{
    const struct state *state = context;
    const struct place *place = &state->place[worker];
    size_t segment = state->own.start + chunk;
    struct span rows = tiles_span(segment, state->segment_rows, state->rows);
    struct span panels = panels_of(state, rows);
    size_t m = state->cols;
    double *max = state->max + segment * m, *sum = state->sum + segment * m;

    for (size_t j = 0; j < m && panels.start == 0; j++) {
        max[j] = -INFINITY;
        sum[j] = 0;
    }
    for (size_t p = panels.start; p < panels.start + panels.count && !job_cancelled(state->job); p++) {
        struct span panel = tiles_span(p, state->panel_rows, rows.count);
        const float *b = panel_of(state, place, rows.start + panel.start, panel.count);
        memcpy(place->logit, max, m * sizeof *max); /* the panel's maxima */
        memset(place->part, 0, m * sizeof *place->part);
        for (size_t i = 0; i < panel.count; i++) {
            double from = state->log_a[rows.start + panel.start + i];
            for (size_t j = 0; j < m; j++) {
                double logit = state->scale * (double)b[i * m + j] + from;
                place->logit[j] = logit > place->logit[j] ? logit : place->logit[j];
            }
        }
        for (size_t i = 0; i < panel.count; i++) {
            double from = state->log_a[rows.start + panel.start + i];
            for (size_t j = 0; j < m; j++) {
                double logit = state->scale * (double)b[i * m + j] + from;
                place->part[j] += kernel_expf((float)(logit - place->logit[j]));
            }
        }
        for (size_t j = 0; j < m; j++) {
            if (place->logit[j] > max[j])
                sum[j] *= exp(max[j] - place->logit[j]);
            sum[j] += (double)place->part[j];
            max[j] = place->logit[j];
        }
    }
}

/* Computes, together with the other processes, the panel that all are at of every own segment.  A process with fewer
 * segments than the first one takes part without rows. */
static void fetch_panels(struct state *state)
{
    for (size_t s = 0; s < crew_start(state->segments, 1) && !state->failed && !state->fetched; s++) {
        struct span rows = tiles_span(state->own.start + s, state->segment_rows, state->rows), panel = {0, 0};
        float *out = state->panels;
        if (s < state->own.count)
            panel = tiles_span(state->step, state->panel_rows, rows.count);
        panel.start += rows.start;
        if (panel.count)
            out = state->kept ? kept_panel(state, panel.start) : state->panels + s * state->panel_rows * state->cols;
        state->failed = sims_split_rows(&state->split, panel, out, state->cols, NULL, state->error);
        if (panel.count && !state->failed)
            complete_rows(state, &state->place[0], panel.start, panel.count, out);
    }
}

/* Walks panel by panel, for which all processes meet. */
static void walk_together(struct state *state, pool_chunk *chunk)
{
    for (state->step = 0; state->step < tiles_ceil(state->segment_rows, state->panel_rows); state->step++) {
        fetch_panels(state);
        if (!state->failed)
            pool_run(state->own.count, chunk, state);
    }
    state->fetched = state->kept && !job_cancelled(state->job);
}

/* Does a chunk for each segment of this process. */
static void walk(struct state *state, pool_chunk *chunk)
{
    if (state->together)
        walk_together(state, chunk);
    else
        pool_run(state->own.count, chunk, state);
    state->failed = state->failed || job_cancelled(state->job); /* the others must not get half a walk */
}

/* Completes an array (segments, `bytes`) with the segments of the other processes. */
static void join(struct state *state, void *array, size_t bytes)
{
    state->failed = state->failed || crew_fill(array, state->segments, bytes, state->segments * bytes, state->error);
}

/* Sets log_b = -lse_i(Z + log_a) in a walk of its own. */
static void column_step(struct state *state, double *log_b)
{
    size_t m = state->cols;

    walk(state, column_chunk);
    join(state, state->max, m * sizeof *state->max);
    join(state, state->sum, m * sizeof *state->sum);
    for (size_t j = 0; j < m; j++) {
        double most = -INFINITY, total = 0;
        for (size_t s = 0; s < state->segments; s++)
            most = fmax(most, state->max[s * m + j]);
        for (size_t s = 0; s < state->segments; s++)
            total += state->sum[s * m + j] * exp(state->max[s * m + j] - most);
        log_b[j] = -(most + log(total));
    }
}

/* Walks plainly: computes log_a and the items' mass under log_b, adding segments in order.  False if a column's mass is
 * too small to be precise. */
static bool walk_plainly(struct state *state)
{
    size_t m = state->cols;
    double least = INFINITY;

    state->weight = NULL;
    walk(state, mass_chunk);
    join(state, state->mass, m * sizeof *state->mass);
    for (size_t j = 0; j < m; j++) {
        for (size_t s = 1; s < state->segments; s++)
            state->mass[j] += state->mass[s * m + j];
        least = fmin(least, state->mass[j]);
    }
    return least >= LEAST_MASS;
}

/* Walks quickly; true if some row took double logits. */
static bool walk_mixed(struct state *state)
{
    bool mixed = false;

    walk(state, mass_chunk);
    join(state, state->mass, state->cols * sizeof *state->mass);
    join(state, state->mixed, sizeof *state->mixed);
    for (size_t s = 0; s < state->segments; s++)
        mixed = mixed || state->mixed[s];
    if (mixed)
        join(state, state->whole, state->cols * sizeof *state->whole);
    return mixed;
}

/* The same quickly, in floats.  False if the plain walk must do it again. */
static bool walk_quickly(struct state *state)
{
    size_t m = state->cols;
    bool precise = true;

    state->top = -INFINITY;
    for (size_t j = 0; j < m; j++)
        state->top = fmax(state->top, state->log_b[j]);
    for (size_t j = 0; j < m; j++)
        state->weights[j] = (float)exp(state->log_b[j] - state->top);
    state->weight = state->weights;
    bool mixed = walk_mixed(state);
    for (size_t j = 0; j < m; j++) {
        double factor = exp(state->log_b[j] - state->top);
        for (size_t s = 1; s < state->segments; s++) {
            state->mass[j] += state->mass[s * m + j];
            if (mixed)
                state->whole[j] += state->whole[s * m + j];
        }
        state->mass[j] = factor * state->mass[j] + (mixed ? state->whole[j] : 0);
        precise = precise && state->mass[j] > factor * LEAST_COLUMN && (!mixed || state->mass[j] >= LEAST_MASS);
    }
    return precise;
}

/* Computes log_a and the items' mass under log_b; false if the mass is not precise. */
static bool mass_step(struct state *state, const double *log_b, double *log_a)
{
    state->log_b = log_b;
    state->log_a = log_a;
    return walk_quickly(state) || state->failed || walk_plainly(state);
}

static size_t round_up(size_t rows, size_t group)
{
    return rows > group ? tiles_ceil(rows, group) * group : group;
}

/* Rows of B (N, M) computed at once: cut so that they equal, bit for bit, those that a bank pass keeps. */
static size_t panel_rows(size_t m)
{
    size_t rows = m ? PANEL_FLOATS / m : TILE_ROWS;

    if (rows >= TILE_ROWS)
        return TILE_ROWS;
    return rows >= GEMM_GROUP ? rows / GEMM_GROUP * GEMM_GROUP : GEMM_GROUP_LEAST;
}

static size_t scratch_floats(const struct state *state)
{
    size_t b = sims_scratch(state->matrix->b, state->panel_rows, TILE_COLS);
    size_t beside = state->matrix->beside ? sims_scratch(state->matrix->beside, state->panel_rows, TILE_COLS) : 0;

    return b > beside ? b : beside;
}

/* Keeps what this process computes of B, if that fits: then all iterations but the first only read it. */
static void keep_rows(struct state *state)
{
    struct span rows = {state->own.start * state->segment_rows, 0};
    size_t panels = state->own.count * tiles_ceil(state->segment_rows, state->panel_rows), m = state->cols;

    for (size_t s = 0; s < state->own.count; s++)
        rows.count += tiles_span(state->own.start + s, state->segment_rows, state->rows).count;
    if (in_place(state->matrix) || !m || rows.count > state->matrix->keep / sizeof(float) / m)
        return;
    state->kept = memory_floats(rows.count * m);
    if (!(state->made = memory_array(panels, sizeof *state->made))) {
        free(state->kept); /* without it every iteration computes them again */
        state->kept = NULL;
    }
}

/* Keeps panels only if all processes can, as they compute them together. */
static int open_together(struct state *state)
{
    const struct sims *b = state->matrix->b;
    const struct sims_cut cut = {TILE_COLS, tiles_ceil(b->cols, TILE_COLS)};
    unsigned char lacks = !state->kept;

    if (!(state->together = sims_split_wanted(b)))
        return 0;
    if (!sims_split_open(&state->split, b, cut, state->panel_rows, NULL))
        return error_memory(state->error);
    if (crew_any(&lacks, 1, state->error))
        return -1;
    if (!lacks)
        return 0;
    free(state->kept);
    state->kept = NULL;
    state->panels = memory_floats(state->own.count * state->panel_rows * state->cols);
    return state->panels ? 0 : error_memory(state->error);
}

static int state_open(struct state *state)
{
    size_t n = state->rows, m = state->cols, most = m ? SEGMENT_FLOATS / m : SEGMENTS;

    most = most < 2 ? 2 : most < SEGMENTS ? most : SEGMENTS;
    state->segment_rows = round_up(tiles_ceil(n, most), GEMM_GROUP);
    state->segments = n ? tiles_ceil(n, state->segment_rows) : 1;
    state->own = crew_share(state->segments);
    state->panel_rows = panel_rows(m);
    keep_rows(state);
    state->mixed = memory_array(state->segments, sizeof *state->mixed);
    state->mass = memory_array(state->segments * m, sizeof *state->mass);
    state->whole = memory_array(state->segments * m, sizeof *state->whole);
    state->weights = memory_floats(m);
    state->max = memory_array(state->segments * m, sizeof *state->max);
    state->sum = memory_array(state->segments * m, sizeof *state->sum);
    state->place = memory_array(pool_workers(), sizeof *state->place);
    if (!state->mixed || !state->mass || !state->whole || !state->weights || !state->max || !state->sum ||
        !state->place)
        return -1;
    for (size_t w = 0; w < pool_workers(); w++) {
        struct place *place = &state->place[w];
        bool made = !in_place(state->matrix);
        place->row = memory_floats(FEW * m);
        place->part = memory_floats(m);
        place->logit = memory_array(m, sizeof *place->logit);
        place->panel = memory_floats(made ? state->panel_rows * m : 0);
        place->scratch = memory_floats(made ? scratch_floats(state) : 0);
        if (!place->row || !place->part || !place->logit || !place->panel || !place->scratch)
            return -1;
    }
    return 0;
}

static void state_close(struct state *state)
{
    for (size_t w = 0; state->place && w < pool_workers(); w++) {
        free(state->place[w].row);
        free(state->place[w].part);
        free(state->place[w].logit);
        free(state->place[w].panel);
        free(state->place[w].scratch);
    }
    free(state->place);
    sims_split_close(&state->split);
    free(state->kept);
    free(state->made);
    free(state->panels);
    free(state->mixed);
    free(state->mass);
    free(state->whole);
    free(state->weights);
    free(state->max);
    free(state->sum);
}

/* Panels of this process's segments, walked once. */
static size_t count_panels(const struct state *state)
{
    size_t panels = 0;

    for (size_t s = 0; s < state->own.count; s++)
        panels +=
            tiles_ceil(tiles_span(state->own.start + s, state->segment_rows, state->rows).count, state->panel_rows);
    return panels;
}

/* Repeats the two steps; `row` (N) is scratch for the last one, which only measures, and is left out if that is null.
 * log_a is of all rows then. */
static int iterate(struct state *state, size_t iterations, double *log_b, double *log_a, double *row)
{
    size_t m = state->cols;

    job_expect(state->job, (iterations + (row ? 1 : 0)) * count_panels(state));
    for (size_t i = 0; i < iterations && !state->failed; i++) {
        if (!mass_step(state, log_b, log_a))
            column_step(state, log_b);
        else
            for (size_t j = 0; j < m; j++)
                log_b[j] -= log(state->mass[j]);
    }
    if (!state->failed && row)
        mass_step(state, log_b, row);
    if (job_cancelled(state->job))
        return error_set(state->error, ERROR_CANCELLED, "cancelled");
    if (state->failed)
        return -1;
    return iterations ? crew_fill(log_a, state->segments, state->segment_rows * sizeof *log_a,
                                  state->rows * sizeof *log_a, state->error)
                      : 0;
}

int sinkhorn(const struct sinkhorn_matrix *matrix, double scale, size_t iterations, double *log_b, double *log_a,
             double *residual, struct job *job, struct error *error)
{
    size_t n = matrix->b->rows, m = matrix->b->cols + (matrix->beside ? matrix->beside->cols : 0);
    struct state state = {.matrix = matrix, .rows = n, .cols = m, .scale = scale, .job = job, .error = error};
    double *row = residual ? memory_array(n, sizeof *row) : NULL, apart = 0, fair = (double)n / (double)m;
    int result = -1;

    if (state_open(&state) || (residual && !row))
        error_memory(error);
    else if (!open_together(&state))
        result = iterate(&state, iterations, log_b, log_a, row);
    for (size_t j = 0; j < m && !result; j++)
        apart += fabs(state.mass[j] - fair);
    if (residual)
        *residual = apart / (double)m;
    free(row);
    state_close(&state);
    return result;
}
