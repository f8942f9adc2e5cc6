#include "engine/evaluation/search.h"

#include "engine/base/crew.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/finite.h"
#include "engine/matrices/tiles.h"
#include "engine/matrices/topk.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    PARALLEL_FLOATS = 1 << 16, /* fewer scores take less time than waking another thread */
    RANKS_AT_ONCE = 256
};

/* A row that is not finite makes similarities that are not, so that the matrices are looked through only to name it. */
static int check(const struct task *task, const float *similarity, size_t count, struct error *error)
{
    return floats_finite(similarity, count) ? 0 : task_check(task, NULL, error);
}

static int similarities(const struct task *task, const float *vector, size_t query, float *out, struct job *job,
                        struct error *error)
{
    const struct sims *sims = &task->s;

    if (!vector && query >= sims->rows)
        return error_set(error, ERROR_INPUT, "no query %zu: there are only %zu", query, sims->rows);
    if (sims->stored) {
        if (vector)
            return error_set(error, ERROR_INPUT,
                             "stored similarities take no typed query: choose one of the collection's");
        float *scratch = memory_floats(sims_scratch(sims, 1, sims->cols));
        if (!scratch)
            return error_memory(error);
        sims_block(sims, query, 1, 0, sims->cols, out, sims->cols, scratch);
        free(scratch);
        return check(task, out, sims->cols, error);
    }
    float *buffer = memory_floats(sims->left->cols);
    if (!buffer)
        return error_memory(error);
    if (!vector)
        vector = matrix_rows(sims->left, sims->row_map ? sims->row_map[query] : query, 1, buffer);
    int failed = sims_vector(sims, vector, out, job, error);
    free(buffer);
    return failed ? -1 : check(task, out, sims->cols, error);
}

/* `value` is room for k scores. */
static int score_list(const struct search *search, struct search_list *list, const struct asker *asker, float *value)
{
    struct topk top = topk_make(value, list->item, search->k);

    if (fit_score(list->fit, list->open, asker, search->similarity, list->score))
        return -1;
    topk_add(&top, list->score, search->m, 0);
    topk_sort(&top);
    list->best = search->k ? value[0] : kernel_max(list->score, search->m);
    list->log_sum = NAN;
    if (!list->fit->spec.rule->order_only)
        list->log_sum = log(kernel_exp(list->score, search->m, (float)list->fit->scale, list->best, NULL));
    return 0;
}

struct scoring {
    struct search *search;
    struct asker asker;
    float *values;     /* (rules, k) */
    uint32_t **counts; /* (rules) of rule->count (M), where a crew has made them, or null */
    atomic_bool failed;
};

static void score_chunk(void *context, size_t rule, size_t worker)
{
    struct scoring *scoring = context;
    struct search *search = scoring->search;

    (void)worker;
    struct asker asker = scoring->asker;
    asker.counts = scoring->counts[rule];
    if (score_list(search, &search->list[rule], &asker, scoring->values + rule * search->k))
        atomic_store(&scoring->failed, true);
}

static void scoring_close(struct scoring *scoring)
{
    for (size_t r = 0; scoring->counts && r < scoring->search->rules; r++)
        free(scoring->counts[r]);
    free(scoring->counts);
    free(scoring->values);
}

/* The counts of one rule in a crew that splits the gallery: each process looks at its own items. */
struct counting {
    const struct scoring *scoring;
    const struct fit *fit;
    struct crew_share tiles;
    uint32_t *counts; /* (M) */
};

static void count_chunk(void *context, size_t chunk, size_t worker)
{
    const struct counting *counting = context;
    const struct search *search = counting->scoring->search;
    struct span items = tiles_span(counting->tiles.start + chunk, TILE_COLS, search->m);

    (void)worker;
    const struct sims_counts one = {
        {search->query, 1}, search->similarity + items.start, counting->counts + items.start, search->m};
    counting->fit->spec.rule->count(counting->fit, &counting->scoring->asker, &one, 1, items);
}

static int count_together(struct scoring *scoring, struct error *error)
{
    const struct search *search = scoring->search;
    size_t m = search->m, tiles = tiles_ceil(m, TILE_COLS);
    int status = 0;

    for (size_t r = 0; r < search->rules && crew_splits() && !status; r++) {
        const struct fit *fit = search->list[r].fit;
        if (!fit->spec.rule->count)
            continue;
        uint32_t *counts = scoring->counts[r] = memory_array(m, sizeof *counts);
        if (!counts)
            return error_memory(error);
        struct counting counting = {scoring, fit, crew_share(tiles), counts};
        pool_run(counting.tiles.count, count_chunk, &counting);
        status = crew_fill(counts, tiles, TILE_COLS * sizeof *counts, m * sizeof *counts, error);
    }
    return status;
}

