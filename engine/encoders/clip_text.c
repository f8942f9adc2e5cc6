#include "engine/encoders/clip_text.h"
#include "engine/formats/file.h"
#include "engine/formats/safetensors.h"
#include "engine/gemm.h"
#include "engine/kernels.h"
#include "engine/memory.h"
#include "engine/pool.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A model beyond these is none, and sizes stay far from overflow. */
enum { WIDTH_MAX = 1 << 14, LAYERS_MAX = 256, POSITIONS_MAX = 4096, VOCABULARY_MAX = 1 << 22 };

struct linear { /* y = x weight^T + bias */
    struct matrix weight; /* (out, in) float32 or float16 */
    struct matrix bias;   /* (1, out) */
};

struct norm {
    struct matrix weight, bias; /* (1, width) */
};

struct layer {
    struct norm before_attention, before_mlp;
    struct linear query, key, value, out, up, down;
};

struct clip_text {
    struct safetensors *file;
    size_t width, inner, layers, heads, positions, vocabulary, dimension;
    bool quick;       /* quick-GELU instead of GELU */
    json_int_t end;   /* "eos_token_id" */
    double epsilon;
    struct matrix token, position; /* embeddings, any float type */
    struct layer *layer;
    struct norm last;
    struct matrix projection; /* (dimension, width) float32 */
    float *ones;              /* (width) */
};

static const json_t *setting(const json_t *config, const char *key)
{
    const json_t *inner = json_object_get(json_object_get(config, "text_config"), key);

    return inner ? inner : json_object_get(config, key);
}

static int read_size(const char *dir, const json_t *config, const char *key, size_t most,
                     size_t usual, size_t *value, struct error *error)
{
    const json_t *found = setting(config, key);
    json_int_t number = found ? json_integer_value(found) : (json_int_t)usual;

    if ((found && !json_is_integer(found)) || number < 1 || number > (json_int_t)most)
        return error_set(error, ERROR_INPUT, "%s/config.json: \"%s\" must be a number from 1 to %zu",
                         dir, key, most);
    *value = (size_t)number;
    return 0;
}

/* Settings that are not told are those of CLIP ViT-B/32, as everywhere. */
static int read_settings(struct clip_text *text, const char *dir, const json_t *config,
                         struct error *error)
{
    const json_t *epsilon = setting(config, "layer_norm_eps"), *end = setting(config, "eos_token_id");
    const char *activation = json_string_value(setting(config, "hidden_act"));

    if (read_size(dir, config, "hidden_size", WIDTH_MAX, 512, &text->width, error) ||
        read_size(dir, config, "intermediate_size", 4 * WIDTH_MAX, 2048, &text->inner, error) ||
        read_size(dir, config, "num_hidden_layers", LAYERS_MAX, 12, &text->layers, error) ||
        read_size(dir, config, "num_attention_heads", WIDTH_MAX, 8, &text->heads, error) ||
        read_size(dir, config, "max_position_embeddings", POSITIONS_MAX, 77, &text->positions,
                  error) ||
        read_size(dir, config, "vocab_size", VOCABULARY_MAX, 49408, &text->vocabulary, error))
        return -1;
    if (text->width % text->heads)
        return error_set(error, ERROR_INPUT,
                         "%s/config.json: a width of %zu cannot be parted into %zu attention heads",
                         dir, text->width, text->heads);
    if (text->positions < 3)
        return error_set(error, ERROR_INPUT,
                         "%s/config.json: \"max_position_embeddings\" must be 3 or more", dir);
    text->quick = !activation || strcmp(activation, "quick_gelu") == 0;
    if (!text->quick && strcmp(activation, "gelu") != 0)
        return error_set(error, ERROR_INPUT,
                         "%s/config.json: \"hidden_act\" is \"%.40s\"; \"quick_gelu\" and \"gelu\" "
                         "are supported",
                         dir, activation);
    text->epsilon = epsilon ? json_number_value(epsilon) : 1e-5;
    if (!(text->epsilon > 0 && text->epsilon < 1))
        return error_set(error, ERROR_INPUT,
                         "%s/config.json: \"layer_norm_eps\" must be between 0 and 1", dir);
    text->end = json_is_integer(end) ? json_integer_value(end) : 2;
    return 0;
}

