#include "app/data_options.h"
#include "app/named_collection.h"

static const struct option_entry entries[] = {
    COLLECTION_OPERAND(data_options, collection),
    INCLUDE_GROUP(data_options, rules, rule_group),
    INCLUDE_GROUP(data_options, banks, bank_group),
    INCLUDE_GROUP(data_options, matrices, matrix_group),
    {0},
};

static int settle(void *values, struct error *error)
{
    const struct data_options *options = values;
    const struct matrix_options *matrices = &options->matrices;
    bool any = matrix_options_any(matrices);
    if (!any && !options->collection)
        return usage_error(error, COLLECTION_MISSING);
    if (!any && matrices->logit_scale != 0)
        return usage_error(error, "--logit-scale goes with matrices: a collection has its own");
    if (!any)
        return 0;
    if (options->collection)
        return usage_error(error, "give a collection or matrices, not both");
    if (matrices->sims ? matrices->queries || matrices->videos : !matrices->queries || !matrices->videos)
        return usage_error(error, "matrices are --queries and --videos, or --sims");
    if (matrices->sims && (options->banks.bank.count || options->banks.video_bank.count))
        return usage_error(error, "with --sims the bank is --bank-sims");
    if (!matrices->sims && matrices->bank_sims)
        return usage_error(error, "--bank-sims goes with --sims");
    return 0;
}

const struct option_group data_group = {.entries = entries, .settle = settle};

struct collection *data_options_open(const struct data_options *options, struct error *error)
{
    const struct matrix_options *matrices = &options->matrices;
    if (options->collection)
        return named_collection_open(options->collection, error);
    const struct bare bare = {
        .queries = matrices->queries,
        .videos = matrices->videos,
        .bank = list_last(&options->banks.bank),
        .video_bank = list_last(&options->banks.video_bank),
        .sims = matrices->sims,
        .bank_sims = matrices->bank_sims,
        .targets = matrices->targets,
        .mask = matrices->query_mask,
        .logit_scale = matrices->logit_scale,
    };
    return collection_bare(&bare, error);
}
