/* FAISS's flat indexes and columns of vectors in tables: what is refused, ids, damage. */
#include "tests/unit/matrices.h"

#define FILES "../layouts/"

static void put(unsigned char *bytes, size_t *used, uint64_t number, size_t width)
{
    memcpy(bytes + *used, &number, width);
    *used += width;
}

static void put_header(unsigned char *bytes, size_t *used, const char *kind, uint64_t dimension, uint64_t count,
                       uint64_t metric)
{
    memcpy(bytes + *used, kind, 4);
    *used += 4;
    put(bytes, used, dimension, 4);
    put(bytes, used, count, 8);
    put(bytes, used, 1 << 20, 8);
    put(bytes, used, 1 << 20, 8);
    put(bytes, used, 1, 1);
    put(bytes, used, metric, 4);
}

/* An index of two vectors of two, (0, 1) and (2, 3), with ids 7 and 5. */
static size_t make_index(unsigned char *bytes, uint64_t dimension, uint64_t count, uint64_t floats, uint64_t ids)
{
    size_t used = 0;

    put_header(bytes, &used, "IxM2", dimension, count, 0);
    put_header(bytes, &used, "IxF2", dimension, count, 0);
    put(bytes, &used, floats, 8);
    for (int i = 0; i < 4; i++, used += 4)
        memcpy(bytes + used, &(float){(float)i}, 4);
    put(bytes, &used, ids, 8);
    put(bytes, &used, 7, 8);
    put(bytes, &used, 5, 8);
    return used;
}

static void test_ids(void **state)
{
    static const char *const key[] = {"5", "7"};
    struct matrix_keys keys = {.key = key, .count = 2, .from = "t"};
    unsigned char bytes[256];
    struct matrix matrix;
    struct error error = {0};

    folder_write(*state, "x.index", bytes, make_index(bytes, 2, 2, 4, 2));
    const struct matrix_request request = {.spec = folder_path(*state, "x.index"), .keys = &keys};
    assert_int_equal(matrix_file_read(&request, &matrix, &error), 0);
    assert_true(((const float *)matrix.data)[0] == 2 && ((const float *)matrix.data)[2] == 0);
    matrix_close(&matrix);
    expect_no_matrix(request.spec, "holds a vector for each of 2 keys");
    static const uint64_t damaged[][4] = {
        {2, 2, 5, 2}, {2, 2, 4, 3}, {0, 2, 4, 2}, {2, UINT64_MAX, 4, 2}, {3, 2, 6, 2}};
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        const uint64_t *how = damaged[i];
        folder_write(*state, "x.index", bytes, make_index(bytes, how[0], how[1], how[2], how[3]));
        expect_no_matrix(folder_path(*state, "x.index"), "is a FAISS index that is damaged or cut short");
    }
    for (int mapped = 0; mapped < 2; mapped++) { /* without vectors */
        size_t used = 0;
        if (mapped)
            put_header(bytes, &used, "IxM2", 2, 0, 0);
        put_header(bytes, &used, "IxF2", 2, 0, 0);
        put(bytes, &used, 0, 8);
        if (mapped)
            put(bytes, &used, 0, 8);
        folder_write(*state, "x.index", bytes, used);
        expect_no_matrix(folder_path(*state, "x.index"), "is a FAISS index that is damaged or cut short");
    }
}

static void expect_table(const char *dir, const char *text, const char *reason)
{
    folder_write(dir, "x.csv", text, strlen(text));
    if (reason)
        expect_no_matrix(folder_path(dir, "x.csv"), reason);
    else
        assert_int_equal(read_anyhow(folder_path(dir, "x.csv")) & 1, 1);
}

static void test_columns(void **state)
{
    expect_table(*state, "a,b\n\"[1, 2]\",x\n\"[3, 4]\",y\n", NULL);
    expect_table(*state, "a,b\n\"[1, 2]\",x\n\"[3]\",y\n", "holds no 2-D array of floats");
    expect_table(*state, "a,b\n\"[1, 2]\",x\n\"[3, z]\",y\n", "x.csv:3: its a is not a list of numbers");
    expect_table(*state, "a,b\n\"[1, 2]\",[1]\n", "has several columns of vectors; say which as FILE:COLUMN");
    expect_table(*state, "a,b\n[x],\"[1, \"\"a\"\"]\"\n", "has no column of vectors like [0.1, 0.2]");
    expect_table(*state, "key,b\nk,[1]\n", "holds a vector for each of 1 keys");
}

static void test_damage(void **state)
{
    expect_survival(*state, FILES "flat.faiss", 2000);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    expect_memory_errors(fixture(FILES "flat.faiss"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_ids),
        TEST(test_columns),
        TEST(test_damage),
        TEST(test_out_of_memory),
    };
    return cmocka_run_group_tests_name("dumps", tests, NULL, NULL);
}
