#include "engine/base/memory.h"
#include "engine/fitting/columns.h"
#include "engine/fitting/places.h"
#include "engine/rules/rules.h"

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

static void count_gc(const struct fit *fit, const struct asker *asker, const struct sims_counts *each, size_t several,
                     struct span items)
{
    columns_count(fit->own, asker, each, several, items);
}

static bool counted_gc(const struct fit *fit)
{
    return columns_counted(fit->own);
}

/* With a large bank -rank + S needs more digits than a float has, so the scores are places in that order. */
static int score_gc(const struct fit *fit, const struct asker *asker, const float *s, float *score)
{
    size_t m = fit->m;
    double *value = memory_array(m, sizeof *value);
    uint32_t *made = asker->counts ? NULL : memory_array(m, sizeof *made);
    const uint32_t *counts = asker->counts ? asker->counts : made;
    int status = -1;

    if (value && counts) {
        const struct sims_counts all = {{asker->row, 1}, s, made, m};
        if (made)
            columns_count(fit->own, asker, &all, 1, (struct span){0, m});
        for (size_t j = 0; j < m; j++)
            value[j] = (double)s[j] - 1 - (double)counts[j];
        status = places_of(value, m, score);
    }
    free(value);
    free(made);
    return status;
}

static void explain_gc(const struct fit *fit, const struct asker *asker, const float *s, size_t item,
                       struct arithmetic *arithmetic)
{
    uint32_t better;
    const struct sims_counts one = {{asker->row, 1}, s + item, &better, 1};

    if (!columns_count(fit->own, asker, &one, 1, (struct span){item, 1}))
        return;
    arithmetic_add(arithmetic, TERM_START, (double)s[item], 3, "similarity");
    term_note(arithmetic_add(arithmetic, TERM_MINUS, 1 + (double)better, 0, "rank of query"), "%u of %zu nearer",
              better, columns_bank(fit->own));
}

const struct rule rule_gc = {
    .name = "gc",
    .title = "GC",
    .brief = "the rank at which the item would list the query",
    .formula = "-(1 + number of bank queries i with B[i][j] > S[q][j]) + S[q][j]",
    .about =
        "Globally corrected: turns the question round and asks at which rank the item itself would list this query "
        "among the bank's.  A hub is close to everybody, so it lists most queries far down.  An order without "
        "probabilities, so no mass.",
    .source = "Dinu et al. 2015, Improving zero-shot learning by mitigating the hubness problem",
    .needs = RULE_NEEDS_BANK,
    .order_only = true,
    .fit = fit_gc,
    .score = score_gc,
    .count = count_gc,
    .counted = counted_gc,
    .close = close_gc,
    .explain = explain_gc,
};
