/* Quality of vectors of evaluation captions, compared with the true ones. */
#include "engine/base/memory.h"
#include "engine/evaluation/analysis.h"
#include "engine/fit_encoder/fitting.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TOP = 10 };

size_t fitting_measured(const struct fitting *fitting)
{
    size_t count = 0;

    for (size_t i = 0; i < fitting->collection->queries; i++)
        count += fitting_is_measured(fitting, i);
    return count;
}

/* Ranks and top lists of `rows` (count, d) by raw similarity. */
static int analyse(const struct fitting *fitting, const float *rows, uint32_t *target, size_t count,
                   struct analysis *analysis, struct error *error)
{
    struct collection_model part_model = *fitting->model, *models[] = {&part_model};
    struct collection part = *fitting->collection;
    const struct rule *raw = rule_find("raw");
    const struct rule_spec spec = rule_default(raw, part_model.logit_scale);
    const struct fit_options options = {.no_cache = true};
    struct fit *fit = NULL;
    struct task task;

    part_model.query = matrix_view(rows, count, part_model.dimension);
    part_model.banks = part_model.video_banks = 0;
    part.model = models;
    part.models = 1;
    part.queries = count;
    part.target = target;
    part.catalog = NULL;
    if (task_open(&task, &part, NULL, T2V, NULL, error))
        return -1;
    int failed = fit_rules(&task, &spec, 1, &options, &fit, fitting->job, error);
    if (!failed) {
        failed = analysis_run(&task, &fit, 1, analysis, fitting->job, error);
        fit_release(fit);
    }
    task_close(&task);
    return failed;
}

static bool is_zero(const float *row, size_t d)
{
    size_t i = 0;

    while (i < d && row[i] == 0)
        i++;
    return i == d;
}

/* Returns the mean cosine and gathers the rows of the measured captions. */
static double gather(const struct fitting *fitting, const float *vectors, float *truth, float *rows, uint32_t *target,
                     float *buffer)
{
    const struct collection *collection = fitting->collection;
    size_t d = fitting->model->dimension, next = 0;
    double sum = 0;

    for (size_t i = 0; i < collection->queries; i++) {
        if (!fitting_is_measured(fitting, i))
            continue;
        memcpy(truth + next * d, matrix_rows(&fitting->model->query, i, 1, buffer), d * sizeof *truth);
        memcpy(rows + next * d, vectors + i * d, d * sizeof *rows);
        for (size_t c = 0; c < d; c++)
            sum += (double)truth[next * d + c] * (double)rows[next * d + c];
        target[next++] = collection->target[i];
    }
    return sum / (double)next;
}

/* Share of the true lists that is in the others; lists of zero vectors become UINT32_MAX. */
static double overlap_of(const struct analysis *truth, const struct analysis *made, const float *rows, size_t d,
                         uint32_t *top)
{
    size_t shared = 0, length = made->top_k;

    for (size_t i = 0; i < made->queries; i++) {
        bool empty = is_zero(rows + i * d, d);
        for (size_t j = 0; j < TOP; j++)
            top[i * TOP + j] = empty || j >= length ? UINT32_MAX : made->top[i * length + j];
        for (size_t j = 0; j < length * length; j++)
            shared += !empty && truth->top[i * length + j / length] == top[i * TOP + j % length];
    }
    return (double)shared / (double)(made->queries * length);
}

int fitting_measure(const struct fitting *fitting, const float *vectors, struct encoder_quality *quality, uint32_t *top,
                    struct error *error)
{
    size_t d = fitting->model->dimension, count = fitting_measured(fitting);
    float *truth = memory_floats(count * d), *rows = memory_floats(count * d);
    float *buffer = memory_floats(d);
    uint32_t *target = memory_array(count, sizeof *target);
    struct analysis of_truth = {0}, of_rows = {0};
    int failed = truth && rows && buffer && target ? 0 : error_memory(error);

    *quality = (struct encoder_quality){.captions = count};
    if (!failed) {
        quality->cosine = gather(fitting, vectors, truth, rows, target, buffer);
        failed = analyse(fitting, truth, target, count, &of_truth, error) ||
                         analyse(fitting, rows, target, count, &of_rows, error)
                     ? -1
                     : 0;
    }
    if (!failed) {
        quality->recall = of_rows.metrics.r10 / 100;
        quality->recall_of_true = of_truth.metrics.r10 / 100;
        quality->overlap = overlap_of(&of_truth, &of_rows, rows, d, top);
        fitting->report->with_video = 0;
        for (size_t i = 0; i < count; i++)
            fitting->report->with_video += target[i] < fitting->collection->videos;
    }
    analysis_close(&of_truth);
    analysis_close(&of_rows);
    free(truth);
    free(rows);
    free(buffer);
    free(target);
    return failed;
}
