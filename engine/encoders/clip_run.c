/* The forward pass of CLIP's text transformer. */
#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/encoders/clip_prefix.h"
#include "engine/encoders/clip_text.h"
#include "engine/encoders/clip_weights.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/gemm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rows of weights multiplied together: they stay in the nearest cache meanwhile. */
enum { WEIGHT_ROWS = 8 };

static size_t longest(const struct clip_text *text)
{
    return text->width > text->inner ? text->width : text->inner;
}

/* Memory of one run; arrays are (count, width) unless noted.  A row depends on no later one, and its bits not on how
 * many rows are computed together. */
struct run {
    const struct clip_text *text;
    size_t count, first; /* rows before the first are not computed */
    float *hidden, *normed, *query, *mixed;
    float *key, *value; /* (layers, count, width) */
    float *inner;       /* (count, inner) */
    float *score;       /* (heads, count) of one token */
    float *weight;      /* (workers, WEIGHT_ROWS, the longest of width and inner): float16 rows as float32 */
    void *block;
};

static int run_open(struct run *run, const struct clip_text *text, size_t count, struct error *error)
{
    size_t rows = count * text->width;
    size_t scores = text->heads * count;
    size_t weights = pool_workers() * WEIGHT_ROWS * longest(text);
    float *next = memory_floats((4 + 2 * text->layers) * rows + count * text->inner + scores + weights);

    *run = (struct run){.text = text, .count = count, .block = next};
    if (!next)
        return error_memory(error);
    float **const arrays[] = {&run->hidden, &run->normed, &run->query, &run->mixed};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++, next += rows)
        *arrays[i] = next;
    run->key = next;
    run->value = run->key + text->layers * rows;
    run->inner = run->value + text->layers * rows;
    run->score = run->inner + count * text->inner;
    run->weight = run->score + scores;
    return 0;
}

static void embed(const struct run *run, const uint32_t *token)
{
    const size_t width = run->text->width;

    for (size_t i = run->first; i < run->count; i++) {
        float *row = run->hidden + i * width;
        const float *vector = matrix_rows(&run->text->token, token[i], 1, run->mixed);
        const float *place = matrix_rows(&run->text->position, i, 1, run->normed);
        kernel_add(vector, place, row, width);
    }
}

