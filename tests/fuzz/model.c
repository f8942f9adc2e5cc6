/* The first byte says which file of a CLIP model's folder the rest is: its weights in either format, the index of their
 * shards, or open_clip's settings beside valid weights. */
#include "engine/encoders/clip_text.h"
#include "engine/encoders/model_files.h"
#include "engine/formats/tensor_file.h"
#include "tests/fuzz/input.h"
#include <limits.h>
#include <string.h>

#define MODEL TESTS_DIR "/golden/clip/f16_torch"

enum { TENSORS, INDEX, CONFIG, KINDS };

static char folder[] = "/tmp/hubscope-fuzz-XXXXXX";

static const char *place(const char *name)
{
    static char path[PATH_MAX];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void remove_folder(void)
{
    unlink(place("model.safetensors.index.json"));
    unlink(place("part"));
    rmdir(folder);
}

static void read_tensors(const char *path)
{
    struct tensor_file *file = tensor_file_open(path, NULL);

    for (size_t i = 0; file && i < tensor_file_count(file); i++) {
        const char *name = tensor_file_name(file, i);
        struct array array;
        struct matrix matrix;
        float sum = 0;
        if (!tensor_file_describe(file, name, &array) || tensor_file_matrix(file, name, &matrix, NULL))
            continue;
        for (size_t row = 0; row < matrix.rows && row < 4 && matrix.cols < 1 << 16; row++) {
            float buffer[1 << 16];
            sum += matrix_rows(&matrix, row, 1, buffer)[matrix.cols - 1];
        }
        if (sum != sum && matrix.rows > SIZE_MAX / 2)
            abort();
        matrix_close(&matrix);
    }
    tensor_file_close(file);
}

static void read_index(const char *path)
{
    const char *index = place("model.safetensors.index.json");
    struct model_files *files;
    struct array array;
    struct matrix matrix;

    unlink(index);
    if (symlink(path, index))
        abort();
    files = model_files_open(folder, NULL);
    const char *name = files ? model_files_find(files, "token_embedding.weight") : NULL;
    if (name && !model_files_describe(files, name, &array, NULL) && !model_files_matrix(files, name, &matrix, NULL))
        matrix_close(&matrix);
    model_files_close(files);
}

static void read_config(const char *json, size_t size)
{
    json_t *config = json_loadb(json, size, JSON_REJECT_DUPLICATES, NULL);
    struct clip_text *text = json_is_object(config) ? clip_text_open(MODEL, config, NULL) : NULL;

    if (text && (clip_text_dimension(text) != 16 || clip_text_positions(text) < 3))
        abort();
    clip_text_close(text);
    json_decref(config);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool made;

    if (!made) {
        if (!mkdtemp(folder) || symlink(MODEL "/pytorch_model.bin", place("part")))
            abort();
        atexit(remove_folder);
        made = true;
    }
    if (!size)
        return 0;
    size_t which = data[0] % KINDS;
    if (which == CONFIG)
        read_config((const char *)data + 1, size - 1);
    else if (which == INDEX)
        read_index(input_path(data + 1, size - 1));
    else
        read_tensors(input_path(data + 1, size - 1));
    return 0;
}
