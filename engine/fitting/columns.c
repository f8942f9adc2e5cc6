#include "engine/fitting/columns.h"
#include "engine/base/crew.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* AT_ONCE: a few columns stay in cache while all queries are looked up in them.  COUNTS_AT_ONCE: exchanged. */
enum { PANEL_COLS = 32, PANEL_ROWS = 256, AT_ONCE = 16, COUNTS_AT_ONCE = 4 << 20 };

/* Float products closer than this may be in the wrong order: they are computed again in double precision. */
#define NEAR 1e-6f

/* Columns of B, sorted. */
struct sorted {
    float *column; /* (items, n) bank similarities of each item, ascending */
    uint32_t *row; /* (items, n) the bank rows they belong to; null for stored similarities, which are exact */
};

/* One thread's memory for computing columns. */
struct room {
    struct sorted panel; /* of PANEL_COLS items, if not all are kept */
    float *block;
    struct entry *entries; /* (2, n) */
    bool taken;
};

/* All columns; or, beyond the budget, rooms to compute them in at every lookup, and the evaluation queries' counts if
 * these fit. */
struct columns {
    size_t n;
    struct sorted all; /* columns null: not kept */
    size_t queries, m;
    uint32_t *count; /* (queries, m), or null */
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

static void close_rooms(struct columns *columns)
{
    for (size_t i = 0; i < columns->rooms; i++) {
        close_sorted(&columns->room[i].panel);
        free(columns->room[i].block);
        free(columns->room[i].entries);
    }
    free(columns->room);
    columns->room = NULL;
    columns->rooms = 0;
}

void columns_free(struct columns *columns)
{
    if (!columns)
        return;
    close_rooms(columns);
    close_sorted(&columns->all);
    free(columns->count);
    pthread_mutex_destroy(&columns->lock);
    pthread_cond_destroy(&columns->given);
    free(columns);
}

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

/* Maps floats to unsigned numbers in the same order, and back. */
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

/* Sorts a column given in the bank's order, and writes the bank rows in sorted order to `row`, unless null. */
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

/* Computes the sorted columns of items [first, first + cols), at most PANEL_COLS, into `sorted`. */
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

/* Allocates columns of `items` items, with rows only if B is computed: near values are then compared exactly. */
static int open_sorted(struct sorted *sorted, const struct sims *b, size_t items)
{
    sorted->column = memory_floats(items * b->rows);
    if (!b->stored)
        sorted->row = memory_array(items * b->rows, sizeof *sorted->row);
    return sorted->column && (b->stored || sorted->row) ? 0 : -1;
}

static int open_rooms(struct columns *columns, const struct task *task, bool panels)
{
    const struct sims *b = &task->b;
    size_t for_b = sims_scratch(b, PANEL_ROWS, PANEL_COLS), for_s = sims_scratch(&task->s, PANEL_ROWS, PANEL_COLS);
    size_t block = PANEL_ROWS * PANEL_COLS + (for_b > for_s ? for_b : for_s);

    if (!(columns->room = memory_array(pool_workers(), sizeof *columns->room)))
        return -1;
    for (columns->rooms = 0; columns->rooms < pool_workers();) {
        struct room *room = &columns->room[columns->rooms++];
        room->block = memory_floats(block);
        room->entries = memory_array(2 * columns->n, sizeof *room->entries);
        if (!room->block || !room->entries || (panels && open_sorted(&room->panel, b, PANEL_COLS)))
            return -1;
    }
    return 0;
}

/* Waits for a room that no other thread uses, and takes it. */
static struct room *take_room(struct columns *columns)
{
    struct room *room = NULL;

