/* The .npy reader and writer: every layout, every kind of wrong header, and agreement with numpy. */
#include "engine/formats/npy.h"

#include "engine/base/memory.h"
#include "tests/unit/folder.h"
#include <stdbool.h>
#include <sys/wait.h>

struct image { /* a .npy file in memory */
    unsigned char bytes[1024];
    size_t size;
};

/* A file of version `major` with this header and data, the header padded with spaces. */
static struct image make(int major, const char *header, size_t padded, const void *data, size_t size)
{
    struct image image = {.bytes = "\x93NUMPY"};
    size_t start = major == 1 ? 10 : 12, length = strlen(header);

    if (length < padded)
        length = padded;
    image.bytes[6] = (unsigned char)major;
    image.bytes[8] = (unsigned char)(length & 0xff);
    image.bytes[9] = (unsigned char)(length >> 8);
    memset(image.bytes + start, ' ', length);
    memcpy(image.bytes + start, header, strlen(header));
    memcpy(image.bytes + start + length, data, size);
    image.size = start + length + size;
    return image;
}

static const char *save(const char *dir, const struct image *image)
{
    folder_write(dir, "x.npy", image->bytes, image->size);
    return folder_path(dir, "x.npy");
}

static void expect_matrix_refusal(const char *dir, const struct image *image, const char *part)
{
    struct error error = {0};
    struct matrix matrix;

    assert_int_equal(npy_open(save(dir, image), &matrix, &error), -1);
    if (!strstr(error.text, part) || !strstr(error.text, "x.npy"))
        fail_msg("\"%s\" does not say \"%s\"", error.text, part);
    assert_null(matrix.data);
}

static const float VALUES[6] = {0, -1, 2.5f, 3, 1024, -0.125f};

static void expect_values(const char *dir, const struct image *image, bool mapped)
{
    struct error error = {0};
    struct matrix matrix;
    float buffer[6];

    if (npy_open(save(dir, image), &matrix, &error))
        fail_msg("%s", error.text);
    assert_int_equal(matrix.rows, 2);
    assert_int_equal(matrix.cols, 3);
    assert_int_equal(matrix.map != NULL, mapped);
    const float *values = matrix_rows(&matrix, 0, 2, buffer);
    for (size_t i = 0; i < 6; i++)
        if (values[i] != VALUES[i])
            fail_msg("element %zu is %g instead of %g", i, (double)values[i], (double)VALUES[i]);
    matrix_close(&matrix);
}

static void reverse(unsigned char *bytes, size_t width, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < width / 2; j++) {
            unsigned char *a = bytes + i * width + j, *b = bytes + (i + 1) * width - 1 - j, kept = *a;
            *a = *b;
            *b = kept;
        }
}

static void test_types_and_orders(void **state)
{
    const char *dir = *state;
    static const uint16_t halves[6] = {0, 0xbc00, 0x4100, 0x4200, 0x6400, 0xb000};
    double doubles[6];

    for (size_t i = 0; i < 6; i++)
        doubles[i] = (double)VALUES[i];
    const struct {
        char width;
        const void *data;
    } types[] = {{'2', halves}, {'4', VALUES}, {'8', doubles}};
    for (size_t t = 0; t < 3; t++)
        for (int big = 0; big < 2; big++)
            for (int fortran = 0; fortran < 2; fortran++)
                for (int major = 1; major <= 3; major++) {
                    size_t width = (size_t)(types[t].width - '0');
                    unsigned char data[48];
                    char header[128];
                    for (size_t i = 0; i < 6; i++) { /* element i in C order */
                        size_t place = fortran ? i % 3 * 2 + i / 3 : i;
                        memcpy(data + place * width, (const char *)types[t].data + i * width, width);
                    }
                    if (big)
                        reverse(data, width, 6);
                    snprintf(header, sizeof header, "{'descr': '%c%c%c', 'fortran_order': %s, 'shape': (2, 3), }",
                             big ? '>' : '<', 'f', types[t].width, fortran ? "True" : "False");
                    struct image image = make(major, header, major == 1 ? 118 : 116, data, 6 * width);
                    expect_values(dir, &image, width < 8 && !big && !fortran);
                }
}

