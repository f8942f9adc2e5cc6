/* Top-k lists of bank queries that several workers, and several processes, add to.  (value, item) is a total order, so
 * the result does not depend on who adds first. */
#ifndef HUBSCOPE_ENGINE_FITTING_ROW_LISTS_H
#define HUBSCOPE_ENGINE_FITTING_ROW_LISTS_H

#include "engine/base/error.h"
#include "engine/matrices/tiles.h"
#include "engine/matrices/topk.h"
#include <pthread.h>
#include <stdbool.h>

enum { ROW_LISTS_LOCKS = 64 };

struct row_lists {
    size_t k, count;
    float *value;   /* (count, k) */
    uint32_t *item; /* (count, k) */
    size_t *filled; /* (count) */
    float *least;   /* (count) the value needed to enter: the worst of the list, or -INFINITY until it is full */
    pthread_mutex_t lock[ROW_LISTS_LOCKS];
    bool locks;
};

int row_lists_open(struct row_lists *lists, size_t count, size_t k); /* -1 when out of memory; close it then too */
void row_lists_close(struct row_lists *lists);                       /* a zeroed one is fine */
void row_lists_clear(struct row_lists *lists);

struct topk row_lists_at(const struct row_lists *lists, size_t at);

/* Adds a tile of similarities, cell (rows, cols) with rows `stride` apart, to the lists of its rows, which lie within a
 * block of TILE_ROWS. */
void row_lists_add(struct row_lists *lists, struct span rows, struct span cols, const float *cell, size_t stride);

/* Joins the first `count` lists of all processes: each completes a share of them and empties the others. */
int row_lists_join(struct row_lists *lists, size_t count, struct error *error);

#endif
