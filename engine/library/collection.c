#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/catalog/catalog.h"
#include "engine/collection/borrowed.h"
#include "engine/library/handles.h"
#include <hubscope/collection.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Wraps a collection, which is closed on failure. */
static struct hubscope_error hand_out(struct collection *opened, const struct error *error,
                                      struct hubscope_collection **collection)
{
    struct hubscope_collection *handle = opened ? memory_array(1, sizeof *handle) : NULL;

    if (!opened)
        return handles_result(-1, error);
    if (!handle) {
        collection_close(opened);
        return handles_refuse(HUBSCOPE_MEMORY, "out of memory");
    }
    handle->collection = opened;
    *collection = handle;
    return handles_result(0, NULL);
}

struct hubscope_error hubscope_collection_open(const char *path, struct hubscope_collection **collection)
{
    struct error error = {0};

    *collection = NULL;
    item_keep();
    return hand_out(collection_open(path, &error), &error, collection);
}

static struct matrix view_of(const struct hubscope_matrix *matrix)
{
    return matrix->data
               ? matrix_spread(matrix->data, matrix->rows, matrix->columns, matrix->row_stride, matrix->column_stride)
               : (struct matrix){0};
}

struct hubscope_error hubscope_collection_borrow(const struct hubscope_matrices *matrices,
                                                 struct hubscope_collection **collection)
{
    struct error error = {0};

    *collection = NULL;
    if (matrices->size != sizeof *matrices)
        return handles_refuse(HUBSCOPE_USAGE, "struct hubscope_matrices: its size is not set, or of another version");
    const struct borrowed borrowed = {
        .queries = view_of(&matrices->queries),
        .videos = view_of(&matrices->videos),
        .bank = view_of(&matrices->bank),
        .video_bank = view_of(&matrices->video_bank),
        .sims = view_of(&matrices->similarities),
        .bank_sims = view_of(&matrices->bank_similarities),
        .targets = matrices->targets,
        .logit_scale = matrices->logit_scale,
    };
    return hand_out(collection_borrow(&borrowed, &error), &error, collection);
}

void hubscope_collection_close(struct hubscope_collection *collection)
{
    if (collection)
        collection_close(collection->collection);
    free(collection);
}

size_t hubscope_collection_videos(const struct hubscope_collection *collection)
{
    return collection->collection->videos;
}

size_t hubscope_collection_queries(const struct hubscope_collection *collection)
{
    return collection->collection->queries;
}

int64_t hubscope_collection_target(const struct hubscope_collection *collection, size_t query)
{
    const struct collection *own = collection->collection;

    return query < own->queries && own->target[query] != UINT32_MAX ? (int64_t)own->target[query] : -1;
}

size_t hubscope_collection_models(const struct hubscope_collection *collection)
{
    return collection->collection->models;
}

static const struct collection_model *model_of(const struct hubscope_collection *collection, size_t model)
{
    return model < collection->collection->models ? collection->collection->model[model] : NULL;
}

const char *hubscope_collection_model(const struct hubscope_collection *collection, size_t model)
{
    const struct collection_model *known = model_of(collection, model);

    return known ? known->name : NULL;
}

size_t hubscope_collection_dimension(const struct hubscope_collection *collection, size_t model)
{
    const struct collection_model *known = model_of(collection, model);

    return known ? known->dimension : 0;
}

double hubscope_collection_logit_scale(const struct hubscope_collection *collection, size_t model)
{
    const struct collection_model *known = model_of(collection, model);

    return known ? known->logit_scale : (double)NAN;
}

size_t hubscope_collection_banks(const struct hubscope_collection *collection, enum hubscope_direction direction)
{
    size_t count;

    collection_model_banks(collection->collection->model[0], direction == HUBSCOPE_V2T, &count);
    return count;
}

const char *hubscope_collection_bank(const struct hubscope_collection *collection, enum hubscope_direction direction,
                                     size_t bank)
{
    size_t count;
    const struct bank *banks =
        collection_model_banks(collection->collection->model[0], direction == HUBSCOPE_V2T, &count);

    return bank < count ? banks[bank].name : NULL;
}

struct hubscope_error hubscope_collection_key(const struct hubscope_collection *collection, size_t video, char *buffer,
                                              size_t size)
{
    struct catalog *catalog = collection->collection->catalog;
    struct catalog_video found;
    struct error error = {0};

    *buffer = '\0';
    if (!catalog)
        return handles_result(0, NULL);
    if (catalog_video(catalog, video, &found, &error))
        return handles_result(-1, &error);
    snprintf(buffer, size, "%s", found.key);
    catalog_video_close(&found);
    return handles_result(0, NULL);
}

struct hubscope_error hubscope_collection_caption(const struct hubscope_collection *collection, size_t query,
                                                  char *buffer, size_t size)
{
    struct catalog *catalog = collection->collection->catalog;
    struct catalog_text found;
    struct error error = {0};

    *buffer = '\0';
    if (!catalog)
        return handles_result(0, NULL);
    if (catalog_text(catalog, "query", query, &found, &error))
        return handles_result(-1, &error);
    snprintf(buffer, size, "%s", found.caption);
    catalog_text_close(&found);
    return handles_result(0, NULL);
}
