/* Text encoders: a line of text to a vector in the collection's space.  An encoder is one file in engine/encoders/ and
 * one line in engine/encoders/kinds.def, chosen by "type" in the folder's config.json, or by "model_type" for models
 * that come with one.  A folder may also hold a head (engine/heads/head_file.h), which is applied to what the encoder
 * yields. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_ENCODER_H
#define HUBSCOPE_ENGINE_ENCODERS_ENCODER_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/base/nearest.h"
#include "engine/encoders/command_options.h"
#include "engine/encoders/encoding.h"

struct encoder;
struct head;

#define ENCODER_CONFIG "config.json"
#define ENCODER_HEAD "head.safetensors"
#define ENCODER_COMMAND "command" /* the type of a folder with a head alone: the encoder is the user's command */

struct encoder *encoder_open(const char *dir, struct error *error);

/* Opens a user's program that answers with vectors of that dimension. */
struct encoder *encoder_open_command(const struct encoder_command *command, size_t dimension, struct error *error);

/* Applies the head in that folder to the vectors of an encoder without one; does nothing if the folder holds none.
 * Call before encoding.  encoder_open does so for its own folder. */
int encoder_add_head(struct encoder *encoder, const char *dir, struct error *error);
/* The same with a copy of a head in memory. */
int encoder_put_head(struct encoder *encoder, const struct head *head, struct error *error);

void encoder_close(struct encoder *encoder); /* null is fine */

size_t encoder_dimension(const struct encoder *encoder);
const char *encoder_type(const struct encoder *encoder); /* "static" */
/* In its folder; null-terminated.  The first holds the settings: a copy names it ENCODER_CONFIG. */
const char *const *encoder_files(const struct encoder *encoder);
bool encoder_has_head(const struct encoder *encoder);
/* Whether encoding waits for another program, which may take long. */
bool encoder_waits(const struct encoder *encoder);

/* Its known quality; false if unknown, as with a head. */
bool encoder_quality(const struct encoder *encoder, struct encoder_quality *quality);

/* The share of R@10 that remains with the encoder's vectors, 1: all of it; NAN if unknown. */
double encoder_quality_kept(const struct encoder_quality *quality);

/* Encodes into vector (dimension), L2-normalised.  Returns 0; 1 if no word is known or can be guessed (vector zeroed);
 * -1 on failure.  Thread-safe. */
int encoder_encode(struct encoder *encoder, const char *text, float *vector, struct encoding *encoding,
                   struct error *error);
/* The same; fails with ERROR_CANCELLED soon after `job` is cancelled (null is fine). */
int encoder_encode_job(struct encoder *encoder, const char *text, float *vector, struct encoding *encoding,
                       struct job *job, struct error *error);
/* The same for text that is being typed: a last word that is unknown, but begins known ones, counts as all of these, by
 * the mean of what the text would be with each. */
int encoder_encode_typed(struct encoder *encoder, const char *text, float *vector, struct encoding *encoding,
                         struct job *job, struct error *error);
/* Whether it knows a list of words and ignores all else, or only guesses at it. */
bool encoder_has_words(const struct encoder *encoder);
void encoder_offer_words(const struct encoder *encoder, struct nearest *nearest); /* all of them */

#endif
