/* A learned model as files in a staging folder, from which it is imported. */
#include "engine/learned_model/learned_model.h"

#include "engine/base/memory.h"
#include "engine/collection/staging.h"
#include "engine/collection/tree.h"
#include "engine/encoders/encoder.h"
#include "engine/formats/file.h"
#include "engine/formats/npy.h"
#include "engine/heads/head_file.h"
#include "engine/import/import.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct writing {
    const struct learned_model *learned;
    const char *folder;
    struct job *job;
    struct import_bank bank[2][IMPORT_BANKS_MAX]; /* query banks, video banks */
    char path[2][IMPORT_BANKS_MAX][PATH_MAX];
    size_t banks[2];
    char videos[PATH_MAX], queries[PATH_MAX], encoder[PATH_MAX];
    bool encoded; /* the encoder's folder was written */
};

/* Writes a matrix through a head to a file in the folder, whose path `path` (PATH_MAX) receives. */
static int write_matrix(const struct writing *writing, const struct head *head, const struct matrix *matrix,
                        const char *name, char *path, struct error *error)
{
    float *rows =
        matrix->cols > SIZE_MAX / sizeof *rows / matrix->rows ? NULL : memory_floats(matrix->rows * matrix->cols);
    int status = rows ? 0 : error_memory(error);

    if (status == 0)
        status = file_join(path, PATH_MAX, writing->folder, name, error) ||
                         head_apply(head, matrix, rows, writing->job, error) ||
                         npy_write(path, NPY_F32, rows, matrix->rows, matrix->cols, error)
                     ? -1
                     : 0;
    free(rows);
    return status;
}

static int write_banks(struct writing *writing, int kind, struct error *error)
{
    const struct learned_model *learned = writing->learned;
    size_t count;
    const struct bank *banks = collection_model_banks(learned->from, kind, &count);

    for (size_t i = 0; i < count; i++) {
        char name[96];
        size_t at = writing->banks[kind];
        if (!banks[i].matrix.rows)
            continue;
        if (at == IMPORT_BANKS_MAX)
            return error_set(error, ERROR_INPUT, "%s: more than %d banks of a kind", learned->collection->name,
                             IMPORT_BANKS_MAX);
        snprintf(name, sizeof name, "%sbank_%s.npy", kind ? "video_" : "", banks[i].name);
        if (write_matrix(writing, kind ? learned->video : learned->text, &banks[i].matrix, name,
                         writing->path[kind][at], error))
            return -1;
        writing->bank[kind][at] = (struct import_bank){.name = banks[i].name, .path = writing->path[kind][at]};
        writing->banks[kind]++;
    }
    return 0;
}

/* The encoder of the frozen model and the text head.  If that has none, the head alone, as an encoder command stands in
 * for the first model's encoder; nothing for other models. */
static int write_encoder(struct writing *writing, struct error *error)
{
    const struct learned_model *learned = writing->learned;
    char from[PATH_MAX], config[PATH_MAX], path[PATH_MAX];

    if (file_join(writing->encoder, sizeof writing->encoder, writing->folder, "encoder", error) ||
        file_join(path, sizeof path, writing->encoder, ENCODER_HEAD, error) ||
        collection_model_path(learned->from, learned->collection->path, "encoder", from, sizeof from, error) ||
        file_join(config, sizeof config, from, ENCODER_CONFIG, error))
        return -1;
    bool encoded = access(config, F_OK) == 0;
    writing->encoded = encoded || learned->from == learned->collection->model[0];
    if (!writing->encoded)
        return 0;
    if (mkdir(writing->encoder, 0777))
        return error_system(error, "%s", writing->encoder);
    return (encoded && tree_link(from, writing->encoder, NULL, error)) || head_write(learned->text, path, error) ? -1
                                                                                                                 : 0;
}

static int write_files(struct writing *writing, struct error *error)
{
    const struct learned_model *learned = writing->learned;

    return write_matrix(writing, learned->video, &learned->from->video, "videos.npy", writing->videos, error) ||
                   write_matrix(writing, learned->text, &learned->from->query, "queries.npy", writing->queries,
                                error) ||
                   write_banks(writing, 0, error) || write_banks(writing, 1, error) || write_encoder(writing, error)
               ? -1
               : 0;
}

static int import_files(const struct writing *writing, const char *output, bool replace, struct error *error)
{
    const struct learned_model *learned = writing->learned;
    const struct import import = {
        .destination = learned->collection->path,
        .change = true,
        .add_model = true,
        .output = output,
        .replace = replace,
        .model_name = learned->name,
        .videos = writing->videos,
        .queries = writing->queries,
        .banks = writing->bank[0],
        .bank_count = writing->banks[0],
        .video_banks = writing->bank[1],
        .video_bank_count = writing->banks[1],
        .encoder = writing->encoded ? writing->encoder : NULL,
        .model = learned->description,
        .provenance = learned->provenance,
        .logit_scale = learned->scale,
    };

    return collection_import(&import, NULL, NULL, writing->job, error);
}

int learned_model_install(const struct learned_model *learned, const char *output, bool replace, struct job *job,
                          struct error *error)
{
    struct staging staging = {0};
    char beside[PATH_MAX];
    struct writing *writing = memory_array(1, sizeof *writing);
    int failed = -1;

    if (!writing)
        return error_memory(error);
    if (snprintf(beside, sizeof beside, "%s.model", output ? output : learned->collection->path) >= (int)sizeof beside)
        error_set(error, ERROR_INPUT, "%s: the path is too long", output ? output : learned->collection->path);
    else if (!staging_open_folder(&staging, beside, NULL, error)) {
        *writing = (struct writing){.learned = learned, .folder = staging.path, .job = job};
        failed = write_files(writing, error) || import_files(writing, output, replace, error) ? -1 : 0;
    }
    staging_abandon(&staging);
    free(writing);
    return failed;
}

int learned_model_writable(const struct collection *collection, const char *output, bool replace, struct error *error)
{
    bool replaces;

    return staging_check(output ? output : collection->path, !output || replace, &replaces, error);
}
