/* Captions and their clips: which clips are held out, and the order in which an epoch takes the others. */
#ifndef HUBSCOPE_ENGINE_LEARNING_PAIRS_H
#define HUBSCOPE_ENGINE_LEARNING_PAIRS_H

#include "engine/base/error.h"
#include "engine/base/random.h"
#include "engine/matrices/matrix.h"
#include <stddef.h>
#include <stdint.h>

/* What is learned from; everything is borrowed. */
struct pairs {
    const struct matrix *texts;  /* (N, d) frozen embeddings of captions */
    const struct matrix *videos; /* (V, d) and of clips */
    const uint32_t *video;       /* (N) row of the caption's clip; PAIRS_NONE: the caption is not learned from */
};

#define PAIRS_NONE UINT32_MAX

enum { PAIRS_HELD_MOST = 1000, PAIRS_CLIPS_LEAST = 8 };

/* Clips that have captions, in random order; the first `held` are held out: 23 %, at most PAIRS_HELD_MOST. */
struct clips {
    size_t count, held;
    uint32_t *video;   /* (count) row */
    uint32_t *start;   /* (count + 1) into caption */
    uint32_t *caption; /* (N) rows, by clip */
};

/* The order, and with it the held-out clips, follows from the seed. */
int clips_open(struct clips *clips, const struct pairs *pairs, uint64_t seed, struct error *error);
void clips_close(struct clips *clips);

struct pair {
    uint32_t text, video; /* rows */
};

/* An epoch, count - held pairs: each clip that is not held out once, in random order, with one of its captions drawn at
 * random. */
void clips_draw(const struct clips *clips, struct random_state *random, struct pair *pair);

#endif
