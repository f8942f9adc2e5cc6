#include "engine/encoders/clip_text.h"
#include "engine/base/memory.h"
#include "engine/encoders/clip_config.h"
#include "engine/encoders/clip_prefix.h"
#include "engine/encoders/clip_tensors.h"
#include "engine/encoders/clip_weights.h"

#include <stdlib.h>

struct clip_text *clip_text_open(const char *dir, const json_t *config, struct error *error)
{
    struct clip_text *text = memory_array(1, sizeof *text);

    if (!text) {
        error_memory(error);
        return NULL;
    }
    if (clip_config_read(text, dir, config, error) || !(text->files = model_files_open(dir, error)) ||
        clip_tensors_take(text, error))
        goto fail;
    if ((text->prefix = clip_prefix_open(text->layers, text->positions, text->width)))
        return text;
    error_memory(error);
fail:
    clip_text_close(text);
    return NULL;
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
        close_linear(&layer->joined);
    }
    free(text->layer);
    free(text->ones);
    close_norm(&text->last);
    matrix_close(&text->token);
    matrix_close(&text->position);
    matrix_close(&text->projection);
    clip_prefix_close(text->prefix);
    model_files_close(text->files);
    free(text);
}

const char *const *clip_text_files(const struct clip_text *text)
{
    return model_files_names(text->files);
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