static void test_valid_headers(void **state)
{
    const char *dir = *state;
    static const char *const headers[] = {
        "{'shape': (2, 3), 'fortran_order': False, 'descr': '<f4'}",
        "{\"shape\":(2,3),\"descr\":\"<f4\",\"fortran_order\":False,}",
        "{ 'descr' : '<f4' ,\t'fortran_order' : False ,\n 'shape' : ( 2 , 3 , ) , } \n",
        "{'descr': '=f4', 'fortran_order': False, 'shape': (2, 3), }",
        "{'descr': 'f4', 'fortran_order': False, 'shape': (2, 3), }",
        "{'descr': '|f4', 'fortran_order': False, 'shape': (2L, 3L), }",
    };

    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        struct image image = make(1, headers[i], 118, VALUES, sizeof VALUES);
        expect_values(dir, &image, true);
    }
    struct image crooked = make(1, headers[0], 117, VALUES, sizeof VALUES); /* floats on an odd address */
    expect_values(dir, &crooked, false);
}

static void test_wrong_headers(void **state)
{
    const char *dir = *state;
    static const struct {
        const char *header, *part;
    } cases[] = {
        {"{'descr': '|O', 'fortran_order': False, 'shape': (2, 3), }",
         "is a pickled object array; save it with allow_pickle=False"},
        {"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 3), }", "structured array"},
        {"{'descr': '<i8', 'fortran_order': False, 'shape': (1, 3), }", "holds integers"},
        {"{'descr': '<c8', 'fortran_order': False, 'shape': (1, 3), }", "'<c8' is not supported"},
        {"{'descr': '<f16', 'fortran_order': False, 'shape': (1, 3), }", "'<f16' is not supported"},
        {"{'descr': '<f1', 'fortran_order': False, 'shape': (1, 3), }", "'<f1' is not supported"},
        {"{'descr': '<f3', 'fortran_order': False, 'shape': (1, 3), }", "'<f3' is not supported"},
        {"{'descr': '<U5', 'fortran_order': False, 'shape': (1, 3), }", "not supported"},
        {"{'descr': '|b2', 'fortran_order': False, 'shape': (1, 3), }", "not supported"},
        {"{'descr': '', 'fortran_order': False, 'shape': (2, 3), }", "not supported"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (6,), }", "is 1-D, of shape (6,)"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (), }", "has trailing bytes: shape () needs 4 bytes"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 3), }", "is 3-D, of shape (1, 2, 3)"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (0, 3), }", "is empty, of shape (0, 3)"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 0), }", "is empty, of shape (2, 0)"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4), }",
         "is truncated: shape (2, 4) needs 32 bytes of data, the file has 24"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }",
         "has trailing bytes: shape (2, 2) needs 16 bytes of data, the file has 24"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", "larger than any file"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }", "larger than any file"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387905, 1), }", "larger than any file"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000, 1000), }", "is truncated"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 3), }", "malformed shape"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 3), }", "malformed shape"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (6), }", "malformed shape"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': 6, }", "malformed shape"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2 3), }", "malformed shape"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3", "malformed shape"},
        {"{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 3), }", "malformed fortran_order"},
        {"{'descr': '<f4', 'fortran_order': False, }", "lacks the key 'shape'"},
        {"{'descr': '<f4', 'shape': (2, 3), }", "lacks the key 'fortran_order'"},
        {"{'fortran_order': False, 'shape': (2, 3), }", "lacks the key 'descr'"},
        {"{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", "twice the key 'descr'"},
        {"{'descr': '<f4', 'order': False, 'shape': (2, 3), }", "unknown key 'order'"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } x", "stray bytes"},
        {"{'descr': '<f4' 'fortran_order': False, 'shape': (2, 3), }", "malformed"},
        {"{'descr'", "malformed"},
        {"{", "malformed"},
        {"", "not a dict"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct image image = make(1, cases[i].header, 118, VALUES, sizeof VALUES);
        expect_matrix_refusal(dir, &image, cases[i].part);
    }
}

static const char PLAIN[] = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";

