#include "engine/collection/collection_model.h"
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/catalog/catalog.h"
#include "engine/formats/file.h"
#include "engine/formats/npy.h"
#include "engine/formats/row_codes_file.h"
#include "engine/matrices/facts.h"
#include "engine/matrices/finite.h"
#include "engine/matrices/unit_rows.h"

#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A model being opened: where it lies. */
struct opening {
    struct collection_model *model;
    struct catalog *catalog;
    const char *path;      /* of the collection */
    char folder[PATH_MAX]; /* of the model */
};

static void copy_meta(const struct opening *opening, const char *key, char *buffer, size_t size)
{
    char full[CATALOG_KEY];

    catalog_model_key(opening->model->folder, key, full);
    char *value = catalog_meta(opening->catalog, full);
    text_clean(buffer, size, value ? value : "");
    free(value);
}

static double meta_number(const struct opening *opening, const char *key)
{
    char full[CATALOG_KEY];

    catalog_model_key(opening->model->folder, key, full);
    return catalog_meta_number(opening->catalog, full);
}

/* Maps a matrix of the model and checks its shape against the catalog; its columns are dimensions, or videos if
 * similarities are stored. */
static int open_matrix(const struct opening *opening, const char *file, size_t rows, struct matrix *matrix,
                       struct error *error)
{
    const struct collection_model *model = opening->model;
    char path[PATH_MAX];

    if (strchr(file, '/') || !*file)
        return error_set(error, ERROR_INPUT, "%s/catalog.db: names a matrix \"%s\"", opening->path, file);
    if (file_join(path, sizeof path, opening->folder, file, error) || npy_open(path, matrix, error))
        return -1;
    size_t cols = model->stored ? catalog_count_videos(opening->catalog) : model->dimension;
    if ((rows && matrix->rows != rows) || matrix->cols != cols) {
        char wanted[32] = "any number of";
        if (rows)
            snprintf(wanted, sizeof wanted, "%zu", rows);
        return error_set(error, ERROR_INPUT,
                         "%s: is %zu x %zu, but the catalog lists %s rows of %zu %s; "
                         "import the collection again",
                         path, matrix->rows, matrix->cols, wanted, cols,
                         model->stored ? item_text("videos") : "dimensions");
    }
    return 0;
}

static int open_banks(const struct opening *opening, int kind, struct bank **banks, size_t *count, struct error *error)
{
    char name[64], file[96];
    int64_t first;

    while (catalog_bank(opening->catalog, kind, *count, name, sizeof name, file, sizeof file, &first)) {
        size_t index = *count;
        struct bank *grown = memory_grow(*banks, index + 1, sizeof *grown);
        if (!grown)
            return error_memory(error);
        *banks = grown;
        struct bank *bank = &grown[index];
        *bank = (struct bank){.first_text = first};
        snprintf(bank->name, sizeof bank->name, "%s", name);
        snprintf(bank->file, sizeof bank->file, "%s", file);
        ++*count;
        size_t texts = first ? catalog_count_texts(opening->catalog, name) : 0;
        if (catalog_model_has_bank(opening->catalog, opening->model->folder, kind, index) &&
            open_matrix(opening, file, texts, &bank->matrix, error))
            return -1;
    }
    return 0;
}

static int open_encoder(const struct opening *opening, struct error *error)
{
    struct collection_model *model = opening->model;
    char path[PATH_MAX], type[64];

    copy_meta(opening, "encoder", type, sizeof type);
    if (!*type || strcmp(type, ENCODER_COMMAND) == 0)
        return 0;
    if (file_join(path, sizeof path, opening->folder, "encoder", error))
        return -1;
    model->encoder = encoder_open(path, error);
    if (!model->encoder)
        return -1;
    if (encoder_dimension(model->encoder) != model->dimension)
        return error_set(error, ERROR_INPUT, "%s: encodes to %zu dimensions, the collection has %zu", path,
                         encoder_dimension(model->encoder), model->dimension);
    return 0;
}

