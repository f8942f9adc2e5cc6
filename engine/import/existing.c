/* A collection that is changed in place: what it holds, and the copy staged beside it, in which unchanged files are
 * hard links. */
#include "engine/import/existing.h"

#include "engine/base/memory.h"
#include "engine/collection/tree.h"
#include "engine/formats/file.h"
#include "engine/formats/npy.h"
#include "engine/matrices/unit_rows.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool has_bank(struct catalog *catalog, int kind, const char *name)
{
    char found[64], file[96];
    int64_t first;

    for (size_t i = 0; catalog_bank(catalog, kind, i, found, sizeof found, file, sizeof file, &first); i++)
        if (strcmp(found, name) == 0)
            return true;
    return false;
}

static size_t count_banks(struct catalog *catalog, int kind)
{
    char name[64], file[96];
    int64_t first;
    size_t count = 0;

    while (catalog_bank(catalog, kind, count, name, sizeof name, file, sizeof file, &first))
        count++;
    return count;
}

static void check_names(struct making *making, int kind, const struct import_bank *banks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (has_bank(making->existing.catalog, kind, banks[i].name))
            findings_fault(making->findings, making->import->destination, NULL,
                           "%s: has a %s \"%.63s\" already; give the new one another name", making->import->destination,
                           kind ? "video bank" : "query bank", banks[i].name);
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

int import_existing_open(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    struct import_existing *existing = &making->existing;
    struct error reason = {0};
    char path[PATH_MAX];

    if (file_join(path, sizeof path, import->destination, "catalog.db", &reason) || identify(path, existing, &reason) ||
        !(existing->catalog = catalog_open(path, &reason)))
        return findings_take(making->findings, import->destination, NULL, &reason, error);
    double dimension = catalog_meta_number(existing->catalog, "dimension");
    char *encoder = catalog_meta(existing->catalog, "encoder");
    char *source = catalog_meta(existing->catalog, "source");
    existing->stored = source && strcmp(source, "similarities") == 0;
    free(source);
    existing->encoder = encoder && *encoder;
    free(encoder);
    existing->dimension = existing->stored                    ? catalog_count_videos(existing->catalog)
                          : dimension >= 1 && dimension < 1e9 ? (size_t)dimension
                                                              : 0;
    existing->banks = count_banks(existing->catalog, 0);
    existing->video_banks = count_banks(existing->catalog, 1);
    making->report->videos = catalog_count_videos(existing->catalog);
    making->report->queries = catalog_count_texts(existing->catalog, "query");
    making->report->dimension = existing->dimension;
    making->report->stored = existing->stored;
    if (existing->stored && (import->video_bank_count || import->encoder))
        findings_fault(making->findings, import->destination, NULL, "%s: holds stored similarities, which take no %s",
                       import->destination, import->encoder ? "encoder" : "video banks");
    check_names(making, 0, import->banks, import->bank_count);
    check_names(making, 1, import->video_banks, import->video_bank_count);
    return 0;
}

int import_existing_keys(struct making *making, struct error *error)
{
    struct import_existing *existing = &making->existing;
    size_t videos = catalog_count_videos(existing->catalog);
    struct catalog_video video;

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

int import_existing_stage(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    struct import_existing now = {0};
    char from[PATH_MAX], to[PATH_MAX];
    const char *except[] = {"catalog.db", "catalog.db-journal", import->encoder ? "encoder" : NULL, NULL};

    if (file_join(from, sizeof from, making->staging.destination, "catalog.db", error) ||
        file_join(to, sizeof to, making->staging.path, "catalog.db", error) || identify(from, &now, error))
        return -1;
    if (now.device != making->existing.device || now.file != making->existing.file)
        return error_set(error, ERROR_SYSTEM, "%s: was changed by another program meanwhile; try again",
                         import->destination);
    if (tree_link(making->staging.destination, making->staging.path, except, error) ||
        !(making->writer = catalog_copy(from, to, error)))
        return -1;
    int64_t last = catalog_last_text(making->writer, error);
    making->tables.first_text = last + 1;
    return last < 0 ? -1 : 0;
}

/* Chains the digest over a matrix of the staged copy. */
static int add_digest(struct making *making, const char *file, struct error *error)
{
    struct matrix matrix;
    char path[PATH_MAX];
    float *copy = NULL;

    if (file_join(path, sizeof path, making->staging.path, file, error) || npy_open(path, &matrix, error))
        return -1;
    int failed = matrix.type == MATRIX_F32 || (copy = memory_floats(matrix.rows * matrix.cols)) != NULL
                     ? 0
                     : error_memory(error);
    if (!failed)
        making->digest =
            unit_rows_digest(matrix_rows(&matrix, 0, matrix.rows, copy), matrix.rows, matrix.cols, making->digest);
    free(copy);
    matrix_close(&matrix);
    return failed;
}

/* The existing banks of a kind, then the new ones, as the catalog lists them. */
static int add_digests(struct making *making, int kind, const struct import_bank *banks, size_t count,
                       struct error *error)
{
    char name[64], file[96];
    int64_t first;

    for (size_t i = 0; catalog_bank(making->existing.catalog, kind, i, name, sizeof name, file, sizeof file, &first);
         i++)
        if (add_digest(making, file, error))
            return -1;
    for (size_t i = 0; i < count; i++) {
        snprintf(file, sizeof file, "%sbank_%.63s.npy", kind ? "video_" : "", banks[i].name);
        if (add_digest(making, file, error))
            return -1;
    }
    return 0;
}

/* Other matrices have another digest; fits of the existing ones remain valid, as those are unchanged. */
static int renew_digest(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    char digest[17];

    making->digest = 0;
    if ((making->existing.stored
             ? add_digest(making, "sims.npy", error)
             : add_digest(making, "videos.npy", error) || add_digest(making, "queries.npy", error)) ||
        add_digests(making, 0, import->banks, import->bank_count, error) ||
        add_digests(making, 1, import->video_banks, import->video_bank_count, error))
        return -1;
    snprintf(digest, sizeof digest, "%016" PRIx64, making->digest);
    char *old = catalog_meta(making->existing.catalog, "digest");
    int failed = catalog_renew_fits(making->writer, old ? old : "", digest, error) ||
                 catalog_put_meta(making->writer, "digest", digest, error) ||
                 catalog_drop_stray_fits(making->writer, error);
    free(old);
    return failed;
}

int import_existing_finish(struct making *making, struct error *error)
{
    const struct import *import = making->import;

    if ((import->bank_count || import->video_bank_count) && renew_digest(making, error))
        return -1;
    return import->encoder ? catalog_put_meta(making->writer, "encoder", making->report->encoder, error) : 0;
}

void import_existing_close(struct making *making)
{
    struct import_existing *existing = &making->existing;

    for (size_t i = 0; i < existing->keys; i++)
        free(existing->key[i]);
    free(existing->key);
    catalog_close(existing->catalog);
}
