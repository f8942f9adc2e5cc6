#include "engine/rules/rules.h"
#include "engine/memory.h"
#include "engine/pool.h"

#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PANEL_COLS = 32, PANEL_ROWS = 256 };

/* Products of floats that are nearer than this may stand in the wrong order: they are made again in double precision. */
#define NEAR 1e-6f

/* Columns of B, sorted. */
struct sorted {
    float *column; /* (items, n) bank similarities of each item, ascending */
    uint32_t *row; /* (items, n) the bank rows they belong to; null for stored similarities, which are what they are */
};

/* What one thread makes columns in. */
struct room {
    struct sorted panel;   /* of PANEL_COLS items, where not all are kept */
    float *block;
    struct entry *entries; /* (2, n) */
    bool taken;
};

/* What the fit keeps: all columns, or where the budget forbids it, rooms to make them in again whenever queries are
 * looked up. */
struct kept {
    size_t n;
    struct sorted all; /* columns null: not kept */
    struct room *room;
    size_t rooms;
    pthread_mutex_t lock;
    pthread_cond_t given;
};

static void close_sorted(struct sorted *sorted)
{
    free(sorted->column);
    free(sorted->row);
    *sorted = (struct sorted){0};
}

static void close_rooms(struct kept *kept)
{
    for (size_t i = 0; i < kept->rooms; i++) {
        close_sorted(&kept->room[i].panel);
        free(kept->room[i].block);
        free(kept->room[i].entries);
    }
    free(kept->room);
    kept->room = NULL;
    kept->rooms = 0;
}

static void close_gc(void *own)
{
    struct kept *kept = own;

    if (!kept)
        return;
    close_rooms(kept);
    close_sorted(&kept->all);
    pthread_mutex_destroy(&kept->lock);
    pthread_cond_destroy(&kept->given);
    free(kept);
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

/* The column at `column`, made and in the order of the bank, is sorted; its bank rows go to `row` unless that is null. */
static void sort_column(float *column, uint32_t *row, size_t n, struct entry *entry)
{
    struct entry *other = entry + n;

    for (size_t i = 0; i < n; i++)
        entry[i] = (struct entry){ordered_bits(column[i]), (uint32_t)i};
    sort_by_digit(entry, other, n, 0);
    sort_by_digit(other, entry, n, DIGIT_BITS);
    sort_by_digit(entry, other, n, 2 * DIGIT_BITS);
    for (size_t i = 0; i < n; i++)
        column[i] = float_of(other[i].key);
    for (size_t i = 0; row && i < n; i++)
        row[i] = other[i].row;
}

/* Sorted columns of the items [first, first + cols), at most PANEL_COLS, into `sorted`. */
static void make_columns(const struct sims *b, size_t first, size_t cols, const struct room *room, struct sorted sorted,
                         struct job *job)
{
    size_t n = b->rows;

    for (size_t row = 0; row < n && !job_cancelled(job); row += PANEL_ROWS) {
        size_t rows = n - row < PANEL_ROWS ? n - row : PANEL_ROWS;
        sims_block(b, row, rows, first, cols, room->block, cols, room->block + PANEL_ROWS * PANEL_COLS);
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < cols; j++)
                sorted.column[j * n + row + i] = room->block[i * cols + j];
    }
    for (size_t j = 0; j < cols && !job_cancelled(job); j++)
        sort_column(sorted.column + j * n, sorted.row ? sorted.row + j * n : NULL, n, room->entries);
}

/* Columns of `items` items; their rows only where B is made, so that near values can be told apart. */
static int open_sorted(struct sorted *sorted, const struct sims *b, size_t items)
{
    sorted->column = memory_floats(items * b->rows);
    if (!b->stored)
        sorted->row = memory_array(items * b->rows, sizeof *sorted->row);
    return sorted->column && (b->stored || sorted->row) ? 0 : -1;
}

