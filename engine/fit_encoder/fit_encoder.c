#include "engine/fit_encoder/fit_encoder.h"

#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/fit_encoder/fitting.h"
#include "engine/formats/npy.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TUNED_CAPTIONS = 32768 }; /* used to choose the ridge */

const char *fit_encoder_unavailable(const struct collection *collection, const struct collection_model *model)
{
    size_t captions = collection->queries, alone = 0, seen = 0;
    uint32_t video[FIT_ENCODER_VIDEOS];

    if ((model ? model : collection->model[0])->stored)
        return "similarities are stored, and an encoder needs embeddings";
    if (!collection->catalog)
        return "there are no captions";
    for (size_t i = 0; i < captions && alone < FIT_ENCODER_VIDEOS; i++) {
        size_t at = 0;
        while (at < seen && video[at] != collection->target[i])
            at++;
        alone += at == seen;
        if (at == seen && collection->target[i] < collection->videos)
            video[seen++] = collection->target[i];
    }
    if (captions < FIT_ENCODER_CAPTIONS)
        return "there are fewer than 60 evaluation captions to learn from";
    if (alone < FIT_ENCODER_VIDEOS)
        return item_text("the evaluation captions belong to fewer than 20 videos");
    return NULL;
}

/* Mean cosine of the group's vectors to the true ones, over the first columns. */
static double cosine_of(const struct fitting *fitting, unsigned group, size_t columns, float *buffer)
{
    size_t d = fitting->model->dimension, count = 0;
    double sum = 0;

    for (size_t i = 0; i < fitting->collection->queries; i++) {
        if (fitting->group[i] != group)
            continue;
        const float *truth = matrix_rows(&fitting->model->query, i, 1, buffer);
        double product = 0, squares = 0;
        for (size_t c = 0; c < columns; c++) {
            product += (double)truth[c] * (double)fitting->vectors[i * d + c];
            squares += (double)truth[c] * (double)truth[c];
        }
        sum += squares > 0 ? product / sqrt(squares) : 0;
        count++;
    }
    return count ? sum / (double)count : NAN;
}

/* Chooses the best of a few ridges, half an order of magnitude apart: moves up or down from the middle one as long as
 * the first group's vectors get closer.  One slice of columns and this many captions suffice. */
static int choose_ridge(struct fitting *fitting, double *ridge, struct error *error)
{
    static const double ladder[] = {0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100};
    enum { STEPS = sizeof ladder / sizeof *ladder, START = 3 };
    double cosine[STEPS];
    size_t every = 1 + fitting->features.captions / TUNED_CAPTIONS;
    size_t d = fitting->model->dimension, columns = d < RIDGE_COLUMNS ? d : RIDGE_COLUMNS;
    int best = START, step = -1;
    float *buffer = memory_floats(d);

    if (!buffer)
        return error_memory(error);
    for (int at = START;; at = best + step) {
        job_expect(fitting->job, ridge_steps(columns));
        if (fitting_hold_out(fitting, 0, ladder[at], columns, every, error)) {
            free(buffer);
            return -1;
        }
        cosine[at] = cosine_of(fitting, 0, columns, buffer);
        if (cosine[at] > cosine[best])
            best = at;
        else if (at != START && best == START && step < 0)
            step = 1; /* not down: try up */
        else if (at != START)
            break;
        if (best + step < 0 || best + step >= STEPS)
            break;
    }
    free(buffer);
    *ridge = ladder[best];
    return 0;
}

static int write_vectors(const struct fitting *fitting, struct error *error)
{
    const struct collection *collection = fitting->collection;
    size_t d = fitting->model->dimension;

    for (size_t i = 0; i < collection->queries; i++)
        for (size_t c = 0; !fitting_is_measured(fitting, i) && c < d; c++)
            fitting->vectors[i * d + c] = NAN;
    return npy_write(fitting->options->vectors, NPY_F32, fitting->vectors, collection->queries, d, error);
}

