#include "engine/rules/rules.h"
#include "engine/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct columns {
    double *lse; /* (M) log sum over the evaluation queries of exp(S / temperature) */
    double temperature, queries;
};

static void close_dsl(void *own)
{
    struct columns *columns = own;

    if (columns)
        free(columns->lse);
    free(columns);
}

/* The evaluation queries take the bank's place in one pass over S. */
static int fit_dsl(const struct fit_input *input, struct fit *fit, struct error *error)
{
    struct task queries = *input->task;
    struct bank_plan plan = {0};
    struct bank_stats stats;
    struct columns *columns = fit->own = memory_array(1, sizeof *columns);

    if (!columns || !(columns->lse = memory_array(fit->m, sizeof *columns->lse)))
        return error_memory(error);
    columns->temperature = rule_value(&fit->spec, "temperature");
    columns->queries = (double)task_queries(input->task);
    queries.b = queries.s;
    bank_want_lse(&plan, 1 / columns->temperature);
    if (bank_measure(&queries, &plan, &stats, input->job, error))
        return -1;
    memcpy(columns->lse, stats.lse[0], fit->m * sizeof *columns->lse);
    bank_stats_close(&stats);
    fit->scale = 1;
    return 0;
}

/* Q times the query's share of the item's column.  A typed query joins the evaluation queries. */
static double share_of(const struct columns *columns, const struct asker *asker, double s, size_t item)
{
    double z = s / columns->temperature, lse = columns->lse[item];

    if (!asker->vector)
        return columns->queries * exp(z - lse);
    return (columns->queries + 1) / (1 + exp(lse - z));
}

static int score_dsl(const struct fit *fit, const struct asker *asker, const float *s, float *score)
{
    for (size_t j = 0; j < fit->m; j++)
        score[j] = (float)((double)s[j] * share_of(fit->own, asker, (double)s[j], j));
    return 0;
}

static void explain_dsl(const struct fit *fit, const struct asker *asker, float similarity, float score, size_t item,
                        char *buffer, size_t size)
{
    snprintf(buffer, size,
             "Similarity %.3f times %.3f, this query's share of the video against all evaluation queries (1 is "
             "average), is %.4f.",
             (double)similarity, share_of(fit->own, asker, (double)similarity, item), (double)score);
}

const struct rule rule_dsl = {
    .name = "dsl",
    .title = "DSL*",
    .brief = "softmax over all evaluation queries, times S",
    .label = "transductive",
    .formula = "S[q][j] Q exp(S[q][j] / temperature) / sum over evaluation queries p of exp(S[p][j] / temperature)",
    .about = "Transductive: it looks at all evaluation queries at once, which a search engine cannot, so compare it with "
             "the others only with that in mind.  A query's similarity counts in proportion to its share of the item "
             "against all queries (a typed query is added to them).  An order without probabilities, so no mass.",
    .source = "Cheng et al. 2021, Improving video-text retrieval by multi-stream corpus alignment and dual softmax loss",
    .parameters = {{.name = "temperature", .meaning = "temperature of the softmax over queries", .value = 1,
                    .least = 0.01, .most = 1000, .logarithmic = true, .step = 1.25}},
    .parameter_count = 1,
    .needs = RULE_NEEDS_ALL_QUERIES,
    .order_only = true,
    .fit = fit_dsl,
    .score = score_dsl,
    .close = close_dsl,
    .explain = explain_dsl,
};
