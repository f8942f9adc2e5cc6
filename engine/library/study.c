#include "engine/base/memory.h"
#include "engine/evaluation/search.h"
#include "engine/library/handles.h"
#include <hubscope/study.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct hubscope_study_options defaults = {.size = sizeof defaults};

/* Translates the options; the model's name has been looked up. */
static int open_study(const struct collection *collection, const struct collection_model *model,
                      const struct hubscope_study_options *given, struct study *study, struct error *error)
{
    struct study_options options = {
        .direction = given->direction == HUBSCOPE_V2T ? V2T : T2V,
        .model = model,
        .gallery_bank = given->second_bank,
        .conventions = {.videos = given->rank_videos != 0, .keep_masked = given->keep_masked != 0},
    };

    if (given->bank && bank_name_parse(given->bank, &options.bank, error))
        return -1;
    return study_open(study, collection, &options, NULL, error);
}

struct hubscope_error hubscope_study_open(const struct hubscope_collection *collection,
                                          const struct hubscope_study_options *options, struct hubscope_study **study)
{
    const struct hubscope_study_options *given = options ? options : &defaults;
    const struct collection_model *model = NULL;
    struct error error = {0};

    *study = NULL;
    if (given->size != sizeof *given)
        return handles_refuse(HUBSCOPE_USAGE,
                              "struct hubscope_study_options: its size is not set, or of another version");
    if (given->model && !(model = collection_find_model(collection->collection, given->model, &error)))
        return handles_result(-1, &error);
    struct hubscope_study *opened = memory_array(1, sizeof *opened);
    if (!opened)
        return handles_refuse(HUBSCOPE_MEMORY, "out of memory");
    int failed = open_study(collection->collection, model, given, &opened->study, &error);
    if (failed)
        hubscope_study_close(opened);
    else
        *study = opened;
    return handles_result(failed, &error);
}

void hubscope_study_close(struct hubscope_study *study)
{
    if (study)
        study_close(&study->study);
    free(study);
}

struct hubscope_error hubscope_study_add(struct hubscope_study *study, const char *request)
{
    struct error error = {0};

    return handles_result(study_add_text(&study->study, request, NULL, &error), &error);
}

size_t hubscope_study_entries(const struct hubscope_study *study)
{
    return study->study.entries;
}

size_t hubscope_study_queries(const struct hubscope_study *study)
{
    return task_queries(study_task(&study->study));
}

size_t hubscope_study_gallery(const struct hubscope_study *study)
{
    return task_items(study_task(&study->study));
}

static struct job *job_of(struct hubscope_job *job)
{
    return job ? &job->job : NULL;
}

struct hubscope_error hubscope_study_fit(struct hubscope_study *study, struct hubscope_job *job)
{
    struct error error = {0};

    return handles_result(study_fit(&study->study, job_of(job), &error), &error);
}

struct hubscope_error hubscope_study_analyse(struct hubscope_study *study, size_t places, struct hubscope_job *job)
{
    struct error error = {0};

    if (places && (places < ANALYSIS_TOP || places > ANALYSIS_TOP_MOST))
        return handles_refuse(HUBSCOPE_USAGE, "lists have 10 to 100 places");
    return handles_result(study_analyse(&study->study, places ? places : ANALYSIS_TOP, job_of(job), &error), &error);
}

/* Copies a vector (d) at unit length; null for one of zeros or with values that are not finite. */
static int normalise(const float *vector, size_t d, float **unit, struct error *error)
{
    double square = 0;

    for (size_t i = 0; i < d; i++)
        square += (double)vector[i] * (double)vector[i];
    if (!isfinite(square) || square <= 0)
        return error_set(error, ERROR_INPUT, "the vector is all zeros, or holds NaN or infinite values");
    if (!(*unit = memory_floats(d)))
        return error_memory(error);
    for (size_t i = 0; i < d; i++)
        (*unit)[i] = (float)(vector[i] / sqrt(square));
    return 0;
}

/* Searches under one entry.  Null with the error filled. */
static struct search *search_entry(const struct study *study, size_t entry, const float *vector, size_t query,
                                   size_t places, struct error *error)
{
    const struct task *task = entry < study->entries ? study_task_of(study, entry) : NULL;
    float *unit = NULL;

    if (!task || !study->fit[entry]) {
        error_set(error, ERROR_USAGE, task ? "entry %zu is not fitted" : "no entry %zu", entry);
        return NULL;
    }
    if (vector && !task->s.stored && normalise(vector, task->s.right->cols, &unit, error))
        return NULL;
    struct search *search = search_run(task, unit ? unit : vector, query, &study->fit[entry], 1, places, error);
    free(unit);
    return search;
}

struct hubscope_error hubscope_study_score(const struct hubscope_study *study, size_t entry, const float *vector,
                                           size_t query, float *scores)
{
    struct error error = {0};
    struct search *search = search_entry(&study->study, entry, vector, query, 1, &error);

    if (!search)
        return handles_result(-1, &error);
    memcpy(scores, search->list[0].score, search->m * sizeof *scores);
    search_free(search);
    return handles_result(0, NULL);
}

struct hubscope_error hubscope_study_search(const struct hubscope_study *study, size_t entry, const float *vector,
                                            size_t query, size_t places, uint32_t *items, double *probabilities)
{
    struct error error = {0};

    if (entry < study->study.entries && places > task_gallery(study_task_of(&study->study, entry)))
        return handles_refuse(HUBSCOPE_USAGE, "more places than the gallery has items");
    struct search *search = search_entry(&study->study, entry, vector, query, places, &error);
    if (!search)
        return handles_result(-1, &error);
    memcpy(items, search->list[0].item, search->k * sizeof *items);
    for (size_t i = 0; probabilities && i < search->k; i++)
        probabilities[i] = search_probability(search, 0, items[i]);
    search_free(search);
    return handles_result(0, NULL);
}

struct hubscope_job *hubscope_job_new(void)
{
    return memory_array(1, sizeof(struct hubscope_job));
}

void hubscope_job_free(struct hubscope_job *job)
{
    free(job);
}

void hubscope_job_cancel(struct hubscope_job *job)
{
    atomic_store(&job->job.cancel, true);
}

void hubscope_job_progress(const struct hubscope_job *job, size_t *done, size_t *total)
{
    *done = atomic_load(&job->job.done);
    *total = atomic_load(&job->job.total);
}