static int open_rooms(struct kept *kept, const struct sims *b, bool panels)
{
    size_t block = PANEL_ROWS * PANEL_COLS + sims_scratch(b, PANEL_ROWS, PANEL_COLS);

    if (!(kept->room = memory_array(pool_workers(), sizeof *kept->room)))
        return -1;
    for (kept->rooms = 0; kept->rooms < pool_workers();) {
        struct room *room = &kept->room[kept->rooms++];
        room->block = memory_floats(block);
        room->entries = memory_array(2 * kept->n, sizeof *room->entries);
        if (!room->block || !room->entries || (panels && open_sorted(&room->panel, b, PANEL_COLS)))
            return -1;
    }
    return 0;
}

/* A room that no other thread is in. */
static struct room *take_room(struct kept *kept)
{
    struct room *room = NULL;

    pthread_mutex_lock(&kept->lock);
    while (!room) {
        for (size_t i = 0; i < kept->rooms && !room; i++)
            room = kept->room[i].taken ? NULL : &kept->room[i];
        if (!room)
            pthread_cond_wait(&kept->given, &kept->lock);
    }
    room->taken = true;
    pthread_mutex_unlock(&kept->lock);
    return room;
}

static void give_room(struct kept *kept, struct room *room)
{
    pthread_mutex_lock(&kept->lock);
    room->taken = false;
    pthread_cond_signal(&kept->given);
    pthread_mutex_unlock(&kept->lock);
}

struct sorting {
    const struct fit_input *input;
    struct kept *kept;
};

static void keep_columns(void *context, size_t task, size_t worker)
{
    const struct sorting *sorting = context;
    const struct sims *b = &sorting->input->task->b;
    struct sorted *all = &sorting->kept->all;
    size_t first = task * PANEL_COLS, cols = b->cols - first < PANEL_COLS ? b->cols - first : PANEL_COLS;
    struct sorted part = {all->column + first * b->rows, all->row ? all->row + first * b->rows : NULL};

    make_columns(b, first, cols, &sorting->kept->room[worker], part, sorting->input->job);
    job_step(sorting->input->job);
}

