/* Made-up CLIP text models: files like those of a real one, with random numbers. */
#ifndef HUBSCOPE_TESTS_BENCH_CLIP_FILES_H
#define HUBSCOPE_TESTS_BENCH_CLIP_FILES_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>

struct clip_size {
    size_t width, inner, layers, heads, positions, vocabulary, dimension;
    bool half; /* float16 instead of float32 */
};

extern const struct clip_size clip_vit_b32; /* OpenAI's ViT-B/32: 63 million weights */

/* Writes config.json, vocab.json, merges.txt and model.safetensors into the folder.  As far as `vocabulary` (at least
 * 514) allows, every word of two or three letters a to z, and some of four, is one token. */
int clip_files_make(const char *folder, const struct clip_size *size, struct error *error);

void clip_files_remove(const char *folder); /* the files and the folder */

#endif
