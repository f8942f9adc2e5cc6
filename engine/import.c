#include "engine/import.h"
#include "engine/encoder.h"
#include "engine/formats/file.h"
#include "engine/formats/npy.h"
#include "engine/import_tables.h"
#include "engine/memory.h"
#include "engine/rows.h"
#include "engine/staging.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

/* Rows that others have normalised already are kept to the bit. */
static const double UNIT_TOLERANCE = 1e-6;

struct source { /* a matrix on its way into the collection */
    const char *path;
    char file[96]; /* its name there */
    struct matrix matrix;
};

struct making { /* a collection in the making */
    const struct import *import;
    struct import_report *report;
    struct job *job;
    struct staging staging;
    struct import_tables tables;
    struct source *source; /* videos, queries, banks, video banks */
    size_t sources;
    size_t dimension;
    uint64_t digest;
};

static int check_banks(const struct import_bank *banks, size_t count, const char *what,
                       struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        const char *name = banks[i].name;
        size_t length = 0;
        while (name[length] &&
               (isalnum((unsigned char)name[length]) || strchr("_.-", name[length])))
            length++;
        if (name[length] || length == 0 || length > 63 || strcmp(name, "query") == 0)
            return error_set(error, ERROR_INPUT,
                             "\"%.80s\" cannot name a %s: 1 to 63 letters, digits, '_', '.' or "
                             "'-', and not \"query\"",
                             name, what);
        for (size_t j = 0; j < i; j++)
            if (strcmp(name, banks[j].name) == 0)
                return error_set(error, ERROR_INPUT, "two %ss are named \"%s\"", what, name);
    }
    return 0;
}

static int check_options(const struct import *import, struct error *error)
{
    if (check_banks(import->banks, import->bank_count, "query bank", error) ||
        check_banks(import->video_banks, import->video_bank_count, "video bank", error))
        return -1;
    if (!isfinite(import->logit_scale) || import->logit_scale < 0)
        return error_set(error, ERROR_INPUT, "the logit scale must be a positive number");
    if (import->strip_frames < 0)
        return error_set(error, ERROR_INPUT, "the frames of a strip cannot be less than 1");
    return 0;
}

static int list_sources(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    size_t next = 2;

    making->sources = 2 + import->bank_count + import->video_bank_count;
    making->source = memory_array(making->sources, sizeof *making->source);
    if (!making->source) {
        making->sources = 0;
        return error_memory(error);
    }
    making->source[0] = (struct source){.path = import->videos, .file = "videos.npy"};
    making->source[1] = (struct source){.path = import->queries, .file = "queries.npy"};
    for (size_t i = 0; i < import->bank_count; i++, next++) {
        making->source[next].path = import->banks[i].path;
        snprintf(making->source[next].file, sizeof making->source[next].file, "bank_%s.npy",
                 import->banks[i].name);
    }
    for (size_t i = 0; i < import->video_bank_count; i++, next++) {
        making->source[next].path = import->video_banks[i].path;
        snprintf(making->source[next].file, sizeof making->source[next].file, "video_bank_%s.npy",
                 import->video_banks[i].name);
    }
    return 0;
}

static int check_rows(const struct source *source, size_t wanted, const char *of, const char *csv,
                      struct error *error)
{
    if (source->matrix.rows == wanted)
        return 0;
    return error_set(error, ERROR_INPUT, "%s: has %zu rows, but %s has %zu %s", source->path,
                     source->matrix.rows, csv, wanted, of);
}