/* Layer norm: (x - mean) / standard deviation * weight + bias, a row at a time. */
static void layer_norm(const struct run *run, const struct norm *norm, const float *in, float *out)
{
    const size_t width = run->text->width;
    const float *weight = norm->weight.data, *bias = norm->bias.data;
    const float *const ones = run->text->ones;

    in += run->first * width;
    out += run->first * width;
    for (size_t i = run->first; i < run->count; i++, in += width, out += width) {
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
    const float most = 80; /* exp of more would overflow a float; the sigmoid is 0 long before */
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
    float beyond = 0.5f * sum * t * kernel_expf(-size * size); /* one tail of the normal distribution */
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

/* Up to three products of the same rows, their output columns split among the workers. */
struct product {
    const struct run *run;
    size_t rows;
    const struct linear *linear[3];
    const float *in;
    float *out[3];
    enum activation activation;
    size_t slices; /* of each product */
};

/* Texts are short: reading the weights takes the time, so each is read once. */
static void product_chunk(void *context, size_t chunk, size_t worker)
{
    const struct product *product = context;
    const struct run *run = product->run;
    const struct linear *linear = product->linear[chunk / product->slices];
    const struct matrix *weight = &linear->weight;
    size_t slice = chunk % product->slices, cols = weight->rows;
    size_t first = cols * slice / product->slices, end = cols * (slice + 1) / product->slices;
    float *out = product->out[chunk / product->slices];
    float *buffer = run->weight + worker * WEIGHT_ROWS * longest(run->text);

    for (size_t row = first, rows; row < end; row += rows) {
        rows = end - row < WEIGHT_ROWS ? end - row : WEIGHT_ROWS;
        kernel_set()->products(product->in, product->rows, matrix_rows(weight, row, rows, buffer), rows, weight->cols,
                               out + row, cols);
    }
    for (size_t i = 0; i < product->rows; i++)
        finish(out + i * cols + first, (const float *)linear->bias.data + first, end - first, product->activation);
}

static void multiply(const struct run *run, const struct linear *const *linear, size_t count, const float *in,
                     float *const *out, enum activation activation)
{
    struct product product = {.run = run,
                              .rows = run->count - run->first,
                              .in = in + run->first * linear[0]->weight.cols,
                              .activation = activation,
                              .slices = 2 * pool_workers()};

    for (size_t i = 0; i < count; i++) {
        product.linear[i] = linear[i];
        product.out[i] = out[i] + run->first * linear[i]->weight.rows;
    }
    pool_run(count * product.slices, product_chunk, &product);
}

static void multiply_one(const struct run *run, const struct linear *linear, const float *in, float *out,
                         enum activation activation)
{
    multiply(run, &linear, 1, in, &out, activation);
}

struct attention {
    const struct run *run;
    const float *key, *value; /* of the layer */
};

/* The products of a query with the keys of tokens 0 to `last`. */
static void match(const float *query, const float *key, size_t width, size_t size, size_t last, float *score)
{
    enum { TOGETHER = 4 };

    for (size_t j = 0; j <= last; j += TOGETHER) {
        const float *keys[TOGETHER];
        double sum[TOGETHER] = {0};
        size_t count = last + 1 - j < TOGETHER ? last + 1 - j : TOGETHER;
        for (size_t c = 0; c < count; c++)
            keys[c] = key + (j + c) * width;
        kernel_set()->dots(query, size, keys, count, sum);
        for (size_t c = 0; c < count; c++)
            score[j + c] = (float)sum[c];
    }
}

/* One attention head: for every token, the mean of the values up to it, weighted by how well its query matches their
 * keys. */
static void attend(void *context, size_t head, size_t worker)
{
    const struct attention *attention = context;
    const struct run *run = attention->run;
    const size_t width = run->text->width, size = width / run->text->heads;
    const float scale = (float)(1 / sqrt((double)size));
    float *score = run->score + head * run->count;

    (void)worker;
    for (size_t i = run->first; i < run->count; i++) {
        float *out = run->mixed + i * width + head * size;
        match(run->query + i * width + head * size, attention->key + head * size, width, size, i, score);
        double sum = kernel_exp(score, i + 1, scale, kernel_max(score, i + 1), score);
        memset(out, 0, size * sizeof *out);
        for (size_t j = 0; j <= i; j++) {
            const float *value = attention->value + j * width + head * size;
            const float share = (float)((double)score[j] / sum);
            for (size_t at = 0; at < size; at++)
                out[at] += share * value[at];
        }
    }
}

static void add_normed(const struct run *run)
{
    const size_t start = run->first * run->text->width;

    kernel_add(run->hidden + start, run->normed + start, run->hidden + start, run->count * run->text->width - start);
}

/* With `last`, only the last row of the result is of use. */
static void run_layer(struct run *run, size_t layer_index, bool last)
{
    const struct clip_text *text = run->text;
    const struct layer *layer = &text->layer[layer_index];
    const size_t start = layer_index * run->count * text->width;
    const struct linear *const three[] = {&layer->query, &layer->key, &layer->value};
    float *const outs[] = {run->query, run->key + start, run->value + start};
    struct attention attention = {run, outs[1], outs[2]};

    layer_norm(run, &layer->before_attention, run->hidden, run->normed);
    multiply(run, three, 3, run->normed, outs, ACTIVATE_NONE);
    if (last)
        run->first = run->count - 1;
    pool_run(text->heads, attend, &attention);
    multiply_one(run, &layer->out, run->mixed, run->normed, ACTIVATE_NONE);
    add_normed(run);

    layer_norm(run, &layer->before_mlp, run->hidden, run->normed);
    multiply_one(run, &layer->up, run->normed, run->inner, text->quick ? ACTIVATE_QUICK_GELU : ACTIVATE_GELU);
    multiply_one(run, &layer->down, run->inner, run->normed, ACTIVATE_NONE);
    add_normed(run);
}

int clip_text_run(const struct clip_text *text, const uint32_t *token, size_t count, float *vector,
                  clip_text_trace *trace, void *context, struct error *error)
{
    struct run run;

    if (gemm_open(error) || run_open(&run, text, count, error))
        return -1;
    if (!trace)
        run.first = clip_prefix_take(text->prefix, token, count - 1, count, run.key, run.value);
    embed(&run, token);
    for (size_t i = 0; i <= text->layers; i++) {
        if (trace)
            trace(context, i, run.hidden, count, text->width);
        if (i < text->layers)
            run_layer(&run, i, !trace && i + 1 == text->layers);
    }
    if (!trace)
        clip_prefix_put(text->prefix, token, count, run.key, run.value);
    layer_norm(&run, &text->last, run.hidden, run.normed);
    if (trace)
        trace(context, text->layers + 1, run.normed, count, text->width);
    gemm(1, text->dimension, text->width, run.normed + (count - 1) * text->width, text->width, text->projection.data,
         text->width, vector, text->dimension);
    free(run.block);
    return 0;
}
