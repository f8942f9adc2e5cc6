/* The matrices: checked against the tables and each other, scaled to unit rows, written as .npy. */
#include "engine/import/matrices.h"

#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/collection/collection.h"
#include "engine/formats/file.h"
#include "engine/formats/matrix_file.h"
#include "engine/import/existing.h"
#include "engine/import/parts.h"
#include "engine/import/store.h"
#include "engine/import/tables.h"
#include "engine/matrices/unit_rows.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows already normalised elsewhere are kept to the bit. */
static const double UNIT_TOLERANCE = 1e-6;
/* float16 rounds an element by up to 2^-11 of it, and so the length: scaled again, but not worth a remark.  Nor is it
 * worth twice the room where that is large. */
static const double HALF_TOLERANCE = 5e-4;
enum { HALVES_KEPT = 50000000 /* elements, from which on */ };

/* The own model's, in the order in which they are given. */
static void list_leading(struct making *making)
{
    const struct import *import = making->import;
    struct import_matrix *next = making->matrix;

    if (import->sims)
        *next++ = (struct import_matrix){.path = import->sims, .file = "sims.npy", .model = making->own, .unit = true};
    else if (import->videos) {
        *next++ = (struct import_matrix){
            .path = import->videos, .file = "videos.npy", .model = making->own, .order = BY_VIDEO};
        *next++ = (struct import_matrix){
            .path = import->queries, .file = "queries.npy", .model = making->own, .order = BY_QUERY};
    }
    making->leading = (size_t)(next - making->matrix);
}

int import_list_matrices(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    size_t banks = import->bank_count + import->video_bank_count;

    making->matrix = memory_array(2 + banks, sizeof *making->matrix);
    if (!making->matrix)
        return error_memory(error);
    list_leading(making);
    making->matrices = making->leading + banks;
    for (size_t i = 0; i < banks; i++) {
        bool video = i >= import->bank_count;
        const struct import_bank *bank = video ? &import->video_banks[i - import->bank_count] : &import->banks[i];
        const struct import_model *model = import_find_model(making, bank->model);
        struct import_matrix *matrix = &making->matrix[making->leading + i];
        *matrix = (struct import_matrix){.path = bank->path, .unit = true};    /* embeddings: until inspected */
        matrix->model = model ? (size_t)(model - making->model) : making->own; /* an unknown one is a fault already */
        if (!bank->texts && !import->texts_table && import_existing_bank(making, video, bank->name) == SIZE_MAX)
            matrix->order = IN_ANY_ORDER;
        snprintf(matrix->file, sizeof matrix->file, "%sbank_%.63s.npy", video ? "video_" : "", bank->name);
    }
    return 0;
}

/* The keys that a matrix's rows have, null if none; they are the caller's. */
static const char **list_keys(struct making *making, const struct import_matrix *matrix, size_t *count)
{
    const struct import_tables *tables = &making->tables;
    bool existing = making->import->change;
    const struct import_texts *texts = tables->text_tables && tables->texts ? tables->texts : NULL;
    size_t videos = existing ? making->existing.keys : tables->video_count, next = 0;

    *count = matrix->order == BY_QUERY ? making->report->queries : videos;
    if (matrix->order == BY_ROW || matrix->order == IN_ANY_ORDER || !*count ||
        !(existing ? (const void *)making->existing.key : (const void *)tables->key_of))
        return NULL;
    if (matrix->order == BY_QUERY && (existing || *count != videos || !texts || !texts->video_of || !texts->split_of))
        return NULL; /* only a query that is its video's only one has a key */
    const char **key = memory_array(*count, sizeof *key);
    for (size_t i = 0; key && matrix->order == BY_VIDEO && i < *count; i++)
        key[i] = existing ? making->existing.key[i] : tables->key_of[i];
    for (size_t row = 0; key && matrix->order == BY_QUERY && row < table_rows(texts->table); row++)
        if (texts->split_of[row] == 0 && next < *count)
            key[next++] = texts->video_of[row] == UINT32_MAX ? "" : tables->key_of[texts->video_of[row]];
    return key;
}

static void remark_surplus(struct making *making, const struct import_matrix *matrix, const struct matrix_keys *keys)
{
    if (keys->surplus)
        findings_remark(making->findings, "%s: %zu of its keys are not in %s and are left out: %s", matrix->path,
                        keys->surplus, keys->from, keys->surplus_text);
}

