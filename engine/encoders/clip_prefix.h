/* What a text transformer keeps of the last text: the keys and values of its tokens.  A token attends only to itself
 * and those before, so they are those of any text that begins with the same tokens: all share the first, and what is
 * being typed nearly all. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_CLIP_PREFIX_H
#define HUBSCOPE_ENGINE_ENCODERS_CLIP_PREFIX_H

#include <stddef.h>
#include <stdint.h>

struct clip_prefix; /* may be used from several threads */

/* For texts of up to `positions` tokens.  Null when out of memory. */
struct clip_prefix *clip_prefix_open(size_t layers, size_t positions, size_t width);
void clip_prefix_close(struct clip_prefix *prefix); /* null is fine */

/* Copies the keys and values of the tokens that the last text begins with, too, at most `most` of them, into `key` and
 * `value` (layers, count, width).  Returns how many these are. */
size_t clip_prefix_take(struct clip_prefix *prefix, const uint32_t *token, size_t most, size_t count, float *key,
                        float *value);

/* Keeps those of a text of `count` tokens. */
void clip_prefix_put(struct clip_prefix *prefix, const uint32_t *token, size_t count, const float *key,
                     const float *value);

#endif
