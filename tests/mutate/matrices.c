/* Matrices: headers of .npy that say something else, and values of rows. */
#include "tests/mutate/mutation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER = 128, NAMES = 10 }; /* of version 1.0, as hubscope writes it */

/* @r and @c stand for the numbers of rows and columns. */
static const char *const headers[] = {
    "{'descr': '<f8', 'fortran_order': False, 'shape': (@r, @c), }",
    "{'descr': '<f2', 'fortran_order': False, 'shape': (@r, @c), }",
    "{'descr': '>f4', 'fortran_order': False, 'shape': (@r, @c), }",
    "{'descr': '<i4', 'fortran_order': False, 'shape': (@r, @c), }",
    "{'descr': '|O', 'fortran_order': False, 'shape': (@r, @c), }",
    "{'descr': '|V4', 'fortran_order': False, 'shape': (@r, @c), }",
    "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (@r, @c), }",
    "{'descr': '<f4', 'fortran_order': True, 'shape': (@r, @c), }",
    "{'descr': '<f4', 'fortran_order': 1, 'shape': (@r, @c), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (@c, @r), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1, @r, @c), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (@r, @c, 1), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (@c,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (0, @c), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (@r, 0), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, @c), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (@r, 1), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1, @c), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1@r, @c), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (@r, 1@c), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, @c), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (18446744073709551615, @c), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (@r.0, @c), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (@r, @c), 'shape': (1, @c), }",
    "{'fortran_order': False, 'shape': (@r, @c), }",
    "{'descr': '<f4', 'shape': (@r, @c), }",
    "{'descr': '<f4', 'fortran_order': False, }",
    "{}",
    "",
};

enum value_kind {
    NAN_VALUE,
    INFINITY_VALUE,
    MINUS_INFINITY,
    HUGE_VALUE_,
    TINY_VALUE,
    ZERO_VALUE,
    ZERO_ROW,
    NAN_ROW,
    LONG_ROW,
    SHORT_ROW,
    SAME_ROW,
    MINUS_ROW,
    EQUAL_ROWS,
    ALL_ZERO,
    ALL_NAN,
    SWAPPED_ROWS,
    LENGTH_0,
    LENGTH_ODD,
    LENGTH_MOST,
    VERSION,
    VALUE_KINDS
};

static const char *const value_name[VALUE_KINDS] = {
    "a NaN",
    "an infinite value",
    "a value of minus infinity",
    "a value of 3e38",
    "a value of 1e-45",
    "a zero",
    "a row of zeros",
    "a row of NaN",
    "a row of three times the length",
    "a row of 1e-30 times the length",
    "two equal rows",
    "a row turned round",
    "equal rows",
    "zeros",
    "NaN",
    "two rows swapped",
    "a header of length 0",
    "a header of odd length",
    "a header beyond the end",
    "another version",
};

enum { HEADERS = sizeof headers / sizeof *headers, KINDS = HEADERS + VALUE_KINDS };

/* The entry of the collection with that number among its matrices; returns how many there are. */
static size_t find_matrix(const char *folder, size_t number, char name[128])
{
    struct folder_entries entries;
    size_t count = 0;

    folder_list(&entries, folder);
    for (size_t i = 0; i < entries.count; i++)
        if (strstr(entries.path[i], ".npy") && count++ == number)
            memcpy(name, entries.path[i], 128);
    return count;
}

static size_t count_matrices(const char *folder)
{
    char name[128];

    return find_matrix(folder, 0, name);
}

static void put_header(unsigned char *bytes, const char *header, size_t rows, size_t cols)
{
    char text[HEADER + 1];
    size_t used = 0;

    for (const char *at = header; *at && used < sizeof text - 24; at++)
        if (*at == '@')
            used += (size_t)snprintf(text + used, 24, "%zu", *++at == 'r' ? rows : cols);
        else
            text[used++] = *at;
    memset(bytes + NAMES, ' ', HEADER - NAMES);
    memcpy(bytes + NAMES, text, used);
    bytes[HEADER - 1] = '\n';
}

