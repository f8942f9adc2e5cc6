/* A task made from the bank alone, to choose parameters on without looking at the evaluation queries.
 *
 * A random half of the videos that the bank's captions belong to is held out: these videos are the gallery, their
 * captions the queries, and the captions of the other half the bank.  So bank and gallery share no video, as in the
 * real task. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_TUNING_H
#define HUBSCOPE_ENGINE_EVALUATION_TUNING_H

#include "engine/fitting/task.h"

struct tuning {
    struct task task;               /* for fit_rules, analysis_run and sweep_run */
    size_t videos;                  /* of the bank, held out or not */
    const char *source;             /* whose videos: "gallery" or "video bank" */
    struct matrix gallery;          /* the held-out videos' embeddings */
    uint32_t *query_row, *bank_row; /* rows of the bank */
    struct matrix gallery_bank;     /* the second bank without the held-out videos, if they were its own */
};

/* `task` is text to video with embeddings and has a query bank.  Which videos the bank's captions belong to comes from
 * `targets` (all N rows of the bank), rows of the video bank of the same name; or, with `in_order`, from their order:
 * caption i belongs to row i / (N / rows) of that video bank, N being a multiple of its rows; or else from the catalog,
 * which knows videos of the gallery.  Fails if fewer than two captions have a known video. */
int tuning_open(const struct task *task, const int64_t *targets, size_t count, bool in_order, uint64_t seed,
                struct tuning *tuning, struct error *error);
void tuning_close(struct tuning *tuning);

#endif
