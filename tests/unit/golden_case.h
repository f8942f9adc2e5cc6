/* The golden cases of tests/golden as collections. */
#ifndef HUBSCOPE_TESTS_GOLDEN_CASE_H
#define HUBSCOPE_TESTS_GOLDEN_CASE_H

#include "engine/collection/collection.h"
#include "engine/formats/npy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct golden {
    char folder[512];
    struct collection collection;
    struct collection_model model, *models[1];
    struct bank bank, video_bank;
};

/* An optional matrix of the case; false where it has none. */
static inline bool golden_matrix(const struct golden *golden, const char *name, struct matrix *matrix)
{
    char path[600];
    struct error error;

    snprintf(path, sizeof path, "%s/%s.npy", golden->folder, name);
    if (access(path, F_OK) != 0)
        return false;
    if (npy_open(path, matrix, &error))
        fail_msg("%s", error.text);
    return true;
}

static inline void golden_open(struct golden *golden, int number)
{
    struct collection *collection = &golden->collection;
    char path[600];
    struct error error;
    int64_t *target;
    size_t count;

    struct collection_model *model = &golden->model;

    *golden = (struct golden){.model = {.name = "base", .logit_scale = 100, .banks = 1}};
    golden->models[0] = model;
    collection->model = golden->models;
    collection->models = 1;
    snprintf(golden->folder, sizeof golden->folder, "%s/golden/case%d", TESTS_DIR, number);
    model->stored = golden_matrix(golden, "sims", &model->query);
    if (model->stored) {
        assert_true(golden_matrix(golden, "bank_sims", &golden->bank.matrix));
        collection->videos = model->query.cols;
        if (golden_matrix(golden, "gallery_bank_sims", &model->second.gallery_bank_sims))
            strcpy(model->second.name, "second");
        golden_matrix(golden, "bank_gallery_sims", &model->second.bank_gallery_sims);
    } else {
        assert_true(golden_matrix(golden, "queries", &model->query));
        assert_true(golden_matrix(golden, "videos", &model->video));
        assert_true(golden_matrix(golden, "bank", &golden->bank.matrix));
        collection->videos = model->video.rows;
        model->dimension = model->video.cols;
    }
    collection->queries = model->query.rows;
    model->video_banks = golden_matrix(golden, "video_bank", &golden->video_bank.matrix) ||
                         golden_matrix(golden, "gallery_bank", &golden->video_bank.matrix);
    strcpy(golden->bank.name, "bank");
    strcpy(golden->video_bank.name, "video_bank");
    model->bank = &golden->bank;
    model->video_bank = &golden->video_bank;

    snprintf(path, sizeof path, "%s/targets.npy", golden->folder);
    if (npy_read_integers(path, &target, &count, &error))
        fail_msg("%s", error.text);
    assert_int_equal(count, collection->queries);
    collection->target = calloc(count, sizeof *collection->target);
    for (size_t q = 0; q < count; q++)
        collection->target[q] = (uint32_t)target[q];
    free(target);
}

static inline void golden_close(struct golden *golden)
{
    matrix_close(&golden->model.query);
    matrix_close(&golden->model.video);
    matrix_close(&golden->bank.matrix);
    matrix_close(&golden->model.second.gallery_bank_sims);
    matrix_close(&golden->model.second.bank_gallery_sims);
    matrix_close(&golden->video_bank.matrix);
    free(golden->collection.target);
}

#endif