/* A tensor of that shape; as float32 where `convert`. */
static int take(const struct clip_text *text, const char *path, const char *name, size_t rows,
                size_t cols, bool convert, struct matrix *matrix, struct error *error)
{
    if (safetensors_tensor(text->file, name, matrix, error))
        return -1;
    if (matrix->rows != rows || matrix->cols != cols)
        return error_set(error, ERROR_INPUT,
                         "%s: tensor \"%s\" is %zu x %zu; config.json makes it %zu x %zu", path,
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

static int take_layer(const struct clip_text *text, const char *path, size_t index,
                      struct error *error)
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
        if (take(text, path, name, parts[i].rows, parts[i].cols, parts[i].rows == 1, parts[i].matrix,
                 error))
            return -1;
    }
    return 0;
}

static int take_tensors(struct clip_text *text, const char *path, struct error *error)
{
    static const char PROJECTION[] = "text_projection.weight";
    struct array shape;

    if (take(text, path, "text_model.embeddings.token_embedding.weight", text->vocabulary,
             text->width, false, &text->token, error) ||
        take(text, path, "text_model.embeddings.position_embedding.weight", text->positions,
             text->width, false, &text->position, error) ||
        take(text, path, "text_model.final_layer_norm.weight", 1, text->width, true,
             &text->last.weight, error) ||
        take(text, path, "text_model.final_layer_norm.bias", 1, text->width, true,
             &text->last.bias, error))
        return -1;
    text->layer = memory_array(text->layers, sizeof *text->layer);
    if (!text->layer)
        return error_memory(error);
    for (size_t i = 0; i < text->layers; i++)
        if (take_layer(text, path, i, error))
            return -1;
    /* The file tells the dimension: where config.json has "projection_dim" varies. */
    if (!safetensors_describe(text->file, PROJECTION, &shape) || shape.dimensions != 2)
        return error_set(error, ERROR_INPUT,
                         "%s: has no tensor \"%s\"; without it texts do not come into the space of "
                         "the videos",
                         path, PROJECTION);
    text->dimension = shape.shape[0];
    text->ones = memory_floats(text->width);
    if (!text->ones)
        return error_memory(error);
    for (size_t i = 0; i < text->width; i++)
        text->ones[i] = 1;
    return take(text, path, PROJECTION, text->dimension, text->width, true, &text->projection,
                error);
}

struct clip_text *clip_text_open(const char *dir, const json_t *config, struct error *error)
{
    char path[PATH_MAX];
    struct clip_text *text = memory_array(1, sizeof *text);

