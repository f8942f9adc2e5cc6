#include "engine/evaluation/shortlist.h"

#include "engine/base/memory.h"
#include "engine/evaluation/search.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/row_codes.h"
#include "engine/matrices/topk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK = 4096, /* bounds looked at together */
    PART = 16     /* more than this part of the gallery is not worth reading row by row */
};

struct bounds { /* of one query's similarities to the gallery */
    const struct task *task;
    const float *vector;
    size_t m, k;
    float *low, *high; /* (M) */
    float *value;      /* (k) */
    uint32_t *item;    /* (k) */
};

struct chosen { /* the rows that can be among the best */
    size_t count, room;
    uint32_t *item;    /* (room) ascending */
    float *similarity; /* (count) */
};

bool shortlist_serves(const struct task *task, const struct rule *rule)
{
    return task->s.codes && !task->s.stored && !rule->score;
}

static bool is_served(const struct task *task, struct fit *const *fits, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!shortlist_serves(task, fits[i]->spec.rule))
            return false;
    return true;
}

/* The k-th largest of the lower bounds: at least so much have the k best.  Adding a shift keeps the order of floats, so
 * what holds for a similarity and its bounds holds for a score. */
static float least_of_best(const struct bounds *bounds, const float *shift)
{
    struct topk top = topk_make(bounds->value, bounds->item, bounds->k);
    float shifted[BLOCK];

    for (size_t start = 0; start < bounds->m; start += BLOCK) {
        size_t count = bounds->m - start < BLOCK ? bounds->m - start : BLOCK;
        const float *low = bounds->low + start;
        if (shift)
            kernel_add(low, shift + start, shifted, count);
        topk_add(&top, shift ? shifted : low, count, (uint32_t)start);
    }
    return bounds->value[0];
}

/* Chooses all rows whose upper bound reaches `least`; false if they are too many. */
static bool choose(const struct bounds *bounds, const float *shift, float least, struct chosen *chosen)
{
    uint32_t where[BLOCK + KERNEL_LANES];
    float below = nextafterf(least, -INFINITY);

    chosen->count = 0;
    for (size_t start = 0; start < bounds->m; start += BLOCK) {
        size_t count = bounds->m - start < BLOCK ? bounds->m - start : BLOCK;
        size_t found = kernel_set()->find(bounds->high + start, shift ? shift + start : NULL, count, below, where);
        if (found > chosen->room - chosen->count)
            return false;
        for (size_t i = 0; i < found; i++)
            chosen->item[chosen->count++] = (uint32_t)start + where[i];
    }
    return true;
}

static int make_list(struct shortlist *list, const struct bounds *bounds, const struct chosen *chosen,
                     const float *shift)
{
    list->item = memory_array(bounds->k, sizeof *list->item);
    list->score = memory_floats(bounds->k);
    list->similarity = memory_floats(bounds->k);
    if (!list->item || !list->score || !list->similarity)
        return -1;
    struct topk top = topk_make(list->score, list->item, bounds->k);
    for (size_t i = 0; i < chosen->count; i++)
        topk_push(&top, shift ? chosen->similarity[i] + shift[chosen->item[i]] : chosen->similarity[i], (uint32_t)i);
    topk_sort(&top);
    for (size_t i = 0; i < top.count; i++) {
        list->similarity[i] = chosen->similarity[list->item[i]];
        list->item[i] = chosen->item[list->item[i]];
    }
    list->count = top.count;
    list->read = chosen->count;
    return 0;
}

/* Whether the bounds hold, as they do for the matrix that the index was made from.  None do if a number that was read
 * is NaN or infinite; other rows need no look, as no index is made of a matrix that is not finite. */
static bool holds(const struct bounds *bounds, const struct chosen *chosen)
{
    if (chosen->count < bounds->k)
        return false;
    for (size_t i = 0; i < chosen->count; i++) {
        float s = chosen->similarity[i];
        if (!(s >= bounds->low[chosen->item[i]] && s <= bounds->high[chosen->item[i]]))
            return false;
    }
    return true;
}

/* A list under a shift, which may be null.  Returns 1 if the index is of no use, -1 when out of memory. */
static int list_best(struct shortlist *list, const struct bounds *bounds, struct chosen *chosen, const float *shift)
{
    if (!choose(bounds, shift, least_of_best(bounds, shift), chosen))
        return 1;
    sims_some(&bounds->task->s, bounds->vector, chosen->item, chosen->count, chosen->similarity);
    return holds(bounds, chosen) ? make_list(list, bounds, chosen, shift) : 1;
}

static int list_all(const struct bounds *bounds, struct fit *const *fits, size_t count, struct chosen *chosen,
                    struct shortlist *lists)
{
    struct shortlist raw = {0};
    struct bounds first = *bounds;
    int status;

    first.k = 1; /* what gates look at */
    if ((status = list_best(&raw, &first, chosen, NULL)) == 0)
        for (size_t i = 0; i < count && status == 0; i++) {
            lists[i].open = fit_open(fits[i], raw.item[0]);
            lists[i].top1 = raw.item[0];
            status = list_best(&lists[i], bounds, chosen, lists[i].open ? fits[i]->shift : NULL);
        }
    shortlist_close(&raw, 1);
    return status;
}

