/* A task made of the bank alone, to choose parameters on without a look at the evaluation queries.
 *
 * Half of the videos that the bank's captions belong to are held out (drawn by seed): their captions are the queries,
 * those videos the gallery, and the captions of the other half the bank.  So bank and gallery share no video, as with
 * the real ones. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_TUNING_H
#define HUBSCOPE_ENGINE_EVALUATION_TUNING_H

#include "engine/fitting/task.h"

struct tuning {
    struct task task;               /* for fit_rules, analysis_run and sweep_run */
    size_t videos;                  /* of the bank, held out or not */
    const char *source;             /* whose videos: "gallery" or "video bank" */
    struct matrix gallery;          /* the held-out videos' embeddings */
    uint32_t *query_row, *bank_row; /* rows of the bank */
    struct matrix gallery_bank;     /* the second bank without the held-out videos, where they were its own */
};

/* `task` is text to video with embeddings and has a query bank.  The bank's captions belong to the gallery's videos as
 * the catalog says; or, where `targets` (N) is given for all N rows of the bank, to rows of the video bank of the same
 * name; or, with `in_order`, to those too, N a multiple of its rows, caption i to row i / (N / rows).  Fails where no
 * video is known for at least two captions. */
int tuning_open(const struct task *task, const int64_t *targets, size_t count, bool in_order, uint64_t seed,
                struct tuning *tuning, struct error *error);
void tuning_close(struct tuning *tuning);

#endif
