#include "engine/collection/bare_files.h"
#include "engine/base/text.h"
#include "engine/formats/matrix_file.h"
#include "engine/matrices/unit_rows.h"

#include <string.h>

static const double UNIT_TOLERANCE = 1e-3; /* tolerates float16 rounding, which is not worth a copy of the matrix */

static int open_file(const struct matrix_request *request, struct matrix *matrix, struct error *error)
{
    const char *path = request->spec;

    if (matrix_file_read(request, matrix, error))
        return -1;
    return matrix->rows && matrix->cols ? 0 : error_set(error, ERROR_INPUT, "%s: is empty", path);
}

int bare_embeddings(const char *path, enum array_pool pool, bool any_order, size_t dimension, struct matrix *matrix,
                    struct error *error)
{
    if (open_file(&(struct matrix_request){.spec = path, .pool = pool, .any_order = any_order}, matrix, error))
        return -1;
    if (dimension && matrix->cols != dimension)
        return error_set(error, ERROR_INPUT, "%s: its vectors have %zu dimensions, those of the videos %zu", path,
                         matrix->cols, dimension);
    return unit_rows_make(matrix, UNIT_TOLERANCE, path, NULL, error);
}

int bare_similarities(const char *path, size_t columns, const char *what, struct matrix *matrix, struct error *error)
{
    if (open_file(&(struct matrix_request){.spec = path}, matrix, error))
        return -1;
    if (columns && matrix->cols != columns)
        return error_set(error, ERROR_INPUT, "%s: has %zu columns, but there are %zu %s", path, matrix->cols, columns,
                         what);
    return unit_rows_check_together(matrix, path, error);
}

void bare_name(const char *path, char *name, size_t size)
{
    size_t end = strlen(path), start;

    while (end > 1 && path[end - 1] == '/')
        end--;
    for (start = end; start && path[start - 1] != '/'; start--)
        ;
    text_clean(name, size, path + start);
    for (end = strlen(name); end > 1 && name[end - 1] == '/'; end--)
        name[end - 1] = '\0';
}