struct search *search_run(const struct task *task, const float *vector, size_t query, struct fit *const *fits,
                          size_t count, size_t k, struct error *error)
{
    return search_run_job(task, vector, query, fits, count, k, NULL, error);
}

struct search *search_run_job(const struct task *task, const float *vector, size_t query, struct fit *const *fits,
                              size_t count, size_t k, struct job *job, struct error *error)
{
    size_t m = task_gallery(task);
    struct search *search = memory_array(1, sizeof *search);
    struct scoring scoring = {.asker = {.task = task, .vector = vector, .row = query}};

    if (!search) {
        error_memory(error);
        return NULL;
    }
    search->m = m;
    search->k = k < m ? k : m;
    search->similarity = memory_floats(m);
    search->list = memory_array(count, sizeof *search->list);
    scoring.search = search;
    scoring.values = memory_floats(count * search->k);
    scoring.counts = memory_array(count, sizeof *scoring.counts);
    if (!search->similarity || !search->list || !scoring.values || !scoring.counts)
        goto memory;
    if (similarities(task, vector, query, search->similarity, job, error))
        goto fail;

    struct topk top = topk_make(&(float){0}, &search->top1, 1);
    topk_add(&top, search->similarity, m, 0);
    for (search->rules = 0; search->rules < count;) {
        struct search_list *list = &search->list[search->rules];
        list->fit = fit_keep(fits[search->rules++]);
        list->open = fit_open(list->fit, search->top1);
        list->score = memory_floats(m);
        list->item = memory_array(search->k, sizeof *list->item);
        if (!list->score || !list->item)
            goto memory;
    }
    if (vector) {
        size_t size = task->s.right->cols;
        if (!(search->vector = memory_floats(size)))
            goto memory;
        memcpy(search->vector, vector, size * sizeof *vector);
    }
    search->query = query;
    scoring.asker.top1 = search->top1;
    if (count_together(&scoring, error))
        goto fail;
    if (count * m >= PARALLEL_FLOATS)
        pool_run(count, score_chunk, &scoring);
    else
        for (size_t r = 0; r < count; r++)
            score_chunk(&scoring, r, 0);
    if (scoring.failed)
        goto memory;
    scoring_close(&scoring);
    return search;
memory:
    error_memory(error);
fail:
    scoring_close(&scoring);
    search_free(search);
    return NULL;
}

void search_free(struct search *search)
{
    if (!search)
        return;
    for (size_t r = 0; r < search->rules; r++) {
        fit_release(search->list[r].fit);
        free(search->list[r].score);
        free(search->list[r].item);
    }
    free(search->list);
    free(search->similarity);
    free(search->vector);
    free(search);
}

void search_explain(const struct task *task, const struct search *search, size_t rule, uint32_t item,
                    struct arithmetic *arithmetic)
{
    const struct search_list *list = &search->list[rule];
    struct asker asker = {.task = task, .vector = search->vector, .row = search->query, .top1 = search->top1};

    fit_explain(list->fit, &asker, search->similarity, list->score, item, arithmetic);
}

static size_t place_in(const struct search_list *list, size_t k, uint32_t item)
{
    for (size_t i = 0; i < k; i++)
        if (list->item[i] == item)
            return i + 1;
    return 0;
}

size_t search_rank(const struct search *search, size_t rule, uint32_t item)
{
    const float *score = search->list[rule].score;
    size_t greater, equal, before, before_equal;

    if (search->brief)
        return place_in(&search->list[rule], search->k, item);
    kernel_count(score, search->m, score[item], &greater, &equal);
    kernel_count(score, item, score[item], &before, &before_equal);
    return 1 + greater + before_equal;
}

struct wanted {
    float score;
    uint32_t item;
    size_t place; /* index in the caller's list */
};

static int best_first(const void *a, const void *b)
{
    const struct wanted *x = a, *y = b;

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->item < y->item ? -1 : x->item > y->item;
}