/* Opens every matrix and holds its shape against the tables. */
static int open_sources(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    const struct import_tables *tables = &making->tables;
    struct source *source = making->source;

    for (size_t i = 0; i < making->sources; i++) {
        if (npy_open(source[i].path, &source[i].matrix, error))
            return -1;
        if (source[i].matrix.rows == 0 || source[i].matrix.cols == 0)
            return error_set(error, ERROR_INPUT, "%s: is empty", source[i].path);
        if (source[i].matrix.cols != source[0].matrix.cols)
            return error_set(
                error, ERROR_INPUT, "%s: its vectors have %zu dimensions, those of %s have %zu",
                source[i].path, source[i].matrix.cols, source[0].path, source[0].matrix.cols);
        job_expect(making->job, rows_steps(&source[i].matrix));
    }
    making->dimension = source[0].matrix.cols;
    if (check_rows(&source[0], csv_rows(tables->videos), "videos", import->videos_csv, error) ||
        check_rows(&source[1], tables->count[0], "texts of the split \"query\"", import->texts_csv,
                   error))
        return -1;
    for (size_t i = 0; i < import->bank_count; i++) {
        char of[128];
        snprintf(of, sizeof of, "texts of the split \"%s\"", import->banks[i].name);
        if (tables->count[1 + i] &&
            check_rows(&source[2 + i], tables->count[1 + i], of, import->texts_csv, error))
            return -1;
    }
    return 0;
}

/* Normalises a matrix and writes it; it is closed then, so that one is held at a time. */
static int write_source(struct making *making, struct source *source, struct error *error)
{
    struct matrix *matrix = &source->matrix;
    char path[PATH_MAX];
    float *copy = NULL;
    int failed = -1;

    if (rows_unit(matrix, UNIT_TOLERANCE, source->path, making->job, error) ||
        file_join(path, sizeof path, making->staging.path, source->file, error))
        goto done;
    if (matrix->type != MATRIX_F32 && !(copy = memory_floats(matrix->rows * matrix->cols))) {
        error_memory(error);
        goto done;
    }
    const float *rows = matrix_rows(matrix, 0, matrix->rows, copy);
    making->digest = rows_digest(rows, matrix->rows, matrix->cols, making->digest);
    failed = npy_write(path, NPY_F32, rows, matrix->rows, matrix->cols, error);

done:
    free(copy);
    matrix_close(matrix);
    return failed;
}

static int write_meta(struct making *making, struct catalog_writer *writer, const char *encoder,
                      struct error *error)
{
    const struct import *import = making->import;
    const char *slash = strrchr(making->staging.destination, '/');
    char digest[17];
    const struct {
        const char *key, *value;
    } texts[] = {
        {"name", import->name ? import->name
                 : slash      ? slash + 1
                              : making->staging.destination},
        {"model", import->model},
        {"licence", import->licence},
        {"provenance", import->provenance},
        {"encoder", encoder},
        {"digest", digest},
    };
    const struct {
        const char *key;
        double value;
    } numbers[] = {
        {"dimension", (double)making->dimension},
        {"videos", (double)csv_rows(making->tables.videos)},
        {"queries", (double)making->tables.count[0]},
        {"logit_scale", import->logit_scale},
    };

    snprintf(digest, sizeof digest, "%016" PRIx64, making->digest);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].value && catalog_put_meta(writer, texts[i].key, texts[i].value, error))
            return -1;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i].value > 0 &&
            catalog_put_number(writer, numbers[i].key, numbers[i].value, error))
            return -1;
    for (size_t i = 0; i < import->bank_count; i++)
        if (catalog_put_bank(writer, 0, i, import->banks[i].name, making->source[2 + i].file,
                             import_tables_first_text(&making->tables, i), error))
            return -1;
    for (size_t i = 0; i < import->video_bank_count; i++)
        if (catalog_put_bank(writer, 1, i, import->video_banks[i].name,
                             making->source[2 + import->bank_count + i].file, 0, error))
            return -1;
    return 0;
}

static int write_catalog(struct making *making, const char *encoder, struct error *error)
{
    char path[PATH_MAX];

    if (file_join(path, sizeof path, making->staging.path, "catalog.db", error))
        return -1;
    struct catalog_writer *writer = catalog_create(path, error);
    if (!writer)
        return -1;
    if (write_meta(making, writer, encoder, error) ||
        import_tables_write(&making->tables, writer, making->report, making->job, error)) {
        catalog_abandon(writer);
        return -1;
    }
    return catalog_finish(writer, making->job, error);
}

