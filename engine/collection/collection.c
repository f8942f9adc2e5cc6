#include "engine/collection/collection.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/formats/file.h"
#include "engine/formats/npy.h"
#include "engine/matrices/facts.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
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
    return catalog_open(path, error);
}

/* Maps a matrix of the collection and checks its shape against the catalog; its columns are dimensions, or videos if
 * similarities are stored. */
static int open_matrix(const struct collection *collection, const char *file, size_t rows, struct matrix *matrix,
                       struct error *error)
{
    char path[PATH_MAX];

    if (strchr(file, '/') || !*file)
        return error_set(error, ERROR_INPUT, "%s/catalog.db: names a matrix \"%s\"", collection->path, file);
    if (file_join(path, sizeof path, collection->path, file, error) || npy_open(path, matrix, error))
        return -1;
    size_t cols = collection->stored ? collection->videos : collection->dimension;
    if ((rows && matrix->rows != rows) || matrix->cols != cols) {
        char wanted[32] = "any number of";
        if (rows)
            snprintf(wanted, sizeof wanted, "%zu", rows);
        return error_set(error, ERROR_INPUT,
                         "%s: is %zu x %zu, but the catalog lists %s rows of %zu %s; "
                         "import the collection again",
                         path, matrix->rows, matrix->cols, wanted, cols, collection->stored ? "videos" : "dimensions");
    }
    return 0;
}

static int open_banks(struct collection *collection, int kind, struct bank **banks, size_t *count, struct error *error)
{
    char name[64], file[96];
    int64_t first;

    while (catalog_bank(collection->catalog, kind, *count, name, sizeof name, file, sizeof file, &first)) {
        struct bank *grown = memory_grow(*banks, *count + 1, sizeof *grown);
        if (!grown)
            return error_memory(error);
        *banks = grown;
        struct bank *bank = &grown[*count];
        *bank = (struct bank){.first_text = first};
        snprintf(bank->name, sizeof bank->name, "%s", name);
        ++*count;
        size_t texts = first ? catalog_count_texts(collection->catalog, name) : 0;
        if (open_matrix(collection, file, texts, &bank->matrix, error))
            return -1;
    }
    return 0;
}

static int open_encoder(struct collection *collection, struct error *error)
{
    char path[PATH_MAX], type[64];

    copy_meta(collection->catalog, "encoder", type, sizeof type);
    if (!*type)
        return 0;
    if (file_join(path, sizeof path, collection->path, "encoder", error))
        return -1;
    collection->encoder = encoder_open(path, error);
    if (!collection->encoder)
        return -1;
    if (encoder_dimension(collection->encoder) != collection->dimension)
        return error_set(error, ERROR_INPUT, "%s: encodes to %zu dimensions, the collection has %zu", path,
                         encoder_dimension(collection->encoder), collection->dimension);
    return 0;
}

int collection_scan(struct collection *collection, struct error *error)
{
    int failed = collection->stored ? matrix_range(&collection->query, &collection->least, &collection->most)
                                    : matrix_repeated_rows(&collection->video, &collection->repeated_videos) ||
                                          matrix_repeated_rows(&collection->query, &collection->repeated_queries);

    return failed ? error_memory(error) : 0;
}

/* Reads what the import found out about the matrices.  If an older version imported the collection, scans only stored
 * similarities, as rules depend on their range; scanning embeddings would make opening slow, so their repeated rows go
 * unreported. */
static int read_facts(struct collection *collection, struct error *error)
{
    struct catalog *catalog = collection->catalog;
    double videos = catalog_meta_number(catalog, COLLECTION_REPEATED_VIDEOS);
    double queries = catalog_meta_number(catalog, COLLECTION_REPEATED_QUERIES);

    collection->least = catalog_meta_number(catalog, COLLECTION_LEAST);
    collection->most = catalog_meta_number(catalog, COLLECTION_MOST);
    collection->repeated_videos = videos >= 0 && videos < 1e15 ? (size_t)videos : 0;
    collection->repeated_queries = queries >= 0 && queries < 1e15 ? (size_t)queries : 0;
    bool unknown = isnan(collection->least) || isnan(collection->most);
    return collection->stored && unknown ? collection_scan(collection, error) : 0;
}

static int open_all(struct collection *collection, struct error *error)
{
    struct catalog *catalog = collection->catalog;
    char source[32], captions[32];
    double dimension = catalog_meta_number(catalog, "dimension");
    double scale = catalog_meta_number(catalog, "logit_scale");

    copy_meta(catalog, "name", collection->name, sizeof collection->name);
    copy_meta(catalog, "model", collection->model, sizeof collection->model);
    copy_meta(catalog, "licence", collection->licence, sizeof collection->licence);
    copy_meta(catalog, "provenance", collection->provenance, sizeof collection->provenance);
    collection->logit_scale = isfinite(scale) && scale > 0 ? scale : 100;
    collection->videos = catalog_count_videos(catalog);
    collection->queries = catalog_count_texts(catalog, "query");
    copy_meta(catalog, "source", source, sizeof source);
    collection->stored = strcmp(source, "similarities") == 0;
    copy_meta(catalog, "captions", captions, sizeof captions);
    collection->wordless = strcmp(captions, "none") == 0;
    if (!(collection->stored || (dimension >= 1 && dimension < 1e9)) || !collection->videos || !collection->queries ||
        catalog_meta_number(catalog, "videos") != (double)collection->videos ||
        catalog_meta_number(catalog, "queries") != (double)collection->queries)
        return error_set(error, ERROR_INPUT,
                         "%s/catalog.db: the catalog is damaged (its counts do not agree); import "
                         "the collection again",
                         collection->path);
    collection->dimension = collection->stored ? 0 : (size_t)dimension;
    if (collection->stored ? open_matrix(collection, "sims.npy", collection->queries, &collection->query, error)
                           : open_matrix(collection, "videos.npy", collection->videos, &collection->video, error) ||
                                 open_matrix(collection, "queries.npy", collection->queries, &collection->query, error))
        return -1;
    collection->target = memory_array(collection->queries, sizeof *collection->target);
    if (!collection->target)
        return error_memory(error);
    if (catalog_targets(catalog, collection->target, collection->queries, error) ||
        open_banks(collection, 0, &collection->bank, &collection->banks, error) ||
        open_banks(collection, 1, &collection->video_bank, &collection->video_banks, error) ||
        read_facts(collection, error))
        return -1;
    return open_encoder(collection, error);
}

struct collection *collection_open(const char *path, struct error *error)
{
    struct collection *collection = memory_array(1, sizeof *collection);

    if (!collection || !(collection->path = memory_text(path))) {
        error_memory(error);
        goto fail;
    }
    collection->catalog = open_catalog(path, error);
    if (!collection->catalog || open_all(collection, error))
        goto fail;
    return collection;

fail:
    collection_close(collection);
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

static void close_banks(struct bank *banks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        matrix_close(&banks[i].matrix);
    free(banks);
}

void collection_close(struct collection *collection)
{
    if (!collection)
        return;
    close_banks(collection->bank, collection->banks);
    close_banks(collection->video_bank, collection->video_banks);
    matrix_close(&collection->second.matrix);
    matrix_close(&collection->second.gallery_bank_sims);
    matrix_close(&collection->second.bank_gallery_sims);
    matrix_close(&collection->video);
    matrix_close(&collection->query);
    free(collection->target);
    relevance_close(&collection->relevance);
    encoder_close(collection->encoder);
    catalog_close(collection->catalog);
    free(collection->path);
    free(collection);
}
