#include "engine/results/lists.h"

#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/evaluation/by_video.h"
#include "engine/evaluation/panel_cut.h"
#include "engine/matrices/tiles.h"
#include "engine/matrices/topk.h"
#include <stdlib.h>

enum { PLACES_MOST = 4 << 20 }; /* kept at a time: 32 MB */

struct pass {
    const struct ruled *rules;
    size_t count, depth;
    struct panel_cut cut; /* the same as in analyses */
    size_t batch;         /* panels made at a time */
    size_t strip;         /* queries listed at a time */
    size_t first;         /* query of the batch's first row */
    size_t from;          /* row of the batch where the strip begins */
    float *cell;          /* (batch * rows, M) similarities */
    float **scratch;      /* (workers) */
    float **score;        /* (workers) (M) */
    float **video;        /* (workers) (items) where videos are ranked */
    uint32_t *counts;     /* (counting rules, batch * rows, M) what rule->count gave */
    uint32_t *item;       /* (strip, rules, depth) */
    float *value;         /* (strip, rules, depth) */
    bool *open;           /* (strip, rules) */
    struct job *job;
    atomic_bool failed, cancelled;
};

static size_t counting_rules(const struct pass *pass)
{
    size_t count = 0;
    for (size_t r = 0; r < pass->count; r++)
        count += pass->rules[r].fit->spec.rule->count != NULL;
    return count;
}

/* Computes the similarities of one panel of the batch, and the counts that rules take of them. */
static void make_panel(void *context, size_t index, size_t worker)
{
    struct pass *pass = context;
    const struct task *task = pass->rules[0].task;
    size_t m = task_gallery(task), counted = 0, most = pass->cut.rows;
    size_t first = pass->first + index * most;
    size_t rows = task_queries(task) - first < most ? task_queries(task) - first : most;
    float *cell = pass->cell + index * most * m;
    if (job_cancelled(pass->job)) {
        atomic_store(&pass->cancelled, true);
        return;
    }
    panel_cut_multiply(&pass->cut, task, first, rows, cell, pass->scratch[worker]);
    for (size_t r = 0; r < pass->count; r++) {
        const struct ruled *ruled = &pass->rules[r];
        if (ruled->fit->spec.rule->count) {
            size_t at = (counted++ * pass->batch + index) * most;
            ruled->fit->spec.rule->count(ruled->fit, ruled->task, first, rows, cell, pass->counts + at * m);
        }
    }
    job_step(pass->job);
}

static uint32_t best_item(const float *s, size_t m)
{
    size_t best = 0;
    for (size_t j = 1; j < m; j++)
        best = s[j] > s[best] ? j : best;
    return (uint32_t)best;
}

/* Makes the lists of one query of the strip. */
static void list_query(void *context, size_t index, size_t worker)
{
    struct pass *pass = context;
    const struct task *task = pass->rules[0].task;
    size_t m = task_gallery(task), row = pass->from + index, counted = 0;
    const float *s = pass->cell + row * m;
    uint32_t top1 = best_item(s, m);
    for (size_t r = 0; r < pass->count; r++) {
        const struct fit *fit = pass->rules[r].fit;
        struct asker asker = {.task = pass->rules[r].task, .row = pass->first + row, .top1 = top1};
        size_t place = index * pass->count + r;
        bool open = fit_open(fit, top1);
        if (fit->spec.rule->count)
            asker.counts = pass->counts + (counted++ * pass->batch * pass->cut.rows + row) * m;
        const float *score = s;
        if (!fit_plain(fit, open)) {
            if (fit_score(fit, open, &asker, s, pass->score[worker])) {
                atomic_store(&pass->failed, true);
                return;
            }
            score = pass->score[worker];
        }
        struct topk top = topk_make(pass->value + place * pass->depth, pass->item + place * pass->depth, pass->depth);
        if (task->videos) {
            by_video_scores(task, score, pass->video[worker]);
            score = pass->video[worker];
        }
        topk_add(&top, score, task_items(task), 0);
        topk_sort(&top);
        pass->open[place] = open;
    }
}