static int fit_gc(const struct fit_input *input, struct fit *fit, struct error *error)
{
    const struct sims *b = &input->task->b;
    double bytes = (double)fit->n * (double)fit->m * (b->stored ? sizeof(float) : sizeof(struct entry));
    struct kept *kept = fit->own = memory_array(1, sizeof *kept);
    struct sorting sorting = {.input = input, .kept = kept};
    bool all = bytes <= (double)input->memory;

    fit->scale = 1;
    if (!kept)
        return error_memory(error);
    kept->n = fit->n;
    pthread_mutex_init(&kept->lock, NULL);
    pthread_cond_init(&kept->given, NULL);
    if (open_rooms(kept, b, !all) || (all && open_sorted(&kept->all, b, fit->m)))
        return error_memory(error);
    if (!all)
        return 0;
    size_t tasks = (fit->m + PANEL_COLS - 1) / PANEL_COLS;
    job_expect(input->job, tasks);
    pool_run(tasks, keep_columns, &sorting);
    close_rooms(kept);
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

/* Whether the asker's task has the bank of the fit: a screen may still explain an answer of the bank before. */
static bool same_bank(const struct kept *kept, const struct asker *asker)
{
    return asker->task->b.rows == kept->n;
}

/* How many bank queries are strictly more similar to the item, whose column is number `at` of `sorted`. */
static size_t better_than(const struct kept *kept, const struct sorted *sorted, size_t at, const struct asker *asker,
                          size_t item, float similarity)
{
    size_t n = kept->n;
    const float *column = sorted->column + at * n;

    if (!sorted->row || !same_bank(kept, asker))
        return n - first_above(column, n, similarity);
    size_t near = first_above(column, n, similarity - NEAR), worse = near;
    for (; near < n && column[near] <= similarity + NEAR; near++)
        worse += sims_exact(&asker->task->b, NULL, sorted->row[at * n + near], item) <=
                 sims_exact(&asker->task->s, asker->vector, asker->row, item);
    return n - worse;
}

/* Counts of the items [first, first + cols) for `rows` askers, the first of whom is given, the others the task's queries
 * after it; s and counts are (rows, m). */
static void count_columns(const struct kept *kept, const struct sorted *sorted, size_t first, size_t cols,
                          const struct asker *asker, size_t rows, const float *s, size_t m, uint32_t *counts)
{
    for (size_t i = 0; i < rows; i++) {
        struct asker next = {.task = asker->task, .vector = asker->vector, .row = asker->row + i};
        for (size_t j = 0; j < cols; j++)
            counts[i * m + first + j] = (uint32_t)better_than(kept, sorted, j, &next, first + j, s[i * m + first + j]);
    }
}

/* Item by item: a few columns stay in cache while all queries are looked up in them. */
static void count_all(struct kept *kept, const struct asker *asker, size_t rows, const float *s, size_t m,
                      uint32_t *counts)
{
    enum { AT_ONCE = 16 };
    bool keeps = kept->all.column;
    struct room *room = keeps ? NULL : take_room(kept);
    size_t step = keeps ? AT_ONCE : PANEL_COLS;

    for (size_t from = 0; from < m; from += step) {
        size_t cols = m - from < step ? m - from : step;
        struct sorted part = keeps ? (struct sorted){kept->all.column + from * kept->n,
                                                     kept->all.row ? kept->all.row + from * kept->n : NULL}
                                   : room->panel;
        if (!keeps)
            make_columns(&asker->task->b, from, cols, room, part, NULL);
        count_columns(kept, &part, from, cols, asker, rows, s, m, counts);
    }
    if (room)
        give_room(kept, room);
}

static void count_gc(const struct fit *fit, const struct task *task, size_t first, size_t rows, const float *s,
                     uint32_t *counts)
{
    struct asker asker = {.task = task, .row = first};

    count_all(fit->own, &asker, rows, s, fit->m, counts);
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

/* -rank + S needs more digits than a float has where the bank is large, so the scores are the places in the order of
 * its exact value: 0 for the best, -1 for the next, the same for equal ones. */
static int score_gc(const struct fit *fit, const struct asker *asker, const float *s, float *score)
{
    size_t m = fit->m, place = 0;
    struct placed *placed = memory_array(2 * m, sizeof *placed), *order = placed + m;
    uint32_t *made = asker->counts ? NULL : memory_array(m, sizeof *made), *start = NULL;
    const uint32_t *counts = asker->counts ? asker->counts : made;
    double best = -INFINITY, worst = INFINITY;
    int status = -1;

    if (!placed || !counts)
        goto done;
    if (made)
        count_all(fit->own, asker, 1, s, m, made);
    for (size_t j = 0; j < m; j++) {
        double value = (double)s[j] - 1 - (double)counts[j];
        placed[j] = (struct placed){value, (uint32_t)j};
        best = fmax(best, floor(value));
        worst = fmin(worst, floor(value));
    }
    if (best - worst <= 2.0 * (double)(m + fit->n)) { /* not so only where similarities are no cosines */
        size_t wholes = (size_t)(best - worst) + 1;
        if (!(start = memory_array(wholes + 1, sizeof *start)))
            goto done;
        sort_placed(placed, order, m, best, start, wholes);
    } else {
        qsort(placed, m, sizeof *placed, best_first);
        order = placed;
    }
    for (size_t i = 0; i < m; i++) {
        place += i > 0 && order[i].value < order[i - 1].value;
        score[order[i].item] = -(float)place;
    }
    status = 0;
done:
    free(placed);
    free(made);
    free(start);
    return status;
}

static void explain_gc(const struct fit *fit, const struct asker *asker, float similarity, float score, size_t item,
                       char *buffer, size_t size)
{
    struct kept *kept = fit->own;
    size_t better;

    (void)score;
    if (!kept->all.column) {
        buffer[0] = 0;
        if (!same_bank(kept, asker))
            return;
        struct room *room = take_room(kept);
        make_columns(&asker->task->b, item, 1, room, room->panel, NULL);
        better = better_than(kept, &room->panel, 0, asker, item, similarity);
        give_room(kept, room);
    } else {
        better = better_than(kept, &kept->all, item, asker, item, similarity);
    }
    snprintf(buffer, size,
             "Of %zu bank queries %zu are more similar to this video than this query: rank %zu there; similarity %.3f "
             "breaks ties.",
             kept->n, better, 1 + better, (double)similarity);
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