/* Returns as list_best; the lists are empty unless it succeeds. */
static int by_index(const struct task *task, const float *vector, size_t query, struct fit *const *fits, size_t count,
                    size_t k, struct shortlist *lists)
{
    const struct sims *s = &task->s;
    size_t m = task_gallery(task);
    struct bounds bounds = {.task = task, .vector = vector, .m = m, .k = k < m ? k : m};
    struct chosen chosen = {.room = m / PART > 2 * bounds.k ? m / PART : 2 * bounds.k};
    int status = -1;

    float *buffer = memory_floats(s->right->cols);
    bounds.low = memory_floats(m);
    bounds.high = memory_floats(m);
    bounds.value = memory_floats(bounds.k);
    bounds.item = memory_array(bounds.k, sizeof *bounds.item);
    chosen.item = memory_array(chosen.room, sizeof *chosen.item);
    chosen.similarity = memory_floats(chosen.room);
    if (buffer && bounds.low && bounds.high && bounds.value && bounds.item && chosen.item && chosen.similarity) {
        if (!vector)
            bounds.vector = matrix_rows(s->left, s->row_map ? s->row_map[query] : query, 1, buffer);
        status = row_codes_bounds(s->codes, bounds.vector, bounds.low, bounds.high);
    }
    if (status == 0)
        status = list_all(&bounds, fits, count, &chosen, lists);
    if (status)
        shortlist_close(lists, count);
    free(buffer);
    free(bounds.low);
    free(bounds.high);
    free(bounds.value);
    free(bounds.item);
    free(chosen.item);
    free(chosen.similarity);
    return status;
}

/* Takes over the lists of a search; -1 when out of memory. */
static int take_lists(struct search *search, struct shortlist *lists)
{
    for (size_t i = 0; i < search->rules; i++) {
        struct search_list *from = &search->list[i];
        struct shortlist *list = &lists[i];
        *list = (struct shortlist){.open = from->open, .count = search->k, .item = from->item, .read = search->m};
        from->item = NULL;
        list->similarity = memory_floats(list->count);
        list->score = memory_floats(list->count);
        if (!list->similarity || !list->score)
            return -1;
        for (size_t j = 0; j < list->count; j++) {
            list->similarity[j] = search->similarity[list->item[j]];
            list->score[j] = from->score[list->item[j]];
        }
    }
    return 0;
}

int shortlist_run(const struct task *task, const float *vector, size_t query, struct fit *const *fits, size_t count,
                  size_t k, struct shortlist *lists, struct error *error)
{
    for (size_t i = 0; i < count; i++)
        lists[i] = (struct shortlist){0};
    int status = is_served(task, fits, count) && (vector || query < task->s.rows)
                     ? by_index(task, vector, query, fits, count, k, lists)
                     : 1;
    if (status <= 0)
        return status ? error_memory(error) : 0;
    struct search *search = search_run(task, vector, query, fits, count, k, error);
    if (!search)
        return -1;
    status = take_lists(search, lists);
    search_free(search);
    if (status)
        shortlist_close(lists, count);
    return status ? error_memory(error) : 0;
}

/* Takes over the items of a list. */
static int fill_list(struct search *search, struct search_list *list, struct shortlist *from)
{
    list->open = from->open;
    list->log_sum = NAN;
    list->best = from->score[0];
    list->item = from->item;
    from->item = NULL;
    if (!(list->score = memory_array(search->m, sizeof *list->score)))
        return -1;
    for (size_t i = 0; i < search->k; i++) {
        list->score[list->item[i]] = from->score[i];
        search->similarity[list->item[i]] = from->similarity[i];
    }
    return 0;
}

/* Arrays over the gallery stay untouched, and so cost nothing, where there are no listed items. */
static struct search *search_of(const struct task *task, const float *vector, size_t query, struct fit *const *fits,
                                struct shortlist *lists, size_t count)
{
    size_t m = task_gallery(task), d = task->s.right->cols;
    struct search *search = memory_array(1, sizeof *search);

    if (!search)
        return NULL;
    *search = (struct search){.m = m, .k = lists[0].count, .brief = true, .top1 = lists[0].top1, .query = query};
    search->list = memory_array(count, sizeof *search->list);
    search->similarity = memory_array(m, sizeof *search->similarity);
    search->vector = vector ? memory_floats(d) : NULL;
    bool made = search->list && search->similarity && (search->vector || !vector);
    if (made && vector)
        memcpy(search->vector, vector, d * sizeof *vector);
    for (; made && search->rules < count; search->rules++) {
        search->list[search->rules].fit = fit_keep(fits[search->rules]);
        made = !fill_list(search, &search->list[search->rules], &lists[search->rules]);
    }
    if (made)
        return search;
    search_free(search);
    return NULL;
}

struct search *shortlist_search(const struct task *task, const float *vector, size_t query, struct fit *const *fits,
                                size_t count, size_t k, struct error *error)
{
    struct shortlist *lists = memory_array(count, sizeof *lists);
    struct search *search = NULL;
    bool served = count && k && is_served(task, fits, count) && (vector || query < task->s.rows);
    int status = !lists ? -1 : served ? by_index(task, vector, query, fits, count, k, lists) : 1;

    if (status == 0)
        status = (search = search_of(task, vector, query, fits, lists, count)) ? 0 : -1;
    if (lists)
        shortlist_close(lists, count);
    free(lists);
    if (status < 0)
        error_memory(error);
    return search;
}

void shortlist_close(struct shortlist *lists, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(lists[i].item);
        free(lists[i].similarity);
        free(lists[i].score);
        lists[i] = (struct shortlist){0};
    }
}
