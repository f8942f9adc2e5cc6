#include "engine/rules/rules.h"
#include "engine/fitting/columns.h"
#include "engine/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static int fit_gc(const struct fit_input *input, struct fit *fit, struct error *error)
{
    fit->scale = 1;
    fit->own = columns_make(input->task, input->memory, input->job, error);
    return fit->own ? 0 : -1;
}

static void close_gc(void *own)
{
    columns_free(own);
}

static void count_gc(const struct fit *fit, const struct task *task, size_t first, size_t rows, const float *s,
                     uint32_t *counts)
{
    struct asker asker = {.task = task, .row = first};

    columns_count(fit->own, &asker, rows, (struct span){0, fit->m}, s, fit->m, counts);
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
        columns_count(fit->own, asker, 1, (struct span){0, m}, s, m, made);
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
    size_t n = columns_bank(fit->own);
    uint32_t better;

    (void)score;
    buffer[0] = 0;
    if (columns_count(fit->own, asker, 1, (struct span){item, 1}, &similarity, 1, &better))
        snprintf(buffer, size,
                 "Of %zu bank queries %u are more similar to this video than this query: rank %u there; similarity %.3f "
                 "breaks ties.",
                 n, better, 1 + better, (double)similarity);
}

const struct rule rule_gc = {
    .name = "gc",
    .title = "GC",
    .brief = "the rank at which the item would list the query",
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
