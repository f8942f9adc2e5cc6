/* PyTorch's files: views of storages, what is refused, damage; that they hold what they should is in
 * dataset_files.c. */
#include "tests/unit/matrices.h"

#define FILES "../layouts/"

/* A legacy file of one tensor: its pickle, and a storage "k" of `floats` floats 0, 1, .... */
static const char *write_tensor(const char *dir, const char *arguments, size_t size, size_t floats)
{
    static const char start[] = "\x80\2\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."
                                "\x80\2M\xe9\3."
                                "\x80\2}."
                                "\x80\2"
                                "ctorch._utils\n_rebuild_tensor_v2\n(";
    static const char end[] = "\x89}tR."
                              "\x80\2]U\1ka.";
    unsigned char bytes[1024];
    size_t used = 0;
    uint64_t count = floats;

    memcpy(bytes, start, sizeof start - 1);
    used = sizeof start - 1;
    memcpy(bytes + used, arguments, size);
    used += size;
    memcpy(bytes + used, end, sizeof end - 1);
    used += sizeof end - 1;
    memcpy(bytes + used, &count, 8);
    used += 8;
    for (size_t i = 0; i < floats; i++, used += 4)
        memcpy(bytes + used, &(float){(float)i}, 4);
    folder_write(dir, "x.pth", bytes, used);
    return folder_path(dir, "x.pth");
}

#define STORAGE(floats) "(U\7storagectorch\nFloatStorage\nU\1kU\3cpuK" floats "NtQ"
#define TENSOR(floats, rest) STORAGE(floats) rest, sizeof STORAGE(floats) rest - 1

static void expect_values(const char *path, size_t rows, size_t cols, const float *values)
{
    struct matrix matrix;
    struct error error = {0};

    if (matrix_file_open(path, &matrix, &error))
        fail_msg("%s", error.text);
    assert_int_equal(matrix.rows, rows);
    assert_int_equal(matrix.cols, cols);
    const float *found = matrix_rows(&matrix, 0, rows, NULL);
    for (size_t i = 0; i < rows * cols; i++)
        assert_true(found[i] == values[i]);
    matrix_close(&matrix);
}

static void test_views(void **state)
{
    const char *dir = *state;

    expect_values(write_tensor(dir, TENSOR("\6", "K\0K\2K\3\x86K\3K\1\x86"), 6), 2, 3, (float[]){0, 1, 2, 3, 4, 5});
    expect_values(write_tensor(dir, TENSOR("\6", "K\0K\2K\3\x86K\1K\2\x86"), 6), 2, 3, (float[]){0, 2, 4, 1, 3, 5});
    expect_values(write_tensor(dir, TENSOR("\6", "K\1K\2K\2\x86K\3K\1\x86"), 6), 2, 2, (float[]){1, 2, 4, 5});
    expect_values(write_tensor(dir, TENSOR("\6", "K\5K\1K\1\x86K\x09K\x09\x86"), 6), 1, 1, (float[]){5});
    expect_values(write_tensor(dir, TENSOR("\6", "K\2K\2K\1K\2\x87K\2K\x09K\1\x87"), 6), 2, 2, (float[]){2, 3, 4, 5});
}

static void test_refusals(void **state)
{
    const char *dir = *state;

    expect_no_matrix(write_tensor(dir, TENSOR("\6", "K\1K\2K\3\x86K\3K\1\x86"), 6), "reaches beyond its storage");
    expect_no_matrix(write_tensor(dir, TENSOR("\6", "K\0K\2K\3\x86K\3K\1\x86"), 5), "is damaged or cut short");
    expect_no_matrix(write_tensor(dir, TENSOR("\6", "K\0K\7K\7\x86K\0K\0\x86"), 6), "repeats its storage");
    expect_no_matrix(write_tensor(dir, TENSOR("\6", "K\0K\2K\3\x86K\3\x85"), 6), "is damaged");
    expect_no_matrix(write_tensor(dir, TENSOR("\6", "J\xff\xff\xff\xffK\2K\3\x86K\3K\1\x86"), 6), "is damaged");
    expect_no_matrix(write_tensor(dir, TENSOR("\6", "K\0K\2J\xff\xff\xff\x7f\x86J\xff\xff\xff\x7fK\1\x86"), 6),
                     "reaches beyond its storage");
    expect_no_matrix(write_tensor(dir, TENSOR("\6", "K\0K\0K\3\x86K\3K\1\x86"), 6), "is empty, of shape (0, 3)");
}

static void test_damage(void **state)
{
    expect_survival(*state, FILES "v.pt", 2000);
    expect_survival(*state, FILES "v_legacy.pth", 2000);
    expect_survival(*state, FILES "v_strided.pt", 1000);
    expect_survival(*state, FILES "list_of_arrays.pkl", 1000);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    expect_memory_errors(fixture(FILES "v.pt"));
    expect_memory_errors(fixture(FILES "v_strided.pt"));
    expect_memory_errors(fixture(FILES "v_legacy.pth"));
    expect_memory_errors(fixture(FILES "list_of_arrays.pkl"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_views),
        TEST(test_refusals),
        TEST(test_damage),
        TEST(test_out_of_memory),
    };
    return cmocka_run_group_tests_name("PyTorch", tests, NULL, NULL);
}
