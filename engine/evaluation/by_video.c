#include "engine/evaluation/by_video.h"

#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/evaluation/panel_cells.h"
#include "engine/fitting/fit.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/tiles.h"
#include "engine/matrices/topk.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { STRIP = 16 }; /* rows analysed by one worker */

/* One worker's memory. */
struct room {
    float *score; /* (M) */
    float *video; /* (items) */
    float *value; /* (PANEL_TOP_MOST) scores of a list */
};

struct run {
    const struct task *task;
    const struct panel_result *results;
    size_t count;
    struct panel_cells cells;
    struct room *room; /* (workers) opened when first needed */
    struct job *job;
    atomic_bool failed;
};

void by_video_scores(const struct task *task, const float *score, float *out)
{
    for (size_t v = 0; v < task->videos; v++)
        out[v] = -INFINITY;
    for (size_t q = 0; q < task_queries(task); q++) {
        float *best = &out[task->query_row[q]];
        for (uint32_t t = task->target_start[q]; t < task->target_start[q + 1]; t++)
            *best = score[task->target[t]] > *best ? score[task->target[t]] : *best;
    }
}

static bool room_open(struct room *room, const struct run *run)
{
    room->score = memory_floats(task_gallery(run->task));
    room->video = memory_floats(task_items(run->task));
    room->value = memory_floats(PANEL_TOP_MOST);
    return room->score && room->video && room->value;
}

static void room_close(struct room *room)
{
    free(room->score);
    free(room->video);
    free(room->value);
    *room = (struct room){0};
}

static double rank_own(const struct task *task, const struct room *room, size_t query)
{
    size_t better, equal, own;
    const uint32_t *video = task_asked(task, query, &own);

    if (!own)
        return task->conventions.keep_masked ? INFINITY : NAN;
    kernel_count(room->video, task_items(task), room->video[*video], &better, &equal);
    return 1 + (double)better + (double)(equal - 1) / 2;
}

static uint32_t best_caption(const float *s, size_t m)
{
    uint32_t best;
    struct topk top = topk_make(&(float){0}, &best, 1);

    topk_add(&top, s, m, 0);
    return best;
}

/* Fills in one rule's results for a query; -1 when out of memory. */
static int put_query(const struct run *run, const struct panel_result *result, const struct asker *asker,
                     const float *s, struct room *room)
{
    const struct fit *fit = result->fit;
    bool open = fit_open(fit, asker->top1);
    size_t query = asker->row;
    struct topk top = topk_make(room->value, result->top + query * result->top_k, result->top_k);

    if (fit_plain(fit, open))
        by_video_scores(run->task, s, room->video);
    else if (fit_score(fit, open, asker, s, room->score))
        return -1;
    else
        by_video_scores(run->task, room->score, room->video);
    result->rank[query] = rank_own(run->task, room, query);
    topk_add(&top, room->video, task_items(run->task), 0);
    topk_sort(&top);
    if (result->gate)
        result->gate[query] = open;
    if (result->gallery_gate)
        result->gallery_gate[query] = fit->gallery_active[asker->top1];
    return 0;
}

/* Analyses one row of the panel; -1 when out of memory. */
static int analyse_row(const struct run *run, size_t row, struct room *room)
{
    const float *s = panel_cells_row(&run->cells, row);
    struct asker asker = {
        .task = run->task, .row = run->cells.queries.start + row, .top1 = best_caption(s, task_gallery(run->task))};
    size_t counted = 0;

    for (size_t r = 0; r < run->count; r++) {
        bool counts = run->results[r].fit->spec.rule->count;
        asker.counts = counts ? panel_cells_counts(&run->cells, counted++, row) : NULL;
        if (put_query(run, &run->results[r], &asker, s, room))
            return -1;
    }
    return 0;
}

static void analyse_strip(void *context, size_t index, size_t worker)
{
    struct run *run = context;
    struct room *room = &run->room[worker];
    struct span strip = tiles_span(index, STRIP, run->cells.queries.count);

    if (!room->score && !room_open(room, run))
        atomic_store(&run->failed, true);
    for (size_t i = 0; i < strip.count && !atomic_load(&run->failed) && !job_cancelled(run->job); i++)
        if (analyse_row(run, strip.start + i, room))
            atomic_store(&run->failed, true);
    job_step(run->job);
}

static bool open_cells(struct run *run)
{
    for (size_t r = 0; r < run->count; r++)
        if (!panel_cells_want(&run->cells, run->results[r].fit, run->task))
            return false;
    return panel_cells_open(&run->cells, run->task, run->job);
}

int by_video_run(const struct task *task, const struct panel_result *results, size_t count, struct job *job,
                 struct error *error)
{
    size_t workers = pool_workers();
    struct run run = {
        .task = task, .results = results, .count = count, .job = job, .room = memory_array(workers, sizeof *run.room)};

    run.failed = !run.room || !open_cells(&run);
    if (count && !run.failed)
        job_expect(job, panel_cells_steps(&run.cells) + tiles_ceil(run.cells.share.count, STRIP));
    for (size_t p = 0; count && !run.failed && !job_cancelled(job) && p < panel_cells_panels(&run.cells); p++) {
        panel_cells_compute(&run.cells, p);
        pool_run(tiles_ceil(run.cells.queries.count, STRIP), analyse_strip, &run);
    }
    for (size_t w = 0; run.room && w < workers; w++)
        room_close(&run.room[w]);
    free(run.room);
    panel_cells_close(&run.cells);
    if (run.failed)
        return error_memory(error);
    return count && job_cancelled(job) ? error_set(error, ERROR_CANCELLED, "cancelled") : 0;
}
