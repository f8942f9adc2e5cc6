#include "engine/import/making.h"
#include "engine/base/memory.h"
#include "engine/formats/file.h"

#include <stdio.h>
#include <string.h>

const char *import_written(const struct making *making)
{
    return making->import->output ? making->import->output : making->import->destination;
}

bool import_replaces(const struct making *making)
{
    const struct import *import = making->import;

    return import->replace || (import->change && !import->output);
}

int import_model_folder(const struct making *making, const struct import_model *model, char *buffer, size_t size,
                        struct error *error)
{
    if (*model->folder)
        return file_join(buffer, size, making->staging.path, model->folder, error);
    snprintf(buffer, size, "%s", making->staging.path);
    return 0;
}

struct import_model *import_find_model(const struct making *making, const char *name)
{
    if (!name)
        return &making->model[making->own];
    for (size_t i = 0; i < making->models; i++)
        if (strcmp(making->model[i].name, name) == 0)
            return &making->model[i];
    return NULL;
}

struct import_model *import_add_model(struct making *making, const char *name, const char *folder)
{
    struct import_model *grown = memory_grow(making->model, making->models + 1, sizeof *grown);

    if (!grown)
        return NULL;
    making->model = grown;
    struct import_model *model = &grown[making->models++];
    *model = (struct import_model){0};
    snprintf(model->name, sizeof model->name, "%s", name);
    snprintf(model->folder, sizeof model->folder, "%s", folder);
    return model;
}

size_t import_steps(size_t rows)
{
    return (rows + IMPORT_STEP - 1) / IMPORT_STEP;
}

int import_step(struct job *job, size_t row, struct error *error)
{
    if (row % IMPORT_STEP)
        return 0;
    job_step(job);
    return job_cancelled(job) ? error_set(error, ERROR_CANCELLED, "cancelled") : 0;
}

int import_write_item(struct making *making, struct error *error)
{
    char words[ITEM_WORDS];

    item_write(&making->item, words);
    return catalog_put_meta(making->writer, "item", words, error);
}