static int read_matrix(struct making *making, struct import_matrix *matrix, struct error *reason)
{
    struct matrix_keys keys = {.from =
                                   making->import->change ? making->import->destination : making->tables.videos_from};
    const char **key = list_keys(making, matrix, &keys.count);
    bool kept_order = false;
    const struct matrix_request request = {.spec = matrix->path,
                                           .pool = making->import->pool,
                                           .keys = key ? &keys : NULL,
                                           .any_order = matrix->order == IN_ANY_ORDER,
                                           .kept_order = &kept_order,
                                           .pieces = &matrix->pieces};

    keys.key = key;
    int failed = matrix_file_read(&request, &matrix->matrix, reason);
    if (!failed)
        remark_surplus(making, matrix, &keys);
    if (!failed && kept_order)
        findings_remark(making->findings, "%s: has a vector for each key; its rows are in the order of the file",
                        matrix->path);
    free(key);
    return failed;
}

int import_open_matrix(struct making *making, struct import_matrix *matrix, struct error *error)
{
    struct error reason = {0};

    if (making->import->change && matrix->order == BY_VIDEO && import_existing_keys(making, error))
        return -1;
    if (read_matrix(making, matrix, &reason) == 0) {
        if (matrix->matrix.rows && matrix->matrix.cols)
            return 1;
        matrix_close(&matrix->matrix);
        error_set(&reason, ERROR_INPUT, "%s: is empty", matrix->path);
    }
    return findings_take(making->findings, matrix->path, NULL, &reason, error) ? -1 : 0;
}

/* A matrix has the dimension of its model, which the first one that opens decides for a new one. */
static void check_columns(struct making *making, const struct import_matrix *matrix)
{
    struct import_model *model = &making->model[matrix->model];
    size_t cols = matrix->matrix.cols;

    if (!model->dimension) {
        model->dimension = cols;
        model->dimension_from = matrix->path;
    } else if (model->stored && cols != model->dimension)
        findings_fault(making->findings, matrix->path, NULL,
                       item_text("%s: has %zu columns, but there are %zu videos in %s"), matrix->path, cols,
                       model->dimension, model->dimension_from);
    else if (cols != model->dimension)
        findings_fault(making->findings, matrix->path, NULL,
                       "%s: its vectors have %zu dimensions, those of %s have %zu", matrix->path, cols,
                       model->dimension_from, model->dimension);
}

static int open_matrices(struct making *making, struct error *error)
{
    const struct import_model *own = &making->model[making->own];

    for (size_t i = 0; i < making->matrices; i++) {
        struct import_matrix *matrix = &making->matrix[i];
        int opened = import_open_matrix(making, matrix, error);
        if (opened < 0)
            return -1;
        if (!opened)
            continue;
        job_expect(making->job, unit_rows_steps(&matrix->matrix));
        check_columns(making, matrix);
    }
    making->report->dimension = own->stored ? 0 : own->dimension;
    return 0;
}

void import_check_rows(struct making *making, const struct import_matrix *matrix, size_t wanted, const char *of,
                       const char *table)
{
    if (matrix->matrix.rows && matrix->matrix.rows != wanted)
        findings_fault(making->findings, matrix->path, NULL, "%s: has %zu rows, but %s has %zu %s", matrix->path,
                       matrix->matrix.rows, table, wanted, of);
}

/* Checks videos and queries against the tables. */
static int check_leading(struct making *making, struct error *error)
{
    const struct import_tables *tables = &making->tables;
    int faulty = tables->video_count ? import_check_video_shards(making, &making->matrix[0], error) : 0;

    if (faulty < 0)
        return -1;
    if (tables->video_count && !faulty)
        import_check_rows(making, &making->matrix[0], tables->video_count,
                          tables->videos ? item_text("videos")
                                         : item_text("videos, in order of first appearance; give all of them, in "
                                                     "the order of the rows, by --videos-table"),
                          tables->videos_from);
    if (!tables->count)
        return 0;
    faulty = import_check_text_shards(making, &making->matrix[1], &tables->texts[0], 0, "texts of queries", error);
    if (!faulty)
        import_check_rows(making, &making->matrix[1], tables->count[0], "texts of queries",
                          making->import->texts_table);
    return faulty < 0 ? -1 : 0;
}

static int check_bank_rows(struct making *making, size_t bank, struct error *error)
{
    const struct import_bank *given = &making->import->banks[bank];
    const struct import_tables *tables = &making->tables;
    const struct import_matrix *matrix = &making->matrix[making->leading + bank];
    const struct import_texts *texts = &tables->texts[0];
    char of[128];

    for (size_t i = 0; given->texts && i < tables->text_tables; i++)
        if (tables->texts[i].bank == bank)
            texts = &tables->texts[i];
    snprintf(of, sizeof of, "texts of the bank \"%.63s\"", given->name);
    int faulty = import_check_text_shards(making, matrix, texts, (uint32_t)bank + 1, of, error);
    if (!faulty)
        import_check_rows(making, matrix, tables->count[1 + bank], of, texts->path);
    return faulty < 0 ? -1 : 0;
}

