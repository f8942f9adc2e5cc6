#include "engine/encoders/clip_text.h"
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/encoders/clip_weights.h"
#include "engine/formats/file.h"
#include "engine/formats/safetensors.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* No real model exceeds these, and they keep sizes far from overflow. */
enum { WIDTH_MAX = 1 << 14, LAYERS_MAX = 256, POSITIONS_MAX = 4096, VOCABULARY_MAX = 1 << 22 };

/* The settings of the text model: old files have them in "text_config_dict", and "text_config" is then ignored. */
static const json_t *settings(const json_t *config)
{
    const json_t *old = json_object_get(config, "text_config_dict"), *part = json_object_get(config, "text_config");

    return json_is_object(old) ? old : json_is_object(part) ? part : config;
}

static const json_t *setting(const json_t *config, const char *key)
{
    return json_object_get(settings(config), key);
}

static int read_size(const char *dir, const json_t *config, const char *key, size_t most, size_t usual, size_t *value,
                     struct error *error)
{
    const json_t *found = setting(config, key);
    json_int_t number = found ? json_integer_value(found) : (json_int_t)usual;

    if ((found && !json_is_integer(found)) || number < 1 || number > (json_int_t)most)
        return error_set(error, ERROR_INPUT, "%s/config.json: \"%s\" must be a number from 1 to %zu", dir, key, most);
    *value = (size_t)number;
    return 0;
}

/* Settings that are not given default to those of CLIP ViT-B/32, as elsewhere. */
static int read_settings(struct clip_text *text, const char *dir, const json_t *config, struct error *error)
{
    const json_t *epsilon = setting(config, "layer_norm_eps"), *end = setting(config, "eos_token_id");
    const char *activation = json_string_value(setting(config, "hidden_act"));

    if (read_size(dir, config, "hidden_size", WIDTH_MAX, 512, &text->width, error) ||
        read_size(dir, config, "intermediate_size", 4 * WIDTH_MAX, 2048, &text->inner, error) ||
        read_size(dir, config, "num_hidden_layers", LAYERS_MAX, 12, &text->layers, error) ||
        read_size(dir, config, "num_attention_heads", WIDTH_MAX, 8, &text->heads, error) ||
        read_size(dir, config, "max_position_embeddings", POSITIONS_MAX, 77, &text->positions, error) ||
        read_size(dir, config, "vocab_size", VOCABULARY_MAX, 49408, &text->vocabulary, error))
        return -1;
    if (text->width % text->heads)
        return error_set(error, ERROR_INPUT, "%s/config.json: a width of %zu is not divisible by %zu attention heads",
                         dir, text->width, text->heads);
    if (text->positions < 3)
        return error_set(error, ERROR_INPUT, "%s/config.json: \"max_position_embeddings\" must be 3 or more", dir);
    text->quick = !activation || strcmp(activation, "quick_gelu") == 0;
    if (!text->quick && strcmp(activation, "gelu") != 0)
        return error_set(error, ERROR_INPUT,
                         "%s/config.json: \"hidden_act\" is \"%.40s\"; \"quick_gelu\" and \"gelu\" "
                         "are supported",
                         dir, activation);
    text->epsilon = epsilon ? json_number_value(epsilon) : 1e-5;
    if (!(text->epsilon > 0 && text->epsilon < 1))
        return error_set(error, ERROR_INPUT, "%s/config.json: \"layer_norm_eps\" must be between 0 and 1", dir);
    text->end = json_is_integer(end) ? json_integer_value(end) : 2;
    return 0;
}

/* Reads a tensor of that shape; as float32 if `convert`. */
static int take(const struct clip_text *text, const char *path, const char *name, size_t rows, size_t cols,
                bool convert, struct matrix *matrix, struct error *error)
{
    if (safetensors_tensor(text->file, name, matrix, error))
        return -1;
    if (matrix->rows != rows || matrix->cols != cols)
        return error_set(error, ERROR_INPUT, "%s: tensor \"%s\" is %zu x %zu; config.json makes it %zu x %zu", path,
                         name, matrix->rows, matrix->cols, rows, cols);
    if (!convert || matrix->type == MATRIX_F32)
        return 0;
    float *values = memory_floats(rows * cols);
    if (!values)
        return error_memory(error);
    matrix_rows(matrix, 0, rows, values);
    matrix_close(matrix);
    *matrix = matrix_view(values, rows, cols);
    matrix->owned = values;
    return 0;
}

struct part { /* a tensor of a layer */
    const char *name;
    struct matrix *matrix;
    size_t rows, cols;
};

