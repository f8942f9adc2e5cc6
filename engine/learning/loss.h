/* The losses that heads are learned by, and their gradients with respect to a batch's cosines.  With cosines c of B
 * pairs, pair i being text i and video i, and S = scale * c:
 *   InfoNCE  -(1/2B) sum_i [log softmax_j(S_ij) at i + log softmax_k(S_ki) at i]
 *   NCL      the same of S_ij + log b_j and S_ki + log a_k, with potentials by Sinkhorn-Knopp in the batch:
 *            log b_j = -lse_i(S_ij), log a_i = -lse_j(S_ij); then `iterations` times log a_i = -lse_j(S_ij + log b_j),
 *            log b_j = -lse_i(S_ij + log a_i)
 * The gradient holds the potentials constant.  No two pairs of a batch share a video, so nothing is masked.  Results do
 * not depend on the number of workers. */
#ifndef HUBSCOPE_ENGINE_LEARNING_LOSS_H
#define HUBSCOPE_ENGINE_LEARNING_LOSS_H

#include "engine/base/error.h"
#include <stddef.h>

enum loss_kind { LOSS_INFONCE, LOSS_NCL };

struct loss_terms {
    enum loss_kind kind;
    size_t iterations; /* of NCL */
    double scale;
};

struct loss_value {
    double loss;
    double scale_gradient; /* dL / d log scale */
    double error;          /* mean |mass - 1| of the batch's videos */
};

/* Room for batches of up to `most` pairs: some 16 bytes for each cell. */
struct loss {
    size_t most;
    float *cosine;         /* (B, B), filled by the caller */
    float *gradient;       /* (B, B): dL / d cosine */
    double *mass;          /* (B) of each video: the sum of the text-to-video probabilities of the loss */
    float *turned;         /* (B, B) the transpose of cosine */
    float *probability;    /* (B, B) video to text, a row for each video */
    double *log_a, *log_b; /* (B) potentials; zeros under InfoNCE */
    float *shift;          /* (B) potential / scale, of the pass at hand */
    double *term;          /* (2, B) log softmax at each pair */
    double *missing;       /* (2, B) 1 - softmax at each pair */
    double *product;       /* (B) sums of gradient times cosine, row by row */
    double *part;          /* (pieces, B) masses of each piece */
    float *scratch;        /* (workers, B) */
};

int loss_open(struct loss *loss, size_t most, struct error *error);
void loss_close(struct loss *loss);

/* Cosines of `pairs` pairs, rows `pairs` apart, to gradient, masses and value. */
void loss_run(struct loss *loss, size_t pairs, const struct loss_terms *terms, struct loss_value *value);

#endif
