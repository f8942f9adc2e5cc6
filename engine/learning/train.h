/* Learning heads over the frozen embeddings of pairs of captions and clips, by InfoNCE or NCL with Adam.  Of the clips,
 * 23 % are held out, the same for every seed; rate, iterations, epoch and seed are those with the best mean reciprocal
 * rank of the held-out captions among the held-out clips.  The same seed gives the same bytes, whatever the number of
 * workers.  Memory: some 16 bytes for each cell of a batch, and a few times the heads. */
#ifndef HUBSCOPE_ENGINE_LEARNING_TRAIN_H
#define HUBSCOPE_ENGINE_LEARNING_TRAIN_H

#include "engine/base/job.h"
#include "engine/heads/head.h"
#include "engine/learning/held_out.h"
#include "engine/learning/loss.h"
#include "engine/learning/pairs.h"
#include <stdbool.h>

#define TRAIN_SCALE_MOST 100.0 /* of a learned scale, as CLIP's */

enum { TRAIN_CHOICES = 8 };

/* An epoch of one run, which is one seed with one rate and one number of iterations.  Arrays are valid during the call
 * only. */
struct train_epoch {
    size_t seed; /* place among the seeds */
    double rate;
    size_t iterations;
    size_t epoch; /* from 1; 0: the frozen model, reported once before all others */
    bool best;    /* the best of all epochs of all runs so far */
    double loss;  /* mean over batches; NAN for the frozen model, as is batch_error */
    double scale;
    double batch_error; /* mean over batches of |mass - 1|, masses being those of the loss: with NCL normalised */
    struct held_out_measures held;
    const double *batch_mass; /* (batch) of the last batch; null for the frozen model */
    const double *held_mass;  /* (held_clips) nothing normalised */
    size_t batch, held_clips;
};

typedef void train_watch(void *context, const struct train_epoch *epoch); /* on the thread that trains */

struct train_options {
    enum loss_kind loss;
    enum head_kind head;
    double scale;                     /* of cosines in the loss: the model's */
    bool learn_scale;                 /* else fixed; starts at TRAIN_SCALE_MOST where the model's is above */
    double decay;                     /* of weights towards the frozen model */
    double rate[TRAIN_CHOICES];       /* to choose from */
    size_t iterations[TRAIN_CHOICES]; /* of NCL, to choose from */
    size_t rates, iterations_count;
    size_t batch;    /* pairs at most; 0: the smaller of 512 and half the clips learned from */
    size_t epochs;   /* at most */
    size_t patience; /* epochs without a better one after which a run stops; 0: it never does */
    uint64_t seed;   /* the first; it also decides what is held out */
    size_t seeds;
    train_watch *watch; /* or null */
    void *context;
};

/* NCL of 4 iterations, linear heads, scale fixed, no decay, rates 1e-4, 3e-4 and 1e-3, 60 epochs, 5 seeds from 0. */
struct train_options train_defaults(double scale);

struct train_seed { /* the best epoch of a seed */
    uint64_t seed;
    double rate, scale;
    size_t iterations, epoch; /* 0: no epoch is better than the frozen model */
    struct held_out_measures held;
};

struct train_result {
    struct head text, video; /* of the best seed */
    double scale;
    size_t clips, held_clips, held_captions, batch; /* clips learned from; held out; pairs of a batch at most */
    struct held_out_measures frozen;
    double *frozen_mass, *mass; /* (held_clips) of the frozen model and of the best seed, nothing normalised */
    struct train_seed *seed;    /* (seeds) those begun */
    size_t seeds, best;
    double r1_mean, r1_spread; /* of the seeds' held-out R@1: mean and standard deviation, 0 for one seed */
    bool cancelled;            /* the heads are the best so far */
};

/* Cancelling the job is not a failure: the result then holds the best so far, at worst the frozen model;
 * the caller keeps or drops it.  train_close releases a result; on failure there is nothing to release. */
int train_heads(const struct pairs *pairs, const struct train_options *options, struct train_result *result,
                struct job *job, struct error *error);
void train_close(struct train_result *result);

#endif