static int take_layer(const struct clip_text *text, const char *path, size_t index, struct error *error)
{
    struct layer *layer = &text->layer[index];
    const size_t width = text->width, inner = text->inner;
    const struct part parts[] = {
        {"layer_norm1.weight", &layer->before_attention.weight, 1, width},
        {"layer_norm1.bias", &layer->before_attention.bias, 1, width},
        {"self_attn.q_proj.weight", &layer->query.weight, width, width},
        {"self_attn.q_proj.bias", &layer->query.bias, 1, width},
        {"self_attn.k_proj.weight", &layer->key.weight, width, width},
        {"self_attn.k_proj.bias", &layer->key.bias, 1, width},
        {"self_attn.v_proj.weight", &layer->value.weight, width, width},
        {"self_attn.v_proj.bias", &layer->value.bias, 1, width},
        {"self_attn.out_proj.weight", &layer->out.weight, width, width},
        {"self_attn.out_proj.bias", &layer->out.bias, 1, width},
        {"layer_norm2.weight", &layer->before_mlp.weight, 1, width},
        {"layer_norm2.bias", &layer->before_mlp.bias, 1, width},
        {"mlp.fc1.weight", &layer->up.weight, inner, width},
        {"mlp.fc1.bias", &layer->up.bias, 1, inner},
        {"mlp.fc2.weight", &layer->down.weight, width, inner},
        {"mlp.fc2.bias", &layer->down.bias, 1, width},
    };
    char name[128];

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        snprintf(name, sizeof name, "text_model.encoder.layers.%zu.%s", index, parts[i].name);
        if (take(text, path, name, parts[i].rows, parts[i].cols, parts[i].rows == 1, parts[i].matrix, error))
            return -1;
    }
    return 0;
}

static int take_tensors(struct clip_text *text, const char *path, struct error *error)
{
    static const char PROJECTION[] = "text_projection.weight";
    struct array shape;

    if (take(text, path, "text_model.embeddings.token_embedding.weight", text->vocabulary, text->width, false,
             &text->token, error) ||
        take(text, path, "text_model.embeddings.position_embedding.weight", text->positions, text->width, false,
             &text->position, error) ||
        take(text, path, "text_model.final_layer_norm.weight", 1, text->width, true, &text->last.weight, error) ||
        take(text, path, "text_model.final_layer_norm.bias", 1, text->width, true, &text->last.bias, error))
        return -1;
    text->layer = memory_array(text->layers, sizeof *text->layer);
    if (!text->layer)
        return error_memory(error);
    for (size_t i = 0; i < text->layers; i++)
        if (take_layer(text, path, i, error))
            return -1;
    /* The dimension comes from the file: the place of "projection_dim" in config.json varies. */
    if (!safetensors_describe(text->file, PROJECTION, &shape) || shape.dimensions != 2)
        return error_set(error, ERROR_INPUT,
                         item_text("%s: has no tensor \"%s\"; without it texts have no vectors in the space of "
                                   "the videos"),
                         path, PROJECTION);
    text->dimension = shape.shape[0];
    text->ones = memory_floats(text->width);
    if (!text->ones)
        return error_memory(error);
    for (size_t i = 0; i < text->width; i++)
        text->ones[i] = 1;
    return take(text, path, PROJECTION, text->dimension, text->width, true, &text->projection, error);
}

struct clip_text *clip_text_open(const char *dir, const json_t *config, struct error *error)
{
    char path[PATH_MAX];
    struct clip_text *text = memory_array(1, sizeof *text);

    if (!text) {
        error_memory(error);
        return NULL;
    }
    if (read_settings(text, dir, config, error) || file_join(path, sizeof path, dir, "model.safetensors", error) ||
        !(text->file = safetensors_load(path, error)) || take_tensors(text, path, error)) {
        clip_text_close(text);
        return NULL;
    }
    return text;
}

static void close_linear(struct linear *linear)
{
    matrix_close(&linear->weight);
    matrix_close(&linear->bias);
}

static void close_norm(struct norm *norm)
{
    matrix_close(&norm->weight);
    matrix_close(&norm->bias);
}

void clip_text_close(struct clip_text *text)
{
    if (!text)
        return;
    for (size_t i = 0; text->layer && i < text->layers; i++) {
        struct layer *layer = &text->layer[i];
        struct linear *const linears[] = {&layer->query, &layer->key, &layer->value,
                                          &layer->out,   &layer->up,  &layer->down};
        for (size_t j = 0; j < sizeof linears / sizeof *linears; j++)
            close_linear(linears[j]);
        close_norm(&layer->before_attention);
        close_norm(&layer->before_mlp);
    }
    free(text->layer);
    free(text->ones);
    close_norm(&text->last);
    matrix_close(&text->token);
    matrix_close(&text->position);
    matrix_close(&text->projection);
    safetensors_close(text->file);
    free(text);
}

size_t clip_text_dimension(const struct clip_text *text)
{
    return text->dimension;
}

size_t clip_text_vocabulary(const struct clip_text *text)
{
    return text->vocabulary;
}

size_t clip_text_positions(const struct clip_text *text)
{
    return text->positions;
}

size_t clip_text_pool(const struct clip_text *text, const uint32_t *token, size_t count, uint32_t end)
{
    size_t pool = 0;

    /* Old configurations give the end token as 2 and mean the largest number. */
    if (text->end == 2) {
        for (size_t i = 1; i < count; i++)
            pool = token[i] > token[pool] ? i : pool;
        return pool;
    }
    json_int_t number = text->end < (json_int_t)text->vocabulary ? text->end : (json_int_t)end;
    while (pool + 1 < count && (json_int_t)token[pool] != number)
        pool++;
    return pool;
}