/* Lists the rows of a batch and passes them on. */
static int take_batch(struct pass *pass, size_t rows, list_taker *take, void *context, struct error *error)
{
    struct list *lists = memory_array(pass->count, sizeof *lists);
    int status = lists ? 0 : error_memory(error);
    for (pass->from = 0; pass->from < rows && status == 0; pass->from += pass->strip) {
        size_t strip = rows - pass->from < pass->strip ? rows - pass->from : pass->strip;
        if (job_cancelled(pass->job)) {
            status = error_set(error, ERROR_CANCELLED, "cancelled");
            break;
        }
        pool_run(strip, list_query, pass);
        if (pass->failed)
            status = error_memory(error);
        for (size_t i = 0; i < strip && status == 0; i++) {
            for (size_t r = 0; r < pass->count; r++) {
                size_t place = i * pass->count + r;
                lists[r] = (struct list){.item = pass->item + place * pass->depth,
                                         .score = pass->value + place * pass->depth,
                                         .count = pass->depth,
                                         .open = pass->open[place]};
            }
            status = take(context, pass->first + pass->from + i, lists, error);
        }
    }
    free(lists);
    return status;
}

static bool open_workers(struct pass *pass, size_t workers)
{
    const struct task *task = pass->rules[0].task;
    size_t m = task_gallery(task), scratch = panel_cut_scratch(&pass->cut, task);
    bool fine = true;
    pass->scratch = memory_array(workers, sizeof *pass->scratch);
    pass->score = memory_array(workers, sizeof *pass->score);
    pass->video = memory_array(workers, sizeof *pass->video);
    for (size_t w = 0; pass->scratch && pass->score && pass->video && w < workers; w++) {
        pass->scratch[w] = memory_floats(scratch);
        pass->score[w] = memory_floats(m);
        pass->video[w] = memory_floats(task->videos);
        fine = fine && pass->scratch[w] && pass->score[w] && pass->video[w];
    }
    return fine && pass->scratch && pass->score && pass->video;
}

static bool open_pass(struct pass *pass, size_t workers)
{
    const struct task *task = pass->rules[0].task;
    size_t m = task_gallery(task), places = pass->count * pass->depth;
    pass->cut = panel_cut_of(task);
    size_t panels = panel_cut_count(&pass->cut, task);
    pass->batch = panels < workers ? panels : workers;
    pass->strip = places && places < PLACES_MOST ? PLACES_MOST / places : 1;
    if (pass->strip > pass->batch * pass->cut.rows)
        pass->strip = pass->batch * pass->cut.rows;
    size_t cells = pass->batch * pass->cut.rows * m;
    pass->cell = memory_floats(cells);
    pass->counts = memory_array(counting_rules(pass) * cells, sizeof *pass->counts);
    pass->item = memory_array(pass->strip * places, sizeof *pass->item);
    pass->value = memory_array(pass->strip * places, sizeof *pass->value);
    pass->open = memory_array(pass->strip * pass->count, sizeof *pass->open);
    return pass->cell && pass->counts && pass->item && pass->value && pass->open && open_workers(pass, workers);
}

static void close_pass(struct pass *pass, size_t workers)
{
    for (size_t w = 0; w < workers; w++) {
        free(pass->scratch ? pass->scratch[w] : NULL);
        free(pass->score ? pass->score[w] : NULL);
        free(pass->video ? pass->video[w] : NULL);
    }
    free(pass->scratch);
    free(pass->score);
    free(pass->video);
    free(pass->cell);
    free(pass->counts);
    free(pass->item);
    free(pass->value);
    free(pass->open);
}

int lists_run(const struct ruled *ruled, size_t count, size_t depth, list_taker *take, void *context, struct job *job,
              struct error *error)
{
    size_t workers = pool_workers();
    int status = 0;
    struct pass pass = {.rules = ruled, .count = count, .job = job};
    if (!count || !task_gallery(ruled[0].task))
        return error_set(error, ERROR_INPUT, "nothing to rank: no rule was given, or the gallery is empty");
    size_t queries = task_queries(ruled[0].task), gallery = task_items(ruled[0].task);
    pass.depth = depth < gallery ? depth : gallery;
    if (!open_pass(&pass, workers)) {
        close_pass(&pass, workers);
        return error_memory(error);
    }
    job_expect(job, panel_cut_count(&pass.cut, ruled[0].task));
    size_t batch = pass.batch * pass.cut.rows;
    for (size_t first = 0; first < queries && !status; first += batch) {
        size_t rows = queries - first < batch ? queries - first : batch;
        pass.first = first;
        pool_run(tiles_ceil(rows, pass.cut.rows), make_panel, &pass);
        status = pass.cancelled ? error_set(error, ERROR_CANCELLED, "cancelled")
                                : take_batch(&pass, rows, take, context, error);
    }
    close_pass(&pass, workers);
    return status ? -1 : 0;
}
