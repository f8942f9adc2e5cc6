/* Matrices given as FILE or FILE:NAME: which file a spec means, and how its kind is recognised. */
#include "engine/formats/npy.h"
#include "tests/unit/matrices.h"

/* Writes a .safetensors file with `count` float32 matrices, vectors of int64 called ids, and one
 * tensor that is neither. */
static void write_tensors(const char *dir, const char *name, size_t count)
{
    char json[1024];
    unsigned char bytes[2048] = {0};
    size_t used =
        (size_t)snprintf(json, sizeof json,
                         "{\"ids\":{\"dtype\":\"I64\",\"shape\":[3],\"data_offsets\":[0,24]},"
                         "\"\\u001b[31mcube\":{\"dtype\":\"F32\",\"shape\":[1,2,3],\"data_offsets\":[24,48]}");

    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(json + used, sizeof json - used,
                                 ",\"text%zu\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[24,48]}", i);
    used += (size_t)snprintf(json + used, sizeof json - used, "}%*s", 7 - (int)(used % 8), "");
    bytes[0] = (unsigned char)(used & 0xff);
    bytes[1] = (unsigned char)(used >> 8);
    memcpy(bytes + 8, json, used);
    memcpy(bytes + 8 + used, MATRIX_ROWS, sizeof MATRIX_ROWS);
    memcpy(bytes + 8 + used + 24, MATRIX_VALUES, sizeof MATRIX_VALUES);
    folder_write(dir, name, bytes, 8 + used + 48);
}

static void test_specs(void **state)
{
    const char *dir = *state;

    write_tensors(dir, "a", 1);
    expect_matrix(folder_path(dir, "a"));
    expect_rows(folder_path(dir, "a"));
    expect_matrix(folder_path(dir, "a:text0"));
    expect_rows(folder_path(dir, "a:ids"));
    expect_no_matrix(folder_path(dir, "a:none"), "a: tensor \"none\" is not in the file");
    expect_no_matrix(folder_path(dir, "a:ids"), "a:ids: is 1-D");
    expect_no_matrix(folder_path(dir, "a:"), "a:: No such file");
    expect_no_matrix(folder_path(dir, "b:text0"), "b:text0: No such file");
    expect_no_matrix(":text0", ":text0: No such file");

    write_tensors(dir, "a:text0", 0); /* a file of that very name wins */
    expect_rows(folder_path(dir, "a:text0"));
    expect_no_matrix(folder_path(dir, "a:text0"), "holds no 2-D array of floats");
    write_tensors(dir, "a:text0:b", 1); /* the longest file name wins */
    expect_matrix(folder_path(dir, "a:text0:b:text0"));

    assert_int_equal(npy_write(folder_path(dir, "m.npy"), NPY_F32, MATRIX_VALUES, 2, 3, NULL), 0);
    expect_matrix(folder_path(dir, "m.npy"));
    expect_no_matrix(folder_path(dir, "m.npy:text"),
                     "m.npy: is a NumPy .npy file, a single array without a name: omit \":text\"");
    char *deep = malloc(8000);
    assert_non_null(deep);
    memset(deep, 'x', 7999);
    deep[7999] = '\0';
    struct error error = {0};
    struct matrix matrix;
    assert_int_equal(matrix_file_open(deep, &matrix, &error), -1);
    assert_non_null(strstr(error.text, "the path is too long"));
    free(deep);
}

static void test_kinds_by_content(void **state)
{
    const char *dir = *state;

    write_tensors(dir, "liar.npy", 1); /* the name is misleading */
    expect_matrix(folder_path(dir, "liar.npy"));
    assert_int_equal(npy_write(folder_path(dir, "liar.h5"), NPY_F32, MATRIX_VALUES, 2, 3, NULL), 0);
    expect_matrix(folder_path(dir, "liar.h5"));
    folder_write(dir, "x.npy", "1,2\n3,4\n", 8);
    expect_no_matrix(folder_path(dir, "x.npy"), "is not a .npy, PyTorch, .npz, .safetensors, HDF5");
    folder_write(dir, "x.npy", "", 0);
    expect_no_matrix(folder_path(dir, "x.npy"), "is an empty file");
    expect_no_matrix(dir, "is a directory");
    expect_no_matrix("/dev/null", "not a regular file");
}

static void test_choices(void **state)
{
    const char *dir = *state;

    write_tensors(dir, "none", 0);
    expect_no_matrix(folder_path(dir, "none"), "none: holds no 2-D array of floats, but ids (3,),  [31mcube (1, 2, 3)");
    write_tensors(dir, "several", 9);
    expect_no_matrix(folder_path(dir, "several"),
                     "several: holds 9 2-D arrays of floats; say which as FILE:NAME: text");
    struct error error = {0};
    struct matrix matrix;
    assert_int_equal(matrix_file_open(folder_path(dir, "several"), &matrix, &error), -1);
    assert_string_equal(error.text + strlen(error.text) - 5, ", ...");
    expect_matrix(folder_path(dir, "several:text8"));
    expect_rows(folder_path(dir, "several"));
}

static void test_masks(void **state)
{
    const char *dir = *state;
    static const bool flags[4] = {true, false, false, true};
    static const float floats[4] = {1, 0, 0, 1}, wild[4] = {1, 0, 0.5f, 1};
    static const uint32_t words[4] = {1, 0, 2, 1};
    struct error error = {0};
    bool *values;
    size_t count;

    const char *path = folder_path(dir, "mask.npy");
    assert_int_equal(npy_write(path, NPY_BOOL, flags, 4, 0, NULL), 0);
    assert_int_equal(matrix_file_mask(path, &values, &count, &error), 0);
    assert_int_equal(count, 4);
    assert_memory_equal(values, flags, sizeof flags);
    free(values);
    assert_int_equal(npy_write(path, NPY_F32, floats, 2, 2, NULL), 0);
    assert_int_equal(matrix_file_mask(path, &values, &count, &error), 0);
    assert_int_equal(count, 4);
    assert_memory_equal(values, flags, sizeof flags);
    free(values);
    assert_int_equal(npy_write(path, NPY_F32, wild, 2, 2, NULL), 0);
    assert_int_equal(matrix_file_mask(path, &values, &count, &error), -1);
    assert_null(values);
    assert_non_null(strstr(error.text, "mask.npy: element 2 is neither 0 nor 1"));
    assert_int_equal(npy_write(path, NPY_U32, words, 4, 0, NULL), 0);
    assert_int_equal(matrix_file_mask(path, &values, &count, &error), -1);
    assert_non_null(strstr(error.text, "element 2 is neither 0 nor 1"));
}

static void test_out_of_memory(void **state)
{
    const char *dir = *state;

    write_tensors(dir, "a", 1);
    expect_memory_errors(folder_path(dir, "a"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_specs), TEST(test_kinds_by_content), TEST(test_choices), TEST(test_masks), TEST(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
