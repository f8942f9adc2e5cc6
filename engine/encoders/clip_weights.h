/* The weights of a CLIP text transformer: shared by the code that reads them and the code that runs it. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_CLIP_WEIGHTS_H
#define HUBSCOPE_ENGINE_ENCODERS_CLIP_WEIGHTS_H

#include "engine/encoders/model_files.h"
#include "engine/matrices/matrix.h"
#include <jansson.h>
#include <stdbool.h>

struct linear {           /* y = x weight^T + bias */
    struct matrix weight; /* (out, in) float32 or float16 */
    struct matrix bias;   /* (1, out) */
};

struct norm {
    struct matrix weight, bias; /* (1, width) */
};

struct layer {
    struct norm before_attention, before_mlp;
    struct linear query, key, value, out, up, down;
    struct linear joined; /* where one tensor holds query, key and value, which are then views of it; else zero */
};

struct clip_text {
    struct model_files *files;
    const char *config; /* the name of the file with its settings */
    size_t width, inner, layers, heads, positions, vocabulary, dimension;
    bool quick;     /* quick-GELU instead of GELU */
    json_int_t end; /* "eos_token_id" */
    double epsilon;
    struct matrix token, position; /* embeddings, any float type */
    struct layer *layer;
    struct norm last;
    struct matrix projection; /* (dimension, width) float32 */
    float *ones;              /* (width) */
    struct clip_prefix *prefix;
};

#endif
