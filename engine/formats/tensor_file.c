#include "engine/formats/tensor_file.h"

#include "engine/base/mapping.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/formats/file.h"
#include "engine/formats/foreign.h"
#include "engine/formats/matrix_format.h"
#include "engine/formats/pickle_tree.h"
#include "engine/formats/safetensors.h"
#include "engine/formats/torch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tensor_file {
    char *path;
    struct safetensors *safetensors; /* null: a PyTorch file */
    struct pickle_file torch;
    struct tensor { /* of the PyTorch file */
        char *name;
        size_t array; /* index in the machine */
    } * tensor;
    size_t count, room;
};

static int add_tensor(struct machine *machine, const char *name, bool numbered, const struct pickle_array *array,
                      void *context)
{
    struct tensor_file *file = context;

    (void)numbered;
    if (file->count == file->room) {
        size_t larger = 2 * file->room + 64;
        struct tensor *grown = memory_grow(file->tensor, larger, sizeof *grown);
        if (!grown)
            return error_memory(machine->error);
        file->tensor = grown;
        file->room = larger;
    }
    struct tensor *tensor = &file->tensor[file->count];
    *tensor = (struct tensor){.name = memory_text(name), .array = (size_t)(array - machine->array)};
    if (!tensor->name)
        return error_memory(machine->error);
    file->count++;
    return 0;
}

static int compare(const void *left, const void *right)
{
    return strcmp(((const struct tensor *)left)->name, ((const struct tensor *)right)->name);
}

static const struct tensor *find(const struct tensor_file *file, const char *name)
{
    struct tensor wanted = {.name = (char *)name};

    return file->count ? bsearch(&wanted, file->tensor, file->count, sizeof wanted, compare) : NULL;
}

static int open_torch(struct tensor_file *file, struct error *error)
{
    if (pickle_file_load(&file->torch, torch_load, file->path, error) ||
        pickle_walk(&file->torch.machine, add_tensor, file) < 0)
        return -1;
    if (file->count)
        qsort(file->tensor, file->count, sizeof *file->tensor, compare);
    return 0;
}

/* Looks at the file's first bytes for its format. */
static int open_file(struct tensor_file *file, struct error *error)
{
    struct error failure = {0};
    size_t size;
    unsigned char *map = file_map(file->path, &size, &failure);

    if (!map && failure.kind != ERROR_NONE) {
        if (error)
            *error = failure;
        return -1;
    }
    bool torch = map && torch_matches(map, size);
    const char *foreign =
        map && !torch && !matrix_format_safetensors.matches(map, size) ? foreign_file(map, size) : NULL;
    mapping_close(map, size);
    if (foreign)
        return error_set(error, ERROR_INPUT, "%s: is %s", file->path, foreign);
    if (torch)
        return open_torch(file, error);
    file->safetensors = safetensors_load(file->path, error);
    return file->safetensors ? 0 : -1;
}

struct tensor_file *tensor_file_open(const char *path, struct error *error)
{
    struct tensor_file *file = memory_array(1, sizeof *file);

    if (!file || !(file->path = memory_text(path))) {
        error_memory(error);
        tensor_file_close(file);
        return NULL;
    }
    if (open_file(file, error)) {
        tensor_file_close(file);
        return NULL;
    }
    return file;
}

void tensor_file_close(struct tensor_file *file)
{
    if (!file)
        return;
    safetensors_close(file->safetensors);
    for (size_t i = 0; i < file->count; i++)
        free(file->tensor[i].name);
    free(file->tensor);
    pickle_file_close(&file->torch);
    free(file->path);
    free(file);
}

size_t tensor_file_count(const struct tensor_file *file)
{
    return file->safetensors ? safetensors_count(file->safetensors) : file->count;
}

const char *tensor_file_name(const struct tensor_file *file, size_t index)
{
    return file->safetensors ? safetensors_name(file->safetensors, index) : file->tensor[index].name;
}

bool tensor_file_describe(const struct tensor_file *file, const char *name, struct array *array)
{
    if (file->safetensors)
        return safetensors_describe(file->safetensors, name, array);
    const struct tensor *tensor = find(file, name);
    *array = tensor ? file->torch.machine.array[tensor->array].array : (struct array){0};
    array->data = NULL;
    array->owned = NULL;
    return tensor;
}

int tensor_file_matrix(struct tensor_file *file, const char *name, struct matrix *matrix, struct error *error)
{
    char label[512], clean[128];
    struct array array;

    if (file->safetensors)
        return safetensors_tensor(file->safetensors, name, matrix, error);
    *matrix = (struct matrix){0};
    text_clean(clean, sizeof clean, name);
    snprintf(label, sizeof label, "%s: tensor \"%s\"", file->path, clean);
    const struct tensor *tensor = find(file, name);
    if (!tensor)
        return error_set(error, ERROR_INPUT, "%s is not in the file", label);
    struct machine *machine = &file->torch.machine;
    machine->error = error;
    if (pickle_file_elements(machine, name, &machine->array[tensor->array], &array))
        return -1;
    if (array.dimensions == 1) {
        array.shape[1] = array.shape[0];
        array.shape[0] = 1;
        array.dimensions = 2;
        array.fortran = false;
    }
    return array_to_matrix(&array, label, matrix, error);
}
