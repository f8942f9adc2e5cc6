/* Files of row codes: a header of 64 bytes (magic number, rows, columns and the digest of the matrix, little-endian),
 * the codes, then the scales, the bounds and the length of the longest row.  Files are hostile input: the header is
 * checked against the file's size, and codes are only ever used to leave rows out. */
#ifndef HUBSCOPE_ENGINE_FORMATS_ROW_CODES_FILE_H
#define HUBSCOPE_ENGINE_FORMATS_ROW_CODES_FILE_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/matrices/matrix.h"
#include "engine/matrices/row_codes.h"

/* Maps the file; the caller closes it with row_codes_close, which a zeroed one takes, too. */
int row_codes_open(const char *path, struct row_codes *codes, struct error *error);
void row_codes_close(struct row_codes *codes);

/* Encodes a matrix on all workers and writes the file, all or nothing; takes a job_step for each ROW_CODES_STEP rows.
 * Refuses values that are not finite, so that a search need not look for them in rows that it does not read.
 * Also reports the digest of the matrix, which the header has. */
enum { ROW_CODES_STEP = 8192 };
int row_codes_write(const char *path, const struct matrix *matrix, uint64_t *digest, struct job *job,
                    struct error *error);

#endif
