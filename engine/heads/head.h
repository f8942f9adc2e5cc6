/* Heads: small maps from the embeddings of a frozen model to better ones, one for texts and one for videos.  A head
 * that has learned nothing gives back the frozen embedding.  A head owns its weights. */
#ifndef HUBSCOPE_ENGINE_HEADS_HEAD_H
#define HUBSCOPE_ENGINE_HEADS_HEAD_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/matrices/matrix.h"
#include <stdint.h>

enum head_kind {
    HEAD_LINEAR, /* x + W x */
    HEAD_MLP     /* (1 - ratio) x + ratio U relu(D x), CLIP-Adapter's residual (Gao et al. 2021) */
};

enum { HEAD_REDUCTION = 4 }; /* of the hidden layer of a new mlp */
#define HEAD_RATIO 0.2f

struct head {
    enum head_kind kind;
    size_t dimension; /* d */
    size_t hidden;    /* h; 0: linear */
    float ratio;      /* of the mlp */
    size_t count;     /* of weights */
    float *weight;    /* linear: W (d, d); mlp: D (h, d), then U (d, h) */
};

/* A head that gives back what it gets, as head_reset makes it from seed 0. */
int head_open(struct head *head, enum head_kind kind, size_t dimension, struct error *error);

/* One with `hidden` units, weights to be filled. */
int head_make(struct head *head, enum head_kind kind, size_t dimension, size_t hidden, struct error *error);

void head_reset(struct head *head, uint64_t seed); /* W or U becomes 0, D random by He et al. 2015 */

void head_close(struct head *head);                           /* a zeroed head is fine */
void head_assign(struct head *head, const struct head *from); /* the weights of one of the same shape */

static inline float *head_up(const struct head *head) /* U */
{
    return head->weight + head->hidden * head->dimension;
}

/* y (rows, d) = the head of x (rows, d), not of unit length.  `hidden` (rows, h) receives relu(D x); a linear head does
 * not need it. */
void head_forward(const struct head *head, const float *x, size_t rows, float *hidden, float *y);

/* Scales rows (rows, d) to unit length; rows of zeros remain.  `inverse` (rows): 1 / length, 0 for zeros; or null. */
void head_unit(float *y, size_t rows, size_t dimension, float *inverse);

/* out (rows, d) = unit rows of the head of every row of x (rows, d); a step of the job every HEAD_ROWS rows.  Results
 * do not depend on the number of workers. */
enum { HEAD_ROWS = 240 };
int head_apply(const struct head *head, const struct matrix *x, float *out, struct job *job, struct error *error);

#endif
