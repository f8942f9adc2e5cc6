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

    *golden = (struct golden){.collection = {.logit_scale = 100, .banks = 1}};
    snprintf(golden->folder, sizeof golden->folder, "%s/golden/case%d", TESTS_DIR, number);
    collection->stored = golden_matrix(golden, "sims", &collection->query);
    if (collection->stored) {
        assert_true(golden_matrix(golden, "bank_sims", &golden->bank.matrix));
        collection->videos = collection->query.cols;
        if (golden_matrix(golden, "gallery_bank_sims", &collection->second.gallery_bank_sims))
            strcpy(collection->second.name, "second");
        golden_matrix(golden, "bank_gallery_sims", &collection->second.bank_gallery_sims);
    } else {
        assert_true(golden_matrix(golden, "queries", &collection->query));
        assert_true(golden_matrix(golden, "videos", &collection->video));
        assert_true(golden_matrix(golden, "bank", &golden->bank.matrix));
        collection->videos = collection->video.rows;
        collection->dimension = collection->video.cols;
    }
    collection->queries = collection->query.rows;
    collection->video_banks = golden_matrix(golden, "video_bank", &golden->video_bank.matrix) ||
                              golden_matrix(golden, "gallery_bank", &golden->video_bank.matrix);
    strcpy(golden->bank.name, "bank");
    strcpy(golden->video_bank.name, "video_bank");
    collection->bank = &golden->bank;
    collection->video_bank = &golden->video_bank;

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
    matrix_close(&golden->collection.query);
    matrix_close(&golden->collection.video);
    matrix_close(&golden->bank.matrix);
    matrix_close(&golden->collection.second.gallery_bank_sims);
    matrix_close(&golden->collection.second.bank_gallery_sims);
    matrix_close(&golden->video_bank.matrix);
    free(golden->collection.target);
}

#endif
