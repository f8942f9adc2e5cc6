/* Text encoders: a line of text to a vector in the collection's space.  An encoder is one file in
 * engine/encoders/ and one entry of the table in engine/encoders/table.c, chosen by "type" in the
 * folder's config.json, or "model_type" where models come with that. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_ENCODER_H
#define HUBSCOPE_ENGINE_ENCODERS_ENCODER_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include <stdbool.h>
#include <stddef.h>

struct encoder;

enum { ENCODING_WORDS = 128 };

struct encoding_word {
    size_t start, length; /* bytes of the text */
    bool known;
    bool guessed; /* not known, but parts of it are, and these were used */
};

struct encoding { /* what became of the text */
    struct encoding_word word[ENCODING_WORDS];
    size_t words, known, guessed; /* of those listed; later words are encoded but not listed */
    bool cut; /* too long: words that are not known are those at the end, which were left out */
};

/* How near the vectors of a fitted encoder come to the true ones, for evaluation captions that it
 * had not learnt from; NAN where that could not be measured. */
struct encoder_quality {
    double cosine;                 /* mean, to the true vectors */
    double recall, recall_of_true; /* R@10 with its vectors and with the true ones, 0 to 1 */
    double overlap;                /* share of the true top 10 that is in its top 10 */
    size_t captions;               /* that this was measured on */
};

struct encoder *encoder_open(const char *dir, struct error *error);

/* A program of the user's, run by /bin/sh and kept running: a line of UTF-8 text on its standard
 * input, for each a vector on its standard output.  ENCODER_TEXT: a line of numbers parted by
 * blanks or commas, in brackets or not; ENCODER_FLOAT32: dimension little-endian float32 numbers.
 * It is started here; one that fails or does not answer in time is ended, and started again at the
 * next text, though not before three seconds passed.  What it says on standard error is shown by
 * its last line when it fails. */
enum encoder_output { ENCODER_TEXT, ENCODER_FLOAT32 };
enum { ENCODER_TIMEOUT = 10, ENCODER_START = 60 };
struct encoder_command {
    const char *command;
    enum encoder_output output;
    double timeout; /* seconds an answer may take; 0: ENCODER_TIMEOUT */
    double start;   /* seconds the first one may take; 0: ENCODER_START, but no less than timeout */
};
struct encoder *encoder_open_command(const struct encoder_command *command, size_t dimension,
                                     struct error *error);
void encoder_close(struct encoder *encoder); /* null is fine */

size_t encoder_dimension(const struct encoder *encoder);
const char *encoder_type(const struct encoder *encoder); /* "static" */
const char *const *encoder_files(const struct encoder *encoder); /* in its folder; null-ended */
/* Whether encoding waits for another program, which may take long. */
bool encoder_waits(const struct encoder *encoder);

/* What is known of its quality; false if nothing is. */
bool encoder_quality(const struct encoder *encoder, struct encoder_quality *quality);

/* How much of R@10 is left with the encoder's vectors, 1: all of it; NAN if not known. */
double encoder_quality_kept(const struct encoder_quality *quality);

/* Encodes into vector (dimension), L2-normalised.  Returns 0; 1 when no word is known or can
 * be guessed (vector zeroed); -1 on failure. Safe to call from several threads. */
int encoder_encode(struct encoder *encoder, const char *text, float *vector,
                   struct encoding *encoding, struct error *error);
/* The same; fails with ERROR_CANCELLED soon after `job` is cancelled (null is fine). */
int encoder_encode_job(struct encoder *encoder, const char *text, float *vector,
                       struct encoding *encoding, struct job *job, struct error *error);

#endif