    pthread_mutex_lock(&columns->lock);
    while (!room) {
        for (size_t i = 0; i < columns->rooms && !room; i++)
            room = columns->room[i].taken ? NULL : &columns->room[i];
        if (!room)
            pthread_cond_wait(&columns->given, &columns->lock);
    }
    room->taken = true;
    pthread_mutex_unlock(&columns->lock);
    return room;
}

static void give_room(struct columns *columns, struct room *room)
{
    pthread_mutex_lock(&columns->lock);
    room->taken = false;
    pthread_cond_signal(&columns->given);
    pthread_mutex_unlock(&columns->lock);
}

/* Index of the first entry above `value`, or n.  Free of branches, half of which would be mispredicted. */
static size_t first_above(const float *column, size_t n, float value)
{
    const float *base = column;

    for (size_t half = n / 2; n > 1; half = n / 2) {
        base += (base[half - 1] <= value) * half;
        n -= half;
    }
    return (size_t)(base - column) + (n && *base <= value);
}

size_t columns_bank(const struct columns *columns)
{
    return columns->n;
}

/* A screen may still be explaining a result of the previous bank. */
static bool same_bank(const struct columns *columns, const struct asker *asker)
{
    return asker->task->b.rows == columns->n;
}

/* How many bank queries are strictly more similar to the item than the asker; its column is number `at` of `sorted`. */
static size_t better_than(const struct columns *columns, const struct sorted *sorted, size_t at,
                          const struct asker *asker, size_t item, float similarity)
{
    size_t n = columns->n;
    const float *column = sorted->column + at * n;

    if (!sorted->row || !same_bank(columns, asker))
        return n - first_above(column, n, similarity);
    size_t near = first_above(column, n, similarity - NEAR), worse = near;
    if (near == n || column[near] > similarity + NEAR)
        return n - worse;
    double exact = sims_exact(&asker->task->s, asker->vector, asker->row, item);
    for (; near < n && column[near] <= similarity + NEAR; near++)
        worse += sims_exact(&asker->task->b, NULL, sorted->row[at * n + near], item) <= exact;
    return n - worse;
}

struct making {
    struct columns *columns;
    const struct task *task;
    size_t first; /* panel of columns of this process */
    struct job *job;
};

static void keep_chunk(void *context, size_t chunk, size_t worker)
{
    const struct making *making = context;
    const struct sims *b = &making->task->b;
    struct sorted *all = &making->columns->all;
    struct span items = tiles_span(making->first + chunk, PANEL_COLS, b->cols);
    struct sorted part = {all->column + items.start * b->rows, all->row ? all->row + items.start * b->rows : NULL};

    make_columns(b, items.start, items.count, &making->columns->room[worker], part, making->job);
    job_step(making->job);
}

/* Looks all evaluation queries up in a few columns, which are then no longer needed. */
static void count_chunk(void *context, size_t chunk, size_t worker)
{
    const struct making *making = context;
    struct columns *columns = making->columns;
    struct room *room = &columns->room[worker];
    const struct sims *s = &making->task->s;
    struct span items = tiles_span(making->first + chunk, PANEL_COLS, s->cols);

    make_columns(&making->task->b, items.start, items.count, room, room->panel, making->job);
    for (size_t part = 0; part < tiles_ceil(s->rows, PANEL_ROWS) && !job_cancelled(making->job); part++) {
        struct span rows = tiles_span(part, PANEL_ROWS, s->rows);
        sims_block(s, rows.start, rows.count, items.start, items.count, room->block, items.count,
                   room->block + PANEL_ROWS * PANEL_COLS);
        for (size_t j = 0; j < items.count; j++)
            for (size_t i = 0; i < rows.count; i++) {
                struct asker asker = {.task = making->task, .row = rows.start + i};
                columns->count[asker.row * columns->m + items.start + j] = (uint32_t)better_than(
                    columns, &room->panel, j, &asker, items.start + j, room->block[i * items.count + j]);
            }
    }
    job_step(making->job);
}

/* Completes the counts of all items with those that the other processes made, some queries at a time. */
static int join_counts(struct columns *columns, struct error *error)
{
    size_t panels = tiles_ceil(columns->m, PANEL_COLS), most = COUNTS_AT_ONCE / (panels * PANEL_COLS);
    size_t at_once = most < 1 ? 1 : most < columns->queries ? most : columns->queries;
    struct crew_share own = crew_share(panels);
    uint32_t *some = memory_array(panels * at_once * PANEL_COLS, sizeof *some); /* (panels, at_once, PANEL_COLS) */
    size_t bytes = at_once * PANEL_COLS * sizeof *some;
    int status = some ? 0 : error_memory(error);

    for (size_t first = 0; first < columns->queries && !status; first += at_once) {
        struct span rows = {first, columns->queries - first < at_once ? columns->queries - first : at_once};
        for (size_t p = own.start; p < own.start + own.count; p++) {
            struct span items = tiles_span(p, PANEL_COLS, columns->m);
            for (size_t i = 0; i < rows.count; i++)
                memcpy(some + (p * at_once + i) * PANEL_COLS, columns->count + (first + i) * columns->m + items.start,
                       items.count * sizeof *some);
        }
        status = crew_fill(some, panels, bytes, panels * bytes, error);
        for (size_t p = 0; p < panels && !status; p++) {
            struct span items = tiles_span(p, PANEL_COLS, columns->m);
            for (size_t i = 0; i < rows.count; i++)
                memcpy(columns->count + (first + i) * columns->m + items.start, some + (p * at_once + i) * PANEL_COLS,
                       items.count * sizeof *some);
        }
    }
    free(some);
    return status;
}

/* Completes what was made with what the other processes of a crew made. */
static int join(struct columns *columns, struct error *error)
{
    const struct sorted *all = &columns->all;
    size_t panels = tiles_ceil(columns->m, PANEL_COLS), cells = columns->m * columns->n;
    size_t panel = PANEL_COLS * columns->n;

    if (!crew_meets())
        return 0;
    if (columns->count)
        return join_counts(columns, error);
    if (crew_fill(all->column, panels, panel * sizeof *all->column, cells * sizeof *all->column, error))
        return -1;
    return all->row ? crew_fill(all->row, panels, panel * sizeof *all->row, cells * sizeof *all->row, error) : 0;
}

struct columns *columns_make(const struct task *task, size_t memory, struct job *job, struct error *error)
{
    const struct sims *b = &task->b;
    size_t q = task_queries(task), m = b->cols;
    double bytes = (double)b->rows * (double)m * (b->stored ? sizeof(float) : sizeof(struct entry));
    struct columns *columns = memory_array(1, sizeof *columns);
    struct making making = {.columns = columns, .task = task, .job = job};
    bool all = bytes <= (double)memory && !crew_splits(),
         counts = !all && (double)q * (double)m * sizeof(uint32_t) <= (double)memory;

