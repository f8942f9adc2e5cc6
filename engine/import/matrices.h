/* Matrices to be stored in a collection, embeddings or similarities: shared by the parts that take either. */
#ifndef HUBSCOPE_ENGINE_IMPORT_MATRICES_H
#define HUBSCOPE_ENGINE_IMPORT_MATRICES_H

#include "engine/import/making.h"

/* Fills making->matrix with what the import names, unopened. */
int import_list_matrices(struct making *making, struct error *error);

/* Opens a matrix that the user named.  Returns 1; 0 if it cannot be opened or is empty, which is added to the findings;
 * -1 if that fails. */
int import_open_matrix(struct making *making, struct import_matrix *matrix, struct error *error);

/* Writes all matrices, normalised unless they have unit rows, closing each, so that one copy is held at a time; then
 * enters the banks. */
int import_write_matrices(struct making *making, struct error *error);

/* Adds a fault if a matrix that opened has a different number of rows than the texts or videos in `table`. */
void import_check_rows(struct making *making, const struct import_matrix *matrix, size_t wanted, const char *of,
                       const char *table);

/* For matrices and tables that both are in several files: the same file by file.  Returns 1 if that added a fault, -1
 * when out of memory.  `split` is 0 for queries, 1 + i for bank i. */
int import_check_video_shards(struct making *making, const struct import_matrix *matrix, struct error *error);
int import_check_text_shards(struct making *making, const struct import_matrix *matrix,
                             const struct import_texts *texts, uint32_t split, const char *of, struct error *error);

/* For the banks, which follow the leading matrices: checks their rows against the tables and reports them. */
int import_check_bank_rows(struct making *making, struct error *error);
void import_count_banks(struct making *making);

#endif
