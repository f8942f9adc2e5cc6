/* The reader of HDF5 files. */
#include "tests/unit/matrices.h"

static void test_floats(void **state)
{
    static const char *const names[] = {"floats/le_f2",   "floats/le_f4",   "floats/le_f8", "/floats/be_f2",
                                        "/floats/be_f4",  "floats/be_f8",   "packed/gzip",  "packed/resized",
                                        "/deep/er/feats", "deep//er/feats", "hard"};
    char spec[64];

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(spec, sizeof spec, "types.h5:%s", names[i]);
        expect_matrix(fixture(spec));
    }
    expect_matrix(fixture("one.h5"));
    expect_matrix(fixture("one.h5:/feats"));
    expect_matrix(fixture("user_block.h5"));
}

static void test_integers(void **state)
{
    static const char *const names[] = {"i1", "le_i4", "be_i8", "le_u2", "be_u8"};
    struct error error = {0};
    int64_t *values;
    size_t count;
    char spec[64];

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(spec, sizeof spec, "types.h5:rows/%s", names[i]);
        expect_rows(fixture(spec));
    }
    expect_rows(fixture("one.h5"));
    assert_int_equal(matrix_file_integers(fixture("types.h5:large"), &values, &count, &error), -1);
    assert_non_null(strstr(error.text, "types.h5:large: element 1 is too large"));
}

static void test_masks(void **state)
{
    static const bool expected[6] = {true, false, true, true, true, false};
    static const char *const specs[] = {"types.h5:mask/bool", "types.h5:mask/f8"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct error error = {0};
        bool *values;
        size_t count;
        if (matrix_file_mask(fixture(specs[i]), &values, &count, &error))
            fail_msg("%s", error.text);
        assert_int_equal(count, 6);
        assert_memory_equal(values, expected, sizeof expected);
        free(values);
    }
}

static void test_refusals(void **state)
{
    static const struct {
        const char *name, *part;
    } cases[] = {
        {"types.h5", "2-D arrays of floats; say which as FILE:NAME: deep/er/feats (2, 3), "},
        {"types.h5:nothing", "types.h5:nothing: no dataset has that name"},
        {"types.h5:deep/nothing/feats", "no dataset has that name"},
        {"types.h5:cube/feats", "no dataset has that name"},
        {"types.h5:deep", "types.h5:deep: is not a dataset"},
        {"types.h5:/", "types.h5:/: is not a dataset"},
        {"types.h5:cube", "types.h5:cube: is 3-D"},
        {"types.h5:scalar", "is 0-D; a matrix has 2 dimensions"},
        {"types.h5:none", "its elements are neither floats nor integers"},
        {"types.h5:empty", "is empty, of shape (0, 3)"},
        {"types.h5:texts", "its elements are neither floats nor integers"},
        {"types.h5:complex", "its elements are neither floats nor integers"},
        {"types.h5:rows/i1", "is 1-D, of shape (3,)"},
        {"types.h5:mask/bool", "holds integers; a matrix holds float16, float32 or float64"},
        {"types.h5:soft", "is a link; name the dataset itself, in the file that holds it"},
        {"types.h5:outside", "is a link; name the dataset itself"},
        {"types.h5:away/feats", "is a link; name the dataset itself"},
        {"types.h5:external", "keeps its values in other files; copy them into one dataset"},
        {"types.h5:virtual", "keeps its values in other files; copy them into one dataset"},
        {"no_arrays.h5", "holds no 2-D array of floats; it has no arrays at all"},
        {"sparse.h5", "sparse.h5:feats: needs 4503599627370496 bytes, of which the file stores only 0"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_no_matrix(fixture(cases[i].name), cases[i].part);
}

/* Cut and damaged files are refused in one line, and the library itself prints nothing. */
static void test_damage(void **state)
{
    const char *dir = *state;
    unsigned char bytes[4096];
    FILE *file = fopen(fixture("one.h5"), "rb");
    char *log = strdup(folder_path(dir, "stderr"));

    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    fflush(stderr);
    int kept = dup(2);
    assert_non_null(freopen(log, "w", stderr));
    for (size_t cut = 1; cut < size; cut += 7) {
        struct error error = {0};
        struct matrix matrix;
        folder_write(dir, "x.h5", bytes, cut);
        assert_int_equal(matrix_file_open(folder_path(dir, "x.h5"), &matrix, &error), -1);
        assert_non_null(strstr(error.text, "x.h5: is not a "));
    }
    fflush(stderr);
    long said = ftell(stderr);
    dup2(kept, 2);
    close(kept);
    free(log);
    assert_int_equal(said, 0);
    folder_write(dir, "x.h5", bytes, size - 1);
    expect_no_matrix(folder_path(dir, "x.h5"), "x.h5: is not a readable HDF5 file: ");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_floats), TEST(test_integers), TEST(test_masks), TEST(test_refusals), TEST(test_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