    if (!columns) {
        error_memory(error);
        return NULL;
    }
    columns->n = b->rows;
    columns->queries = q;
    columns->m = m;
    pthread_mutex_init(&columns->lock, NULL);
    pthread_cond_init(&columns->given, NULL);
    if (open_rooms(columns, task, !all) || (all && open_sorted(&columns->all, b, m)) ||
        (counts && !(columns->count = memory_array(q * m, sizeof *columns->count)))) {
        error_memory(error);
        goto fail;
    }
    if (!all && !counts)
        return columns;
    struct crew_share share = crew_share(tiles_ceil(m, PANEL_COLS));
    making.first = share.start;
    job_expect(job, share.count);
    pool_run(share.count, all ? keep_chunk : count_chunk, &making);
    if (all)
        close_rooms(columns);
    if (job_cancelled(job))
        error_set(error, ERROR_CANCELLED, "cancelled");
    else if (join(columns, error) == 0)
        return columns;
fail:
    columns_free(columns);
    return NULL;
}

bool columns_counted(const struct columns *columns)
{
    return columns->count;
}

/* Looks a run of evaluation queries up. */
static void copy_counts(const struct columns *columns, const struct sims_counts *run, struct span items)
{
    for (size_t i = 0; i < run->rows.count; i++)
        memcpy(run->counts + i * run->stride, columns->count + (run->rows.start + i) * columns->m + items.start,
               items.count * sizeof *run->counts);
}

/* Counts for `cols` items from `first`, whose columns are `part`; they are `done` items behind the run's first. */
static void count_run(const struct columns *columns, const struct sorted *part, const struct asker *asker,
                      const struct sims_counts *run, size_t first, size_t cols, size_t done)
{
    for (size_t i = 0; i < run->rows.count; i++) {
        struct asker next = {.task = asker->task, .vector = asker->vector, .row = run->rows.start + i};
        for (size_t j = 0; j < cols; j++)
            run->counts[i * run->stride + done + j] =
                (uint32_t)better_than(columns, part, j, &next, first + j, run->s[i * run->stride + done + j]);
    }
}

bool columns_count(struct columns *columns, const struct asker *asker, const struct sims_counts *each, size_t several,
                   struct span items)
{
    bool keeps = columns->all.column, counted = columns->count && !asker->vector;
    size_t n = columns->n, step = keeps ? AT_ONCE : PANEL_COLS;

    for (size_t r = 0; r < several && counted; r++)
        counted = each[r].rows.start + each[r].rows.count <= columns->queries;
    for (size_t r = 0; r < several && counted; r++)
        copy_counts(columns, &each[r], items);
    if (counted)
        return true;
    if (!keeps && !same_bank(columns, asker))
        return false;
    struct room *room = keeps ? NULL : take_room(columns);
    for (size_t done = 0; done < items.count; done += step) {
        size_t from = items.start + done, cols = items.count - done < step ? items.count - done : step;
        struct sorted part = keeps ? (struct sorted){columns->all.column + from * n,
                                                     columns->all.row ? columns->all.row + from * n : NULL}
                                   : room->panel;
        if (!keeps)
            make_columns(&asker->task->b, from, cols, room, part, NULL);
        for (size_t r = 0; r < several; r++)
            count_run(columns, &part, asker, &each[r], from, cols, done);
    }
    if (room)
        give_room(columns, room);
    return true;
}