/* Takes the index if it is of the matrix that the catalog has the digest of; `check` reads both. */
static int open_index(const struct opening *opening, struct error *error)
{
    struct collection_model *model = opening->model;
    struct error reason = {0};
    char path[PATH_MAX], digest[17];

    if (model->stored || file_join(path, sizeof path, opening->folder, COLLECTION_INDEX, NULL) || access(path, F_OK))
        return 0;
    if (row_codes_open(path, &model->index, &reason) && reason.kind == ERROR_MEMORY)
        return error_memory(error);
    copy_meta(opening, "digest videos.npy", digest, sizeof digest);
    model->index_unused = model->index.rows != model->video.rows || model->index.cols != model->video.cols ||
                          strlen(digest) != 16 || strtoull(digest, NULL, 16) != model->index.digest;
    if (model->index_unused)
        row_codes_close(&model->index);
    return 0;
}

int collection_model_scan(struct collection_model *model, struct error *error)
{
    int failed = model->stored ? matrix_range(&model->query, &model->least, &model->most)
                               : matrix_repeated_rows(&model->video, &model->repeated_videos) ||
                                     matrix_repeated_rows(&model->query, &model->repeated_queries);

    return failed ? error_memory(error) : 0;
}

/* Reads what the import found out about the matrices.  If an older version imported the collection, scans only stored
 * similarities, as rules depend on their range; scanning embeddings would make opening slow, so their repeated rows go
 * unreported. */
static int read_facts(const struct opening *opening, struct error *error)
{
    struct collection_model *model = opening->model;
    double videos = meta_number(opening, COLLECTION_REPEATED_VIDEOS);
    double queries = meta_number(opening, COLLECTION_REPEATED_QUERIES);

    model->least = meta_number(opening, COLLECTION_LEAST);
    model->most = meta_number(opening, COLLECTION_MOST);
    model->repeated_videos = videos >= 0 && videos < 1e15 ? (size_t)videos : 0;
    model->repeated_queries = queries >= 0 && queries < 1e15 ? (size_t)queries : 0;
    bool unknown = isnan(model->least) || isnan(model->most);
    return model->stored && unknown ? collection_model_scan(model, error) : 0;
}

/* Only what import makes: nothing outside the collection. */
static bool is_folder(const char *folder)
{
    size_t length = sizeof COLLECTION_MODELS - 1;

    return !*folder || (strncmp(folder, COLLECTION_MODELS, length) == 0 && collection_model_names(folder + length));
}

static int open_matrices(struct opening *opening, struct error *error)
{
    struct collection_model *model = opening->model;
    size_t videos = catalog_count_videos(opening->catalog), queries = catalog_count_texts(opening->catalog, "query");

    if (model->stored ? open_matrix(opening, "sims.npy", queries, &model->query, error)
                      : open_matrix(opening, "videos.npy", videos, &model->video, error) ||
                            open_matrix(opening, "queries.npy", queries, &model->query, error))
        return -1;
    return open_banks(opening, 0, &model->bank, &model->banks, error) ||
           open_banks(opening, 1, &model->video_bank, &model->video_banks, error) || read_facts(opening, error);
}

int collection_model_open(struct collection_model *model, struct catalog *catalog, const char *path,
                          struct error *error)
{
    struct opening opening = {.model = model, .catalog = catalog, .path = path};
    char source[32];
    bool sound = collection_model_names(model->name) && is_folder(model->folder);

    snprintf(opening.folder, sizeof opening.folder, "%s", path);
    if (*model->folder && file_join(opening.folder, sizeof opening.folder, path, model->folder, error))
        return -1;
    double dimension = meta_number(&opening, "dimension"), scale = meta_number(&opening, "logit_scale");
    copy_meta(&opening, "model", model->description, sizeof model->description);
    copy_meta(&opening, "provenance", model->provenance, sizeof model->provenance);
    copy_meta(&opening, "digest", model->digest, sizeof model->digest);
    copy_meta(&opening, "source", source, sizeof source);
    model->stored = strcmp(source, "similarities") == 0;
    model->logit_scale = isfinite(scale) && scale > 0 ? scale : 100;
    model->dimension = !model->stored && dimension >= 1 && dimension < 1e9 ? (size_t)dimension : 0;
    if (!sound || !(model->stored || model->dimension))
        return error_set(
            error, ERROR_INPUT,
            "%s/catalog.db: the catalog is damaged (model \"%.63s\" has no dimension, or a name that cannot "
            "be); import the collection again",
            path, model->name);
    return open_matrices(&opening, error) || open_index(&opening, error) || open_encoder(&opening, error) ? -1 : 0;
}

const struct bank *collection_model_bank(const struct collection_model *model, bool videos, const char *name)
{
    size_t count;
    const struct bank *banks = collection_model_banks(model, videos, &count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(banks[i].name, name) == 0)
            return &banks[i];
    return NULL;
}

