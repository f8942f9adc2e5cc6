/* How the similarities of the evaluation queries are cut: into panels of rows, and these into products of columns.
 * Panels begin at multiples of GEMM_GROUP rows and products at multiples of a fixed number of columns, so that no
 * similarity depends on the memory that decides how many rows a panel has. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_PANEL_CUT_H
#define HUBSCOPE_ENGINE_EVALUATION_PANEL_CUT_H

#include "engine/fitting/task.h"
#include "engine/matrices/sims_split.h"

struct panel_cut {
    size_t rows;     /* of a panel, at most */
    size_t products; /* that a panel consists of */
};

/* A panel keeps a similarity, and for `counters` rules a count, of each cell.  It takes at most `memory` bytes, unless
 * even the smallest needs more. */
struct panel_cut panel_cut_of(const struct task *task, size_t counters, size_t memory);

size_t panel_cut_count(const struct panel_cut *cut, const struct task *task); /* panels of all queries */

/* The queries that this process analyses: a share of groups of GEMM_GROUP. */
struct span panel_cut_share(size_t queries);
/* Completes an array (queries, bytes) of which each process has filled in its share. */
int panel_cut_join(void *array, size_t queries, size_t bytes, struct error *error);

/* How the columns are cut. */
struct sims_cut panel_cut_products(const struct panel_cut *cut);

/* Columns of one of the products. */
struct span panel_cut_columns(const struct panel_cut *cut, const struct task *task, size_t product);

size_t panel_cut_widest(void); /* columns of a product at most */

/* Floats of scratch memory that panel_cut_multiply needs for panels of `rows` rows. */
size_t panel_cut_scratch(const struct task *task, size_t rows);

/* Computes the similarities of queries [first, first + rows) into cell (rows, M) on the calling thread. */
void panel_cut_multiply(const struct panel_cut *cut, const struct task *task, size_t first, size_t rows, float *cell,
                        float *scratch);

#endif