int import_check_bank_rows(struct making *making, struct error *error)
{
    const struct import_tables *tables = &making->tables;

    for (size_t i = 0; tables->count && i < making->import->bank_count; i++)
        if (tables->count[1 + i] && check_bank_rows(making, i, error))
            return -1;
    return 0;
}

/* Checks the matrices of an added model, and banks that other models have, against the collection. */
static void check_existing(struct making *making)
{
    const struct import *import = making->import;
    const struct import_report *report = making->report;
    char of[128];

    if (import->sims || import->videos)
        import_check_rows(making, &making->matrix[0], import->sims ? report->queries : report->videos,
                          import->sims ? "queries" : item_text("videos"), import->destination);
    if (import->videos)
        import_check_rows(making, &making->matrix[1], report->queries, "queries", import->destination);
    for (size_t i = making->leading; i < making->matrices; i++) {
        size_t bank = i - making->leading;
        bool video = bank >= import->bank_count;
        const char *name = video ? import->video_banks[bank - import->bank_count].name : import->banks[bank].name;
        size_t index = import_existing_bank(making, video, name);
        if (index == SIZE_MAX || !making->existing.bank[video][index].rows)
            continue;
        snprintf(of, sizeof of, "rows in the %s \"%.63s\"", video ? item_text("video bank") : "bank", name);
        import_check_rows(making, &making->matrix[i], making->existing.bank[video][index].rows, of,
                          import->destination);
    }
}

static int check_shapes(struct making *making, struct error *error)
{
    if (making->import->change)
        check_existing(making);
    else if (check_leading(making, error))
        return -1;
    return import_check_bank_rows(making, error);
}

static bool is_large_half(const struct matrix *matrix)
{
    return matrix->type == MATRIX_F16 && matrix->cols && matrix->rows >= HALVES_KEPT / matrix->cols;
}

/* Embeddings become unit rows; similarities stay unchanged. */
static int inspect(struct making *making, struct import_matrix *matrix, struct error *error)
{
    double off;

    matrix->unit = true;
    if (making->model[matrix->model].stored)
        return unit_rows_check(&matrix->matrix, matrix->path, making->job, error);
    if (unit_rows_inspect(&matrix->matrix, &off, matrix->path, making->job, error))
        return -1;
    matrix->scaled = off > (matrix->matrix.type == MATRIX_F16 ? HALF_TOLERANCE : UNIT_TOLERANCE);
    matrix->unit = is_large_half(&matrix->matrix) ? !matrix->scaled : off <= UNIT_TOLERANCE;
    return 0;
}

static void remark_scaled(struct making *making)
{
    const struct import_matrix *first = NULL;
    size_t scaled = 0;

    for (size_t i = 0; i < making->matrices; i++) {
        if (!making->matrix[i].scaled)
            continue;
        first = scaled++ ? first : &making->matrix[i];
    }
    if (scaled)
        findings_remark(making->findings,
                        "%s: holds rows that are not of length 1 (%zu of %zu matrices do); they are "
                        "scaled to it",
                        first->path, scaled, making->matrices);
}

static int check_contents(struct making *making, struct error *error)
{
    for (size_t i = 0; i < making->matrices; i++) {
        struct import_matrix *matrix = &making->matrix[i];
        struct error reason = {0};
        if (matrix->matrix.rows && inspect(making, matrix, &reason) &&
            findings_take(making->findings, matrix->path, NULL, &reason, error))
            return -1;
    }
    remark_scaled(making);
    return 0;
}

void import_count_banks(struct making *making)
{
    const struct import *import = making->import;
    struct import_report *report = making->report;
    const struct import_matrix *bank = making->matrix + making->leading;

    report->banks = import->bank_count;
    report->video_banks = import->video_bank_count;
    for (size_t i = 0; i < report->banks + report->video_banks; i++, bank++) {
        size_t rows = bank->matrix.rows;
        size_t video = i - report->banks;
        if (i < report->banks && i < IMPORT_BANKS_MAX)
            report->bank_row[i] = rows;
        else if (i >= report->banks && video < IMPORT_BANKS_MAX)
            report->video_bank_row[video] = rows;
        report->bank_rows += rows;
    }
}

static int check_matrices(struct making *making, struct error *error)
{
    if (making->import->sims && !making->import->change)
        return 0;
    if (import_list_matrices(making, error) || open_matrices(making, error))
        return -1;
    if (check_shapes(making, error))
        return -1;
    import_count_banks(making);
    return check_contents(making, error);
}