const struct bank *collection_model_choose_bank(const struct collection_model *model, bool videos, const char *name,
                                                struct error *error)
{
    size_t count;
    const struct bank *banks = collection_model_banks(model, videos, &count);
    const char *kind = videos ? item_text("video bank") : "query bank";
    const struct bank *first = NULL;
    char known[256] = "";
    size_t used = 0;

    for (size_t i = 0; i < count; i++) {
        bool named = name && strcmp(banks[i].name, name) == 0;
        if (banks[i].matrix.rows && named)
            return &banks[i];
        if (named) {
            error_set(error, ERROR_INPUT, "model %s has no %s '%.64s', which other models have", model->name, kind,
                      name);
            return NULL;
        }
        if (banks[i].matrix.rows && used < sizeof known)
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", first ? ", " : "", banks[i].name);
        if (banks[i].matrix.rows && !first)
            first = &banks[i];
    }
    if (!name || !*name)
        return first;
    if (first)
        error_set(error, ERROR_INPUT, "unknown %s '%.64s'; known: %s", kind, name, known);
    else
        error_set(error, ERROR_INPUT, "unknown %s '%.64s': the collection has none", kind, name);
    return NULL;
}

int collection_model_path(const struct collection_model *model, const char *collection, const char *name, char *buffer,
                          size_t size, struct error *error)
{
    char folder[PATH_MAX];

    if (!*model->folder)
        return file_join(buffer, size, collection, name, error);
    return file_join(folder, sizeof folder, collection, model->folder, error) ||
                   file_join(buffer, size, folder, name, error)
               ? -1
               : 0;
}

static const char *bank_file(const struct bank *bank, size_t banks, const struct matrix *matrix)
{
    for (size_t i = 0; i < banks; i++)
        if (matrix->data == bank[i].matrix.data)
            return *bank[i].file ? bank[i].file : bank[i].name;
    return NULL;
}

/* Of a matrix of the model or a view of one. */
static const char *matrix_file(const struct collection_model *model, const struct matrix *matrix)
{
    const char *bank = bank_file(model->bank, model->banks, matrix);

    if (!bank)
        bank = bank_file(model->video_bank, model->video_banks, matrix);
    if (matrix->data == model->video.data)
        return "videos.npy";
    if (matrix->data == model->query.data)
        return model->stored ? "sims.npy" : "queries.npy";
    return bank ? bank : *model->second.name ? model->second.name : "a matrix";
}

int collection_model_check(const struct collection_model *model, const char *collection, const struct matrix *matrix,
                           struct job *job, struct error *error)
{
    char path[PATH_MAX];

    if (!matrix || matrix_finite(matrix, job))
        return 0;
    const char *file = model ? matrix_file(model, matrix) : "a matrix";
    if (!model || !collection || collection_model_path(model, collection, file, path, sizeof path, NULL))
        snprintf(path, sizeof path, "%s", file);
    return unit_rows_check(matrix, path, job, error);
}

int collection_model_check_all(const struct collection_model *model, const char *collection, struct job *job,
                               struct error *error)
{
    int failed = collection_model_check(model, collection, &model->video, job, error) ||
                 collection_model_check(model, collection, &model->query, job, error);

    for (size_t i = 0; !failed && i < model->banks; i++)
        failed = collection_model_check(model, collection, &model->bank[i].matrix, job, error);
    for (size_t i = 0; !failed && i < model->video_banks; i++)
        failed = collection_model_check(model, collection, &model->video_bank[i].matrix, job, error);
    return failed ? -1 : 0;
}

bool collection_model_names(const char *text)
{
    size_t length = 0;

    while (isalnum((unsigned char)text[length]) || (text[length] && strchr("._-", text[length])))
        length++;
    return length && !text[length] && length < COLLECTION_MODEL_NAME && text[0] != '.';
}

static void close_banks(struct bank *banks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        matrix_close(&banks[i].matrix);
    free(banks);
}

void collection_model_close(struct collection_model *model)
{
    close_banks(model->bank, model->banks);
    close_banks(model->video_bank, model->video_banks);
    matrix_close(&model->second.matrix);
    matrix_close(&model->second.gallery_bank_sims);
    matrix_close(&model->second.bank_gallery_sims);
    row_codes_close(&model->index);
    matrix_close(&model->video);
    matrix_close(&model->query);
    encoder_close(model->encoder);
}
