/* Measures of mass on bootstrap samples of the queries.
 *
 * In a sample that draws query q w[q] times, the mass of item j is sum_q w[q] P[q][j], P being the retrieval
 * probabilities.  For all samples at once that is a product (samples, Q) (Q, M), which takes about as long as `samples`
 * dimensions of the embeddings would.  P is computed again, a panel of queries at a time.  The masses are kept: where
 * the samples' do not fit the memory of fit_memory(), they are cut into blocks, each of which takes another pass over
 * the similarities. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_MASS_SAMPLES_H
#define HUBSCOPE_ENGINE_EVALUATION_MASS_SAMPLES_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/evaluation/analysis.h"

enum mass_sampling {
    MASS_UNASKED, /* of a zeroed struct */
    MASS_SAMPLED,
    MASS_NONE,     /* an order without probabilities */
    MASS_TOO_LARGE /* not even a few samples fit the memory */
};

struct mass_samples {
    enum mass_sampling sampling;
    size_t samples;
    uint64_t seed;
    size_t needed;                /* bytes of memory, if MASS_TOO_LARGE */
    struct mass_measures all;     /* of all queries, each drawn once */
    struct mass_measures *sample; /* (samples), or null unless MASS_SAMPLED */
};

/* Zeroes and fills results[count] for analyses made on the task; a rule without mass or memory gets no samples, which
 * is no failure.  No result depends on the number of workers.  Sample s draws as resample_rows does. */
int mass_samples_draw(const struct task *task, const struct analysis *const *analyses, size_t count, size_t samples,
                      uint64_t seed, struct mass_samples *results, struct job *job, struct error *error);
void mass_samples_close(struct mass_samples *samples); /* releases and zeroes; a zeroed struct is fine */

#endif
