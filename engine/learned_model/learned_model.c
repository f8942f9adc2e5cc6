#include "engine/learned_model/learned_model.h"

#include "engine/base/memory.h"
#include "engine/formats/file.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* made (rows, d) = the matrix through the head, owned. */
static int map_matrix(const struct head *head, const struct matrix *matrix, struct matrix *made, struct job *job,
                      struct error *error)
{
    float *rows = matrix->rows && matrix->cols > SIZE_MAX / sizeof *rows / matrix->rows
                      ? NULL
                      : memory_floats(matrix->rows * matrix->cols);

    if (!rows)
        return error_memory(error);
    *made = matrix_view(rows, matrix->rows, matrix->cols);
    made->owned = rows;
    return head_apply(head, matrix, rows, job, error);
}

static int map_banks(const struct head *head, const struct bank *from, size_t count, struct bank **banks, size_t *made,
                     struct job *job, struct error *error)
{
    *banks = memory_array(count, sizeof **banks);
    if (!*banks)
        return error_memory(error);
    for (; *made < count; ++*made) {
        struct bank *bank = &(*banks)[*made];
        *bank = from[*made];
        bank->matrix = (struct matrix){0};
        bank->file[0] = '\0';
        if (from[*made].matrix.rows && map_matrix(head, &from[*made].matrix, &bank->matrix, job, error)) {
            ++*made; /* to be closed, too */
            return -1;
        }
    }
    return 0;
}

/* The encoder in the folder of the frozen model, composed with the text head. */
static int compose_encoder(const struct learned_model *learned, struct collection_model *model, struct error *error)
{
    char path[PATH_MAX], config[PATH_MAX];

    if (!learned->collection->path)
        return 0;
    if (collection_model_path(learned->from, learned->collection->path, "encoder", path, sizeof path, error) ||
        file_join(config, sizeof config, path, ENCODER_CONFIG, error))
        return -1;
    if (access(config, F_OK))
        return 0;
    model->encoder = encoder_open(path, error);
    return model->encoder ? encoder_put_head(model->encoder, learned->text, error) : -1;
}

int learned_model_make(const struct learned_model *learned, struct collection_model *model, struct job *job,
                       struct error *error)
{
    const struct collection_model *from = learned->from;

    snprintf(model->name, sizeof model->name, "%s", learned->name);
    snprintf(model->description, sizeof model->description, "%s", learned->description);
    snprintf(model->provenance, sizeof model->provenance, "%s", learned->provenance);
    model->logit_scale = learned->scale;
    model->dimension = from->dimension;
    model->least = from->least;
    model->most = from->most;
    return map_matrix(learned->video, &from->video, &model->video, job, error) ||
                   map_matrix(learned->text, &from->query, &model->query, job, error) ||
                   map_banks(learned->text, from->bank, from->banks, &model->bank, &model->banks, job, error) ||
                   map_banks(learned->video, from->video_bank, from->video_banks, &model->video_bank,
                             &model->video_banks, job, error) ||
                   collection_model_scan(model, error) || compose_encoder(learned, model, error)
               ? -1
               : 0;
}
