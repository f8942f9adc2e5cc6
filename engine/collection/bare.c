/* A collection made from bare matrix files named on the command line. */
#include "engine/base/memory.h"
#include "engine/collection/bare_files.h"
#include "engine/collection/collection.h"
#include "engine/collection/targets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char VIDEOS[] = "videos in the similarities of the queries";

/* Allocates the only bank of its kind that a bare collection has. */
static struct bank *one_bank(struct bank **banks, size_t *count, struct error *error)
{
    *banks = memory_array(1, sizeof **banks);
    if (!*banks) {
        error_memory(error);
        return NULL;
    }
    *count = 1;
    snprintf((*banks)->name, sizeof(*banks)->name, "bank");
    return *banks;
}

static int open_files(struct collection *collection, struct collection_model *model, const struct bare *bare,
                      struct error *error)
{
    struct bank *bank;

    if (bare->sims) {
        if (bare->queries || bare->videos || bare->bank || bare->video_bank)
            return error_set(error, ERROR_INPUT, "similarities and embeddings cannot be given together");
        model->stored = true;
        if (bare_similarities(bare->sims, 0, NULL, &model->query, error))
            return -1;
        collection->videos = model->query.cols;
        return !bare->bank_sims ? 0
               : !(bank = one_bank(&model->bank, &model->banks, error))
                   ? -1
                   : bare_similarities(bare->bank_sims, collection->videos, VIDEOS, &bank->matrix, error);
    }
    if (bare->bank_sims)
        return error_set(error, ERROR_INPUT, "similarities of a bank also need similarities of the queries");
    if (!bare->queries || !bare->videos)
        return error_set(error, ERROR_INPUT, "give embeddings of both queries and videos");
    if (bare_embeddings(bare->videos, bare->pool, false, 0, &model->video, error))
        return -1;
    collection->videos = model->video.rows;
    model->dimension = model->video.cols;
    if (bare_embeddings(bare->queries, bare->pool, false, model->dimension, &model->query, error))
        return -1;
    if (bare->bank && (!(bank = one_bank(&model->bank, &model->banks, error)) ||
                       bare_embeddings(bare->bank, bare->pool, true, model->dimension, &bank->matrix, error)))
        return -1;
    if (bare->video_bank &&
        (!(bank = one_bank(&model->video_bank, &model->video_banks, error)) ||
         bare_embeddings(bare->video_bank, bare->pool, true, model->dimension, &bank->matrix, error)))
        return -1;
    return 0;
}

static int read_targets(struct collection *collection, const char *spec, struct error *error)
{
    struct relevance *relevance = &collection->relevance;

    if (relevance_read_rows(relevance, collection->queries, collection->videos, spec, error))
        return -1;
    relevance_targets(relevance, collection->target);
    if (!relevance_is_plural(relevance))
        relevance_close(relevance);
    return 0;
}

struct collection *collection_bare(const struct bare *bare, struct error *error)
{
    struct collection *collection = memory_array(1, sizeof *collection);

    if (!collection) {
        error_memory(error);
        return NULL;
    }
    struct collection_model *model = collection_add_model(collection, "base", error);
    if (!model || open_files(collection, model, bare, error))
        goto fail;
    const char *path = bare->sims ? bare->sims : bare->queries;
    if (collection->videos >= UINT32_MAX || model->query.rows >= UINT32_MAX) {
        error_set(error, ERROR_INPUT, "%s: has too many rows or columns", path);
        goto fail;
    }
    model->logit_scale = bare->logit_scale > 0 ? bare->logit_scale : 100;
    collection->queries = model->query.rows;
    collection->target = memory_array(collection->queries, sizeof *collection->target);
    if (!collection->target) {
        error_memory(error);
        goto fail;
    }
    if (bare->qrels     ? collection_read_qrels(collection, bare->qrels, bare->qrels_by_video, error)
        : bare->targets ? read_targets(collection, bare->targets, error)
                        : targets_default(collection->target, collection->queries, collection->videos, path, error))
        goto fail;
    if (bare->mask && targets_mask(&model->query, collection->target, &collection->relevance, bare->mask, error))
        goto fail;
    collection->queries = model->query.rows;
    model->least = model->most = NAN;
    if (collection_model_scan(model, error))
        goto fail;
    bare_name(path, collection->name, sizeof collection->name);
    return collection;

fail:
    collection_close(collection);
    return NULL;
}