static void test_other_files(void **state)
{
    const char *dir = *state;
    struct image image = make(1, PLAIN, 118, VALUES, sizeof VALUES);
    struct error error = {0};
    struct matrix matrix;

    for (size_t size = 0; size < image.size; size++) { /* cut short after every byte */
        struct image cut = image;
        cut.size = size;
        expect_matrix_refusal(dir, &cut,
                              size == 0    ? "empty file"
                              : size < 8   ? "is not a .npy file"
                              : size < 128 ? "cut short in its header"
                                           : "is truncated");
    }
    struct image longer = image;
    longer.size++;
    expect_matrix_refusal(dir, &longer, "trailing bytes");
    image.bytes[6] = 4;
    expect_matrix_refusal(dir, &image, "version 4.0 is not supported");
    image.bytes[6] = 2; /* its header would be some 540 million bytes long */
    expect_matrix_refusal(dir, &image, "cut short in its header");
    assert_int_equal(npy_open(folder_path(dir, "none.npy"), &matrix, &error), -1);
    assert_int_equal(error.kind, ERROR_SYSTEM);
    assert_int_equal(npy_open(dir, &matrix, &error), -1);
    assert_non_null(strstr(error.text, "is a directory"));
    assert_int_equal(npy_open("/dev/null", &matrix, &error), -1);
    assert_non_null(strstr(error.text, "not a regular file"));
    assert_int_equal(npy_open("/dev/null", &matrix, NULL), -1);
}

static void test_integers(void **state)
{
    const char *dir = *state;
    static const int64_t expected[3] = {1, 100, 7};
    static const int64_t negative[3] = {-1, 100, -128};

    for (size_t width = 1; width <= 8; width *= 2)
        for (int big = 0; big < 2; big++)
            for (int sign = 0; sign < 2; sign++)
                for (int column = 0; column < 2; column++) {
                    const int64_t *values = sign ? negative : expected;
                    struct error error = {0};
                    unsigned char data[24];
                    char header[128];
                    int64_t *read;
                    size_t count;
                    for (size_t i = 0; i < 3; i++) /* the low bytes come first */
                        memcpy(data + i * width, &values[i], width);
                    if (big)
                        reverse(data, width, 3);
                    snprintf(header, sizeof header, "{'descr': '%c%c%zu', 'fortran_order': False, 'shape': %s, }",
                             width == 1 ? '|'
                             : big      ? '>'
                                        : '<',
                             sign ? 'i' : 'u', width, column ? "(3, 1)" : "(3,)");
                    struct image image = make(1, header, 118, data, 3 * width);
                    if (npy_read_integers(save(dir, &image), &read, &count, &error))
                        fail_msg("%s", error.text);
                    assert_int_equal(count, 3);
                    assert_memory_equal(read, values, sizeof expected);
                    free(read);
                }
}

