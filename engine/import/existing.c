/* A collection that is changed in place: what it holds, and the copy staged beside it, in which unchanged files are
 * hard links. */
#include "engine/import/existing.h"

#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/catalog/header.h"
#include "engine/collection/entries.h"
#include "engine/collection/tree.h"
#include "engine/formats/file.h"
#include "engine/formats/npy.h"
#include "engine/matrices/unit_rows.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The rows of a bank without captions: those of the first model that has it.  0 if they cannot be read; SIZE_MAX when
 * out of memory. */
static size_t count_rows(const struct making *making, int kind, size_t index, const char *file)
{
    struct error reason = {0};
    const struct import_existing *existing = &making->existing;
    const char *destination = making->import->destination;
    struct matrix matrix;
    char folder[PATH_MAX], path[PATH_MAX];
    size_t rows = 0;

    for (size_t i = 0; i < making->models && !rows; i++) {
        const struct import_model *model = &making->model[i];
        if (!catalog_model_has_bank(existing->catalog, model->folder, kind, index) ||
            (*model->folder && file_join(folder, sizeof folder, destination, model->folder, NULL)) ||
            file_join(path, sizeof path, *model->folder ? folder : destination, file, NULL) ||
            npy_open(path, &matrix, &reason))
            continue;
        rows = matrix.rows;
        matrix_close(&matrix);
    }
    return !rows && reason.kind == ERROR_MEMORY ? SIZE_MAX : rows;
}

static int list_banks(struct making *making, int kind, struct error *error)
{
    struct import_existing *existing = &making->existing;
    char name[64], file[96];
    int64_t first;

    for (size_t i = 0; catalog_bank(existing->catalog, kind, i, name, sizeof name, file, sizeof file, &first); i++) {
        struct import_existing_bank *grown = memory_grow(existing->bank[kind], i + 1, sizeof *grown);
        if (!grown)
            return error_memory(error);
        existing->bank[kind] = grown;
        grown[i].texts = first > 0;
        grown[i].rows = first ? catalog_count_texts(existing->catalog, name) : count_rows(making, kind, i, file);
        memcpy(grown[i].name, name, sizeof grown[i].name);
        existing->banks[kind] = i + 1;
        if (grown[i].rows == SIZE_MAX)
            return error_memory(error);
    }
    return catalog_check_read(existing->catalog, error);
}

