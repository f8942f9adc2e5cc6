/* One step of learning: a batch of pairs through both heads, the loss, and back to the weights. */
#ifndef HUBSCOPE_ENGINE_LEARNING_STEP_H
#define HUBSCOPE_ENGINE_LEARNING_STEP_H

#include "engine/heads/head.h"
#include "engine/learning/adam.h"
#include "engine/learning/loss.h"
#include "engine/learning/pairs.h"

/* Texts or videos of a batch. */
struct step_side {
    const struct matrix *rows; /* frozen embeddings, borrowed */
    struct head head;
    struct adam adam;
    float *gradient; /* (head.count): dL / d weight */
    float *x;        /* (B, d) frozen embeddings */
    float *z;        /* (B, d) unit rows of the head */
    float *inverse;  /* (B) 1 / their length before */
    float *hidden;   /* (B, h) of an mlp */
    float *back;     /* (B, d) dL / d output of the head, times ratio for an mlp */
    float *inner;    /* (B, h) dL / d D x */
};

enum { STEP_TEXT, STEP_VIDEO, STEP_SIDES };

struct step {
    struct step_side side[STEP_SIDES];
    struct loss loss;
};

/* For batches of up to `most` pairs, with heads that give back what they get. */
int step_open(struct step *step, const struct pairs *pairs, enum head_kind kind, size_t most, struct error *error);
void step_close(struct step *step);

void step_restart(struct step *step, uint64_t seed); /* with such heads again, random weights by the seed */

/* Loss and gradients of a batch; terms->scale is that of the loss.  Weights are unchanged. */
void step_gradient(struct step *step, const struct pair *pair, size_t pairs, const struct loss_terms *terms,
                   struct loss_value *value);

/* Weights one step down the gradients. */
void step_descend(struct step *step, double rate, double decay);

#endif