/* Measures the collection's own encoder on the same captions. */
static int measure_other(const struct fitting *fitting, const uint32_t *top, struct error *error)
{
    const struct collection *collection = fitting->collection;
    struct fit_encoder_report *report = fitting->report;
    size_t d = fitting->model->dimension, measured = fitting_measured(fitting), shared = 0;
    float *vectors = memory_floats(collection->queries * d);
    uint32_t *other = memory_array(measured * 10, sizeof *other);
    struct encoding encoding;
    int failed = vectors && other ? 0 : error_memory(error);

    for (size_t i = 0; !failed && i < collection->queries; i++) {
        struct catalog_text text;
        memset(vectors + i * d, 0, d * sizeof *vectors);
        if (!fitting_is_measured(fitting, i))
            continue;
        if (job_cancelled(fitting->job))
            failed = error_set(error, ERROR_CANCELLED, "cancelled");
        else if (catalog_text(collection->catalog, "query", i, &text, error))
            failed = -1;
        else {
            if (encoder_encode(fitting->model->encoder, text.caption, vectors + i * d, &encoding, NULL))
                memset(vectors + i * d, 0, d * sizeof *vectors);
            catalog_text_close(&text);
        }
    }
    if (!failed)
        failed = fitting_measure(fitting, vectors, &report->other_quality, other, error);
    for (size_t i = 0; !failed && i < measured; i++)
        for (size_t j = 0; j < 100; j++)
            shared += top[i * 10 + j / 10] != UINT32_MAX && top[i * 10 + j / 10] == other[i * 10 + j % 10];
    size_t length = collection->videos < 10 ? collection->videos : 10;
    report->other_overlap = (double)shared / (double)(measured * length);
    snprintf(report->other, sizeof report->other, "%s", encoder_type(fitting->model->encoder));
    free(vectors);
    free(other);
    return failed;
}

static int run(struct fitting *fitting, const char *dir, struct error *error)
{
    const struct collection *collection = fitting->collection;
    struct fit_encoder_report *report = fitting->report;
    size_t steps = ridge_steps(fitting->model->dimension);

    if (fitting_read(fitting, error))
        return -1;
    report->captions = fitting->features.captions;
    report->banks = fitting->parts - 1;
    report->ridge = fitting->options->ridge;
    if (!(report->ridge > 0) && choose_ridge(fitting, &report->ridge, error))
        return -1;
    unsigned last = 0; /* groups are numbered without gaps */
    for (size_t i = 0; i < collection->queries; i++)
        if (fitting->group[i] < FIT_ENCODER_GROUPS && fitting->group[i] > last)
            last = fitting->group[i];
    job_expect(fitting->job, (last + 1) * steps);
    for (unsigned group = 1; group <= last; group++)
        if (fitting_hold_out(fitting, group, report->ridge, fitting->model->dimension, 1, error))
            return -1;
    uint32_t *top = memory_array(fitting_measured(fitting) * 10, sizeof *top);
    if (!top)
        return error_memory(error);
    int failed = fitting_measure(fitting, fitting->vectors, &report->quality, top, error);
    if (!failed && fitting->model->encoder && !encoder_waits(fitting->model->encoder))
        failed = measure_other(fitting, top, error);
    free(top);
    if (!failed && fitting->options->vectors)
        failed = write_vectors(fitting, error);
    return failed ? failed : fitting_save(fitting, dir, error);
}

int fit_encoder(const struct collection *collection, const struct fit_encoder_options *options, const char *dir,
                struct fit_encoder_report *report, struct job *job, struct error *error)
{
    const char *missing = fit_encoder_unavailable(collection, options->model);
    struct fit_encoder_report ignored;
    struct fitting fitting = {.collection = collection,
                              .model = options->model ? options->model : collection->model[0],
                              .options = options,
                              .report = report ? report : &ignored,
                              .job = job};

    *fitting.report = (struct fit_encoder_report){0};
    if (missing)
        return error_set(error, ERROR_INPUT, "no encoder can be fitted to %s: %s", collection->name, missing);
    int failed =
        collection_model_check_all(fitting.model, collection->path, job, error) ? -1 : run(&fitting, dir, error);
    fitting_close(&fitting);
    return failed;
}
