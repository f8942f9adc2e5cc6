/* One retrieval task: the collection seen in one direction with one bank.
 *
 * t2v: queries are the evaluation captions, gallery the videos, bank a named query bank.  v2t: queries are the videos
 * that have captions, gallery the captions, bank a named video bank; a video has several targets, and its rank is the
 * best of theirs.  Under another convention the items are the videos, each scored by its best caption, and a query's
 * target is itself; rules are still fitted to the captions.  The task borrows the collection, which must outlive it. */
#ifndef HUBSCOPE_ENGINE_FITTING_TASK_H
#define HUBSCOPE_ENGINE_FITTING_TASK_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/fitting/bank_name.h"
#include "engine/matrices/sims.h"

struct collection;
struct collection_model;

enum direction { T2V, V2T };

/* How video to text is evaluated.  Zeroed: as in QB-Norm's code, but without videos that have no captions. */
struct conventions {
    bool videos;      /* ranks videos by their best captions, as CLIP4Clip's multi-sentence evaluation does */
    bool keep_masked; /* keeps videos without captions as queries, at infinite rank, as QB-Norm's code does */
};

struct task {
    const struct collection *collection;
    const struct collection_model *model; /* whose similarities */
    enum direction direction;
    struct sims s;                  /* (Q, M) */
    struct sims b;                  /* (N, M); rows 0 when there is no bank */
    const char *bank_name;          /* "" when there is no bank */
    struct bank_subset bank_subset; /* the rows chosen of it; with its name */
    uint32_t *bank_row;             /* (N) matrix row of each bank query, ascending; null: all rows of the bank */
    const char *gallery_bank_name;  /* the second bank, of the gallery's own modality; "" when there is none */
    struct sims g;                  /* (K, M) the second bank against the gallery; rows 0 without it */
    double logit_scale;             /* the model's, or 100 */
    uint32_t *target_start;         /* (Q + 1): targets of query q are target[target_start[q] .. target_start[q + 1]) */
    uint32_t *target;               /* gallery rows */
    float *grade;                   /* of each target, or null: all are 1 */
    bool several;                   /* some query has more than one target, or there are grades */
    uint32_t *query_row;            /* (Q) matrix row of each query; null in t2v: row q */
    struct conventions conventions; /* zeroed in t2v */
    size_t videos;                  /* number of videos ranked by their captions; 0: gallery rows are ranked */
};

/* `model` is one of the collection's; null takes the first.  `bank` null or "" takes the model's first bank of the
 * direction, if any; without one, rules that need it refuse to fit.  Fails for an unknown bank name (the error lists
 * the known ones) and for v2t on a source without captions. */
int task_open(struct task *task, const struct collection *collection, const struct collection_model *model,
              enum direction direction, const char *bank, struct error *error);
/* Switches a newly opened v2t task to other conventions; t2v has none.  -1 when out of memory: close the task then
 * too. */
int task_follow(struct task *task, const struct conventions *conventions, struct error *error);
void task_close(struct task *task);
/* Before the task's similarities are computed in blocks, as every analysis asks and every fit that needs them: refuses
 * NaN and infinite values in its matrices, by file and row, and opens BLAS.  Reads each matrix once. */
int task_check(const struct task *task, struct job *job, struct error *error);
/* Leaves a newly opened task without its bank, or without its second one: rules that need it refuse to fit. */
void task_without_bank(struct task *task);
void task_without_gallery_bank(struct task *task);

/* Replaces the second bank, by default the first bank of the gallery's modality.  -1 for an unknown name (the error
 * lists the known ones). */
int task_gallery_bank(struct task *task, const char *name, struct error *error);

/* (N, K) similarities of the bank, as currently chosen, to the second bank; rows 0 if unknown. */
struct sims task_bank_gallery(const struct task *task);

/* Row of bank query i in the bank's matrix and among its captions. */
static inline size_t task_bank_row(const struct task *task, size_t i)
{
    return task->bank_row ? task->bank_row[i] : i;
}

static inline size_t task_queries(const struct task *task)
{
    return task->s.rows;
}
static inline size_t task_gallery(const struct task *task)
{
    return task->s.cols;
}
static inline size_t task_bank(const struct task *task)
{
    return task->b.rows;
}
/* Number of items that are ranked and listed: the gallery's rows, or all videos of the collection. */
static inline size_t task_items(const struct task *task)
{
    return task->videos ? task->videos : task->s.cols;
}
static inline bool task_items_are_videos(const struct task *task)
{
    return task->direction == T2V || task->videos;
}
/* The target items of a query, ascending; *count may be 0. */
static inline const uint32_t *task_asked(const struct task *task, size_t query, size_t *count)
{
    size_t from = task->target_start[query], targets = task->target_start[query + 1] - from;

    *count = task->videos && targets ? 1 : targets;
    return task->videos ? &task->query_row[query] : task->target + from;
}
/* v2t: videos that have no caption to be asked for, dropped or kept; 0 in t2v. */
size_t task_without_captions(const struct task *task);

static inline size_t task_second_bank(const struct task *task)
{
    return task->g.rows;
}

#endif
