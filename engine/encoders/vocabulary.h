/* The tokens of an encoder: a text file with one a line; line i names row i of the matrix. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_VOCABULARY_H
#define HUBSCOPE_ENGINE_ENCODERS_VOCABULARY_H

#include "engine/base/error.h"
#include "engine/base/nearest.h"
#include <stddef.h>
#include <stdint.h>

struct vocabulary_slot {
    uint32_t hash, token; /* 1 + index of the token, 0 where free */
};

struct vocabulary {
    char *text;                   /* the tokens, NUL-terminated */
    uint32_t *token;              /* (count) offsets into text */
    struct vocabulary_slot *slot; /* (slots) hash table */
    size_t count, slots;
};

/* Refuses empty files, empty tokens and duplicates, by line.  Release with vocabulary_close, also after a failure. */
int vocabulary_read(struct vocabulary *vocabulary, const char *path, struct error *error);
void vocabulary_close(struct vocabulary *vocabulary); /* a zeroed one is fine */

size_t vocabulary_find(const struct vocabulary *vocabulary, const char *bytes,
                       size_t length); /* the token's row, or SIZE_MAX */
/* The first `most` tokens that begin with `bytes` and are longer, in the order of the rows; returns how many. */
size_t vocabulary_complete(const struct vocabulary *vocabulary, const char *bytes, size_t length, const char **token,
                           size_t most);
void vocabulary_offer(const struct vocabulary *vocabulary, struct nearest *nearest);

#endif