static int put_number(struct making *making, const struct import_model *model, const char *key, double value,
                      struct error *error)
{
    char full[CATALOG_KEY];

    catalog_model_key(model->folder, key, full);
    return catalog_put_number(making->writer, full, value, error);
}

/* Stores the digest of this matrix alone, so that a check can name the matrix that changed. */
static int put_digest(struct making *making, const struct import_matrix *source, uint64_t value, struct error *error)
{
    char key[128], full[CATALOG_KEY], digest[17];

    snprintf(key, sizeof key, "digest %s", source->file);
    catalog_model_key(making->model[source->model].folder, key, full);
    snprintf(digest, sizeof digest, "%016" PRIx64, value);
    return catalog_put_meta(making->writer, full, digest, error);
}

/* What opening the collection would otherwise scan for. */
static int put_facts(struct making *making, const struct import_matrix *source, const struct store *store,
                     struct error *error)
{
    const struct import_model *model = &making->model[source->model];
    bool videos = strcmp(source->file, "videos.npy") == 0;

    if (strcmp(source->file, "sims.npy") == 0)
        return put_number(making, model, COLLECTION_LEAST, (double)store->least, error) ||
               put_number(making, model, COLLECTION_MOST, (double)store->most, error);
    return store->repeats ? put_number(making, model, videos ? COLLECTION_REPEATED_VIDEOS : COLLECTION_REPEATED_QUERIES,
                                       (double)store->repeated, error)
                          : 0;
}

static int write_matrix(struct making *making, struct import_matrix *source, struct error *error)
{
    struct import_model *model = &making->model[source->model];
    struct store store = {.scale = !source->unit,
                          .halves = source->unit && is_large_half(&source->matrix),
                          .tolerance = UNIT_TOLERANCE,
                          .repeats =
                              strcmp(source->file, "videos.npy") == 0 || strcmp(source->file, "queries.npy") == 0,
                          .chained = making->digest};
    char folder[PATH_MAX], path[PATH_MAX];

    model->changed = true;
    int failed = import_model_folder(making, model, folder, sizeof folder, error) ||
                 file_join(path, sizeof path, folder, source->file, error) ||
                 store_matrix(&store, &source->matrix, path, making->job, error) ||
                 put_digest(making, source, store.digest, error) || put_facts(making, source, &store, error);
    if (!making->import->change) /* in the order of the catalog */
        making->digest = store.chained;
    matrix_close(&source->matrix);
    return failed;
}

/* Lists a bank that no model had so far, and says that the model has it.  *added counts such banks of the kind. */
static int write_bank(struct making *making, int kind, const struct import_bank *bank,
                      const struct import_matrix *matrix, int64_t first_text, size_t *added, struct error *error)
{
    const char *folder = making->model[matrix->model].folder;
    size_t position = import_existing_bank(making, kind, bank->name);

    if (position == SIZE_MAX) {
        position = making->existing.banks[kind] + (*added)++;
        if (catalog_put_bank(making->writer, kind, position, bank->name, matrix->file, first_text, error))
            return -1;
    }
    return catalog_put_model_bank(making->writer, folder, kind, position, error);
}

static int write_banks(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    const struct import_matrix *matrix = making->matrix + making->leading;
    size_t added[2] = {0};

    for (size_t i = 0; i < import->bank_count; i++, matrix++)
        if (write_bank(making, 0, &import->banks[i], matrix, import_first_text(&making->tables, i), &added[0], error))
            return -1;
    for (size_t i = 0; i < import->video_bank_count; i++, matrix++)
        if (write_bank(making, 1, &import->video_banks[i], matrix, 0, &added[1], error))
            return -1;
    return 0;
}

int import_write_matrices(struct making *making, struct error *error)
{
    for (size_t i = 0; i < making->matrices; i++)
        job_expect(making->job, store_steps(&making->matrix[i].matrix));
    for (size_t i = 0; i < making->matrices; i++)
        if (write_matrix(making, &making->matrix[i], error))
            return -1;
    return write_banks(making, error);
}

static int write_matrices(struct making *making, struct error *error)
{
    return making->import->sims && !making->import->change ? 0 : import_write_matrices(making, error);
}

static void close_matrices(struct making *making)
{
    for (size_t i = 0; i < making->matrices; i++) {
        matrix_close(&making->matrix[i].matrix);
        matrix_pieces_close(&making->matrix[i].pieces);
    }
    free(making->matrix);
}

const struct import_part import_part_matrices = {
    .name = "matrices", .check = check_matrices, .write = write_matrices, .close = close_matrices};