    if (!text) {
        error_memory(error);
        return NULL;
    }
    if (read_settings(text, dir, config, error) ||
        file_join(path, sizeof path, dir, "model.safetensors", error) ||
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

size_t clip_text_pool(const struct clip_text *text, const uint32_t *token, size_t count,
                      uint32_t end)
{
    size_t pool = 0;

    /* Settings written before the end had its true number say 2 and mean the largest number. */
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

/* Rows of weights that are multiplied together: they stay in the nearest cache meanwhile. */
enum { WEIGHT_ROWS = 8 };

static size_t longest(const struct clip_text *text)
{
    return text->width > text->inner ? text->width : text->inner;
}

/* Memory of one run; every array is (count, width) unless told. */
struct run {
    const struct clip_text *text;
    size_t count;
    float *hidden, *normed, *query, *key, *value, *mixed;
    float *inner; /* (count, inner) */
    float *score; /* (heads, count, count) */
    float *weight; /* (workers, WEIGHT_ROWS, the longest of width and inner): float16 rows as float32 */
    void *block;
};

static int run_open(struct run *run, const struct clip_text *text, size_t count,
                    struct error *error)
{
    size_t rows = count * text->width;
    size_t scores = text->heads * count * count;
    size_t weights = pool_workers() * WEIGHT_ROWS * longest(text);
    float *next = memory_floats(6 * rows + count * text->inner + scores + weights);

    *run = (struct run){.text = text, .count = count, .block = next};
    if (!next)
        return error_memory(error);
    float **const arrays[] = {&run->hidden, &run->normed, &run->query,
                              &run->key,    &run->value,  &run->mixed};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++, next += rows)
        *arrays[i] = next;
    run->inner = next;
    run->score = next + count * text->inner;
    run->weight = run->score + scores;
    return 0;
}

static void embed(const struct run *run, const uint32_t *token)
{
    const size_t width = run->text->width;

    for (size_t i = 0; i < run->count; i++) {
        float *row = run->hidden + i * width;
        const float *vector = matrix_rows(&run->text->token, token[i], 1, run->mixed);
        const float *place = matrix_rows(&run->text->position, i, 1, run->normed);
        kernel_add(vector, place, row, width);
    }
}

/* Rows less their mean, over their standard deviation, times the weights plus the biases. */
static void normalise(const struct run *run, const struct norm *norm, const float *in, float *out)
{
    const size_t width = run->text->width;
    const float *weight = norm->weight.data, *bias = norm->bias.data;
    const float *const ones = run->text->ones;

    for (size_t i = 0; i < run->count; i++, in += width, out += width) {
        const float *const centred = out;
        double sum = 0, square = 0;
        kernel_set()->dots(in, width, &ones, 1, &sum);
        const float mean = (float)(sum / (double)width);
        for (size_t j = 0; j < width; j++)
            out[j] = in[j] - mean;
        kernel_set()->dots(centred, width, &centred, 1, &square);
        const float scale = (float)(1 / sqrt(square / (double)width + run->text->epsilon));
        for (size_t j = 0; j < width; j++)
            out[j] = out[j] * scale * weight[j] + bias[j];
    }
}

/* x times its sigmoid, of 1.702 x (quick) or by the error function (Abramowitz and Stegun 7.1.26, within 1.5e-7). */
static float quick_gelu(float x)
{
    const float most = 80; /* exp of more would be no float; the sigmoid is 0 long before */
    float power = -1.702f * x;

    return x / (1 + kernel_expf(power < most ? power : most));
}

static float gelu(float x)
{
    float size = fabsf(x) * (float)M_SQRT1_2, t = 1 / (1 + 0.3275911f * size);
    float sum = 1.061405429f;

    sum = sum * t - 1.453152027f;
    sum = sum * t + 1.421413741f;
    sum = sum * t - 0.284496736f;
    sum = sum * t + 0.254829592f;
    float beyond = 0.5f * sum * t * kernel_expf(-size * size); /* of the normal distribution, to one side */
    return x * (x < 0 ? beyond : 1 - beyond);
}

enum activation { ACTIVATE_NONE, ACTIVATE_QUICK_GELU, ACTIVATE_GELU };

static void finish(float *x, const float *bias, size_t count, enum activation activation)
{
    kernel_add(x, bias, x, count);
    if (activation == ACTIVATE_QUICK_GELU)
        for (size_t i = 0; i < count; i++)
            x[i] = quick_gelu(x[i]);
    else if (activation == ACTIVATE_GELU)
        for (size_t i = 0; i < count; i++)
            x[i] = gelu(x[i]);
}

/* Up to three products of the same rows, their output columns parted among the workers. */
struct product {
    const struct run *run;
    const struct linear *linear[3];
    const float *in;
    float *out[3];
    enum activation activation;
    size_t slices; /* of each product */
};

/* Texts are short: the time goes into reading the weights, so each of them is read once. */
static void product_task(void *context, size_t task, size_t worker)
{
    const struct product *product = context;
    const struct run *run = product->run;
    const struct linear *linear = product->linear[task / product->slices];
    const struct matrix *weight = &linear->weight;
    size_t slice = task % product->slices, cols = weight->rows;
    size_t first = cols * slice / product->slices, end = cols * (slice + 1) / product->slices;
    float *out = product->out[task / product->slices];
    float *buffer = run->weight + worker * WEIGHT_ROWS * longest(run->text);

    for (size_t row = first, rows; row < end; row += rows) {
        rows = end - row < WEIGHT_ROWS ? end - row : WEIGHT_ROWS;
        kernel_set()->products(product->in, run->count, matrix_rows(weight, row, rows, buffer), rows,
                               weight->cols, out + row, cols);
    }
    for (size_t i = 0; i < run->count; i++)
        finish(out + i * cols + first, (const float *)linear->bias.data + first, end - first,
               product->activation);
}

static void multiply(const struct run *run, const struct linear *const *linear, size_t count,
                     const float *in, float *const *out, enum activation activation)
{
    struct product product = {
        .run = run, .in = in, .activation = activation, .slices = 2 * pool_workers()};

    for (size_t i = 0; i < count; i++) {
        product.linear[i] = linear[i];
        product.out[i] = out[i];
    }
    pool_run(count * product.slices, product_task, &product);
}

static void multiply_one(const struct run *run, const struct linear *linear, const float *in,
                         float *out, enum activation activation)
{
    multiply(run, &linear, 1, in, &out, activation);
}

/* One attention head: every token's mean of the values up to it, by how well its query meets their
 * keys. */
static void attend(void *context, size_t head, size_t worker)
{
    const struct run *run = context;
    const size_t width = run->text->width, size = width / run->text->heads, count = run->count;
    const float scale = (float)(1 / sqrt((double)size));
    float *score = run->score + head * count * count;

    (void)worker;
    gemm(count, count, size, run->query + head * size, width, run->key + head * size, width, score,
         count);
    for (size_t i = 0; i < count; i++, score += count) {
        float *out = run->mixed + i * width + head * size;
        double sum = kernel_exp(score, i + 1, scale, kernel_max(score, i + 1), score);
        memset(out, 0, size * sizeof *out);
        for (size_t j = 0; j <= i; j++) {
            const float *value = run->value + j * width + head * size;
            const float share = (float)((double)score[j] / sum);
            for (size_t at = 0; at < size; at++)
                out[at] += share * value[at];
        }
    }
}

static void run_layer(struct run *run, const struct layer *layer)
{
    const struct clip_text *text = run->text;
    const size_t size = run->count * text->width;
    const struct linear *const three[] = {&layer->query, &layer->key, &layer->value};
    float *const outs[] = {run->query, run->key, run->value};

    normalise(run, &layer->before_attention, run->hidden, run->normed);
    multiply(run, three, 3, run->normed, outs, ACTIVATE_NONE);
    pool_run(text->heads, attend, run);
    multiply_one(run, &layer->out, run->mixed, run->normed, ACTIVATE_NONE);
    kernel_add(run->hidden, run->normed, run->hidden, size);

    normalise(run, &layer->before_mlp, run->hidden, run->normed);
    multiply_one(run, &layer->up, run->normed, run->inner,
                 text->quick ? ACTIVATE_QUICK_GELU : ACTIVATE_GELU);
    multiply_one(run, &layer->down, run->inner, run->normed, ACTIVATE_NONE);
    kernel_add(run->hidden, run->normed, run->hidden, size);
}

int clip_text_run(const struct clip_text *text, const uint32_t *token, size_t count, float *vector,
                  clip_text_trace *trace, void *context, struct error *error)
{
    struct run run;

    if (run_open(&run, text, count, error))
        return -1;
    embed(&run, token);
    for (size_t i = 0; i <= text->layers; i++) {
        if (trace)
            trace(context, i, run.hidden, count, text->width);
        if (i < text->layers)
            run_layer(&run, &text->layer[i]);
    }
    normalise(&run, &text->last, run.hidden, run.normed);
    if (trace)
        trace(context, text->layers + 1, run.normed, count, text->width);
    gemm(1, text->dimension, text->width, run.normed + (count - 1) * text->width, text->width,
         text->projection.data, text->width, vector, text->dimension);
    free(run.block);
    return 0;
}
