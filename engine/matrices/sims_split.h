/* Similarities of a crew that splits the gallery: each process reads only its own block of columns, multiplies it by
 * the rows that all of them are at, and sends each process the similarities of its rows. */
#ifndef HUBSCOPE_ENGINE_MATRICES_SIMS_SPLIT_H
#define HUBSCOPE_ENGINE_MATRICES_SIMS_SPLIT_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/matrices/sims.h"
#include "engine/matrices/tiles.h"

/* How the columns are cut into products: each has `width` of them, but the last one the rest. */
struct sims_cut {
    size_t width, products;
};

static inline struct span sims_cut_columns(const struct sims_cut *cut, size_t cols, size_t product)
{
    size_t start = product * cut->width;

    return (struct span){start, product + 1 < cut->products ? cut->width : cols - start};
}

/* Numbers of some rows and columns, to be counted from their similarities; both begin at the first of these. */
struct sims_counts {
    struct span rows;
    const float *s;
    uint32_t *counts;
    size_t stride; /* of both */
};

struct sims_split {
    const struct sims *sims;
    struct sims_cut cut;
    size_t rows;     /* of a process at a time, at most */
    size_t at_once;  /* products of a process between two exchanges */
    struct span *at; /* (processes) rows of each */
    size_t *sent, *got;
    float *left;          /* (processes, rows, d) converted rows, or empty */
    float *given, *taken; /* (processes, at_once, rows, widest product) */
    float **scratch;      /* (workers) */
    struct job *job;

    size_t counters; /* what each process counts in its own columns for all; set by sims_split_count */
    void (*count)(void *context, size_t counter, const struct sims_counts *each, size_t several, struct span columns);
    void *context;
    uint32_t *given_counts, *taken_counts; /* as given and taken */
    struct sims_counts *each;              /* (workers, processes) */
};

/* Whether similarities are computed so: in a crew that splits the gallery, of embeddings. */
bool sims_split_wanted(const struct sims *sims);

/* Every process opens with the same values.  False when out of memory; close it then too. */
bool sims_split_open(struct sims_split *split, const struct sims *sims, struct sims_cut cut, size_t rows,
                     struct job *job);
void sims_split_close(struct sims_split *split); /* a zeroed one is fine */

/* After opening it: has numbers counted as well, `counters` for each similarity, by count(), which several threads call
 * at once with the rows of `several` processes.  False when out of memory. */
bool sims_split_count(struct sims_split *split, size_t counters,
                      void (*count)(void *context, size_t counter, const struct sims_counts *each, size_t several,
                                    struct span columns),
                      void *context);

/* Computes all columns of the process's rows, which may be none, into out (rows, M), rows `stride` apart; every
 * process calls it at the same time.  Rows that all are at are multiplied once.  The products are those that a process
 * alone would compute.  Takes about as many job_steps as there are products.  What is counted goes to counts[counter],
 * laid out like `out`; null without counters.  -1 if the job is cancelled or another process has failed. */
int sims_split_rows(struct sims_split *split, struct span rows, float *out, size_t stride, uint32_t *const *counts,
                    struct error *error);

#endif
