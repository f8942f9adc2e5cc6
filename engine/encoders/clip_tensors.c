#include "engine/encoders/clip_tensors.h"
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/encoders/clip_weights.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 512, STEM_BYTES = 128 };

static const struct scheme {
    const char *token, *position, *last, *layers;
    const char *before_attention, *attention, *out, *before_mlp, *up, *down; /* of a layer */
    bool joined;                                                             /* query, key and value in one tensor */
} schemes[] = {
    {
        .token = "text_model.embeddings.token_embedding.weight",
        .position = "text_model.embeddings.position_embedding.weight",
        .last = "text_model.final_layer_norm",
        .layers = "text_model.encoder.layers",
        .before_attention = "layer_norm1",
        .attention = "self_attn",
        .out = "self_attn.out_proj",
        .before_mlp = "layer_norm2",
        .up = "mlp.fc1",
        .down = "mlp.fc2",
    },
    {
        .token = "token_embedding.weight",
        .position = "positional_embedding",
        .last = "ln_final",
        .layers = "transformer.resblocks",
        .before_attention = "ln_1",
        .attention = "attn",
        .out = "attn.out_proj",
        .before_mlp = "ln_2",
        .up = "mlp.c_fc",
        .down = "mlp.c_proj",
        .joined = true,
    },
};

enum { SCHEMES = sizeof schemes / sizeof *schemes };

static const char PROJECTION[] = "text_projection";

struct taking {
    struct clip_text *text;
    const struct scheme *scheme;
    const char *prefix; /* before all names: `length` bytes, such as "text." */
    int length;
    struct error *error;
};

/* Takes the scheme by which the token embedding is named, and what precedes it. */
static int recognise(struct taking *taking)
{
    const struct model_files *files = taking->text->files;

    for (size_t i = 0; i < SCHEMES; i++) {
        const char *token = model_files_find(files, schemes[i].token);
        if (!token)
            continue;
        taking->scheme = &schemes[i];
        taking->prefix = token;
        taking->length = (int)(strlen(token) - strlen(schemes[i].token));
        return 0;
    }
    return error_set(taking->error, ERROR_INPUT, "%s: is not a CLIP text model: it has no tensor \"%s\" or \"%s\"",
                     model_files_path(files), schemes[0].token, schemes[1].token);
}

/* Becomes float32 in memory. */
static int convert(struct matrix *matrix, struct error *error)
{
    if (matrix->type == MATRIX_F32)
        return 0;
    size_t rows = matrix->rows, cols = matrix->cols;
    float *values = memory_floats(rows * cols);
    if (!values)
        return error_memory(error);
    matrix_rows(matrix, 0, rows, values);
    matrix_close(matrix);
    *matrix = matrix_view(values, rows, cols);
    matrix->owned = values;
    return 0;
}

/* Writes PREFIX STEM TAIL. */
static int name_tensor(const struct taking *taking, const char *stem, const char *tail, char name[NAME_BYTES])
{
    int length = snprintf(name, NAME_BYTES, "%.*s%s%s", taking->length, taking->prefix, stem, tail);

    return length < NAME_BYTES ? 0
                               : error_set(taking->error, ERROR_INPUT, "%s: the names of its tensors are too long",
                                           model_files_path(taking->text->files));
}

/* Reads a tensor of that shape; vectors as float32. */
static int take(const struct taking *taking, const char *stem, const char *tail, size_t rows, size_t cols,
                struct matrix *matrix)
{
    const struct clip_text *text = taking->text;
    char name[NAME_BYTES];

    if (name_tensor(taking, stem, tail, name) || model_files_matrix(text->files, name, matrix, taking->error))
        return -1;
    if (matrix->rows != rows || matrix->cols != cols)
        return error_set(taking->error, ERROR_INPUT, "%s: tensor \"%s\" is %zu x %zu; %s makes it %zu x %zu",
                         model_files_path(text->files), name, matrix->rows, matrix->cols, text->config, rows, cols);
    return rows == 1 ? convert(matrix, taking->error) : 0;
}

static int take_norm(const struct taking *taking, const char *stem, struct norm *norm)
{
    return take(taking, stem, ".weight", 1, taking->text->width, &norm->weight) ||
                   take(taking, stem, ".bias", 1, taking->text->width, &norm->bias)
               ? -1
               : 0;
}

static int take_linear(const struct taking *taking, const char *stem, size_t out, size_t in, struct linear *linear)
{
    return take(taking, stem, ".weight", out, in, &linear->weight) || take(taking, stem, ".bias", 1, out, &linear->bias)
               ? -1
               : 0;
}

/* A third of the joined weights, as a view. */
static struct linear third(const struct linear *joined, size_t index, size_t width)
{
    size_t element = joined->weight.type == MATRIX_F16 ? 2 : sizeof(float);
    struct matrix weight = {.data = (const char *)joined->weight.data + index * width * width * element,
                            .rows = width,
                            .cols = width,
                            .type = joined->weight.type};

    return (struct linear){weight, matrix_view((const float *)joined->bias.data + index * width, 1, width)};
}

