/* A matrix of the vectors that a container holds, one for each row. */
#ifndef HUBSCOPE_ENGINE_FORMATS_MATRIX_STACK_H
#define HUBSCOPE_ENGINE_FORMATS_MATRIX_STACK_H

#include "engine/formats/matrix_format.h"
#include "engine/formats/matrix_request.h"

/* Whether the arrays whose names begin with `prefix` and a slash ("": all) are vectors of floats of one length, or with
 * `pool` (T, D) of one D; *frames: they would be with pooling. */
bool matrix_stack_fits(const struct array_list *list, const char *prefix, enum array_pool pool, bool *frames);

/* Reads the vectors that fit; `label` names them in errors. */
int matrix_stack_read(const struct matrix_format *format, const char *path, const struct array_list *list,
                      const char *prefix, const struct matrix_request *request, const char *label,
                      struct matrix *matrix, struct error *error);

#endif
