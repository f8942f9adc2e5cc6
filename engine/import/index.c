/* The index of the videos' embeddings, made from the matrix as it is stored. */
#include "engine/base/memory.h"
#include "engine/formats/file.h"
#include "engine/formats/npy.h"
#include "engine/formats/row_codes_file.h"
#include "engine/import/making.h"
#include "engine/import/parts.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int check_index(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    const struct import_model *own = &making->model[making->own];

    (void)error;
    if (!import->index)
        return 0;
    if (own->stored)
        findings_fault(making->findings, import->destination, NULL,
                       "%s: holds stored similarities, which take no index", import->destination);
    else if (own->dimension > ROW_CODES_COLS)
        findings_fault(making->findings, import->destination, NULL,
                       "%s: has %zu dimensions, and an index takes %d at most", import->destination, own->dimension,
                       ROW_CODES_COLS);
    return 0;
}

/* The catalog has the digest of the matrix, unless an old version imported it.  An index of any other matrix would not
 * be used. */
static int tie(struct making *making, const char *path, uint64_t digest, struct error *error)
{
    char key[CATALOG_KEY], text[17];
    int failed = 0;

    snprintf(text, sizeof text, "%016" PRIx64, digest);
    catalog_model_key(making->model[making->own].folder, "digest videos.npy", key);
    char *known = making->import->change ? catalog_meta(making->existing.catalog, key) : NULL;
    if (known && *known && strcmp(known, text) != 0)
        failed = error_set(error, ERROR_INPUT,
                           "%s: is not the matrix that was imported: it was changed or replaced; import the "
                           "collection again",
                           path);
    else
        failed = catalog_put_meta(making->writer, key, text, error);
    free(known);
    return failed;
}

static int write_index(struct making *making, struct error *error)
{
    char folder[PATH_MAX], from[PATH_MAX], to[PATH_MAX];
    struct matrix matrix;
    uint64_t digest;

    if (!making->import->index)
        return 0;
    if (import_model_folder(making, &making->model[making->own], folder, sizeof folder, error) ||
        file_join(from, sizeof from, folder, "videos.npy", error) ||
        file_join(to, sizeof to, folder, COLLECTION_INDEX, error) || npy_open(from, &matrix, error))
        return -1;
    job_expect(making->job, (matrix.rows + ROW_CODES_STEP - 1) / ROW_CODES_STEP);
    int failed = row_codes_write(to, &matrix, &digest, making->job, error) || tie(making, from, digest, error);
    matrix_close(&matrix);
    return failed;
}

const struct import_part import_part_index = {.name = "index", .check = check_index, .write = write_index};
