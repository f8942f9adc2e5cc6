#include "engine/formats/matrix_stack.h"

#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/formats/allowance.h"
#include "engine/formats/matrix_keys.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct stack {
    const char *label;
    enum array_pool pool;
    size_t *row; /* (arrays of the list) the row that each becomes, or SIZE_MAX */
    size_t rows, cols;
    float *values; /* (rows, cols), once the first vector is read */
    uint64_t most; /* bytes that the values may fill */
};

/* The name behind the prefix and its slash; null if it does not begin so. */
static const char *key_of(const char *name, const char *prefix)
{
    size_t length = strlen(prefix);

    if (!length)
        return name;
    return strncmp(name, prefix, length) == 0 && name[length] == '/' ? name + length + 1 : NULL;
}

/* Length of the vector that an array is, or that pooling would make of it; 0 if it is none. */
static size_t vector_length(const struct array *array, bool pooled)
{
    if ((array->kind != ARRAY_FLOAT && array->kind != ARRAY_BFLOAT) || !array->dimensions || !array->shape[0])
        return 0;
    if (array->dimensions == 1)
        return array->shape[0];
    return array->dimensions == 2 && (pooled || array->shape[0] == 1) ? array->shape[1] : 0;
}

static bool fits(const struct array_list *list, const char *prefix, bool pooled)
{
    size_t length = 0;

    for (size_t i = 0; i < list->count; i++) {
        if (!key_of(list->entry[i].name, prefix))
            continue;
        size_t own = vector_length(&list->entry[i].array, pooled);
        if (!own || (length && own != length))
            return false;
        length = own;
    }
    return length > 0;
}

bool matrix_stack_fits(const struct array_list *list, const char *prefix, enum array_pool pool, bool *frames)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++)
        count += key_of(list->entry[i].name, prefix) != NULL;
    *frames = count > 1 && fits(list, prefix, true);
    return fits(list, prefix, pool != POOL_NONE);
}

/* Assigns rows in the order of the file. */
static int number_rows(struct stack *stack, const struct array_list *list, const char *prefix,
                       const struct matrix_request *request, struct error *error)
{
    bool numbered = true;

    for (size_t i = 0; i < list->count; i++) {
        stack->row[i] = SIZE_MAX;
        if (!key_of(list->entry[i].name, prefix))
            continue;
        numbered = numbered && list->entry[i].numbered;
        stack->row[i] = stack->rows++;
    }
    if (!numbered && request->any_order && request->kept_order)
        *request->kept_order = true;
    return numbered || request->any_order
               ? 0
               : error_set(
                     error, ERROR_INPUT,
                     item_text("%s: holds a vector for each of %zu keys, and nothing says which row each is: only the "
                               "videos' vectors can go by key, in an import with a table that names them"),
                     stack->label, stack->rows);
}

/* Assigns rows by key. */
static int match_rows(struct stack *stack, const struct array_list *list, const char *prefix, struct matrix_keys *keys,
                      struct error *error)
{
    const char **name = memory_array(list->count, sizeof *name);
    size_t *entry = memory_array(list->count, sizeof *entry), *row = memory_array(list->count, sizeof *row), count = 0;
    int failed = name && entry && row ? 0 : error_memory(error);

    for (size_t i = 0; i < list->count && !failed; i++) {
        const char *key = key_of(list->entry[i].name, prefix);
        stack->row[i] = SIZE_MAX;
        if (!key)
            continue;
        name[count] = key;
        entry[count++] = i;
    }
    if (!failed)
        failed = matrix_keys_match(keys, name, count, stack->label, row, error);
    for (size_t i = 0; i < count && !failed; i++)
        stack->row[entry[i]] = row[i];
    stack->rows = keys->count;
    free(name);
    free(entry);
    free(row);
    return failed;
}

static bool all_numbered(const struct array_list *list, const char *prefix)
{
    for (size_t i = 0; i < list->count; i++)
        if (key_of(list->entry[i].name, prefix) && !list->entry[i].numbered)
            return false;
    return true;
}

static int take(void *context, size_t index, struct array *array, struct error *error)
{
    struct stack *stack = context;
    size_t length = vector_length(array, stack->pool != POOL_NONE);

    if (!stack->values) { /* only now that a vector of this length exists */
        stack->cols = length;
        size_t cells;
        if (__builtin_mul_overflow(stack->rows, length, &cells) || cells > stack->most / sizeof *stack->values)
            return allowance_refuse(stack->label, error);
        if (!(stack->values = memory_floats(cells)))
            return error_memory(error);
    }
    if (!length || length != stack->cols)
        return error_set(error, ERROR_INPUT, "%s: changed while it was read", stack->label);
    array_pool(array, 1, stack->pool, stack->values + stack->row[index] * stack->cols);
    return 0;
}

/* For formats that cannot hand out one array after another. */
static int open_each(const struct matrix_format *format, const char *path, const struct array_list *list,
                     struct stack *stack, struct error *error)
{
    for (size_t i = 0; i < list->count; i++) {
        struct array array;
        if (stack->row[i] == SIZE_MAX)
            continue;
        if (format->open(path, list->entry[i].name, &array, error))
            return -1;
        int failed = take(stack, i, &array, error);
        array_close(&array);
        if (failed)
            return -1;
    }
    return 0;
}

static int read_rows(const struct matrix_format *format, const char *path, const struct array_list *list,
                     struct stack *stack, struct error *error)
{
    if (!format->each)
        return open_each(format, path, list, stack, error);
    bool *wanted = memory_array(list->count, sizeof *wanted);
    if (!wanted)
        return error_memory(error);
    for (size_t i = 0; i < list->count; i++)
        wanted[i] = stack->row[i] != SIZE_MAX;
    int failed = format->each(path, wanted, take, stack, error);
    free(wanted);
    return failed;
}

int matrix_stack_read(const struct matrix_format *format, const char *path, const struct array_list *list,
                      const char *prefix, const struct matrix_request *request, const char *label,
                      struct matrix *matrix, struct error *error)
{
    struct stat status;
    struct stack stack = {.label = label, .pool = request->pool};
    bool by_key = request->keys && !all_numbered(list, prefix);
    int failed;

    *matrix = (struct matrix){0};
    stack.most = allowance_of(stat(path, &status) ? 0 : (uint64_t)status.st_size);
    stack.row = memory_array(list->count, sizeof *stack.row);
    if (!stack.row)
        return error_memory(error);
    failed = by_key ? match_rows(&stack, list, prefix, request->keys, error)
                    : number_rows(&stack, list, prefix, request, error);
    if (!failed)
        failed = read_rows(format, path, list, &stack, error);
    free(stack.row);
    if (!failed && !stack.values)
        failed = error_set(error, ERROR_INPUT, "%s: holds no vectors", label);
    if (failed) {
        free(stack.values);
        return -1;
    }
    *matrix = matrix_view(stack.values, stack.rows, stack.cols);
    matrix->owned = stack.values;
    return 0;
}
