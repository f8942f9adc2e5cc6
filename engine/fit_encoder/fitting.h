/* A fit in progress: shared by the files of fit_encoder. */
#ifndef HUBSCOPE_ENGINE_FIT_ENCODER_FITTING_H
#define HUBSCOPE_ENGINE_FIT_ENCODER_FITTING_H

#include "engine/collection/collection.h"
#include "engine/fit_encoder/options.h"
#include "engine/fit_encoder/ridge.h"

struct fitting {
    const struct collection *collection;
    const struct collection_model *model; /* whose embeddings the encoder learns */
    const struct fit_encoder_options *options;
    struct fit_encoder_report *report;
    struct job *job;
    struct features features; /* queries first, then the banks that have captions */
    struct ridge_part *part;
    size_t parts;
    unsigned char *group;  /* (queries) */
    unsigned char *barred; /* (captions) bit g: not to be learnt from when group g is measured */
    bool *learn;           /* (captions) of the current fit */
    float *vectors;        /* (queries, d) their vectors from held-out fits; zero: unknown */
};

/* Whether the vectors of an evaluation caption are measured: its group neither chose the ridge nor is only learnt
 * from. */
static inline bool fitting_is_measured(const struct fitting *fitting, size_t query)
{
    return fitting->group[query] != 0 && fitting->group[query] != FIT_ENCODER_GROUPS;
}

double fitting_tolerance(const struct fitting *fitting);

/* Reads the captions and deals them to groups. */
int fitting_read(struct fitting *fitting, struct error *error);
void fitting_close(struct fitting *fitting);

/* Encodes the captions of `group` by a fit without it into the first `columns` columns of fitting->vectors,
 * L2-normalised; learns from every `every`th of the other captions. */
int fitting_hold_out(struct fitting *fitting, unsigned group, double ridge, size_t columns, size_t every,
                     struct error *error);

/* Fits on everything and writes the folder. */
int fitting_save(struct fitting *fitting, const char *dir, struct error *error);

/* Measures the quality of vectors (queries, d) over the captions of the measured groups; `top` (their number, 10)
 * receives their top 10, rows of UINT32_MAX for zero vectors. */
int fitting_measure(const struct fitting *fitting, const float *vectors, struct encoder_quality *quality, uint32_t *top,
                    struct error *error);
size_t fitting_measured(const struct fitting *fitting); /* their number */

#endif
