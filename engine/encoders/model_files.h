/* The tensors of a model's folder, whichever files hold them: model.safetensors, pytorch_model.bin, shards of either
 * with their index, and open_clip's names for these. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_MODEL_FILES_H
#define HUBSCOPE_ENGINE_ENCODERS_MODEL_FILES_H

#include "engine/base/error.h"
#include "engine/formats/array.h"
#include "engine/matrices/matrix.h"

struct model_files;

/* Opens the first of these files that exists.  Shards are opened once a tensor of theirs is asked for.  Null on
 * failure. */
struct model_files *model_files_open(const char *dir, struct error *error);
void model_files_close(struct model_files *files); /* null is fine */

/* The shortest name of a tensor that ends with `ending`, null if there is none. */
const char *model_files_find(const struct model_files *files, const char *ending);

/* The shape of a tensor, zeroed if it does not exist.  Fails (-1) if its shard cannot be opened. */
int model_files_describe(struct model_files *files, const char *name, struct array *array, struct error *error);

/* A tensor as a matrix, as tensor_file_matrix does: the files must stay open meanwhile. */
int model_files_matrix(struct model_files *files, const char *name, struct matrix *matrix, struct error *error);

const char *model_files_path(const struct model_files *files); /* of what was opened first, for errors */

/* The names of the files that were opened, in the folder; null-terminated. */
const char *const *model_files_names(const struct model_files *files);

#endif
