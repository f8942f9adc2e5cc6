#include "engine/base/memory.h"
#include "engine/fitting/places.h"
#include "engine/rules/rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct columns {
    double *lse; /* (M) log sum over the evaluation queries of exp(scale S) */
    double scale, queries;
};

static void close_dsl(void *own)
{
    struct columns *columns = own;

    if (columns)
        free(columns->lse);
    free(columns);
}

int query_lse(const struct fit_input *input, double scale, double *lse, struct error *error)
{
    struct bank_plan plan = {0};
    struct bank_stats stats;

    bank_want_lse(&plan, scale);
    if (bank_measure(&input->task->s, &plan, &stats, input->job, error))
        return -1;
    memcpy(lse, stats.lse[0], stats.m * sizeof *lse);
    bank_stats_close(&stats);
    return 0;
}

static int fit_dsl(const struct fit_input *input, struct fit *fit, struct error *error)
{
    struct columns *columns = fit->own = memory_array(1, sizeof *columns);

    if (!columns || !(columns->lse = memory_array(fit->m, sizeof *columns->lse)))
        return error_memory(error);
    columns->scale = rule_value(&fit->spec, "scale");
    columns->queries = (double)task_queries(input->task);
    fit->scale = 1;
    return query_lse(input, columns->scale, columns->lse, error);
}

/* Log of the query's share of the item's column.  A typed query is added to the evaluation queries. */
static double log_share(const struct columns *columns, const struct asker *asker, double s, size_t item)
{
    double z = columns->scale * s, lse = columns->lse[item];

    if (!asker->vector)
        return z - lse;
    return z > lse ? -log1p(exp(lse - z)) : z - lse - log1p(exp(z - lse));
}

/* The scores are places in the order of S times the share.  The product may underflow, so its logarithms are compared:
 * those of positive similarities come above those of negative ones, whose order is reversed. */
static int score_dsl(const struct fit *fit, const struct asker *asker, const float *s, float *score)
{
    double *value = memory_array(fit->m, sizeof *value), least = INFINITY;
    int status = -1;

    if (value) {
        for (size_t j = 0; j < fit->m; j++) {
            double size = fabs((double)s[j]);
            value[j] = size > 0 ? log(size) + log_share(fit->own, asker, (double)s[j], j) : 0;
            least = size > 0 && value[j] < least ? value[j] : least;
        }
        for (size_t j = 0; j < fit->m; j++)
            if (s[j] != 0.0f)
                value[j] = s[j] > 0 ? value[j] - least + 1 : least - 1 - value[j];
        status = places_of(value, fit->m, score);
    }
    free(value);
    return status;
}

static void explain_dsl(const struct fit *fit, const struct asker *asker, const float *s, size_t item,
                        struct arithmetic *arithmetic)
{
    const struct columns *columns = fit->own;
    double queries = columns->queries + (asker->vector ? 1 : 0), z = columns->scale * (double)s[item];

    arithmetic_add(arithmetic, TERM_START, (double)s[item], 3, "similarity");
    arithmetic_add(arithmetic, TERM_TIMES, columns->scale, 2, "scale %.4g", columns->scale);
    struct term *term =
        arithmetic_add(arithmetic, TERM_MINUS, z - log_share(columns, asker, (double)s[item], item), 2, "log-sum");
    term_note(term, "over %.0f queries", queries);
    term_note(arithmetic_add(arithmetic, TERM_EXP, 0, 3, "exp: its share"), "%.2g is average", 1 / queries);
    arithmetic_add(arithmetic, TERM_TIMES, queries, 2, "queries %.0f", queries);
    arithmetic_add(arithmetic, TERM_TIMES, (double)s[item], 2, "S %.3f", (double)s[item]);
}

const struct rule rule_dsl = {
    .name = "dsl",
    .version = 1,
    .title = "DSL*",
    .brief = "softmax over all evaluation queries, times S",
    .label = "transductive",
    .formula = "S[q][j] Q exp(scale S[q][j]) / sum over evaluation queries p of exp(scale S[p][j])",
    .about =
        "Transductive: it looks at all evaluation queries at once, which a search engine cannot, so compare it with "
        "the others only with that in mind.  A query's similarity counts in proportion to its share of the item "
        "against all queries (a typed query is added to them).  An order without probabilities, so no mass.",
    .source =
        "Cheng et al. 2021, Improving video-text retrieval by multi-stream corpus alignment and dual softmax loss; "
        "published evaluations use temperature 1 on logits, which include the logit scale",
    .parameters = {SCALE_PARAMETER},
    .parameter_count = 1,
    .replaced = {.name = "temperature", .by = "scale", .how = "the model's logit scale divided by the temperature"},
    .needs = RULE_NEEDS_ALL_QUERIES,
    .order_only = true,
    .fit = fit_dsl,
    .score = score_dsl,
    .close = close_dsl,
    .explain = explain_dsl,
};
