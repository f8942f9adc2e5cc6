#include "engine/encoders/clip_prefix.h"

#include "engine/base/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct clip_prefix {
    pthread_mutex_t lock;
    size_t layers, positions, width;
    size_t count;       /* tokens of the last text */
    uint32_t *token;    /* (positions) */
    float *key, *value; /* (layers, positions, width) */
};

struct clip_prefix *clip_prefix_open(size_t layers, size_t positions, size_t width)
{
    struct clip_prefix *prefix = memory_array(1, sizeof *prefix);

    if (!prefix)
        return NULL;
    *prefix = (struct clip_prefix){.layers = layers, .positions = positions, .width = width};
    pthread_mutex_init(&prefix->lock, NULL);
    prefix->token = memory_array(positions, sizeof *prefix->token);
    prefix->key = memory_floats(layers * positions * width);
    prefix->value = memory_floats(layers * positions * width);
    if (prefix->token && prefix->key && prefix->value)
        return prefix;
    clip_prefix_close(prefix);
    return NULL;
}

void clip_prefix_close(struct clip_prefix *prefix)
{
    if (!prefix)
        return;
    pthread_mutex_destroy(&prefix->lock);
    free(prefix->token);
    free(prefix->key);
    free(prefix->value);
    free(prefix);
}

/* Copies the first `rows` rows of every layer; the strides are in rows. */
static void copy_rows(const struct clip_prefix *prefix, size_t rows, const float *from, size_t from_stride, float *to,
                      size_t to_stride)
{
    for (size_t layer = 0; layer < prefix->layers; layer++)
        memcpy(to + layer * to_stride * prefix->width, from + layer * from_stride * prefix->width,
               rows * prefix->width * sizeof *to);
}

size_t clip_prefix_take(struct clip_prefix *prefix, const uint32_t *token, size_t most, size_t count, float *key,
                        float *value)
{
    size_t same = 0;

    pthread_mutex_lock(&prefix->lock);
    while (same < most && same < prefix->count && token[same] == prefix->token[same])
        same++;
    copy_rows(prefix, same, prefix->key, prefix->positions, key, count);
    copy_rows(prefix, same, prefix->value, prefix->positions, value, count);
    pthread_mutex_unlock(&prefix->lock);
    return same;
}

void clip_prefix_put(struct clip_prefix *prefix, const uint32_t *token, size_t count, const float *key,
                     const float *value)
{
    pthread_mutex_lock(&prefix->lock);
    prefix->count = count;
    memcpy(prefix->token, token, count * sizeof *token);
    copy_rows(prefix, count, key, count, prefix->key, prefix->positions);
    copy_rows(prefix, count, value, count, prefix->value, prefix->positions);
    pthread_mutex_unlock(&prefix->lock);
}
