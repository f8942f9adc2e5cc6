/* A fit without one group of captions, and the resulting vectors of that group. */
#include "engine/base/pool.h"
#include "engine/fit_encoder/fitting.h"

#include <math.h>
#include <string.h>

struct held_out { /* a fit for the vectors of one group */
    struct fitting *fitting;
    const struct feature_weights *weights;
    unsigned group;
    const struct ridge_slice *slice;
};

static void encode_block(void *context, size_t chunk, size_t worker)
{
    enum { BLOCK = 64 };
    const struct held_out *held = context;
    const struct fitting *fitting = held->fitting;
    const struct features *features = &fitting->features;
    const struct ridge_slice *slice = held->slice;
    size_t d = fitting->model->dimension, queries = fitting->collection->queries;

    (void)worker;
    for (size_t i = chunk * BLOCK; i < (chunk + 1) * BLOCK && i < queries; i++) {
        if (fitting->group[i] != held->group || !(held->weights->scale[i] > 0))
            continue;
        float *out = fitting->vectors + i * d + slice->first;
        memset(out, 0, slice->columns * sizeof *out);
        for (size_t at = features->text_start[i]; at < features->text_start[i + 1]; at++) {
            size_t type = features->text_type[at];
            for (size_t c = 0; c < slice->columns; c++)
                out[c] += held->weights->idf[type] * slice->type[type * RIDGE_COLUMNS + c];
        }
        for (size_t c = 0; c < slice->columns; c++)
            out[c] = held->weights->scale[i] * out[c] + slice->mean[c];
    }
}

static void take_held_out(void *context, const struct ridge_slice *slice)
{
    struct held_out *held = context;

    held->slice = slice;
    pool_run((held->fitting->collection->queries + 63) / 64, encode_block, held);
}

/* Scales rows of the group to length 1; those without a direction become zero. */
static void normalise_group(struct fitting *fitting, unsigned group)
{
    size_t d = fitting->model->dimension;

    for (size_t i = 0; i < fitting->collection->queries; i++) {
        double squares = 0;
        float *row = fitting->vectors + i * d;
        for (size_t c = 0; fitting->group[i] == group && c < d; c++)
            squares += (double)row[c] * (double)row[c];
        for (size_t c = 0; squares > 0 && c < d; c++)
            row[c] = (float)((double)row[c] / sqrt(squares));
    }
}

double fitting_tolerance(const struct fitting *fitting)
{
    double asked = fitting->options->tolerance;

    return asked > 0 ? asked : RIDGE_TOLERANCE;
}

int fitting_hold_out(struct fitting *fitting, unsigned group, double ridge, size_t columns, size_t every,
                     struct error *error)
{
    size_t d = fitting->model->dimension;
    struct feature_weights weights;
    struct held_out held = {.fitting = fitting, .weights = &weights, .group = group};

    for (size_t i = 0; i < fitting->features.captions; i++)
        fitting->learn[i] = !(fitting->barred[i] >> group & 1) && i % every == 0;
    for (size_t i = 0; i < fitting->collection->queries; i++)
        if (fitting->group[i] == group)
            memset(fitting->vectors + i * d, 0, d * sizeof(float));
    if (feature_weights_make(&weights, &fitting->features, fitting->learn, error))
        return -1;
    const struct ridge problem = {.features = &fitting->features,
                                  .weights = &weights,
                                  .learn = fitting->learn,
                                  .parts = fitting->part,
                                  .part_count = fitting->parts,
                                  .dimension = d,
                                  .columns = columns,
                                  .ridge = ridge,
                                  .tolerance = fitting_tolerance(fitting)};
    int failed = ridge_solve(&problem, take_held_out, &held, fitting->job, error);
    feature_weights_close(&weights);
    if (!failed)
        normalise_group(fitting, group);
    return failed;
}
