#include "engine/results/lists.h"

#include "engine/base/crew.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/evaluation/by_video.h"
#include "engine/evaluation/panel_cells.h"
#include "engine/matrices/gemm.h"
#include "engine/matrices/tiles.h"
#include "engine/matrices/topk.h"
#include <stdlib.h>

enum { PLACES_MOST = 4 << 20 }; /* kept at a time: 32 MB */

struct pass {
    const struct ruled *rules;
    size_t count, depth;
    struct panel_cells cells; /* the same as in analyses */
    size_t strip;             /* queries listed at a time, by each process */
    size_t from;              /* row of the panel where the strip begins */
    float **score;            /* (workers) (M) */
    float **video;            /* (workers) (items) where videos are ranked */
    uint32_t *item;           /* (processes, strip, rules, depth) */
    float *value;             /* (processes, strip, rules, depth) */
    bool *open;               /* (processes, strip, rules) */
    struct job *job;
    atomic_bool failed;
};

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
    const float *s = panel_cells_row(&pass->cells, row);
    uint32_t top1 = best_item(s, m);
    for (size_t r = 0; r < pass->count; r++) {
        const struct fit *fit = pass->rules[r].fit;
        struct asker asker = {.task = pass->rules[r].task, .row = pass->cells.queries.start + row, .top1 = top1};
        size_t place = (crew_rank() * pass->strip + index) * pass->count + r;
        bool open = fit_open(fit, top1);
        if (fit->spec.rule->count)
            asker.counts = panel_cells_counts(&pass->cells, counted++, row);
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

/* Passes on the list of a query, which is number `index` of those in memory. */
static int pass_on(struct pass *pass, size_t index, size_t query, struct list *lists, list_taker *take, void *context,
                   struct error *error)
{
    for (size_t r = 0; r < pass->count; r++) {
        size_t place = index * pass->count + r;
        lists[r] = (struct list){.item = pass->item + place * pass->depth,
                                 .score = pass->value + place * pass->depth,
                                 .count = pass->depth,
                                 .open = pass->open[place]};
    }
    return take(context, query, lists, error);
}

/* Collects the lists that the other processes have made of their queries. */
static int collect(struct pass *pass, struct error *error)
{
    size_t lists = pass->strip * pass->count, places = lists * pass->depth, size = crew_size();

    return crew_fill(pass->item, size, places * sizeof *pass->item, size * places * sizeof *pass->item, error) ||
                   crew_fill(pass->value, size, places * sizeof *pass->value, size * places * sizeof *pass->value,
                             error) ||
                   crew_fill(pass->open, size, lists * sizeof *pass->open, size * lists * sizeof *pass->open, error)
               ? -1
               : 0;
}

/* Lists a strip of the panel's rows. */
static int list_strip(struct pass *pass, size_t rows, struct error *error)
{
    if (job_cancelled(pass->job))
        return error_set(error, ERROR_CANCELLED, "cancelled");
    pool_run(rows, list_query, pass);
    return pass->failed ? error_memory(error) : 0;
}

/* Lists the rows of a panel and passes them on. */
static int take_panel(struct pass *pass, list_taker *take, void *context, struct error *error)
{
    struct list *lists = memory_array(pass->count, sizeof *lists);
    size_t rows = pass->cells.queries.count;
    int status = lists ? 0 : error_memory(error);
    for (pass->from = 0; pass->from < rows && status == 0; pass->from += pass->strip) {
        size_t strip = rows - pass->from < pass->strip ? rows - pass->from : pass->strip;
        status = list_strip(pass, strip, error);
        for (size_t i = 0; i < strip && status == 0; i++)
            status = pass_on(pass, i, pass->cells.queries.start + pass->from + i, lists, take, context, error);
    }
    free(lists);
    return status;
}

/* The same with other processes: in a round each lists a strip, which is a panel of its own, and the leader passes on
 * all of them in order. */
static int take_rounds(struct pass *pass, list_taker *take, void *context, struct error *error)
{
    struct list *lists = memory_array(pass->count, sizeof *lists);
    size_t queries = task_queries(pass->cells.task), round = crew_size() * pass->strip;
    int status = lists ? 0 : error_memory(error);
    for (size_t first = 0; first < queries && status == 0; first += round) {
        pass->cells.share = tiles_span(first / pass->strip + crew_rank(), pass->strip, queries);
        panel_cells_compute(&pass->cells, 0);
        status = list_strip(pass, pass->cells.queries.count, error) || collect(pass, error) ? -1 : 0;
        size_t count = queries - first < round ? queries - first : round;
        for (size_t i = 0; i < count && status == 0 && crew_leads(); i++)
            status = pass_on(pass, i, first + i, lists, take, context, error);
    }
    free(lists);
    return status;
}

static bool open_workers(struct pass *pass, size_t workers)
{
    const struct task *task = pass->rules[0].task;
    size_t m = task_gallery(task);
    bool fine = true;
    pass->score = memory_array(workers, sizeof *pass->score);
    pass->video = memory_array(workers, sizeof *pass->video);
    for (size_t w = 0; pass->score && pass->video && w < workers; w++) {
        pass->score[w] = memory_floats(m);
        pass->video[w] = memory_floats(task->videos);
        fine = fine && pass->score[w] && pass->video[w];
    }
    return fine && pass->score && pass->video;
}

static bool open_cells(struct pass *pass)
{
    for (size_t r = 0; r < pass->count; r++)
        if (!panel_cells_want(&pass->cells, pass->rules[r].fit, pass->rules[r].task))
            return false;
    return panel_cells_open(&pass->cells, pass->rules[0].task, pass->job);
}

static bool open_pass(struct pass *pass, size_t workers)
{
    size_t places = pass->count * pass->depth, size = crew_size();
    if (!open_cells(pass))
        return false;
    pass->strip = places && places < PLACES_MOST ? PLACES_MOST / places : 1;
    if (size > 1) /* panels begin where the strips do */
        pass->strip = pass->strip < 2 * GEMM_GROUP ? GEMM_GROUP : pass->strip / GEMM_GROUP * GEMM_GROUP;
    if (pass->strip > pass->cells.cut.rows)
        pass->strip = pass->cells.cut.rows;
    pass->item = memory_array(size * pass->strip * places, sizeof *pass->item);
    pass->value = memory_array(size * pass->strip * places, sizeof *pass->value);
    pass->open = memory_array(size * pass->strip * pass->count, sizeof *pass->open);
    return pass->item && pass->value && pass->open && open_workers(pass, workers);
}

static void close_pass(struct pass *pass, size_t workers)
{
    for (size_t w = 0; w < workers; w++) {
        free(pass->score ? pass->score[w] : NULL);
        free(pass->video ? pass->video[w] : NULL);
    }
    free(pass->score);
    free(pass->video);
    panel_cells_close(&pass->cells);
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
    size_t gallery = task_items(ruled[0].task);
    pass.depth = depth < gallery ? depth : gallery;
    if (!open_pass(&pass, workers)) {
        close_pass(&pass, workers);
        return error_memory(error);
    }
    job_expect(job, panel_cells_steps(&pass.cells));
    if (crew_size() > 1)
        status = take_rounds(&pass, take, context, error);
    for (size_t p = 0; crew_size() == 1 && p < panel_cells_panels(&pass.cells) && !status; p++) {
        panel_cells_compute(&pass.cells, p);
        status = take_panel(&pass, take, context, error);
    }
    close_pass(&pass, workers);
    return status ? -1 : 0;
}
