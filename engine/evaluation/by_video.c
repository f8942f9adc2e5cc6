#include "engine/evaluation/by_video.h"

#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/evaluation/panel_cut.h"
#include "engine/fitting/fit.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/tiles.h"
#include "engine/matrices/topk.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

/* One worker's memory. */
struct room {
    float *cell; /* (rows, M) similarities of a panel */
    float *scratch;
    float *score;     /* (M) */
    float *video;     /* (items) */
    float *value;     /* (PANEL_TOP_MOST) scores of a list */
    uint32_t *counts; /* (counting rules, rows, M) what rule->count gave */
};

struct run {
    const struct task *task;
    const struct panel_result *results;
    size_t count, counting;
    struct panel_cut cut;
    struct room *room; /* (workers) opened when first needed */
    struct job *job;
    atomic_bool failed, cancelled;
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
    size_t m = task_gallery(run->task), cells = run->cut.rows * m;

    room->cell = memory_floats(cells);
    room->scratch = memory_floats(panel_cut_scratch(&run->cut, run->task));
    room->score = memory_floats(m);
    room->video = memory_floats(task_items(run->task));
    room->value = memory_floats(PANEL_TOP_MOST);
    room->counts = memory_array(run->counting * cells, sizeof *room->counts);
    return room->cell && room->scratch && room->score && room->video && room->value && room->counts;
}

static void room_close(struct room *room)
{
    free(room->cell);
    free(room->scratch);
    free(room->score);
    free(room->video);
    free(room->value);
    free(room->counts);
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

static int analyse_panel(const struct run *run, struct span queries, struct room *room)
{
    size_t m = task_gallery(run->task), counted = 0;

    panel_cut_multiply(&run->cut, run->task, queries.start, queries.count, room->cell, room->scratch);
    for (size_t r = 0; r < run->count; r++) {
        const struct fit *fit = run->results[r].fit;
        if (fit->spec.rule->count)
            fit->spec.rule->count(fit, run->task, queries.start, queries.count, room->cell,
                                  room->counts + counted++ * run->cut.rows * m);
    }
    for (size_t i = 0; i < queries.count; i++) {
        const float *s = room->cell + i * m;
        struct asker asker = {.task = run->task, .row = queries.start + i, .top1 = best_caption(s, m)};
        counted = 0;
        for (size_t r = 0; r < run->count; r++) {
            bool counts = run->results[r].fit->spec.rule->count;
            asker.counts = counts ? room->counts + (counted++ * run->cut.rows + i) * m : NULL;
            if (put_query(run, &run->results[r], &asker, s, room))
                return -1;
        }
    }
    return 0;
}

static void run_panel(void *context, size_t index, size_t worker)
{
    struct run *run = context;
    struct room *room = &run->room[worker];

    if (atomic_load(&run->failed))
        return;
    if (job_cancelled(run->job))
        atomic_store(&run->cancelled, true);
    else if ((!room->cell && !room_open(room, run)) ||
             analyse_panel(run, tiles_span(index, run->cut.rows, task_queries(run->task)), room))
        atomic_store(&run->failed, true);
    else
        job_step(run->job);
}

int by_video_run(const struct task *task, const struct panel_result *results, size_t count, struct job *job,
                 struct error *error)
{
    size_t workers = pool_workers();
    struct run run = {.task = task,
                      .results = results,
                      .count = count,
                      .cut = panel_cut_of(task),
                      .job = job,
                      .room = memory_array(workers, sizeof *run.room)};

    if (!run.room)
        return error_memory(error);
    for (size_t r = 0; r < count; r++)
        run.counting += results[r].fit->spec.rule->count != NULL;
    if (count) {
        job_expect(job, panel_cut_count(&run.cut, task));
        pool_run(panel_cut_count(&run.cut, task), run_panel, &run);
    }
    for (size_t w = 0; w < workers; w++)
        room_close(&run.room[w]);
    free(run.room);
    if (run.failed)
        return error_memory(error);
    return run.cancelled ? error_set(error, ERROR_CANCELLED, "cancelled") : 0;
}
