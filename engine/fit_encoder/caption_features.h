/* Captions as sparse features, in two steps: a caption is its words, a word is its own feature plus those of its
 * character n-grams.  Products computed this way cost a tenth of those with each caption's features written out.  See
 * engine/encoders/fitted.c for the formula. */
#ifndef HUBSCOPE_ENGINE_CAPTION_FEATURES_H
#define HUBSCOPE_ENGINE_CAPTION_FEATURES_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FEATURES_LEAST = 3, /* sizes of n-grams */
    FEATURES_MOST = 5,
    FEATURES_COUNT = 2 /* captions that must contain a word for it to have a feature of its own */
};
#define FEATURES_GRAM_WEIGHT 1.0

struct features {
    size_t captions, types; /* types: different words, in order of appearance */
    size_t *text_start;     /* (captions + 1) words of caption i: text_type[text_start[i] ..] */
    uint32_t *text_type;    /* their types */
    uint64_t *digest;       /* (captions) hash of their words, in order */
    size_t *name;           /* (types) offsets into names */
    char *names;            /* folded words, NUL-terminated */
    bool *pair;             /* (types) of ideographs */
    size_t *gram_start;     /* (types + 1) */
    uint32_t *gram;         /* n-grams, repeated where the word repeats them */

    /* set by features_finish */
    size_t *type_start;         /* (types + 1) the transpose: captions of a type, ascending and */
    uint32_t *type_text;        /* repeated where the word is */
    size_t table;               /* n-grams are hashed to [0, table), a power of two */
    size_t grams, shared;       /* number of n-grams; of those in more than one type */
    uint32_t *slot;             /* (grams) place in the table, ascending */
    uint32_t *shared_of;        /* (grams) number among the shared ones, or UINT32_MAX */
    uint32_t *owner;            /* (grams) the only type that has it, if it is not shared */
    struct features_room *room; /* private */
};

/* Adds the next caption.  A zeroed struct is empty. */
int features_add(struct features *features, const char *caption, struct error *error);

/* After the last caption: chooses the table, so that `dimension` float16 values for each of its n-grams stay below 128
 * MiB, and builds the transpose. */
int features_finish(struct features *features, size_t dimension, struct error *error);
void features_close(struct features *features);

/* Weights of the features when only some captions are learnt from.  A word's own feature and the n-grams that no other
 * word has always occur together: ridge regression gives them one direction, so here they form one feature, the word's
 * private one. */
struct feature_weights {
    size_t words;       /* V: types in the vocabulary */
    uint32_t *word;     /* (V) which, ascending */
    size_t private;     /* features [0, private) are private; the shared n-grams follow */
    size_t count;       /* all features */
    uint32_t *own;      /* (types) private feature, or UINT32_MAX */
    float *own_weight;  /* (types) of that in the type: sqrt(1 for a word of the vocabulary + the
                           squares of its n-grams' weights) */
    float *gram_weight; /* (types) of each of its n-grams */
    float *idf;         /* (types) 0: the word does not count */
    double unknown_idf;
    float *scale;         /* (captions) 1 / sqrt(sum of idf^2 over its words); 0 if it has none */
    size_t *shared_start; /* (types + 1) shared n-grams of a type that counts, as features */
    uint32_t *shared;
    size_t *row_start; /* (count + 1) types that have the feature, ascending: the transpose */
    uint32_t *row_type;
};

/* `learn` (captions): those to learn from. */
int feature_weights_make(struct feature_weights *weights, const struct features *features, const bool *learn,
                         struct error *error);
void feature_weights_close(struct feature_weights *weights);

#endif
