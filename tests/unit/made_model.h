/* The model over a small collection in memory, with its worker threads. */
#ifndef HUBSCOPE_TESTS_MADE_MODEL_H
#define HUBSCOPE_TESTS_MADE_MODEL_H

#include "ui/model/model.h"
#include "ui/model/selection.h"
#include "ui/model/session.h"
#include "ui/model/work.h"

#include <math.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { VIDEOS = 60, QUERIES = 40, BANK = 50, DIMENSION = 16 };

static float videos[VIDEOS * DIMENSION], queries[QUERIES * DIMENSION], banks[2][BANK * DIMENSION];
static uint32_t targets[QUERIES];
static struct bank bank[2];
static float other_videos[VIDEOS * DIMENSION], other_queries[QUERIES * DIMENSION], other_bank_rows[BANK * DIMENSION];
static struct bank other_bank[2];
static struct collection_model base_model, other_model, late_model,
    *models[] = {&base_model, &other_model, &late_model};
static struct collection collection;

static inline void fill(float *rows, size_t count, unsigned seed)
{
    for (size_t i = 0; i < count; i++) {
        double norm = 0;
        for (size_t d = 0; d < DIMENSION; d++) {
            seed = seed * 1664525u + 1013904223u;
            rows[i * DIMENSION + d] = (float)(seed >> 8) / (float)(1 << 24) - 0.5f;
            norm += rows[i * DIMENSION + d] * rows[i * DIMENSION + d];
        }
        for (size_t d = 0; d < DIMENSION; d++)
            rows[i * DIMENSION + d] /= (float)sqrt(norm);
    }
}

static inline void make_collection(size_t bank_count)
{
    fill(videos, VIDEOS, 1);
    fill(queries, QUERIES, 2);
    for (size_t b = 0; b < 2; b++) {
        fill(banks[b], BANK, 3 + (unsigned)b);
        bank[b] = (struct bank){.matrix = matrix_view(banks[b], BANK, DIMENSION)};
        strcpy(bank[b].name, b ? "second" : "first");
    }
    for (size_t q = 0; q < QUERIES; q++)
        targets[q] = q == 3 ? UINT32_MAX : (uint32_t)q;
    base_model = (struct collection_model){
        .name = "base",
        .logit_scale = 20,
        .dimension = DIMENSION,
        .video = matrix_view(videos, VIDEOS, DIMENSION),
        .query = matrix_view(queries, QUERIES, DIMENSION),
        .bank = bank,
        .banks = bank_count,
    };
    collection = (struct collection){
        .name = "made",
        .videos = VIDEOS,
        .queries = QUERIES,
        .target = targets,
        .model = models,
        .models = 1,
    };
}

/* A second model, of another logit scale and without the second bank; a third one when the collection has gained it. */
static inline void make_other_models(void)
{
    fill(other_videos, VIDEOS, 11);
    fill(other_queries, QUERIES, 12);
    fill(other_bank_rows, BANK, 13);
    other_bank[0] = (struct bank){.name = "first", .matrix = matrix_view(other_bank_rows, BANK, DIMENSION)};
    other_bank[1] = (struct bank){.name = "second"};
    other_model = (struct collection_model){
        .name = "other",
        .logit_scale = 50,
        .dimension = DIMENSION,
        .video = matrix_view(other_videos, VIDEOS, DIMENSION),
        .query = matrix_view(other_queries, QUERIES, DIMENSION),
        .bank = other_bank,
        .banks = 2,
    };
    late_model = other_model;
    strcpy(late_model.name, "late");
    late_model.logit_scale = 5;
    collection.models = 2;
}

static inline void settle(struct model *model)
{
    while (model_collect(model) || !model_idle(model)) {
        struct pollfd fd = {.fd = model_wake_fd(model), .events = POLLIN};
        if (!model_idle(model))
            assert_true(poll(&fd, 1, 20000) > 0);
    }
}

static inline size_t rule(const char *name)
{
    for (size_t r = 0; r < rules_count; r++)
        if (strcmp(rules[r]->name, name) == 0)
            return r;
    fail_msg("no rule %s", name);
    return 0;
}

/* A rule of the first model. */
static inline struct pick of(size_t index)
{
    return (struct pick){0, index};
}

static inline void begin(struct model *model)
{
    make_collection(2);
    assert_int_equal(model_open(model, &collection, NULL, NULL), 0);
    settle(model);
}

static inline void begin_two(struct model *model)
{
    make_collection(2);
    make_other_models();
    assert_int_equal(model_open(model, &collection, NULL, NULL), 0);
    settle(model);
}

static inline void compare_models(struct model *model)
{
    begin_two(model);
    model_set_model(model, 1);
    settle(model);
    assert_int_equal(model->current.model, 1);
    assert_int_equal(model->versus.model, 0);
}

#endif
