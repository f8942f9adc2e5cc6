#include "engine/collection/collection.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/collection/entries.h"
#include "engine/formats/file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void copy_meta(struct catalog *catalog, const char *key, char *buffer, size_t size)
{
    char *value = catalog_meta(catalog, key);

    text_clean(buffer, size, value ? value : "");
    free(value);
}

static struct catalog *open_catalog(const char *dir, struct error *error)
{
    char path[PATH_MAX];
    struct stat status;

    if (file_join(path, sizeof path, dir, "catalog.db", error))
        return NULL;
    if (stat(dir, &status)) {
        error_system(error, "%s", dir);
        return NULL;
    }
    if (stat(path, &status) && (errno == ENOENT || errno == ENOTDIR)) {
        error_set(error, ERROR_INPUT, "%s: is not a collection (it has no catalog.db)", dir);
        return NULL;
    }
    return entries_check(dir, error) ? NULL : catalog_open(path, error);
}

static int open_models(struct collection *collection, struct error *error)
{
    char name[64], folder[96];

    while (catalog_model(collection->catalog, collection->models, name, sizeof name, folder, sizeof folder)) {
        struct collection_model *model = collection_add_model(collection, name, error);
        if (!model)
            return -1;
        memcpy(model->folder, folder, sizeof folder);
        if (collection_model_open(model, collection->catalog, collection->path, error))
            return -1;
    }
    return collection->models ? 0
                              : error_set(error, ERROR_INPUT,
                                          "%s/catalog.db: the catalog is damaged (it lists no model); import the "
                                          "collection again",
                                          collection->path);
}

static int open_all(struct collection *collection, struct error *error)
{
    struct catalog *catalog = collection->catalog;
    char captions[32];

    if (catalog_choose_item(catalog, error))
        return -1;
    copy_meta(catalog, "name", collection->name, sizeof collection->name);
    copy_meta(catalog, "licence", collection->licence, sizeof collection->licence);
    copy_meta(catalog, "provenance", collection->provenance, sizeof collection->provenance);
    collection->videos = catalog_count_videos(catalog);
    collection->queries = catalog_count_texts(catalog, "query");
    copy_meta(catalog, "captions", captions, sizeof captions);
    collection->wordless = strcmp(captions, "none") == 0;
    if (!collection->videos || !collection->queries ||
        catalog_meta_number(catalog, "videos") != (double)collection->videos ||
        catalog_meta_number(catalog, "queries") != (double)collection->queries)
        return error_set(error, ERROR_INPUT,
                         "%s/catalog.db: the catalog is damaged (its counts do not agree); import "
                         "the collection again",
                         collection->path);
    collection->target = memory_array(collection->queries, sizeof *collection->target);
    if (!collection->target)
        return error_memory(error);
    return catalog_targets(catalog, collection->target, collection->queries, error) || open_models(collection, error);
}

/* *replaced says whether another collection took its place meanwhile: then its files may be of both. */
static struct collection *open_once(const char *path, bool *replaced, struct error *error)
{
    struct collection *collection = memory_array(1, sizeof *collection);

    *replaced = false;
    if (!collection || !(collection->path = memory_text(path))) {
        error_memory(error);
        goto fail;
    }
    collection->catalog = open_catalog(path, error);
    if (!collection->catalog)
        goto fail;
    int failed = open_all(collection, error);
    *replaced = !catalog_in_place(collection->catalog);
    if (catalog_check_read(collection->catalog, error) || failed) /* the first is the reason for the second */
        goto fail;
    return collection;

fail:
    collection_close(collection);
    return NULL;
}

struct collection *collection_open(const char *path, struct error *error)
{
    enum { TRIES = 10 };
    struct collection *collection = NULL;
    bool replaced = true;

    for (int tries = 0; replaced && tries < TRIES; tries++) {
        collection_close(collection);
        if (error)
            *error = (struct error){0};
        collection = open_once(path, &replaced, error);
    }
    if (!replaced)
        return collection;
    collection_close(collection);
    error_set(error, ERROR_SYSTEM, "%s: was changed by another program meanwhile; try again", path);
    return NULL;
}

int collection_read_qrels(struct collection *collection, const char *path, bool by_video, struct error *error)
{
    struct relevance read;
    const struct relevance_names names = {collection->queries, collection->videos, collection->catalog, by_video};

    if (relevance_read_qrels(&read, &names, path, error)) {
        relevance_close(&read);
        return -1;
    }
    relevance_targets(&read, collection->target);
    if (!relevance_is_plural(&read))
        relevance_close(&read);
    relevance_close(&collection->relevance);
    collection->relevance = read;
    collection->judged = true;
    return 0;
}

struct collection_model *collection_find_model(const struct collection *collection, const char *name,
                                               struct error *error)
{
    char known[256] = "";
    size_t used = 0;

    for (size_t i = 0; i < collection->models; i++)
        if (strcmp(collection->model[i]->name, name) == 0)
            return collection->model[i];
    for (size_t i = 0; i < collection->models && used < sizeof known; i++)
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "", collection->model[i]->name);
    error_set(error, ERROR_INPUT, "unknown model '%.64s'; known: %s", name, known);
    return NULL;
}

struct collection_model *collection_add_model(struct collection *collection, const char *name, struct error *error)
{
    struct collection_model *model;

    if (collection->models == COLLECTION_MODELS_MOST) {
        error_set(error, ERROR_INPUT, "a collection has at most %d models", COLLECTION_MODELS_MOST);
        return NULL;
    }
    if (!collection->model)
        collection->model = memory_array(COLLECTION_MODELS_MOST, sizeof *collection->model);
    if (!collection->model || !(model = memory_array(1, sizeof *model))) {
        error_memory(error);
        return NULL;
    }
    snprintf(model->name, sizeof model->name, "%s", name);
    collection->model[collection->models] = model;
    collection->models++;
    return model;
}

void collection_close(struct collection *collection)
{
    if (!collection)
        return;
    for (size_t i = 0; i < collection->models; i++) {
        collection_model_close(collection->model[i]);
        free(collection->model[i]);
    }
    free(collection->model);
    free(collection->target);
    relevance_close(&collection->relevance);
    catalog_close(collection->catalog);
    free(collection->path);
    free(collection);
}
