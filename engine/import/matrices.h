/* Matrices on their way into a collection, embeddings or stored similarities: shared by the parts that take either. */
#ifndef HUBSCOPE_ENGINE_IMPORT_MATRICES_H
#define HUBSCOPE_ENGINE_IMPORT_MATRICES_H

#include "engine/import/making.h"

/* Opens a matrix as the user named it: 1; 0 where it cannot be opened or is empty, which is added to the findings; -1 where
 * that fails. */
int import_open_matrix(struct making *making, struct import_matrix *matrix, struct error *error);

/* Writes all matrices, normalised unless they are of unit rows, and closes each, so that one copy
 * is held at a time; then enters the banks. */
int import_write_matrices(struct making *making, struct error *error);

/* Adds a fault unless a matrix that opened has that many rows, of texts or videos in `table`. */
void import_check_rows(struct making *making, const struct import_matrix *matrix, size_t wanted,
                       const char *of, const char *table);

/* Of the banks, which follow what leads: their rows against the tables, and into the report. */
void import_check_bank_rows(struct making *making);
void import_count_banks(struct making *making);

#endif
