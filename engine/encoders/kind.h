/* A kind of text encoder: one constant of this type, in a file of its own, and a line in kinds.def. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_KIND_H
#define HUBSCOPE_ENGINE_ENCODERS_KIND_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/base/nearest.h"
#include "engine/encoders/encoding.h"
#include <jansson.h>

struct encoder_kind {
    const char *type;         /* "type", or failing that "model_type", in the folder's config.json */
    const char *also;         /* another name for it, or null */
    const char *const *files; /* names of its files besides config.json, null-terminated: what import copies */
    const char *weights;      /* what `more` lists, for people; null if nothing */

    /* Names of further files that this one was read from, null-terminated, as long as the state lives.  May be null. */
    const char *const *(*more)(const void *state);

    /* Opens the encoder in `dir`, whose config.json is `config` (borrowed; an object).  Returns its state and sets
     * *dimension (at least 1), or returns null. */
    void *(*open)(const char *dir, const json_t *config, size_t *dimension, struct error *error);
    void (*close)(void *state);

    /* As encoder_encode, which has zeroed *encoding; never modifies `state`. */
    int (*encode)(const void *state, const char *text, float *vector, struct encoding *encoding, struct error *error);

    /* Replaces encode for kinds that wait for others: watches `job` (null is fine) meanwhile and fails with
     * ERROR_CANCELLED when it is cancelled. */
    int (*ask)(void *state, const char *text, float *vector, struct job *job, struct error *error);

    /* The first `most` known words that begin with those bytes of a text; returns how many.  They live as long as the
     * state.  May be null. */
    size_t (*complete)(const void *state, const char *bytes, size_t length, const char **word, size_t most);

    /* Offers all known words; may be null. */
    void (*offer)(const void *state, struct nearest *nearest);

    /* Quality as measured by the encoder's maker; false if unknown.  May be null. */
    bool (*quality)(const void *state, struct encoder_quality *quality);
};

const struct encoder_kind *encoder_kind_find(const char *type); /* null if it does not exist */

/* Lists the types, for people: "static", "clip". */
void encoder_kind_list(char *buffer, size_t size);

/* Scales the vector to length 1; zeroes it and returns -1 if it has no direction. */
int encoder_unit(float *vector, size_t dimension, struct error *error);

#define ENCODER(name) extern const struct encoder_kind encoder_##name;
#include "engine/encoders/kinds.def"
#undef ENCODER

#endif
