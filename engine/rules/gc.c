#include "engine/rules/rules.h"
#include "engine/memory.h"
#include "engine/pool.h"

#include <stdio.h>
#include <stdlib.h>

enum { PANEL_COLS = 32, PANEL_ROWS = 256 };

/* Products of floats that are nearer than this may stand in the wrong order: they are made again in double precision. */
#define NEAR 1e-6

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

struct entry {
    float value;
    uint32_t row;
};

static int ascending(const void *a, const void *b)
{
    float x = ((const struct entry *)a)->value, y = ((const struct entry *)b)->value;

    return (x > y) - (x < y);
}

struct sorting {
    const struct fit_input *input;
    struct sorted *sorted;
    size_t m, room; /* gallery items; floats of a worker's room */
    float *rooms;
    struct entry *entries; /* (workers, n) */
};

static void sort_column(const struct sorted *sorted, size_t item, struct entry *entry)
{
    size_t n = sorted->n;
    float *column = sorted->column + item * n;

    for (size_t i = 0; i < n; i++)
        entry[i] = (struct entry){column[i], (uint32_t)i};
    qsort(entry, n, sizeof *entry, ascending);
    for (size_t i = 0; i < n; i++)
        column[i] = entry[i].value;
    for (size_t i = 0; sorted->row && i < n; i++)
        sorted->row[item * n + i] = entry[i].row;
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
        sort_column(sorting->sorted, first + j, sorting->entries + worker * n);
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
    sorting.entries = memory_array(pool_workers() * n, sizeof *sorting.entries);
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

/* Where the entries above `value` begin. */
static size_t first_above(const float *column, size_t n, double value)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((double)column[middle] > value)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* How many bank queries are strictly more similar to the item. */
static size_t better_than(const struct sorted *sorted, const struct asker *asker, size_t item, float similarity)
{
    const float *column = sorted->column + item * sorted->n;
    size_t n = sorted->n;

    if (!sorted->row || asker->task->b.rows != n)
        return n - first_above(column, n, (double)similarity);
    size_t near = first_above(column, n, (double)similarity - NEAR), worse = near;
    for (; near < n && (double)column[near] <= (double)similarity + NEAR; near++)
        worse += sims_exact(&asker->task->b, NULL, sorted->row[item * n + near], item) <=
                 sims_exact(&asker->task->s, asker->vector, asker->row, item);
    return n - worse;
}

struct placed {
    double value;
    size_t item;
};

static int best_first(const void *a, const void *b)
{
    double x = ((const struct placed *)a)->value, y = ((const struct placed *)b)->value;

    return (x < y) - (x > y);
}

/* -rank + S needs more digits than a float has where the bank is large, so the scores are the places in the order of
 * its exact value: 0 for the best, -1 for the next, the same for equal ones. */
static int score_gc(const struct fit *fit, const struct asker *asker, const float *s, float *score)
{
    struct placed *placed = memory_array(fit->m, sizeof *placed);

    if (!placed)
        return -1;
    for (size_t j = 0; j < fit->m; j++)
        placed[j] = (struct placed){(double)s[j] - 1 - (double)better_than(fit->own, asker, j, s[j]), j};
    qsort(placed, fit->m, sizeof *placed, best_first);
    size_t place = 0;
    for (size_t i = 0; i < fit->m; i++) {
        place += i > 0 && placed[i].value < placed[i - 1].value;
        score[placed[i].item] = -(float)place;
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
    .close = close_gc,
    .explain = explain_gc,
};