size_t import_existing_bank(const struct making *making, int kind, const char *name)
{
    const struct import_existing *existing = &making->existing;

    for (size_t i = 0; i < existing->banks[kind]; i++)
        if (strcmp(existing->bank[kind][i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

/* A model may have a bank that others have, once. */
static void check_names(struct making *making, int kind, const struct import_bank *banks, size_t count)
{
    const struct import *import = making->import;
    const char *what = kind ? item_text("video bank") : "query bank";

    for (size_t i = 0; i < count; i++) {
        const struct import_model *model = import_find_model(making, banks[i].model);
        size_t index = import_existing_bank(making, kind, banks[i].name);
        if (!model)
            findings_fault(making->findings, import->destination, NULL, "%s: has no model \"%.63s\"",
                           import->destination, banks[i].model);
        else if (model->stored && kind)
            findings_fault(making->findings, import->destination, NULL,
                           item_text("%s: holds stored similarities, which take no video banks"), import->destination);
        else if (index != SIZE_MAX && catalog_model_has_bank(making->existing.catalog, model->folder, kind, index))
            findings_fault(making->findings, import->destination, NULL,
                           "%s: has a %s \"%.63s\" already; give the new one another name", import->destination, what,
                           banks[i].name);
        else if (index != SIZE_MAX && banks[i].texts)
            findings_fault(making->findings, banks[i].texts, NULL,
                           "%s: the captions of bank \"%.63s\" are already there; omit --bank-texts", banks[i].texts,
                           banks[i].name);
    }
}

/* Identifies the catalog's file: a different file means a different state of the collection. */
static int identify(const char *path, struct import_existing *existing, struct error *error)
{
    struct stat status;

    if (stat(path, &status))
        return error_system(error, "%s", path);
    existing->device = status.st_dev;
    existing->file = status.st_ino;
    return 0;
}

static char *model_meta(const struct making *making, const struct import_model *model, const char *key)
{
    char full[CATALOG_KEY];

    catalog_model_key(model->folder, key, full);
    return catalog_meta(making->existing.catalog, full);
}

static int list_models(struct making *making, struct error *error)
{
    struct catalog *catalog = making->existing.catalog;
    char name[64], folder[96], key[CATALOG_KEY];

    while (catalog_model(catalog, making->models, name, sizeof name, folder, sizeof folder)) {
        struct import_model *model = import_add_model(making, name, folder);
        if (!model)
            return error_memory(error);
        catalog_model_key(folder, "dimension", key);
        double dimension = catalog_meta_number(catalog, key);
        char *encoder = model_meta(making, model, "encoder"), *source = model_meta(making, model, "source");
        model->stored = source && strcmp(source, "similarities") == 0;
        model->encoder = encoder && *encoder;
        model->dimension = model->stored                       ? catalog_count_videos(catalog)
                           : dimension >= 1 && dimension < 1e9 ? (size_t)dimension
                                                               : 0;
        model->dimension_from = making->import->destination;
        free(encoder);
        free(source);
    }
    return catalog_check_read(catalog, error);
}

static int add_model(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    char folder[sizeof making->model->folder];

    for (size_t i = 0; i < making->models; i++)
        if (strcmp(making->model[i].name, import->model_name) == 0)
            findings_fault(making->findings, import->destination, NULL,
                           "%s: already has a model \"%.63s\"; give the new one another name", import->destination,
                           import->model_name);
    snprintf(folder, sizeof folder, COLLECTION_MODELS "%.63s", import->model_name);
    struct import_model *model = import_add_model(making, import->model_name, folder);
    if (!model)
        return error_memory(error);
    model->stored = import->sims;
    if (model->stored) {
        model->dimension = catalog_count_videos(making->existing.catalog);
        model->dimension_from = import->destination;
    }
    making->own = making->models - 1;
    return 0;
}

/* Which model the change is about. */
static int choose_model(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    const char *name = import->remove_model ? import->remove_model : import->model_name;

    if (import->add_model)
        return add_model(making, error);
    const struct import_model *model = import_find_model(making, name);
    if (!model)
        findings_fault(making->findings, import->destination, NULL, "%s: has no model \"%.63s\"", import->destination,
                       name);
    else
        making->own = (size_t)(model - making->model);
    if (model && import->remove_model && making->models == 1)
        findings_fault(making->findings, import->destination, NULL,
                       "%s: has no other model than \"%.63s\", which therefore stays", import->destination, name);
    return 0;
}

int import_existing_open(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    struct import_existing *existing = &making->existing;
    struct error reason = {0};
    char path[PATH_MAX];

    if (entries_check(import->destination, &reason) ||
        file_join(path, sizeof path, import->destination, "catalog.db", &reason) || identify(path, existing, &reason) ||
        !(existing->catalog = catalog_open(path, &reason)))
        return findings_take(making->findings, import->destination, NULL, &reason, error);
    if (catalog_choose_item(existing->catalog, error) || list_models(making, error) || list_banks(making, 0, error) ||
        list_banks(making, 1, error))
        return -1;
    if (!making->models) {
        findings_fault(making->findings, import->destination, NULL, "%s: the catalog is damaged: it lists no model",
                       import->destination);
        catalog_close(existing->catalog);
        existing->catalog = NULL;
        return 0;
    }
    if (choose_model(making, error))
        return -1;
    const struct import_model *own = &making->model[making->own];
    making->report->videos = catalog_count_videos(existing->catalog);
    making->report->queries = catalog_count_texts(existing->catalog, "query");
    making->report->dimension = own->stored ? 0 : own->dimension;
    making->report->stored = own->stored;
    if (own->stored && import->encoder)
        findings_fault(making->findings, import->destination, NULL,
                       "%s: holds stored similarities, which take no encoder", import->destination);
    check_names(making, 0, import->banks, import->bank_count);
    check_names(making, 1, import->video_banks, import->video_bank_count);
    return catalog_check_read(existing->catalog, error);
}

int import_existing_keys(struct making *making, struct error *error)
{
    struct import_existing *existing = &making->existing;
    size_t videos = catalog_count_videos(existing->catalog);
    struct catalog_video video;

    if (existing->key)
        return 0;
    existing->key = memory_array(videos, sizeof *existing->key);
    if (!existing->key)
        return error_memory(error);
    for (; existing->keys < videos; existing->keys++) {
        if (catalog_video(existing->catalog, existing->keys, &video, error))
            return -1;
        existing->key[existing->keys] = video.key;
        video.key = NULL;
        catalog_video_close(&video);
    }
    return 0;
}

/* What is replaced or removed does not stay in the copy, in which everything is another name of the same file. */
static int clear_replaced(const struct making *making, struct error *error)
{
    static const char *const matrices[] = {"videos.npy", "queries.npy", "sims.npy", COLLECTION_INDEX};
    const struct import *import = making->import;
    const struct import_model *own = &making->model[making->own];
    char folder[PATH_MAX], path[PATH_MAX], name[64], file[96];
    int64_t first;

    if (import_model_folder(making, own, folder, sizeof folder, error))
        return -1;
    if ((import->encoder || import->remove_model) &&
        (file_join(path, sizeof path, folder, "encoder", error) || tree_remove(path, error)))
        return -1;
    if (!import->remove_model)
        return 0;
    if (*own->folder) {
        if (tree_remove(folder, error) || file_join(path, sizeof path, making->staging.path, "models", error))
            return -1;
        rmdir(path); /* unless other models are in it */
        return 0;
    }
    for (size_t i = 0; i < sizeof matrices / sizeof *matrices; i++)
        if (file_join(path, sizeof path, folder, matrices[i], error) || tree_remove(path, error))
            return -1;
    for (int kind = 0; kind < 2; kind++)
        for (size_t i = 0;
             catalog_bank(making->existing.catalog, kind, i, name, sizeof name, file, sizeof file, &first); i++)
            if (file_join(path, sizeof path, folder, file, error) || tree_remove(path, error))
                return -1;
    return 0;
}

static int make_folder(const struct making *making, const char *name, struct error *error)
{
    char path[PATH_MAX];

    if (file_join(path, sizeof path, making->staging.path, name, error))
        return -1;
    return mkdir(path, 0777) && errno != EEXIST ? error_system(error, "%s", path) : 0;
}

int import_existing_stage(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    const struct import_model *own = &making->model[making->own];
    struct import_existing now = {0};
    const char *source = import->output ? import->destination : making->staging.destination;
    char from[PATH_MAX], to[PATH_MAX];

    if (file_join(from, sizeof from, source, "catalog.db", error) ||
        file_join(to, sizeof to, making->staging.path, "catalog.db", error) || identify(from, &now, error))
        return -1;
    if (now.device != making->existing.device || now.file != making->existing.file)
        return error_set(error, ERROR_SYSTEM, "%s: was changed by another program meanwhile; try again",
                         import->destination);
    if (tree_link(source, making->staging.path, catalog_files, error) || clear_replaced(making, error) ||
        !(making->writer = catalog_copy(from, to, error)))
        return -1;
    if (import->add_model && (make_folder(making, "models", error) || make_folder(making, own->folder, error) ||
                              catalog_put_model(making->writer, own->name, own->folder, error)))
        return -1;
    if (import->remove_model &&
        (catalog_remove_model(making->writer, own->folder, error) || catalog_drop_stray_fits(making->writer, error)))
        return -1;
    int64_t last = catalog_last_text(making->writer, error);
    making->tables.first_text = last + 1;
    return last < 0 ? -1 : 0;
}

/* Chains the digest over a matrix of the staged copy. */
static int add_digest(const char *folder, const char *file, uint64_t *digest, struct error *error)
{
    struct matrix matrix;
    char path[PATH_MAX];
    float *copy = NULL;

    if (file_join(path, sizeof path, folder, file, error) || npy_open(path, &matrix, error))
        return -1;
    int failed = matrix.type == MATRIX_F32 || (copy = memory_floats(matrix.rows * matrix.cols)) != NULL
                     ? 0
                     : error_memory(error);
    if (!failed)
        *digest = unit_rows_digest(matrix_rows(&matrix, 0, matrix.rows, copy), matrix.rows, matrix.cols, *digest);
    free(copy);
    matrix_close(&matrix);
    return failed;
}

/* Whether the model has the bank once the change is made. */
static bool will_have(const struct making *making, const struct import_model *model, int kind, const char *name,
                      size_t index)
{
    const struct import *import = making->import;
    const struct import_bank *banks = kind ? import->video_banks : import->banks;
    size_t count = kind ? import->video_bank_count : import->bank_count;

    for (size_t i = 0; i < count; i++)
        if (strcmp(banks[i].name, name) == 0 && import_find_model(making, banks[i].model) == model)
            return true;
    return index != SIZE_MAX && catalog_model_has_bank(making->existing.catalog, model->folder, kind, index);
}

/* The existing banks of a kind, then the new ones, as the catalog lists them. */
static int add_digests(const struct making *making, const struct import_model *model, const char *folder, int kind,
                       uint64_t *digest, struct error *error)
{
    const struct import *import = making->import;
    const struct import_bank *banks = kind ? import->video_banks : import->banks;
    size_t count = kind ? import->video_bank_count : import->bank_count;
    char name[64], file[96];
    int64_t first;

    for (size_t i = 0; catalog_bank(making->existing.catalog, kind, i, name, sizeof name, file, sizeof file, &first);
         i++)
        if (will_have(making, model, kind, name, i) && add_digest(folder, file, digest, error))
            return -1;
    for (size_t i = 0; i < count; i++) {
        snprintf(file, sizeof file, "%sbank_%.63s.npy", kind ? "video_" : "", banks[i].name);
        if (import_existing_bank(making, kind, banks[i].name) == SIZE_MAX &&
            will_have(making, model, kind, banks[i].name, SIZE_MAX) && add_digest(folder, file, digest, error))
            return -1;
    }
    return 0;
}

/* Other matrices have another digest; fits of the existing ones remain valid, as those are unchanged. */
static int renew_digest(struct making *making, const struct import_model *model, struct error *error)
{
    char folder[PATH_MAX], text[17], key[CATALOG_KEY];
    uint64_t digest = 0;

    if (import_model_folder(making, model, folder, sizeof folder, error) ||
        (model->stored
             ? add_digest(folder, "sims.npy", &digest, error)
             : add_digest(folder, "videos.npy", &digest, error) || add_digest(folder, "queries.npy", &digest, error)) ||
        add_digests(making, model, folder, 0, &digest, error) || add_digests(making, model, folder, 1, &digest, error))
        return -1;
    snprintf(text, sizeof text, "%016" PRIx64, digest);
    catalog_model_key(model->folder, "digest", key);
    char *old = catalog_meta(making->existing.catalog, key);
    int failed = (old && catalog_renew_fits(making->writer, old, text, error)) ||
                 catalog_put_meta(making->writer, key, text, error);
    free(old);
    return failed;
}

int import_existing_finish(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    char key[CATALOG_KEY];
    bool changed = false;

    for (size_t i = 0; i < making->models; i++) {
        changed = changed || making->model[i].changed;
        if (making->model[i].changed && renew_digest(making, &making->model[i], error))
            return -1;
    }
    if (changed && catalog_drop_stray_fits(making->writer, error))
        return -1;
    if (*making->item.one && import_write_item(making, error))
        return -1;
    catalog_model_key(making->model[making->own].folder, "encoder", key);
    if (import->encoder && catalog_put_meta(making->writer, key, making->report->encoder, error))
        return -1;
    return catalog_check_read(making->existing.catalog, error);
}

void import_existing_close(struct making *making)
{
    struct import_existing *existing = &making->existing;

    for (size_t i = 0; i < existing->keys; i++)
        free(existing->key[i]);
    free(existing->key);
    free(existing->bank[0]);
    free(existing->bank[1]);
    catalog_close(existing->catalog);
}
