/* How well heads retrieve the clips that are held out: their captions against themselves, nothing normalised.  Results
 * do not depend on the number of workers. */
#ifndef HUBSCOPE_ENGINE_LEARNING_HELD_OUT_H
#define HUBSCOPE_ENGINE_LEARNING_HELD_OUT_H

#include "engine/heads/head.h"
#include "engine/learning/pairs.h"

struct held_out_measures {
    double r1;       /* percent of captions whose clip is first */
    double mrr;      /* mean reciprocal rank, ties averaged */
    double error;    /* mean |mass - 1|: a clip's mass is its retrieval probability summed over captions, over its fair
                        share Q/M */
    double skewness; /* of N_10 */
};

struct held_out {
    const struct pairs *pairs;
    const struct clips *clips;
    size_t captions;      /* Q */
    double *mass;         /* (M) after a measurement: a mean of 1 */
    float *video;         /* (M, d) unit rows of the head */
    uint32_t *clip;       /* (Q) place of the caption's clip */
    uint32_t *occurrence; /* (workers, M) N_10 */
    double *reciprocal;   /* (Q) */
    unsigned char *first; /* (Q) whether its clip is first */
    double *part;         /* (chunks, M) masses */
    float *scratch;       /* (workers, scratch_size) */
    size_t scratch_size;
};

/* `hidden` is that of the heads to be measured; the rest is borrowed. */
int held_out_open(struct held_out *held, const struct pairs *pairs, const struct clips *clips, size_t hidden,
                  struct error *error);
void held_out_close(struct held_out *held);

int held_out_measure(struct held_out *held, const struct head *text, const struct head *video, double scale,
                     struct held_out_measures *measures, struct error *error);

#endif
