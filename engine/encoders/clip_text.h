/* The text transformer of CLIP: token numbers to a vector in the space shared with pictures (Radford et al. 2021;
 * tensor names and settings as in Hugging Face's transformers or in open_clip).  Token and position embeddings;
 * `layers` blocks of h += attention(norm(h)), h += mlp(norm(h)), each token attending to itself and those before; a
 * last norm; the row of the end-of-text token times the projection.  Later tokens cannot affect it, so only the
 * tokens up to it are passed. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_CLIP_TEXT_H
#define HUBSCOPE_ENGINE_ENCODERS_CLIP_TEXT_H

#include "engine/base/error.h"
#include <jansson.h>
#include <stdint.h>

struct clip_text;

/* Reads the settings in `config` (borrowed; the text model's may be in its "text_config", or in open_clip's
 * "model_cfg") and maps the weights in `dir` (model_files.h).  float32 and float16 weights stay in the file, others
 * become float32 in memory.  Null on failure. */
struct clip_text *clip_text_open(const char *dir, const json_t *config, struct error *error);
void clip_text_close(struct clip_text *text); /* null is fine */

const char *const *clip_text_files(const struct clip_text *text); /* that hold its weights; null-terminated */

size_t clip_text_dimension(const struct clip_text *text);  /* of the projection */
size_t clip_text_vocabulary(const struct clip_text *text); /* token numbers are below it */
size_t clip_text_positions(const struct clip_text *text);  /* tokens that fit */

/* Index of the token whose row represents the text, in tokens that end with `end`. */
size_t clip_text_pool(const struct clip_text *text, const uint32_t *token, size_t count, uint32_t end);

/* Receives the output of stage 0 (the embeddings), 1 to `layers` (the blocks), layers + 1 (the last norm): rows (count,
 * width). */
typedef void clip_text_trace(void *context, size_t stage, const float *rows, size_t count, size_t width);

/* Runs `count` tokens (1 to clip_text_positions, each below the vocabulary) and projects the last
 * one's row into vector (dimension), not normalised.  `trace` may be null.  Uses the pool; may be
 * called from several threads. */
int clip_text_run(const struct clip_text *text, const uint32_t *token, size_t count, float *vector,
                  clip_text_trace *trace, void *context, struct error *error);

#endif
