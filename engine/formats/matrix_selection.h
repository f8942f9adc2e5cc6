/* Matrices that a statement selects from an SQLite file: FILE?SELECT key, vector FROM TABLE, or a vector alone.
 *
 * Vectors are blobs of little-endian float32 or texts like "[0.1, 0.2]".  The file may come from anyone: it is opened
 * for reading, and the statement, one SELECT, can read its tables and call functions, and nothing else. */
#ifndef HUBSCOPE_ENGINE_FORMATS_MATRIX_SELECTION_H
#define HUBSCOPE_ENGINE_FORMATS_MATRIX_SELECTION_H

#include "engine/base/error.h"
#include "engine/formats/matrix_request.h"
#include "engine/matrices/matrix.h"

/* Whether the spec has a statement.  The name of an existing file has none. */
bool matrix_selection_named(const char *spec);

/* Whether the file of a spec that has one exists. */
bool matrix_selection_exists(const char *spec);

/* Reads the rows in the order of the wanted keys or, without these, as selected.  Refuses keys where none are wanted,
 * as nothing then says which row each is. */
int matrix_selection_read(const struct matrix_request *request, struct matrix *matrix, struct error *error);

#endif
