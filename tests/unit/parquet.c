/* Parquet files of two writers: their columns as tables, row groups, damage; that their matrices are right is in
 * dataset_files.c. */
#include "engine/formats/codec.h"
#include "engine/formats/parquet_values.h"
#include "engine/formats/table.h"
#include "tests/unit/matrices.h"

#include <math.h>

#define FILES "../layouts/parquet/"

static void test_tables(void **state)
{
    static const char *const files[] = {"arrow_none",  "arrow_snappy",   "arrow_zstd",    "duckdb_brotli",
                                        "duckdb_gzip", "duckdb_lz4_raw", "duckdb_snappy", "duckdb_uncompressed",
                                        "duckdb_v2",   "duckdb_zstd"};
    char name[64], key[16];

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct error error = {0};
        snprintf(name, sizeof name, FILES "%s.parquet", files[i]);
        struct table *table = table_open(fixture(name), &error);
        if (!table && strstr(error.text, "which this build does not read"))
            continue;
        if (!table)
            fail_msg("%s", error.text);
        assert_int_equal(table_rows(table), 6);
        assert_int_equal(table_column(table, "embedding"), SIZE_MAX);
        for (size_t row = 0; row < 6; row++) {
            snprintf(key, sizeof key, "video%zu", 7010 + row);
            assert_string_equal(table_field(table, row, table_column(table, "key")), key);
            assert_int_equal(table_kind(table, row, table_column(table, "caption")), TABLE_TEXT);
        }
        assert_string_equal(table_field(table, 1, table_column(table, "caption")), "two children fly a kite");
        size_t score = table_column(table, "score"), nulls = 0;
        for (size_t row = 0; score != SIZE_MAX && row < 6; row++)
            nulls += table_kind(table, row, score) == TABLE_NULL;
        assert_int_equal(nulls, score != SIZE_MAX);
        table_close(table);
    }
}

static void test_groups(void **state)
{
    struct error error = {0};
    struct matrix matrix;
    char key[16];

    (void)state;
    if (matrix_file_open(fixture(FILES "duckdb_groups.parquet"), &matrix, &error))
        fail_msg("%s", error.text);
    assert_int_equal(matrix.rows, 5000);
    assert_int_equal(matrix.cols, 16);
    const float *values = matrix_rows(&matrix, 0, matrix.rows, NULL);
    for (size_t i = 0; i < 5000 * 16; i++)
        assert_true(fabsf(values[i] - (float)(i % 997) / 997) < 1e-6f);
    matrix_close(&matrix);
    struct table *table = table_open(fixture(FILES "duckdb_groups.parquet"), &error);
    assert_non_null(table);
    assert_int_equal(table_rows(table), 5000);
    for (size_t row = 0; row < 5000; row++) {
        snprintf(key, sizeof key, "k%zu", row);
        assert_string_equal(table_field(table, row, table_column(table, "key")), key);
    }
    table_close(table);
}

static void test_refusals(void **state)
{
    (void)state;
    expect_no_matrix(fixture(FILES "arrow_none.parquet"), "holds 2 2-D arrays of floats; say which as FILE:NAME");
    expect_no_matrix(fixture(FILES "arrow_none.parquet:caption"), "has no column \"caption\" of lists of floats");
    folder_write(*state, "x.parquet", "PAR1....PAR1", 12);
    expect_no_matrix(folder_path(*state, "x.parquet"), "is a Parquet file that is damaged or cut short");
}

static void test_runs(void **state)
{
    static const unsigned char bytes[] = {10, 3, 3, 0x88, 0xc6, 0xfa}; /* five 3s; 0 to 7 in three bits each */
    struct span span = {bytes, bytes + sizeof bytes};
    uint32_t out[13];

    (void)state;
    assert_true(parquet_runs(&span, 3, 13, out));
    for (uint32_t i = 0; i < 13; i++)
        assert_int_equal(out[i], i < 5 ? 3 : i - 5);
    span = (struct span){bytes, bytes + sizeof bytes - 1};
    assert_false(parquet_runs(&span, 3, 13, out));
    span = (struct span){bytes, bytes + sizeof bytes};
    assert_false(parquet_runs(&span, 3, 14, out));
}

static void test_codecs(void **state)
{
    char names[80];

    (void)state;
    codec_names(names, sizeof names);
    assert_non_null(strstr(names, "gzip"));
    assert_false(codec_built_in(CODEC_LZO));
    assert_false(codec_built_in(99));
    assert_null(codec_name(-1));
}

/* Reads damaged files to their end, as matrices and as tables. */
static void test_damage(void **state)
{
    static const char *const files[] = {"arrow_snappy", "duckdb_uncompressed", "duckdb_v2", "duckdb_zstd"};
    static unsigned char bytes[1 << 16], damaged[(1 << 16) + 16];
    uint32_t seed = 20261126;
    char name[64];

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(name, sizeof name, FILES "%s.parquet", files[i]);
        FILE *file = fopen(fixture(name), "rb");
        assert_non_null(file);
        size_t size = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        for (int times = 0; times < 500; times++) {
            struct matrix matrix;
            folder_write(*state, "x.parquet", damaged, folder_mutate(bytes, size, damaged, &seed));
            char spec[4200];
            snprintf(spec, sizeof spec, "%s:embedding", folder_path(*state, "x.parquet"));
            if (matrix_file_open(spec, &matrix, NULL) == 0)
                matrix_close(&matrix);
            table_close(table_open(folder_path(*state, "x.parquet"), NULL));
        }
        for (size_t cut = 0; cut < size; cut += 7) {
            folder_write(*state, "x.parquet", bytes, cut);
            assert_int_equal(read_anyhow(folder_path(*state, "x.parquet")), 0);
        }
    }
}

static void test_out_of_memory(void **state)
{
    bool done = false;

    (void)state;
    for (long n = 0; !done; n++) {
        struct error error = {0};
        struct matrix matrix;
        memory_fail_after(n);
        done = matrix_file_open(fixture(FILES "duckdb_v2.parquet:embedding"), &matrix, &error) == 0;
        struct table *table = done ? table_open(fixture(FILES "duckdb_v2.parquet"), &error) : NULL;
        done = done && table;
        memory_fail_after(-1);
        matrix_close(&matrix);
        table_close(table);
        assert_true(done || error.kind != ERROR_NONE);
        assert_true(n < 2000);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_tables), TEST(test_groups), TEST(test_refusals),      TEST(test_runs),
        TEST(test_codecs), TEST(test_damage), TEST(test_out_of_memory),
    };
    return cmocka_run_group_tests_name("Parquet", tests, NULL, NULL);
}
