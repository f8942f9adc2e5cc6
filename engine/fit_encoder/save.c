/* Saving the encoder fitted on everything, as a folder. */
#include "engine/base/memory.h"
#include "engine/encoders/encoder.h"
#include "engine/encoders/fitted.h"
#include "engine/fit_encoder/fitting.h"
#include "engine/formats/file.h"
#include "engine/formats/safetensors_write.h"
#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct saving {
    const struct fitting *fitting;
    const struct feature_weights *weights;
    unsigned short *words, *grams; /* (V, d), (n-grams, d) float16 */
    float *bias, *idf, *slot;      /* (d), (V), (n-grams) */
};

/* An n-gram's vector in the solution: its own row, or its share of the private feature. */
static void vector_of(const struct saving *saving, const struct ridge_slice *slice, size_t gram, float *row)
{
    const struct features *features = &saving->fitting->features;
    const struct feature_weights *weights = saving->weights;
    uint32_t shared = features->shared_of[gram], type = features->owner[gram];
    size_t feature = weights->private + shared;
    float factor = 1;

    if (shared == UINT32_MAX) {
        size_t times = 0;
        for (size_t at = features->gram_start[type]; at < features->gram_start[type + 1]; at++)
            times += features->gram[at] == gram;
        feature = weights->own[type];
        factor = (float)times * weights->gram_weight[type] / weights->own_weight[type];
    }
    for (size_t c = 0; c < slice->columns; c++)
        row[c] = feature == UINT32_MAX ? 0 /* a type that does not count */
                                       : factor * slice->feature[feature * RIDGE_COLUMNS + c];
}

static void take_all(void *context, const struct ridge_slice *slice)
{
    struct saving *saving = context;
    const struct feature_weights *weights = saving->weights;
    size_t d = saving->fitting->model->dimension;

    memcpy(saving->bias + slice->first, slice->mean, slice->columns * sizeof *saving->bias);
    for (size_t word = 0; word < weights->words; word++) {
        size_t type = weights->word[word];
        float row[RIDGE_COLUMNS];
        for (size_t c = 0; c < slice->columns; c++)
            row[c] = weights->idf[type] * slice->type[type * RIDGE_COLUMNS + c];
        half_from_floats(row, slice->columns, saving->words + word * d + slice->first);
    }
    for (size_t gram = 0; gram < saving->fitting->features.grams; gram++) {
        float row[RIDGE_COLUMNS];
        vector_of(saving, slice, gram, row);
        half_from_floats(row, slice->columns, saving->grams + gram * d + slice->first);
    }
}

static void set_real(json_t *object, const char *name, double value)
{
    json_object_set_new(object, name, isfinite(value) ? json_real(value) : json_null());
}

static void set_count(json_t *object, const char *name, size_t value)
{
    json_object_set_new(object, name, json_integer((json_int_t)value));
}

static int write_config(const struct saving *saving, const char *path, struct error *error)
{
    const struct fitting *fitting = saving->fitting;
    const struct fit_encoder_report *report = fitting->report;
    json_t *config = json_object(), *measured = json_object();

    json_object_set_new(config, "type", json_string("fitted"));
    set_count(config, "version", FITTED_VERSION);
    set_count(config, "dimension", fitting->model->dimension);
    set_count(config, "words", saving->weights->words);
    set_count(config, "table", fitting->features.table);
    json_object_set_new(config, "ngrams", json_pack("[i, i]", FEATURES_LEAST, FEATURES_MOST));
    set_real(config, "gram_weight", FEATURES_GRAM_WEIGHT);
    set_real(config, "unknown_idf", saving->weights->unknown_idf);
    set_count(measured, "captions_learnt_from", report->captions);
    set_count(measured, "banks_learnt_from", report->banks);
    set_real(measured, "ridge", report->ridge);
    set_count(measured, "captions_measured", report->quality.captions);
    set_count(measured, "captions_measured_with_video", report->with_video);
    set_real(measured, "cosine", report->quality.cosine);
    set_real(measured, "recall_at_10", report->quality.recall);
    set_real(measured, "recall_at_10_true", report->quality.recall_of_true);
    set_real(measured, "recall_at_10_kept", encoder_quality_kept(&report->quality));
    set_real(measured, "overlap_at_10", report->quality.overlap);
    json_object_set_new(config, "report", measured);
    char *text = json_dumps(config, JSON_INDENT(1));
    json_decref(config);
    if (!text)
        return error_memory(error);
    const struct file_part parts[] = {{text, strlen(text)}, {"\n", 1}};
    int failed = file_write(path, parts, 2, error);
    free(text);
    return failed;
}

