#include "app/data_options.h"
#include "app/named_collection.h"
#include "engine/base/crew.h"
#include "engine/formats/matrix_file.h"
#include <string.h>

static const struct option_entry entries[] = {
    COLLECTION_OPERAND(data_options, collection),
    INCLUDE_GROUP(data_options, rules, rule_group),
    INCLUDE_GROUP(data_options, banks, bank_group),
    INCLUDE_GROUP(data_options, matrices, matrix_group),
    QRELS_OPTION(data_options, qrels),
    INCLUDE_GROUP(data_options, conventions, convention_group),
    SPLIT_OPTION(data_options, split),
    {0},
};

static int settle(void *values, struct error *error)
{
    const struct data_options *options = values;
    const struct matrix_options *matrices = &options->matrices;
    bool any = matrix_options_any(matrices);
    if (options->qrels && matrices->targets)
        return usage_error(error, "give --targets or --qrels, not both");
    if (!any && !options->collection)
        return usage_error(error, COLLECTION_MISSING);
    if (!any && matrices->logit_scale != 0)
        return usage_error(error, "--logit-scale is for matrices: a collection has its own");
    if (!any)
        return 0;
    if (options->collection)
        return usage_error(error, "give a collection or matrices, not both");
    if (matrices->sims ? matrices->queries || matrices->videos : !matrices->queries || !matrices->videos)
        return usage_error(error, "matrices are --queries and --videos, or --sims");
    if (matrices->sims && (options->banks.bank.count || options->banks.video_bank.count))
        return usage_error(error, "with --sims the bank is --bank-sims");
    if (matrices->sims && options->banks.gallery_bank)
        return usage_error(error, "with --sims the second bank is --gallery-bank-sims");
    if (!matrices->sims && options->banks.gallery_bank_sims)
        return usage_error(error, "--gallery-bank-sims needs --sims");
    if (!matrices->sims && matrices->bank_sims)
        return usage_error(error, "--bank-sims needs --sims");
    return 0;
}

const struct option_group data_group = {
    .entries = entries,
    .details =
        "Judgements are lines of query, iteration, item and grade, as `lists --format qrels` writes them in the\n"
        "same direction: texts by their rows, videos by their keys (in matrices: rows).  Grades above 0\n"
        "are relevant; with several items per query, or grades, nDCG@10 and MAP are those of trec_eval: only\n"
        "nDCG distinguishes grades.\n",
    .settle = settle,
};

static struct collection *open_matrices(const struct data_options *options, bool by_video, struct error *error)
{
    const struct matrix_options *matrices = &options->matrices;
    const struct bare bare = {
        .queries = matrices->queries,
        .videos = matrices->videos,
        .bank = list_last(&options->banks.bank),
        .video_bank = list_last(&options->banks.video_bank),
        .sims = matrices->sims,
        .bank_sims = matrices->bank_sims,
        .targets = matrices->targets,
        .qrels = options->qrels,
        .qrels_by_video = by_video,
        .mask = matrices->query_mask,
        .pool = (enum array_pool)matrices->pool,
        .logit_scale = matrices->logit_scale,
    };
    return collection_bare(&bare, error);
}

static struct collection *open_collection(const struct data_options *options, bool by_video, struct error *error)
{
    struct collection *collection = named_collection_open(options->collection, error);
    if (collection && options->qrels && collection_read_qrels(collection, options->qrels, by_video, error)) {
        collection_close(collection);
        return NULL;
    }
    return collection;
}

static bool names_bank(const struct bank *banks, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(banks[i].name, name) == 0)
            return true;
    return false;
}

const char *data_options_gallery_bank(const struct data_options *options, const struct collection *collection)
{
    const char *named = options->banks.gallery_bank;
    if (!named || !collection->catalog)
        return NULL;
    bool known = names_bank(collection->model[0]->bank, collection->model[0]->banks, named) ||
                 names_bank(collection->model[0]->video_bank, collection->model[0]->video_banks, named);
    return known || !matrix_file_exists(named) ? named : NULL;
}

struct collection *data_options_open(const struct data_options *options, enum direction direction, struct error *error)
{
    const struct bank_options *banks = &options->banks;
    bool by_video = direction == V2T;
    crew_split(options->split == 0);
    struct collection *collection =
        options->collection ? open_collection(options, by_video, error) : open_matrices(options, by_video, error);
    if (!collection)
        return NULL;
    const struct second_bank_files files = {
        .pool = (enum array_pool)options->matrices.pool,
        .embeddings = data_options_gallery_bank(options, collection) ? NULL : banks->gallery_bank,
        .gallery_bank_sims = banks->gallery_bank_sims,
        .bank_gallery_sims = banks->bank_gallery_sims,
    };
    if (collection_open_second_bank(collection, &files, error) == 0)
        return collection;
    collection_close(collection);
    return NULL;
}
