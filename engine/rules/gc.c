#include "engine/rules/rules.h"
#include "engine/memory.h"
#include "engine/pool.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PANEL_COLS = 32, PANEL_ROWS = 256 };

/* Products of floats that are nearer than this may stand in the wrong order: they are made again in double precision. */
#define NEAR 1e-6f

struct sorted {
    size_t n;
    float *column; /* (M, n) bank similarities of each item, ascending */
    uint32_t *row; /* (M, n) the bank rows they belong to; null for stored similarities, which are what they are */
};

static void close_gc(void *own)
{
    struct sorted *sorted = own;

    if (!sorted)
        return;
    free(sorted->column);
    free(sorted->row);
    free(sorted);
}

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

/* Unsigned numbers in the order of the floats, and back. */
static uint32_t ordered_bits(float x)
{
    uint32_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

static float float_of(uint32_t ordered)
{
    uint32_t bits = ordered & 0x80000000u ? ordered & 0x7fffffffu : ~ordered;
    float x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

struct entry {
    uint32_t key, row;
};

/* One pass of a radix sort: stable, by the digit at `shift`. */
static void sort_by_digit(const struct entry *from, struct entry *to, size_t n, unsigned shift)
{
    uint32_t start[DIGITS] = {0}, sum = 0;

    for (size_t i = 0; i < n; i++)
        start[from[i].key >> shift & (DIGITS - 1)]++;
    for (size_t d = 0; d < DIGITS; d++) {
        uint32_t count = start[d];
        start[d] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++)
        to[start[from[i].key >> shift & (DIGITS - 1)]++] = from[i];
}

struct sorting {
    const struct fit_input *input;
    struct sorted *sorted;
    size_t m, room; /* gallery items; floats of a worker's room */
    float *rooms;
    struct entry *entries; /* (workers, 2 n) */
};

static void sort_column(const struct sorted *sorted, size_t item, struct entry *entry)
{
    size_t n = sorted->n;
    float *column = sorted->column + item * n;
    struct entry *other = entry + n;

    for (size_t i = 0; i < n; i++)
        entry[i] = (struct entry){ordered_bits(column[i]), (uint32_t)i};
    sort_by_digit(entry, other, n, 0);
    sort_by_digit(other, entry, n, DIGIT_BITS);
    sort_by_digit(entry, other, n, 2 * DIGIT_BITS);
    for (size_t i = 0; i < n; i++)
        column[i] = float_of(other[i].key);
    for (size_t i = 0; sorted->row && i < n; i++)
        sorted->row[item * n + i] = other[i].row;
}

static void sort_columns(void *context, size_t task, size_t worker)
{
    const struct sorting *sorting = context;
    const struct sims *sims = &sorting->input->task->b;
    size_t n = sorting->sorted->n, first = task * PANEL_COLS;
    size_t cols = sorting->m - first < PANEL_COLS ? sorting->m - first : PANEL_COLS;
    float *column = sorting->sorted->column + first * n, *block = sorting->rooms + worker * sorting->room;

    for (size_t row = 0; row < n && !job_cancelled(sorting->input->job); row += PANEL_ROWS) {
        size_t rows = n - row < PANEL_ROWS ? n - row : PANEL_ROWS;
        sims_block(sims, row, rows, first, cols, block, cols, block + PANEL_ROWS * PANEL_COLS);
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < cols; j++)
                column[j * n + row + i] = block[i * cols + j];
    }
    for (size_t j = 0; j < cols && !job_cancelled(sorting->input->job); j++)
        sort_column(sorting->sorted, first + j, sorting->entries + worker * 2 * n);
    job_step(sorting->input->job);
}

static int fit_gc(const struct fit_input *input, struct fit *fit, struct error *error)
{
    const struct sims *b = &input->task->b;
    size_t n = fit->n, m = fit->m, tasks = (m + PANEL_COLS - 1) / PANEL_COLS;
    double bytes = (double)n * (double)m * (b->stored ? sizeof(float) : sizeof(struct entry));
    struct sorted *sorted = fit->own = memory_array(1, sizeof *sorted);
    struct sorting sorting = {.input = input, .sorted = sorted, .m = m,
                              .room = PANEL_ROWS * PANEL_COLS + sims_scratch(b, PANEL_ROWS, PANEL_COLS)};

    fit->scale = 1;
    if (bytes > (double)input->memory)
        return error_set(error, ERROR_INPUT,
                         "gc keeps the similarities of %zu bank queries and %zu items, %.0f MB: more than the memory "
                         "budget of %.0f MB; take a smaller bank",
                         n, m, bytes / 1e6, (double)input->memory / 1e6);
    if (!sorted)
        return error_memory(error);
    sorted->n = n;
    sorted->column = memory_floats(n * m);
    if (!b->stored)
        sorted->row = memory_array(n * m, sizeof *sorted->row);
    sorting.rooms = memory_floats(pool_workers() * sorting.room);
    sorting.entries = memory_array(pool_workers() * 2 * n, sizeof *sorting.entries);
    bool room = sorted->column && (b->stored || sorted->row) && sorting.rooms && sorting.entries;
    if (room) {
        job_expect(input->job, tasks);
        pool_run(tasks, sort_columns, &sorting);
    }
    free(sorting.rooms);
    free(sorting.entries);
    if (!room)
        return error_memory(error);
    return job_cancelled(input->job) ? error_set(error, ERROR_CANCELLED, "cancelled") : 0;
}

/* Where the entries above `value` begin; without branches, which would be guessed wrong half the time. */
static size_t first_above(const float *column, size_t n, float value)
{
    const float *base = column;

    for (size_t half = n / 2; n > 1; half = n / 2) {
        base += (base[half - 1] <= value) * half;
        n -= half;
    }
    return (size_t)(base - column) + (n && *base <= value);
}

/* How many bank queries are strictly more similar to the item. */
static size_t better_than(const struct sorted *sorted, const struct asker *asker, size_t item, float similarity)
{
    const float *column = sorted->column + item * sorted->n;
    size_t n = sorted->n;

    if (!sorted->row || asker->task->b.rows != n)
        return n - first_above(column, n, similarity);
    size_t near = first_above(column, n, similarity - NEAR), worse = near;
    for (; near < n && column[near] <= similarity + NEAR; near++)
        worse += sims_exact(&asker->task->b, NULL, sorted->row[item * n + near], item) <=
                 sims_exact(&asker->task->s, asker->vector, asker->row, item);
    return n - worse;
}

struct placed {
    double value;
    uint32_t item;
};

static int best_first(const void *a, const void *b)
{
    double x = ((const struct placed *)a)->value, y = ((const struct placed *)b)->value;

    return (x < y) - (x > y);
}

/* Best first.  Nearly every value has a whole number to itself or shares it with few, so they are dealt by whole numbers
 * first, counting down from the best's; `room` is for m more, `start` for `wholes` + 1 zeros. */
static void sort_placed(struct placed *placed, struct placed *room, size_t m, double best, uint32_t *start,
                        size_t wholes)
{
    for (size_t j = 0; j < m; j++)
        start[(size_t)(best - floor(placed[j].value)) + 1]++;
    for (size_t w = 1; w <= wholes; w++)
        start[w] += start[w - 1];
    for (size_t j = 0; j < m; j++)
        room[start[(size_t)(best - floor(placed[j].value))]++] = placed[j];
    for (size_t w = 0, from = 0; w < wholes; from = start[w++])
        if (start[w] > from + 1)
            qsort(room + from, start[w] - from, sizeof *room, best_first);
}

/* Item by item: a few columns stay in cache while all queries are looked up in them. */
static void count_gc(const struct fit *fit, const struct task *task, size_t first, size_t rows, const float *s,
                     uint32_t *counts)
{
    enum { AT_ONCE = 16 };
    size_t m = fit->m;

    for (size_t from = 0; from < m; from += AT_ONCE)
        for (size_t i = 0; i < rows; i++) {
            struct asker asker = {.task = task, .row = first + i};
            for (size_t j = from; j < m && j < from + AT_ONCE; j++)
                counts[i * m + j] = (uint32_t)better_than(fit->own, &asker, j, s[i * m + j]);
        }
}

/* -rank + S needs more digits than a float has where the bank is large, so the scores are the places in the order of
 * its exact value: 0 for the best, -1 for the next, the same for equal ones. */
static int score_gc(const struct fit *fit, const struct asker *asker, const float *s, float *score)
{
    size_t m = fit->m, place = 0;
    struct placed *placed = memory_array(2 * m, sizeof *placed), *order = placed + m;
    double best = -INFINITY, worst = INFINITY;

    if (!placed)
        return -1;
    for (size_t j = 0; j < m; j++) {
        size_t better = asker->counts ? asker->counts[j] : better_than(fit->own, asker, j, s[j]);
        double value = (double)s[j] - 1 - (double)better;
        placed[j] = (struct placed){value, (uint32_t)j};
        best = fmax(best, floor(value));
        worst = fmin(worst, floor(value));
    }
    if (best - worst <= 2.0 * (double)(m + fit->n)) { /* not so only where similarities are no cosines */
        size_t wholes = (size_t)(best - worst) + 1;
        uint32_t *start = memory_array(wholes + 1, sizeof *start);
        if (!start) {
            free(placed);
            return -1;
        }
        sort_placed(placed, order, m, best, start, wholes);
        free(start);
    } else {
        qsort(placed, m, sizeof *placed, best_first);
        order = placed;
    }
    for (size_t i = 0; i < m; i++) {
        place += i > 0 && order[i].value < order[i - 1].value;
        score[order[i].item] = -(float)place;
    }
    free(placed);
    return 0;
}

static void explain_gc(const struct fit *fit, const struct asker *asker, float similarity, float score, size_t item,
                       char *buffer, size_t size)
{
    const struct sorted *sorted = fit->own;
    size_t better = better_than(sorted, asker, item, similarity);

    (void)score;
    snprintf(buffer, size,
             "Of %zu bank queries %zu are more similar to this video than this query: rank %zu there; similarity %.3f "
             "breaks ties.",
             sorted->n, better, 1 + better, (double)similarity);
}

const struct rule rule_gc = {
    .name = "gc",
    .title = "GC",
    .formula = "-(1 + number of bank queries i with B[i][j] > S[q][j]) + S[q][j]",
    .about = "Globally corrected: turns the question round and asks at which rank the item itself would list this query "
             "among the bank's.  A hub is close to everybody, so it lists most queries far down.  An order without "
             "probabilities, so no mass.",
    .source = "Dinu et al. 2015, Improving zero-shot learning by mitigating the hubness problem",
    .needs = RULE_NEEDS_BANK,
    .order_only = true,
    .fit = fit_gc,
    .score = score_gc,
    .count = count_gc,
    .close = close_gc,
    .explain = explain_gc,
};