static int write_vocabulary(const struct saving *saving, const char *path, struct error *error)
{
    const struct features *features = &saving->fitting->features;
    const struct feature_weights *weights = saving->weights;
    size_t size = 0, used = 0;

    for (size_t word = 0; word < weights->words; word++)
        size += strlen(features->names + features->name[weights->word[word]]) + 1;
    char *text = memory_array(size, 1);
    if (!text)
        return error_memory(error);
    for (size_t word = 0; word < weights->words; word++) {
        const char *name = features->names + features->name[weights->word[word]];
        size_t length = strlen(name);
        memcpy(text + used, name, length);
        used += length;
        text[used++] = '\n';
    }
    int failed = file_write(path, &(struct file_part){text, used}, 1, error);
    free(text);
    return failed;
}

static int write_folder(const struct saving *saving, const char *dir, struct error *error)
{
    size_t d = saving->fitting->model->dimension, words = saving->weights->words;
    size_t grams = saving->fitting->features.grams;
    const struct safetensors_part parts[] = {
        {"bias", {.data = saving->bias, .rows = 1, .cols = d, .type = MATRIX_F32}},
        {"idf", {.data = saving->idf, .rows = words, .cols = 1, .type = MATRIX_F32}},
        {"slots", {.data = saving->slot, .rows = grams, .cols = 1, .type = MATRIX_F32}},
        {"words", {.data = saving->words, .rows = words, .cols = d, .type = MATRIX_F16}},
        {"grams", {.data = saving->grams, .rows = grams, .cols = d, .type = MATRIX_F16}},
    };
    char path[PATH_MAX];

    return file_join(path, sizeof path, dir, "vocab.txt", error) || write_vocabulary(saving, path, error) ||
                   file_join(path, sizeof path, dir, "model.safetensors", error) ||
                   safetensors_write(path, parts, sizeof parts / sizeof *parts, error) ||
                   file_join(path, sizeof path, dir, "config.json", error) || write_config(saving, path, error)
               ? -1
               : 0;
}

int fitting_save(struct fitting *fitting, const char *dir, struct error *error)
{
    size_t d = fitting->model->dimension;
    struct feature_weights weights;

    for (size_t i = 0; i < fitting->features.captions; i++)
        fitting->learn[i] = true;
    if (feature_weights_make(&weights, &fitting->features, fitting->learn, error))
        return -1;
    if (!weights.words) {
        feature_weights_close(&weights);
        return error_set(error, ERROR_INPUT, "no encoder can be fitted to %s: no word occurs in two captions",
                         fitting->collection->name);
    }
    struct saving saving = {
        .fitting = fitting,
        .weights = &weights,
        .words = memory_array(weights.words, d * sizeof *saving.words),
        .grams = memory_array(fitting->features.grams, d * sizeof *saving.grams),
        .bias = memory_floats(d),
        .idf = memory_floats(weights.words),
        .slot = memory_floats(fitting->features.grams),
    };
    const struct ridge problem = {.features = &fitting->features,
                                  .weights = &weights,
                                  .learn = fitting->learn,
                                  .parts = fitting->part,
                                  .part_count = fitting->parts,
                                  .dimension = d,
                                  .columns = d,
                                  .ridge = fitting->report->ridge,
                                  .tolerance = fitting_tolerance(fitting)};
    int failed = saving.words && saving.grams && saving.bias && saving.idf && saving.slot ? 0 : error_memory(error);
    for (size_t word = 0; !failed && word < weights.words; word++)
        saving.idf[word] = weights.idf[weights.word[word]];
    fitting->report->words = weights.words;
    for (size_t gram = 0; !failed && gram < fitting->features.grams; gram++)
        saving.slot[gram] = (float)fitting->features.slot[gram]; /* below 2^24: exact */
    fitting->report->grams = fitting->features.grams;
    if (!failed)
        failed = ridge_solve(&problem, take_all, &saving, fitting->job, error);
    if (!failed)
        failed = write_folder(&saving, dir, error);
    free(saving.words);
    free(saving.grams);
    free(saving.bias);
    free(saving.idf);
    free(saving.slot);
    feature_weights_close(&weights);
    return failed;
}
