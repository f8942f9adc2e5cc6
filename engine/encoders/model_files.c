#include "engine/encoders/model_files.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/formats/file.h"
#include "engine/formats/tensor_file.h"

#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SHARDS_MAX = 1024, INDEX_BYTES_MAX = 1 << 26 };

struct model_files {
    const char *dir; /* owned */
    char path[PATH_MAX];
    json_t *index;           /* from tensor to shard; null: a single file */
    struct tensor_file **of; /* (count) null until opened */
    const char **name;       /* (count) of the shards, borrowed from the index */
    size_t count;
    const char **opened; /* (count + 2) the names of the files that were opened */
    size_t opened_count;
};

/* In the order of preference; an index is JSON. */
static const char *const candidates[] = {
    "model.safetensors",           "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json",
    "open_clip_model.safetensors", "open_clip_pytorch_model.bin",
};

enum { CANDIDATES = sizeof candidates / sizeof *candidates };

static bool is_index(const char *name)
{
    return strstr(name, ".json");
}

static int make_room(struct model_files *files, size_t count, struct error *error)
{
    files->of = memory_array(count, sizeof(struct tensor_file *));
    files->name = memory_array(count, sizeof *files->name);
    files->opened = memory_array(count + 2, sizeof *files->opened);
    return files->of && files->name && files->opened ? 0 : error_memory(error);
}

/* A name in the same folder, so that copying the folder's files copies all. */
static bool is_plain_name(const char *name)
{
    return name && *name && *name != '.' && !strchr(name, '/') && strlen(name) < NAME_MAX;
}

static size_t find_shard(const struct model_files *files, const char *name)
{
    size_t shard = 0;

    while (shard < files->count && strcmp(files->name[shard], name) != 0)
        shard++;
    return shard;
}

/* Reads {"weight_map": {TENSOR: FILE}}. */
static int read_index(struct model_files *files, struct error *error)
{
    json_error_t failure;
    const char *tensor;
    json_t *file;
    size_t size;
    char *text = file_read_regular(files->path, INDEX_BYTES_MAX, &size, error);

    if (!text)
        return -1;
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &failure);
    free(text);
    if (!root)
        return error_set(error, ERROR_INPUT, "%s:%d: %s", files->path, failure.line, failure.text);
    files->index = json_incref(json_object_get(root, "weight_map"));
    json_decref(root);
    if (!json_is_object(files->index) || !json_object_size(files->index))
        return error_set(error, ERROR_INPUT, "%s: has no \"weight_map\" from tensors to files", files->path);
    if (make_room(files, SHARDS_MAX, error))
        return -1;
    json_object_foreach (files->index, tensor, file) {
        const char *name = json_string_value(file);
        if (!is_plain_name(name))
            return error_set(error, ERROR_INPUT, "%s: \"%.80s\" is not in a file of the same folder", files->path,
                             tensor);
        size_t shard = find_shard(files, name);
        if (shard == SHARDS_MAX)
            return error_set(error, ERROR_INPUT, "%s: names more than %d files", files->path, SHARDS_MAX);
        if (shard == files->count)
            files->name[files->count++] = name;
    }
    return 0;
}

static int open_shard(struct model_files *files, size_t shard, struct error *error)
{
    char path[PATH_MAX];

    if (files->of[shard])
        return 0;
    if (file_join(path, sizeof path, files->dir, files->name[shard], error) ||
        !(files->of[shard] = tensor_file_open(path, error)))
        return -1;
    files->opened[files->opened_count++] = files->name[shard];
    return 0;
}

static int open_first(struct model_files *files, struct error *error)
{
    char name[PATH_MAX];

    for (size_t i = 0; i < CANDIDATES; i++) {
        if (file_join(files->path, sizeof files->path, files->dir, candidates[i], error))
            return -1;
        if (access(files->path, F_OK))
            continue;
        if (is_index(candidates[i])) {
            if (read_index(files, error))
                return -1;
            files->opened[files->opened_count++] = candidates[i];
            return 0;
        }
        if (make_room(files, 1, error))
            return -1;
        files->name[files->count++] = candidates[i];
        return open_shard(files, 0, error);
    }
    if (file_join(name, sizeof name, files->dir, candidates[0], error))
        return -1;
    return error_set(error, ERROR_INPUT, "%s: does not exist, nor does pytorch_model.bin or an index of shards", name);
}

struct model_files *model_files_open(const char *dir, struct error *error)
{
    struct model_files *files = memory_array(1, sizeof *files);

    if (!files || !(files->dir = memory_text(dir)))
        error_memory(error);
    else if (!open_first(files, error))
        return files;
    model_files_close(files);
    return NULL;
}

void model_files_close(struct model_files *files)
{
    if (!files)
        return;
    for (size_t i = 0; i < files->count; i++)
        tensor_file_close(files->of[i]);
    free(files->of);
    free(files->name);
    free(files->opened);
    json_decref(files->index);
    free((char *)files->dir);
    free(files);
}

static const char *choose(const char *best, const char *name, const char *ending)
{
    size_t length = strlen(name), tail = strlen(ending);

    if (length < tail || strcmp(name + length - tail, ending) != 0 || (best && strlen(best) <= length))
        return best;
    return name;
}

const char *model_files_find(const struct model_files *files, const char *ending)
{
    const char *best = NULL, *name;
    json_t *file;

    if (files->index) {
        json_object_foreach (files->index, name, file)
            best = choose(best, name, ending);
        return best;
    }
    for (size_t i = 0; i < tensor_file_count(files->of[0]); i++)
        best = choose(best, tensor_file_name(files->of[0], i), ending);
    return best;
}

/* The open file that has the tensor according to the index; *file is null if none has. */
static int place(struct model_files *files, const char *name, struct tensor_file **file, struct error *error)
{
    size_t shard = 0;

    *file = NULL;
    if (files->index) {
        const char *shard_name = json_string_value(json_object_get(files->index, name));
        if (!shard_name)
            return 0;
        shard = find_shard(files, shard_name);
    }
    if (open_shard(files, shard, error))
        return -1;
    *file = files->of[shard];
    return 0;
}

int model_files_describe(struct model_files *files, const char *name, struct array *array, struct error *error)
{
    struct tensor_file *file;

    *array = (struct array){0};
    if (place(files, name, &file, error))
        return -1;
    if (file && !tensor_file_describe(file, name, array))
        *array = (struct array){0};
    return 0;
}

int model_files_matrix(struct model_files *files, const char *name, struct matrix *matrix, struct error *error)
{
    char clean[128];
    struct tensor_file *file;

    *matrix = (struct matrix){0};
    if (place(files, name, &file, error))
        return -1;
    if (file)
        return tensor_file_matrix(file, name, matrix, error);
    text_clean(clean, sizeof clean, name);
    return error_set(error, ERROR_INPUT, "%s: tensor \"%s\" is not in the index", files->path, clean);
}

const char *model_files_path(const struct model_files *files)
{
    return files->path;
}

const char *const *model_files_names(const struct model_files *files)
{
    return files->opened;
}