static void test_integers_refused(void **state)
{
    const char *dir = *state;
    static const uint64_t large[2] = {1, UINT64_MAX};
    static const struct {
        const char *header, *part;
    } cases[] = {
        {"{'descr': '<u8', 'fortran_order': False, 'shape': (2,), }", "element 1 is too large"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", "floating-point"},
        {"{'descr': '<i8', 'fortran_order': False, 'shape': (1, 2), }", "is of shape (1, 2)"},
        {"{'descr': '<i8', 'fortran_order': False, 'shape': (0,), }", "is empty"},
        {"{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", "pickled"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct image image = make(1, cases[i].header, 118, large, sizeof large);
        struct error error = {0};
        int64_t *values;
        size_t count;
        assert_int_equal(npy_read_integers(save(dir, &image), &values, &count, &error), -1);
        assert_null(values);
        if (!strstr(error.text, cases[i].part))
            fail_msg("\"%s\" does not say \"%s\"", error.text, cases[i].part);
    }
}

/* Damaged files may be refused or not, but every byte of what is accepted must be readable. */
static void test_mutations(void **state)
{
    const char *dir = *state;
    static const char integers[] = "{'descr': '<i2', 'fortran_order': True, 'shape': (12, 1), }";
    struct image originals[] = {make(1, PLAIN, 118, VALUES, sizeof VALUES),
                                make(3, integers, 61, VALUES, sizeof VALUES)};
    uint32_t seed = 20261121;
    size_t accepted = 0;

    for (int i = 0; i < folder_mutations(4000); i++) {
        const struct image *original = &originals[i % 2];
        struct image image;
        struct matrix matrix;
        int64_t *values;
        size_t count;
        image.size = folder_mutate(original->bytes, original->size, image.bytes, &seed);
        const char *path = save(dir, &image);
        if (npy_open(path, &matrix, NULL) == 0) {
            volatile float sum = 0;
            for (size_t row = 0; row < matrix.rows; row++) {
                float *buffer = memory_floats(matrix.cols);
                const float *read = matrix_rows(&matrix, row, 1, buffer);
                for (size_t j = 0; j < matrix.cols; j++)
                    sum = sum + read[j];
                free(buffer);
            }
            accepted++;
            matrix_close(&matrix);
        }
        if (npy_read_integers(path, &values, &count, NULL) == 0) {
            accepted++;
            free(values);
        }
    }
    assert_in_range(accepted, 1, folder_mutations(4000) - 1); /* some must fail, some must pass */
}

static void test_written_files_are_read(void **state)
{
    const char *dir = *state;
    char *path = strdup(folder_path(dir, "y.npy"));
    struct error error = {0};
    struct matrix matrix;
    static const double doubles[6] = {0, -1, 2.5, 3, 1024, -0.125};
    static const uint32_t words[3] = {0, 7, UINT32_MAX};
    int64_t *values;
    size_t count;

    assert_int_equal(npy_write(path, NPY_F32, VALUES, 2, 3, &error), 0);
    assert_int_equal(npy_open(path, &matrix, &error), 0);
    assert_true((uintptr_t)matrix.data % 64 == 0);
    assert_memory_equal(matrix.data, VALUES, sizeof VALUES);
    /* replacing a file leaves the mapping of the old one intact */
    assert_int_equal(npy_write(path, NPY_F64, doubles, 3, 2, &error), 0);
    assert_memory_equal(matrix.data, VALUES, sizeof VALUES);
    matrix_close(&matrix);
    assert_int_equal(npy_open(path, &matrix, &error), 0);
    assert_int_equal(matrix.rows, 3);
    assert_memory_equal(matrix.data, VALUES, sizeof VALUES);
    matrix_close(&matrix);
    assert_int_equal(npy_write(path, NPY_U32, words, 3, 0, &error), 0);
    assert_int_equal(npy_read_integers(path, &values, &count, &error), 0);
    assert_int_equal(count, 3);
    assert_int_equal(values[2], UINT32_MAX);
    free(values);
    assert_int_equal(folder_count(dir), 1); /* no temporary file is left */
    free(path);
}

static void test_writing_fails_cleanly(void **state)
{
    const char *dir = *state;
    struct error error = {0};

    assert_int_equal(npy_write("/nonexistent/y.npy", NPY_F32, VALUES, 2, 3, &error), -1);
    assert_non_null(strstr(error.text, "/nonexistent/y.npy: cannot be written: No such file"));
    assert_int_equal(npy_write(dir, NPY_F32, VALUES, 2, 3, &error), -1); /* a directory is in the way */
    assert_non_null(strstr(error.text, "cannot be written"));
    assert_int_equal(npy_write("y.npy", NPY_F64, VALUES, SIZE_MAX / 2, 3, &error), -1);
    assert_non_null(strstr(error.text, "larger than any file"));
    assert_int_equal(folder_count(dir), 0);
}

static void test_out_of_memory(void **state)
{
    const char *dir = *state;
    struct image image = make(1, "{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), }", 118, VALUES, 24);
    struct error error = {0};
    struct matrix matrix;

    memory_fail_after(0);
    int result = npy_open(save(dir, &image), &matrix, &error);
    memory_fail_after(-1);
    assert_int_equal(result, -1);
    assert_int_equal(error.kind, ERROR_MEMORY);
    assert_null(matrix.data);
}

/* Runs a Python program with the folder as its argument; returns its exit status. */
static int run_python(const char *dir, const char *program)
{
    char command[2048];

    snprintf(command, sizeof command, "/usr/bin/python3 -c \"%s\" '%s' 2>&1", program, dir);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void need_numpy(const char *dir)
{
    if (run_python(dir, "import numpy") != 0) {
        print_message("skipped: /usr/bin/python3 has no numpy\n");
        skip();
    }
}

static void test_numpy_reads_what_is_written(void **state)
{
    const char *dir = *state;
    static const double doubles[4] = {0.1, -2, 1e300, 4};
    static const uint32_t words[3] = {0, 7, UINT32_MAX};
    static const bool flags[3] = {true, false, true};
    struct error error;

    need_numpy(dir);
    assert_int_equal(npy_write(folder_path(dir, "f4.npy"), NPY_F32, VALUES, 2, 3, &error), 0);
    assert_int_equal(npy_write(folder_path(dir, "f8.npy"), NPY_F64, doubles, 4, 0, &error), 0);
    assert_int_equal(npy_write(folder_path(dir, "u4.npy"), NPY_U32, words, 3, 0, &error), 0);
    assert_int_equal(npy_write(folder_path(dir, "b1.npy"), NPY_BOOL, flags, 3, 0, &error), 0);
    assert_int_equal(run_python(dir, "import sys, numpy as np\n"
                                     "def load(name): return np.load(sys.argv[1] + '/' + name + '.npy')\n"
                                     "def same(name, type, values):\n"
                                     "    x = load(name)\n"
                                     "    assert x.dtype == np.dtype(type) and x.tolist() == values, (name, x)\n"
                                     "same('f4', 'f4', [[0, -1, 2.5], [3, 1024, -0.125]])\n"
                                     "same('f8', 'f8', [0.1, -2, 1e300, 4])\n"
                                     "same('u4', 'u4', [0, 7, 2 ** 32 - 1])\n"
                                     "same('b1', '?', [True, False, True])\n"),
                     0);
}

static void test_what_numpy_writes_is_read(void **state)
{
    const char *dir = *state;
    static const char *const names[] = {"le2", "le4", "le8", "be2", "be4", "be8", "v2", "v3", "fortran", "sliced"};

    need_numpy(dir);
    assert_int_equal(run_python(dir, "import sys, numpy as np\n"
                                     "x = np.array([[0, -1, 2.5], [3, 1024, -0.125]])\n"
                                     "def path(name): return sys.argv[1] + '/' + name + '.npy'\n"
                                     "for n in '248':\n"
                                     "    np.save(path('le' + n), x.astype('<f' + n))\n"
                                     "    np.save(path('be' + n), x.astype('>f' + n))\n"
                                     "for v in (2, 3):\n"
                                     "    with open(path('v%d' % v), 'wb') as file:\n"
                                     "        np.lib.format.write_array(file, x.astype('f4'), (v, 0))\n"
                                     "np.save(path('fortran'), np.asfortranarray(x))\n"
                                     "np.save(path('sliced'), np.repeat(x, 2, axis=1)[:, ::2])\n"),
                     0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct error error = {0};
        struct matrix matrix;
        float buffer[6];
        char name[32];
        snprintf(name, sizeof name, "%s.npy", names[i]);
        if (npy_open(folder_path(dir, name), &matrix, &error))
            fail_msg("%s", error.text);
        assert_int_equal(matrix.rows, 2);
        assert_int_equal(matrix.cols, 3);
        assert_memory_equal(matrix_rows(&matrix, 0, 2, buffer), VALUES, sizeof VALUES);
        matrix_close(&matrix);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_types_and_orders),
        TEST(test_valid_headers),
        TEST(test_wrong_headers),
        TEST(test_other_files),
        TEST(test_integers),
        TEST(test_integers_refused),
        TEST(test_mutations),
        TEST(test_written_files_are_read),
        TEST(test_writing_fails_cleanly),
        TEST(test_out_of_memory),
        TEST(test_numpy_reads_what_is_written),
        TEST(test_what_numpy_writes_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
