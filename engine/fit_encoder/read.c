/* The captions of a collection, and which fits may learn from them. */
#include "engine/base/memory.h"
#include "engine/base/random.h"
#include "engine/fit_encoder/fit_encoder.h"
#include "engine/fit_encoder/fitting.h"

#include <stdlib.h>
#include <string.h>

/* Measuring more captions hardly changes the result, and their similarities to a large gallery cost the most. */
static size_t most_measured(const struct collection *collection)
{
    double most = 1e12 / ((double)collection->videos * (double)collection->model[0]->dimension);

    return most > 10000 ? 10000 : most < 600 ? 600 : (size_t)most;
}

/* If hardly any captions are evaluation captions, one fit can do without all of them. */
static bool is_small_part(const struct collection *collection)
{
    size_t all = collection->queries;

    for (size_t i = 0; i < collection->model[0]->banks; i++)
        all += collection->model[0]->bank[i].first_text ? collection->model[0]->bank[i].matrix.rows : 0;
    return collection->queries <= all / 20;
}

int fit_encoder_groups(const struct collection *collection, unsigned char *group)
{
    enum { NONE = FIT_ENCODER_GROUPS, STREAM = 0x66697474 };
    size_t queries = collection->queries, videos = collection->videos;
    bool one = is_small_part(collection);
    size_t units = 0, dealt = 0, most = most_measured(collection);
    uint32_t *unit = memory_array(queries, sizeof *unit);
    uint32_t *unit_of = memory_array(videos, sizeof *unit_of); /* 1 + unit */
    uint32_t *place = memory_array(queries, sizeof *place);    /* of each unit in the deal */
    uint32_t *size = memory_array(queries, sizeof *size);
    struct random_state random = random_start(0, STREAM);
    int failed = unit && unit_of && place && size ? 0 : -1;

    for (size_t i = 0; !failed && i < queries; i++) {
        uint32_t video = collection->target[i];
        bool known = video < videos;
        if (known && unit_of[video])
            unit[i] = unit_of[video] - 1;
        else
            unit[i] = (uint32_t)units++;
        if (known)
            unit_of[video] = unit[i] + 1;
        size[unit[i]]++;
    }
    for (size_t i = 0; !failed && i < units; i++)
        place[i] = (uint32_t)i;
    for (size_t i = failed ? 0 : units; i > 1; i--) {
        size_t j = (size_t)random_below(&random, i);
        uint32_t kept = place[i - 1];
        place[i - 1] = place[j];
        place[j] = kept;
    }
    /* place[p] is the unit dealt p-th; from here on size[unit] holds its group */
    for (size_t p = 0; !failed && p < units; p++) {
        bool late = dealt >= most;
        dealt += size[place[p]];
        size_t turn = p % FIT_ENCODER_GROUPS;
        size[place[p]] = late ? NONE : one && turn ? 1 : (uint32_t)turn;
    }
    for (size_t i = 0; !failed && i < queries; i++)
        group[i] = (unsigned char)size[unit[i]];
    free(unit);
    free(unit_of);
    free(place);
    free(size);
    return failed;
}

/* Reads the captions of one split, and their videos. */
static int read_split(struct fitting *fitting, const char *split, const struct matrix *matrix, uint32_t **video,
                      struct error *error)
{
    size_t first = fitting->features.captions;
    uint32_t *grown = memory_grow(*video, first + matrix->rows, sizeof *grown);

    if (!grown)
        return error_memory(error);
    *video = grown;
    fitting->part[fitting->parts++] = (struct ridge_part){matrix, first};
    for (size_t row = 0; row < matrix->rows; row++) {
        struct catalog_text text;
        if (row % 1024 == 0 && job_cancelled(fitting->job))
            return error_set(error, ERROR_CANCELLED, "cancelled");
        if (catalog_text(fitting->collection->catalog, split, row, &text, error))
            return -1;
        grown[first + row] = text.video < 0 ? UINT32_MAX : (uint32_t)text.video;
        int failed = features_add(&fitting->features, text.caption, error);
        catalog_text_close(&text);
        if (failed)
            return -1;
    }
    return 0;
}

static int compare_digests(const void *left, const void *right, void *context)
{
    const struct features *features = context;
    uint64_t a = features->digest[*(const uint32_t *)left];
    uint64_t b = features->digest[*(const uint32_t *)right];

    return (a > b) - (a < b);
}

/* Bars every caption from the fits that measure captions of its video or with the same words. */
static int bar(struct fitting *fitting, const uint32_t *video)
{
    const struct features *features = &fitting->features;
    size_t captions = features->captions, videos = fitting->collection->videos;
    unsigned char *of_video = memory_array(videos, 1);
    uint32_t *order = memory_array(captions, sizeof *order);
    int failed = of_video && order ? 0 : -1;

    for (size_t i = 0; !failed && i < fitting->collection->queries; i++) {
        if (fitting->group[i] == FIT_ENCODER_GROUPS)
            continue;
        fitting->barred[i] = (unsigned char)(1u << fitting->group[i]);
        if (video[i] < videos)
            of_video[video[i]] |= fitting->barred[i];
    }
    for (size_t i = 0; !failed && i < captions; i++)
        order[i] = (uint32_t)i;
    if (!failed)
        qsort_r(order, captions, sizeof *order, compare_digests, &fitting->features);
    for (size_t start = 0, end; !failed && start < captions; start = end) {
        unsigned char bits = 0;
        for (end = start; end < captions && features->digest[order[end]] == features->digest[order[start]]; end++)
            bits |= order[end] < fitting->collection->queries ? fitting->barred[order[end]] : 0;
        for (size_t i = start; i < end; i++)
            fitting->barred[order[i]] = bits;
    }
    for (size_t i = 0; !failed && i < captions; i++)
        fitting->barred[i] |= video[i] < videos ? of_video[video[i]] : 0;
    free(of_video);
    free(order);
    return failed;
}

int fitting_read(struct fitting *fitting, struct error *error)
{
    const struct collection *collection = fitting->collection;
    uint32_t *video = NULL;
    size_t d = fitting->model->dimension;

    fitting->part = memory_array(1 + fitting->model->banks, sizeof *fitting->part);
    int failed =
        fitting->part ? read_split(fitting, "query", &fitting->model->query, &video, error) : error_memory(error);
    for (size_t i = 0; !failed && i < fitting->model->banks; i++)
        if (fitting->model->bank[i].first_text && fitting->model->bank[i].matrix.rows)
            failed = read_split(fitting, fitting->model->bank[i].name, &fitting->model->bank[i].matrix, &video, error);
    if (!failed)
        failed = features_finish(&fitting->features, d, error);
    if (!failed && !fitting->features.types)
        failed = error_set(error, ERROR_INPUT, "no encoder can be fitted to %s: its captions have no words",
                           collection->name);
    fitting->group = memory_array(collection->queries, 1);
    fitting->barred = memory_array(fitting->features.captions, 1);
    fitting->learn = memory_array(fitting->features.captions, sizeof *fitting->learn);
    fitting->vectors = memory_array(collection->queries, d * sizeof *fitting->vectors);
    if (!failed && (!fitting->group || !fitting->barred || !fitting->learn || !fitting->vectors ||
                    fit_encoder_groups(collection, fitting->group) || bar(fitting, video)))
        failed = error_memory(error);
    free(video);
    return failed;
}

void fitting_close(struct fitting *fitting)
{
    features_close(&fitting->features);
    free(fitting->part);
    free(fitting->group);
    free(fitting->barred);
    free(fitting->learn);
    free(fitting->vectors);
}
