#include "engine/collection/borrowed.h"
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/collection/targets.h"
#include "engine/matrices/unit_rows.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>

static const double UNIT_TOLERANCE = 1e-3; /* as of bare matrices */

/* Takes embeddings of `dimension` (0: any) columns, scaled to unit length. */
static int take_embeddings(const struct matrix *given, const char *what, size_t dimension, struct matrix *matrix,
                           struct error *error)
{
    if (!given->rows || !given->cols)
        return error_set(error, ERROR_INPUT, "%s: is empty", what);
    if (dimension && given->cols != dimension)
        return error_set(error, ERROR_INPUT, item_text("%s: its vectors have %zu dimensions, those of the videos %zu"),
                         what, given->cols, dimension);
    *matrix = *given;
    return unit_rows_make(matrix, UNIT_TOLERANCE, what, NULL, error);
}

/* Takes similarities with `videos` (0: any) columns. */
static int take_similarities(const struct matrix *given, const char *what, size_t videos, struct matrix *matrix,
                             struct error *error)
{
    if (!given->rows || !given->cols)
        return error_set(error, ERROR_INPUT, "%s: is empty", what);
    if (videos && given->cols != videos)
        return error_set(error, ERROR_INPUT, item_text("%s: has %zu columns, but there are %zu videos"), what,
                         given->cols, videos);
    *matrix = *given;
    return unit_rows_check(matrix, what, NULL, error);
}

/* Allocates the only bank of its kind. */
static struct matrix *one_bank(struct bank **banks, size_t *count, struct error *error)
{
    *banks = memory_array(1, sizeof **banks);
    if (!*banks) {
        error_memory(error);
        return NULL;
    }
    *count = 1;
    snprintf((*banks)->name, sizeof(*banks)->name, "bank");
    return &(*banks)->matrix;
}

static int take_stored(struct collection *collection, struct collection_model *model, const struct borrowed *from,
                       struct error *error)
{
    struct matrix *bank;

    if (from->queries.data || from->videos.data || from->bank.data || from->video_bank.data)
        return error_set(error, ERROR_INPUT, "similarities and embeddings cannot be given together");
    model->stored = true;
    if (take_similarities(&from->sims, "similarities", 0, &model->query, error))
        return -1;
    collection->videos = model->query.cols;
    if (!from->bank_sims.data)
        return 0;
    bank = one_bank(&model->bank, &model->banks, error);
    return bank ? take_similarities(&from->bank_sims, "similarities of the bank", collection->videos, bank, error) : -1;
}

static int take_bank(const struct matrix *given, const char *what, size_t dimension, struct bank **banks, size_t *count,
                     struct error *error)
{
    if (!given->data)
        return 0;
    struct matrix *bank = one_bank(banks, count, error);
    return bank ? take_embeddings(given, what, dimension, bank, error) : -1;
}

static int take_matrices(struct collection *collection, struct collection_model *model, const struct borrowed *from,
                         struct error *error)
{
    if (from->sims.data)
        return take_stored(collection, model, from, error);
    if (from->bank_sims.data)
        return error_set(error, ERROR_INPUT, "similarities of a bank also need similarities of the queries");
    if (!from->queries.data || !from->videos.data)
        return error_set(error, ERROR_INPUT, item_text("give embeddings of both queries and videos"));
    if (take_embeddings(&from->videos, "embeddings of the videos", 0, &model->video, error))
        return -1;
    collection->videos = model->video.rows;
    model->dimension = model->video.cols;
    return take_embeddings(&from->queries, "embeddings of the queries", model->dimension, &model->query, error) ||
                   take_bank(&from->bank, "embeddings of the bank", model->dimension, &model->bank, &model->banks,
                             error) ||
                   take_bank(&from->video_bank, "embeddings of the video bank", model->dimension, &model->video_bank,
                             &model->video_banks, error)
               ? -1
               : 0;
}

static int take_targets(struct collection *collection, const int64_t *targets, struct error *error)
{
    if (!(collection->target = memory_array(collection->queries, sizeof *collection->target)))
        return error_memory(error);
    if (!targets)
        return targets_default(collection->target, collection->queries, collection->videos, "the queries", error);
    for (size_t i = 0; i < collection->queries; i++) {
        if (targets[i] < -1 || targets[i] >= (int64_t)collection->videos)
            return error_set(error, ERROR_INPUT, item_text("target %zu is %lld, but videos are 0 to %zu (-1: none)"), i,
                             (long long)targets[i], collection->videos - 1);
        collection->target[i] = targets[i] < 0 ? UINT32_MAX : (uint32_t)targets[i];
    }
    return 0;
}

struct collection *collection_borrow(const struct borrowed *borrowed, struct error *error)
{
    struct collection *collection = memory_array(1, sizeof *collection);
    struct collection_model *model;

    if (!collection) {
        error_memory(error);
        return NULL;
    }
    if (!(model = collection_add_model(collection, "base", error)) || take_matrices(collection, model, borrowed, error))
        goto fail;
    collection->queries = model->query.rows;
    if (collection->videos >= UINT32_MAX || collection->queries >= UINT32_MAX || model->dimension > INT_MAX) {
        error_set(error, ERROR_INPUT, "the matrices have too many rows or columns");
        goto fail;
    }
    model->logit_scale = borrowed->logit_scale > 0 ? borrowed->logit_scale : 100;
    model->least = model->most = NAN;
    if (take_targets(collection, borrowed->targets, error) || collection_model_scan(model, error))
        goto fail;
    snprintf(collection->name, sizeof collection->name, "matrices");
    return collection;

fail:
    collection_close(collection);
    return NULL;
}
