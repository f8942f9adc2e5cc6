/* Matrices selected from an SQLite file: order, keys, what statements may do, damage. */
#include "tests/unit/matrices.h"

#define VECTORS "vectors.db"

static void test_values(void **state)
{
    static const char *const same[] = {
        "SELECT vector FROM t ORDER BY key DESC",
        " select list\nfrom t order by key desc;  ",
        "WITH w AS (SELECT * FROM t) SELECT vector FROM w ORDER BY key = 'a.mp4'",
        "SELECT vector FROM t WHERE 1 < 2 OR key = '?SELECT x' ORDER BY key DESC",
    };
    char spec[256];

    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        snprintf(spec, sizeof spec, VECTORS "?%s", same[i]);
        expect_matrix(fixture(spec));
        assert_true(matrix_file_exists(fixture(spec)));
    }
    assert_false(matrix_file_exists(fixture("absent.db?SELECT vector FROM t")));
}

/* Rows go by key, with or without an ending. */
static void test_keys(void **state)
{
    static const char *const key[] = {"a", "b.webm"};
    struct matrix_keys keys = {.key = key, .count = 2, .from = "t.csv"};
    const struct matrix_request request = {.spec = fixture(VECTORS "?SELECT key, vector FROM t"), .keys = &keys};
    struct error error = {0};
    struct matrix matrix;

    (void)state;
    if (matrix_file_read(&request, &matrix, &error))
        fail_msg("%s", error.text);
    assert_int_equal(matrix.rows, 2);
    assert_memory_equal(matrix.data, MATRIX_VALUES + 3, 3 * sizeof(float));
    assert_memory_equal((const float *)matrix.data + 3, MATRIX_VALUES, 3 * sizeof(float));
    matrix_close(&matrix);
    keys.count = 1;
    assert_int_equal(matrix_file_read(&request, &matrix, &error), 0);
    assert_int_equal(keys.surplus, 1);
    matrix_close(&matrix);
    static const char *const other[] = {"a", "c"};
    keys = (struct matrix_keys){.key = other, .count = 2, .from = "t.csv"};
    assert_int_equal(matrix_file_read(&request, &matrix, &error), -1);
    assert_non_null(strstr(error.text, "has no vector for 1 of the 2 keys of t.csv: \"c\""));
}

static void test_refusals(void **state)
{
    static const struct {
        const char *sql, *why;
    } cases[] = {
        {"SELECT key, vector FROM t", "nothing says which row each key is"},
        {"SELECT key, vector, list FROM t", "selects 3 columns"},
        {"SELECT vector FROM t; DELETE FROM t", "is more than one statement"},
        {"SELECT vector FROM t WHERE 0", "selects no rows"},
        {"SELECT vector FROM nowhere", "no such table: nowhere"},
        {"SELECT odd FROM t", "in row 0 the vector is neither a blob of float32 nor a text"},
        {"SELECT key FROM t", "in row 0 the vector is neither"},
        {"SELECT vector FROM e", "in row 1 the vector is neither"},
        {"SELECT vector FROM e WHERE vector NOT NULL", "in row 1 the vector has 2 values, in row 0 it has 3"},
        {"SELECT key, vector FROM e", "row 0 has no key"},
        {"WITH d AS (SELECT 1) DELETE FROM t", "may only read the file's own tables"},
        {"WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x FROM r) SELECT x FROM r", "without recursion"},
        {"SELECT load_extension('x')", "not authorized"},
        {"SELECT * FROM pragma_database_list", "not authorized"},
        {"SELECT zeroblob(1 << 30)", "too big"},
    };
    char spec[256];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = {0};
        struct matrix matrix;
        snprintf(spec, sizeof spec, VECTORS "?%s", cases[i].sql);
        assert_int_equal(matrix_file_open(fixture(spec), &matrix, &error), -1);
        if (!strstr(error.text, cases[i].why))
            fail_msg("\"%s\" instead of \"%s\"", error.text, cases[i].why);
        assert_null(strchr(error.text, '\n'));
    }
    expect_no_matrix(fixture(VECTORS), "select the vectors, as FILE?SELECT key, vector FROM TABLE");
    int64_t *values;
    size_t count;
    struct error error = {0};
    assert_int_equal(matrix_file_integers(fixture(VECTORS "?SELECT 1"), &values, &count, &error), -1);
    assert_non_null(strstr(error.text, "selects vectors of floats, not vectors of integers"));
}

/* The question mark is a file's own where such a file exists. */
static void test_names(void **state)
{
    char path[4200];
    struct error error = {0};
    struct matrix matrix;

    folder_write(*state, "x?select y", "", 0);
    snprintf(path, sizeof path, "%s", folder_path(*state, "x?select y"));
    assert_int_equal(matrix_file_open(path, &matrix, &error), -1);
    assert_non_null(strstr(error.text, "is an empty file"));
    assert_int_equal(matrix_file_open("file:/etc/passwd?SELECT 1", &matrix, &error), -1);
    assert_non_null(strstr(error.text, "unable to open database file"));
}

static void test_damage(void **state)
{
    static unsigned char bytes[1 << 14], damaged[(1 << 14) + 16];
    FILE *file = fopen(fixture(VECTORS), "rb");
    uint32_t seed = 20261126;
    char spec[4200];

    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    for (int i = 0; i < 1000; i++) {
        folder_write(*state, "x.db", damaged, folder_mutate(bytes, size, damaged, &seed));
        snprintf(spec, sizeof spec, "%s?SELECT %s FROM t", folder_path(*state, "x.db"), i % 2 ? "vector" : "list");
        read_anyhow(spec);
    }
}

static void test_out_of_memory(void **state)
{
    (void)state;
    expect_memory_errors(fixture(VECTORS "?SELECT vector FROM t ORDER BY key"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_values), TEST(test_keys),   TEST(test_refusals),
        TEST(test_names),  TEST(test_damage), TEST(test_out_of_memory),
    };
    return cmocka_run_group_tests_name("selections", tests, NULL, NULL);
}