/* How many of the wanted (best first) rank ahead of `item`, or are it. */
static size_t ahead(const struct wanted *wanted, size_t count, float score, uint32_t item)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct wanted *w = &wanted[middle];
        if (w->score > score || (w->score == score && w->item <= item))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void rank_some(const struct search *search, size_t rule, const uint32_t *items, size_t count, size_t *ranks)
{
    const float *score = search->list[rule].score;
    struct wanted wanted[RANKS_AT_ONCE];
    size_t better[RANKS_AT_ONCE + 1] = {0}; /* [i]: items that rank ahead of wanted[i] but not of wanted[i - 1] */

    for (size_t i = 0; i < count; i++)
        wanted[i] = (struct wanted){score[items[i]], items[i], i};
    qsort(wanted, count, sizeof *wanted, best_first);

    /* Scores below the worst wanted one do not matter and are skipped a vector at a time. */
    float below = nextafterf(wanted[count - 1].score, -INFINITY);
    for (size_t j = 0; j < search->m; j++) {
        j += kernel_scan(score + j, search->m - j, below);
        if (j < search->m)
            better[ahead(wanted, count, score[j], (uint32_t)j)]++;
    }
    size_t rank = 1;
    for (size_t i = 0; i < count; i++) {
        rank += better[i];
        ranks[wanted[i].place] = rank;
    }
}

void search_ranks(const struct search *search, size_t rule, const uint32_t *items, size_t count, size_t *ranks)
{
    for (size_t i = 0; i < count; i += RANKS_AT_ONCE)
        rank_some(search, rule, items + i, count - i < RANKS_AT_ONCE ? count - i : RANKS_AT_ONCE, ranks + i);
}

double search_probability(const struct search *search, size_t rule, uint32_t item)
{
    const struct search_list *list = &search->list[rule];

    if (search->brief)
        return NAN;
    return exp(list->fit->scale * ((double)list->score[item] - list->best) - list->log_sum);
}

size_t search_pulls(const struct task *task, const struct fit *fit, uint32_t item, struct pull *pulls, size_t count,
                    struct error *error)
{
    size_t n = task_bank(task), kept = SIZE_MAX;

    if (!fit->bias || n == 0 || count == 0)
        return 0;
    if (fit->n != n) {
        error_set(error, ERROR_INPUT, "the rule was fitted on %zu bank queries, the bank has %zu", fit->n, n);
        return SIZE_MAX;
    }
    if (count > n)
        count = n;
    if (fit->pull_top && count > fit->pull_top)
        count = fit->pull_top;
    float *similarity = memory_floats(n), *weight = memory_floats(n), *best = memory_floats(count);
    uint32_t *row = memory_array(count, sizeof *row);
    if (!similarity || !weight || !best || !row) {
        error_memory(error);
        goto done;
    }
    sims_column(&task->b, item, similarity);
    if (check(task, similarity, n, error))
        goto done;

    if (fit->pull_top) {
        struct topk top = topk_make(best, row, count);
        topk_add(&top, similarity, n, 0);
        topk_sort(&top);
        for (size_t i = 0; i < top.count; i++)
            pulls[i] = (struct pull){row[i], similarity[row[i]], 1.0 / (double)(fit->pull_top < n ? fit->pull_top : n)};
        kept = top.count;
        goto done;
    }
    /* Weights as logarithms relative to the largest, where float is precise enough. */
    double most = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        double w = fit->pull_scale * (double)similarity[i] + (fit->row_bias ? fit->row_bias[i] : 0);
        most = w > most ? w : most;
    }
    for (size_t i = 0; i < n; i++) {
        double w = fit->pull_scale * (double)similarity[i] + (fit->row_bias ? fit->row_bias[i] : 0);
        weight[i] = (float)(w - most);
    }
    double sum = kernel_exp(weight, n, 1, 0, NULL);
    struct topk top = topk_make(best, row, count);
    topk_add(&top, weight, n, 0);
    topk_sort(&top);
    for (size_t i = 0; i < top.count; i++)
        pulls[i] = (struct pull){row[i], similarity[row[i]], exp((double)best[i]) / sum};
    kept = top.count;
done:
    for (size_t i = 0; kept != SIZE_MAX && i < kept; i++)
        pulls[i].bank_row = (uint32_t)task_bank_row(task, pulls[i].bank_row);
    free(similarity);
    free(weight);
    free(best);
    free(row);
    return kept;
}
