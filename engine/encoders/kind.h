/* What a kind of text encoder is: one constant of this type, in a file of its own and a line of kinds.def. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_KIND_H
#define HUBSCOPE_ENGINE_ENCODERS_KIND_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/encoders/encoding.h"
#include <jansson.h>

struct encoder_kind {
    const char *type;         /* "type" or, without it, "model_type" of the folder's config.json */
    const char *also;         /* another name for it, or null */
    const char *const *files; /* names of all its files, null-ended: what import copies */

    /* Opens the encoder in `dir`, whose config.json is `config` (borrowed; an object). Returns its
     * state and fills *dimension (at least 1), or null. */
    void *(*open)(const char *dir, const json_t *config, size_t *dimension, struct error *error);
    void (*close)(void *state);

    /* As encoder_encode, which has zeroed *encoding; never changes `state`. */
    int (*encode)(const void *state, const char *text, float *vector, struct encoding *encoding,
                  struct error *error);

    /* Instead of encode, for kinds that wait for others: looks at `job` (null is fine) all the while
     * and fails with ERROR_CANCELLED when it is cancelled. */
    int (*ask)(void *state, const char *text, float *vector, struct job *job, struct error *error);

    /* May be null: what the encoder's maker measured of it; false if that is not known. */
    bool (*quality)(const void *state, struct encoder_quality *quality);
};

const struct encoder_kind *encoder_kind_find(const char *type); /* null if there is none */

/* The types there are, as a list for people: "static", "clip". */
void encoder_kind_list(char *buffer, size_t size);

/* Scales the vector to length 1; -1 where it has none, zeroing it. */
int encoder_unit(float *vector, size_t dimension, struct error *error);

#define ENCODER(name) extern const struct encoder_kind encoder_##name;
#include "engine/encoders/kinds.def"
#undef ENCODER

#endif