static int copy_file(const char *from, const char *to, struct error *error)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    ssize_t count = out < 0 ? -1 : 1;

    while (count > 0)
        count = sendfile(out, in, NULL, 1 << 30);
    int failed = count < 0 ? error_system(error, "%s: cannot be copied", from) : 0;
    if (in >= 0)
        close(in);
    if (out >= 0 && close(out) && !failed)
        failed = error_system(error, "%s: cannot be copied", from);
    return failed;
}

/* Copies the regular files of a directory. */
static int copy_directory(const char *from, const char *to, struct error *error)
{
    char source[PATH_MAX], target[PATH_MAX];
    struct dirent *entry;
    struct stat status;
    int failed = 0;

    DIR *dir = opendir(from);
    if (!dir)
        return error_system(error, "%s", from);
    if (mkdir(to, 0777))
        failed = error_system(error, "%s", to);
    while (!failed && (entry = readdir(dir))) {
        failed = file_join(source, sizeof source, from, entry->d_name, error) ||
                 file_join(target, sizeof target, to, entry->d_name, error);
        if (!failed && stat(source, &status) == 0 && S_ISREG(status.st_mode))
            failed = copy_file(source, target, error);
    }
    closedir(dir);
    return failed ? -1 : 0;
}

/* Tries the encoder where it lies, so that errors name a path that the user knows, then copies it.
 */
static int take_encoder(struct making *making, char *type, size_t size, struct error *error)
{
    const char *dir = making->import->encoder;
    char path[PATH_MAX];
    int failed = 0;

    struct encoder *encoder = encoder_open(dir, error);
    if (!encoder)
        return -1;
    snprintf(type, size, "%s", encoder_type(encoder));
    if (encoder_dimension(encoder) != making->dimension)
        failed = error_set(error, ERROR_INPUT,
                           "%s: encodes to %zu dimensions, the vectors of %s have %zu", dir,
                           encoder_dimension(encoder), making->import->videos, making->dimension);
    encoder_close(encoder);
    if (failed || file_join(path, sizeof path, making->staging.path, "encoder", error))
        return -1;
    return copy_directory(dir, path, error);
}

static void count_report(struct making *making)
{
    struct import_report *report = making->report;

    report->videos = csv_rows(making->tables.videos);
    report->queries = making->tables.count[0];
    report->banks = making->import->bank_count;
    report->video_banks = making->import->video_bank_count;
    for (size_t i = 2; i < making->sources; i++)
        report->bank_rows += making->source[i].matrix.rows;
}

static int make(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    char encoder[64] = "";

    if (check_options(import, error) || import_tables_open(&making->tables, import, error) ||
        list_sources(making, error) || open_sources(making, error))
        return -1;
    job_expect(making->job, import_tables_steps(&making->tables));
    count_report(making);
    if (staging_open(&making->staging, import->destination, import->replace, error) ||
        (import->encoder && take_encoder(making, encoder, sizeof encoder, error)))
        return -1;
    for (size_t i = 0; i < making->sources; i++)
        if (write_source(making, &making->source[i], error))
            return -1;
    if (write_catalog(making, import->encoder ? encoder : NULL, error))
        return -1;
    if (job_cancelled(making->job))
        return error_set(error, ERROR_CANCELLED, "cancelled");
    return staging_commit(&making->staging, error);
}

int collection_import(const struct import *import, struct import_report *report, struct job *job,
                      struct error *error)
{
    struct import_report ignored;
    struct making making = {
        .import = import, .report = report ? report : &ignored, .job = job, .staging.lock = -1};

    *making.report = (struct import_report){0};
    int failed = make(&making, error);
    staging_abandon(&making.staging);
    for (size_t i = 0; i < making.sources; i++)
        matrix_close(&making.source[i].matrix);
    free(making.source);
    import_tables_close(&making.tables);
    return failed;
}