static int take_attention(const struct taking *taking, const char *stem, struct layer *layer)
{
    static const char *const tails[3][2] = {
        {".q_proj.weight", ".q_proj.bias"}, {".k_proj.weight", ".k_proj.bias"}, {".v_proj.weight", ".v_proj.bias"}};
    struct linear *const three[] = {&layer->query, &layer->key, &layer->value};
    const size_t width = taking->text->width;

    if (!taking->scheme->joined) {
        for (size_t i = 0; i < 3; i++)
            if (take(taking, stem, tails[i][0], width, width, &three[i]->weight) ||
                take(taking, stem, tails[i][1], 1, width, &three[i]->bias))
                return -1;
        return 0;
    }
    if (take(taking, stem, ".in_proj_weight", 3 * width, width, &layer->joined.weight) ||
        take(taking, stem, ".in_proj_bias", 1, 3 * width, &layer->joined.bias))
        return -1;
    for (size_t i = 0; i < 3; i++)
        *three[i] = third(&layer->joined, i, width);
    return 0;
}

static int take_layer(const struct taking *taking, size_t index)
{
    enum { BEFORE_ATTENTION, ATTENTION, OUT, BEFORE_MLP, UP, DOWN, STEMS };
    const struct scheme *scheme = taking->scheme;
    const char *const stems[STEMS] = {scheme->before_attention, scheme->attention, scheme->out,
                                      scheme->before_mlp,       scheme->up,        scheme->down};
    const size_t width = taking->text->width, inner = taking->text->inner;
    struct layer *layer = &taking->text->layer[index];
    char stem[STEMS][STEM_BYTES];

    for (size_t i = 0; i < STEMS; i++)
        snprintf(stem[i], sizeof stem[i], "%s.%zu.%s", scheme->layers, index, stems[i]);
    return take_norm(taking, stem[BEFORE_ATTENTION], &layer->before_attention) ||
                   take_attention(taking, stem[ATTENTION], layer) ||
                   take_linear(taking, stem[OUT], width, width, &layer->out) ||
                   take_norm(taking, stem[BEFORE_MLP], &layer->before_mlp) ||
                   take_linear(taking, stem[UP], inner, width, &layer->up) ||
                   take_linear(taking, stem[DOWN], width, inner, &layer->down)
               ? -1
               : 0;
}

/* Looks at the shape of the projection's tensor; zeroed if it does not exist. */
static int describe(const struct taking *taking, const char *tail, struct array *shape)
{
    char name[NAME_BYTES];

    return name_tensor(taking, PROJECTION, tail, name) ||
                   model_files_describe(taking->text->files, name, shape, taking->error)
               ? -1
               : 0;
}

/* (width, dimension), as a parameter that the text is multiplied by: kept as (dimension, width). */
static int take_turned(const struct taking *taking, size_t dimension)
{
    struct clip_text *text = taking->text;
    struct matrix matrix;
    float *values = NULL;
    int failed =
        take(taking, PROJECTION, "", text->width, dimension, &matrix) || convert(&matrix, taking->error) ? -1 : 0;

    if (!failed && !(values = memory_floats(text->width * dimension)))
        failed = error_memory(taking->error);
    for (size_t i = 0; !failed && i < text->width; i++) {
        const float *row = matrix_rows(&matrix, i, 1, NULL);
        for (size_t j = 0; j < dimension; j++)
            values[j * text->width + i] = row[j];
    }
    matrix_close(&matrix);
    text->projection = matrix_view(values, dimension, text->width);
    text->projection.owned = values;
    return failed;
}

/* The dimension comes from the file: the place of "projection_dim" in config.json varies. */
static int take_projection(const struct taking *taking)
{
    struct clip_text *text = taking->text;
    struct array weight, parameter, bias;

    if (describe(taking, ".weight", &weight) || describe(taking, "", &parameter) || describe(taking, ".bias", &bias))
        return -1;
    if (bias.dimensions)
        return error_set(taking->error, ERROR_INPUT, "%s: its text projection has a bias, unlike CLIP's",
                         model_files_path(text->files));
    if (weight.dimensions == 2) {
        text->dimension = weight.shape[0];
        return take(taking, PROJECTION, ".weight", text->dimension, text->width, &text->projection) ||
                       convert(&text->projection, taking->error)
                   ? -1
                   : 0;
    }
    if (taking->scheme->joined && parameter.dimensions == 2) {
        text->dimension = parameter.shape[1];
        return take_turned(taking, text->dimension);
    }
    return error_set(taking->error, ERROR_INPUT,
                     item_text("%s: has no tensor \"%.*s%s%s\"; without it texts have no vectors in the space of "
                               "the videos"),
                     model_files_path(text->files), taking->length, taking->prefix, PROJECTION,
                     taking->scheme->joined ? "" : ".weight");
}

int clip_tensors_take(struct clip_text *text, struct error *error)
{
    struct taking taking = {.text = text, .error = error};

    if (recognise(&taking))
        return -1;
    const struct scheme *scheme = taking.scheme;
    if (take(&taking, scheme->token, "", text->vocabulary, text->width, &text->token) ||
        take(&taking, scheme->position, "", text->positions, text->width, &text->position) ||
        take_norm(&taking, scheme->last, &text->last))
        return -1;
    text->layer = memory_array(text->layers, sizeof *text->layer);
    if (!text->layer)
        return error_memory(error);
    for (size_t i = 0; i < text->layers; i++)
        if (take_layer(&taking, i))
            return -1;
    text->ones = memory_floats(text->width);
    if (!text->ones)
        return error_memory(error);
    for (size_t i = 0; i < text->width; i++)
        text->ones[i] = 1;
    return take_projection(&taking);
}
