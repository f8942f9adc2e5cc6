/* For tests of matrix files: the fixtures of tests/matrices, which all hold the same small matrix. */
#ifndef HUBSCOPE_TESTS_UNIT_MATRICES_H
#define HUBSCOPE_TESTS_UNIT_MATRICES_H

#include "engine/base/memory.h"
#include "engine/formats/matrix_file.h"
#include "tests/unit/folder.h"

static const float MATRIX_VALUES[6] = {0, -1, 2.5f, 3, 1024, -0.125f};
static const int64_t MATRIX_ROWS[3] = {1, 100, 7};

/* The path of a fixture, in a buffer that the next call reuses; `name` may be FILE:NAME. */
static inline const char *fixture(const char *name)
{
    static char path[1024];

    snprintf(path, sizeof path, "%s/matrices/%s", TESTS_DIR, name);
    return path;
}

static inline void expect_matrix(const char *spec)
{
    struct error error = {0};
    struct matrix matrix;
    float buffer[6];

    if (matrix_file_open(spec, &matrix, &error))
        fail_msg("%s", error.text);
    assert_int_equal(matrix.rows, 2);
    assert_int_equal(matrix.cols, 3);
    if (memcmp(matrix_rows(&matrix, 0, 2, buffer), MATRIX_VALUES, sizeof MATRIX_VALUES) != 0)
        fail_msg("%s: holds another matrix", spec);
    matrix_close(&matrix);
}

static inline void expect_rows(const char *spec)
{
    struct error error = {0};
    int64_t *values;
    size_t count;

    if (matrix_file_integers(spec, &values, &count, &error))
        fail_msg("%s", error.text);
    assert_int_equal(count, 3);
    assert_memory_equal(values, MATRIX_ROWS, sizeof MATRIX_ROWS);
    free(values);
}

/* The error names the spec's file and says `part`. */
static inline void expect_no_matrix(const char *spec, const char *part)
{
    struct error error = {0};
    struct matrix matrix;
    const char *slash = strrchr(spec, '/');
    char file[4096];

    snprintf(file, sizeof file, "%.4000s", slash ? slash + 1 : spec);
    file[strcspn(file, ":")] = '\0';
    if (matrix_file_open(spec, &matrix, &error) == 0)
        fail_msg("%s: is read, but should say \"%s\"", spec, part);
    assert_null(matrix.data);
    if (!strstr(error.text, part) || !strstr(error.text, file) || strchr(error.text, '\n'))
        fail_msg("\"%s\" does not say \"%s\"", error.text, part);
}

/* Reads a file in every possible way; whatever is accepted must be readable to its last byte. */
static inline size_t read_anyhow(const char *spec)
{
    struct matrix matrix;
    int64_t *values;
    bool *flags;
    size_t count, accepted = 0;

    if (matrix_file_open(spec, &matrix, NULL) == 0) {
        float *buffer = malloc(matrix.cols * sizeof *buffer);
        volatile float sum = 0;
        for (size_t row = 0; buffer && row < matrix.rows; row++) {
            const float *cells = matrix_rows(&matrix, row, 1, buffer);
            for (size_t i = 0; i < matrix.cols; i++)
                sum = sum + cells[i];
        }
        free(buffer);
        matrix_close(&matrix);
        accepted++;
    }
    if (matrix_file_integers(spec, &values, &count, NULL) == 0) {
        free(values);
        accepted++;
    }
    if (matrix_file_mask(spec, &flags, &count, NULL) == 0) {
        free(flags);
        accepted++;
    }
    return accepted;
}

/* Damages a fixture in many ways, as a file in the folder; some must still be readable. */
static inline void expect_survival(const char *dir, const char *name, int times)
{
    FILE *file = fopen(fixture(name), "rb");
    static unsigned char bytes[1 << 16], damaged[(1 << 16) + 16];
    uint32_t seed = 20261121;
    size_t accepted = 0;

    times = folder_mutations(times);
    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    for (int i = 0; i < times; i++) {
        size_t left = folder_mutate(bytes, size, damaged, &seed);
        folder_write(dir, "x", damaged, left);
        accepted += read_anyhow(folder_path(dir, "x"));
    }
    assert_in_range(accepted, 1, 3 * (size_t)times - 1);
    for (size_t cut = 0; cut < size; cut += FOLDER_STEP) { /* no truncated file is accepted */
        folder_write(dir, "x", bytes, cut);
        assert_int_equal(read_anyhow(folder_path(dir, "x")), 0);
    }
}

/* Fails every allocation once while reading the file. */
static inline void expect_memory_errors(const char *spec)
{
    int result = -1;
    long n = 0;

    for (; result && n < 100; n++) {
        struct error error = {0};
        struct matrix matrix;
        memory_fail_after(n);
        result = matrix_file_open(spec, &matrix, &error);
        memory_fail_after(-1);
        if (result && error.kind != ERROR_MEMORY)
            fail_msg("\"%s\" instead of a lack of memory", error.text);
        matrix_close(&matrix);
    }
    assert_int_equal(result, 0);
    assert_in_range(n, 2, 99);
}

#endif