static void fill(float *x, size_t count, float value)
{
    for (size_t i = 0; i < count; i++)
        x[i] = value;
}

static void scale(float *x, size_t count, float factor)
{
    for (size_t i = 0; i < count; i++)
        x[i] *= factor;
}

static void put_value(enum value_kind kind, float *x, size_t rows, size_t cols, size_t row, size_t col, size_t other)
{
    static const float values[] = {[NAN_VALUE] = NAN,     [INFINITY_VALUE] = INFINITY, [MINUS_INFINITY] = -INFINITY,
                                   [HUGE_VALUE_] = 3e38f, [TINY_VALUE] = 1e-45f,       [ZERO_VALUE] = 0};
    float *at = x + row * cols, *second = x + other * cols;

    if (kind <= ZERO_VALUE)
        at[col] = values[kind];
    else if (kind == ZERO_ROW || kind == NAN_ROW)
        fill(at, cols, kind == ZERO_ROW ? 0 : NAN);
    else if (kind == LONG_ROW || kind == SHORT_ROW || kind == MINUS_ROW)
        scale(at, cols, kind == LONG_ROW ? 3 : kind == SHORT_ROW ? 1e-30f : -1);
    else if (kind == ALL_ZERO || kind == ALL_NAN)
        fill(x, rows * cols, kind == ALL_ZERO ? 0 : NAN);
    else if (kind == EQUAL_ROWS)
        for (size_t i = 1; i < rows; i++)
            memcpy(x + i * cols, x, cols * sizeof *x);
    else if (kind == SAME_ROW)
        memmove(second, at, cols * sizeof *x);
    for (size_t i = 0; i < cols && kind == SWAPPED_ROWS; i++) {
        float value = at[i];
        at[i] = second[i];
        second[i] = value;
    }
}

static void put_length(enum value_kind kind, unsigned char *bytes)
{
    unsigned length = kind == LENGTH_ODD ? 117 : kind == LENGTH_MOST ? 0xffff : 0;

    if (kind == VERSION) {
        bytes[6] = 9;
    } else {
        bytes[8] = (unsigned char)(length & 0xff);
        bytes[9] = (unsigned char)(length >> 8);
    }
}

static bool apply_matrix(struct mutation *mutation)
{
    char name[128] = "";
    size_t kind = mutation->kind, size, rows = 0, cols = 0;

    find_matrix(mutation->folder, mutation->place, name);
    unsigned char *bytes = folder_read(folder_at(mutation->folder, name), 0, &size);
    const char *shape = size > HEADER ? strstr((const char *)bytes + NAMES, "'shape': (") : NULL;
    if (!shape || sscanf(shape, "'shape': (%zu, %zu)", &rows, &cols) != 2 ||
        (kind >= HEADERS && size != HEADER + rows * cols * sizeof(float))) {
        free(bytes);
        return false;
    }
    if (kind < HEADERS) {
        put_header(bytes, headers[kind], rows, cols);
        snprintf(mutation->name, sizeof mutation->name, "%s: header %s", name, headers[kind]);
    } else {
        size_t row = mutation_below(mutation, rows), col = mutation_below(mutation, cols);
        enum value_kind what = (enum value_kind)(kind - HEADERS);
        if (what >= LENGTH_0)
            put_length(what, bytes);
        else
            put_value(what, (float *)(void *)(bytes + HEADER), rows, cols, row, col, mutation_below(mutation, rows));
        snprintf(mutation->name, sizeof mutation->name, "%s: %s, row %zu, column %zu", name, value_name[what], row,
                 col);
    }
    folder_write(folder_at(mutation->folder, name), bytes, size);
    free(bytes);
    return true;
}

const struct mutations mutate_matrices = {"matrices", KINDS, count_matrices, apply_matrix};
