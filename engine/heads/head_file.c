#include "engine/heads/head_file.h"

#include "engine/formats/safetensors.h"
#include "engine/formats/safetensors_write.h"

#include <math.h>
#include <string.h>

#define LINEAR "linear.weight"
#define DOWN "down.weight"
#define UP "up.weight"
#define RATIO "ratio"

int head_write(const struct head *head, const char *path, struct error *error)
{
    size_t d = head->dimension, h = head->hidden;
    const struct safetensors_part linear[] = {{LINEAR, matrix_view(head->weight, d, d)}};
    const struct safetensors_part mlp[] = {{DOWN, matrix_view(head->weight, h, d)},
                                           {UP, matrix_view(head_up(head), d, h)},
                                           {RATIO, matrix_view(&head->ratio, 1, 1)}};

    return head->kind == HEAD_LINEAR ? safetensors_write(path, linear, 1, error)
                                     : safetensors_write(path, mlp, sizeof mlp / sizeof *mlp, error);
}

/* The values of a tensor that must be (rows, cols), into out. */
static int copy_tensor(const struct matrix *matrix, const char *path, const char *name, size_t rows, size_t cols,
                       float *out, struct error *error)
{
    bool finite = true;

    if (matrix->rows != rows || matrix->cols != cols)
        return error_set(error, ERROR_INPUT, "%s: %s is (%zu, %zu) where (%zu, %zu) is needed", path, name,
                         matrix->rows, matrix->cols, rows, cols);
    const float *value = matrix_rows(matrix, 0, rows, out);
    if (value != out)
        memcpy(out, value, rows * cols * sizeof *out);
    for (size_t i = 0; i < rows * cols; i++)
        finite = finite && isfinite(out[i]);
    return finite ? 0 : error_set(error, ERROR_INPUT, "%s: %s holds values that are not finite", path, name);
}

static int read_linear(struct head *head, const struct safetensors *file, const char *path, struct error *error)
{
    struct matrix w;
    int status = -1;

    if (safetensors_tensor(file, LINEAR, &w, error))
        return -1;
    if (w.rows != w.cols)
        error_set(error, ERROR_INPUT, "%s: " LINEAR " is (%zu, %zu), not square", path, w.rows, w.cols);
    else if (!head_make(head, HEAD_LINEAR, w.cols, 0, error))
        status = copy_tensor(&w, path, LINEAR, w.cols, w.cols, head->weight, error);
    matrix_close(&w);
    return status;
}

static int read_mlp(struct head *head, const struct safetensors *file, const char *path, struct error *error)
{
    struct matrix down = {0}, up = {0}, ratio = {0};
    int status = -1;

    if (safetensors_tensor(file, DOWN, &down, error) || safetensors_tensor(file, UP, &up, error) ||
        safetensors_tensor(file, RATIO, &ratio, error) || head_make(head, HEAD_MLP, down.cols, down.rows, error))
        goto done;
    size_t d = down.cols, h = down.rows;
    if (!copy_tensor(&down, path, DOWN, h, d, head->weight, error) &&
        !copy_tensor(&up, path, UP, d, h, head_up(head), error))
        status = copy_tensor(&ratio, path, RATIO, 1, 1, &head->ratio, error);
done:
    matrix_close(&down);
    matrix_close(&up);
    matrix_close(&ratio);
    return status;
}

int head_read(struct head *head, const char *path, struct error *error)
{
    struct safetensors *file = safetensors_load(path, error);
    struct array array;
    int status;

    *head = (struct head){0};
    if (!file)
        return -1;
    if (safetensors_describe(file, LINEAR, &array))
        status = read_linear(head, file, path, error);
    else if (safetensors_describe(file, DOWN, &array))
        status = read_mlp(head, file, path, error);
    else
        status = error_set(error, ERROR_INPUT, "%s: is not a head: it has neither " LINEAR " nor " DOWN, path);
    safetensors_close(file);
    if (status)
        head_close(head);
    return status;
}
