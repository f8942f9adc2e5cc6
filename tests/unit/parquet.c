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
    struct parquet_runs runs = {.span = {bytes, bytes + sizeof bytes}, .width = 3};
    uint32_t out[14];

    (void)state;
    assert_true(parquet_runs(&runs, 13, out));
    for (uint32_t i = 0; i < 13; i++)
        assert_int_equal(out[i], i < 5 ? 3 : i - 5);
    runs = (struct parquet_runs){.span = {bytes, bytes + sizeof bytes}, .width = 3};
    for (uint32_t i = 0; i < 13; i++) { /* one at a time */
        assert_true(parquet_runs(&runs, 1, out));
        assert_int_equal(*out, i < 5 ? 3 : i - 5);
    }
    assert_false(parquet_runs(&runs, 1, out));
    runs = (struct parquet_runs){.span = {bytes, bytes + sizeof bytes - 1}, .width = 3};
    assert_false(parquet_runs(&runs, 13, out));
    runs = (struct parquet_runs){.span = {bytes, bytes + sizeof bytes}, .width = 3};
    assert_false(parquet_runs(&runs, 14, out));
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

struct written { /* a file made by hand */
    unsigned char bytes[256];
    size_t size;
};

static void put(struct written *file, const char *bytes, size_t size)
{
    memcpy(file->bytes + file->size, bytes, size);
    file->size += size;
}

#define PUT(file, bytes) put(file, bytes, sizeof bytes - 1)

/* A number in Thrift's compact protocol: zigzag, seven bits a byte. */
static void put_number(struct written *file, uint64_t number)
{
    for (number *= 2; number >= 0x80; number >>= 7)
        file->bytes[file->size++] = (unsigned char)(number | 0x80);
    file->bytes[file->size++] = (unsigned char)number;
}

/* Ends a file of one column, of texts that may be null or of floats, whose pages are written and claimed to hold `rows`
 * values; `extra` are fields of the footer that no reader knows. */
static void put_footer(struct written *file, bool texts, uint64_t rows, const char *extra, size_t extra_size)
{
    size_t chunk = file->size - 4;

    PUT(file, "\x15\x02\x19\x2c\x48\x01s\x15\x02\x00"); /* schema */
    if (texts)
        PUT(file, "\x15\x0c\x25\x02\x18\x01"
                  "a\x25\x00\x00\x16");
    else
        PUT(file, "\x15\x08\x25\x00\x18\x01"
                  "a\x00\x16");
    put_number(file, rows);
    PUT(file, "\x19\x1c\x19\x1c\x26\x08\x1c\x15\x08\x19\x15\x00\x19\x18\x01"
              "a\x15\x00\x16"); /* a group */
    put_number(file, rows);
    PUT(file, "\x16");
    put_number(file, chunk);
    PUT(file, "\x16");
    put_number(file, chunk);
    PUT(file, "\x26\x08\x00\x00\x16");
    put_number(file, chunk);
    PUT(file, "\x16");
    put_number(file, rows);
    PUT(file, "\x00");
    put(file, extra, extra_size);
    PUT(file, "\x00");
    uint32_t footer = (uint32_t)(file->size - 4 - chunk);
    put(file, (const char *)&footer, sizeof footer);
    PUT(file, "PAR1");
}

/* A file of one column of floats, two in a page, which claims other numbers of them. */
static void make_file(struct written *file, uint64_t rows, uint64_t in_page, const char *extra, size_t extra_size)
{
    *file = (struct written){0};
    PUT(file, "PAR1\x15\x00\x15\x10\x15\x10\x2c\x15"); /* a data page of eight bytes */
    put_number(file, in_page);
    PUT(file, "\x15\x00\x15\x06\x15\x06\x00\x00"); /* plain values */
    put(file, (const char *)(float[]){1.5f, 2}, 8);
    put_footer(file, false, rows, extra, extra_size);
}

static void put_run(struct written *file, uint64_t count) /* its header, without the value */
{
    for (count *= 2; count >= 0x80; count >>= 7)
        file->bytes[file->size++] = (unsigned char)(count | 0x80);
    file->bytes[file->size++] = (unsigned char)count;
}

/* A column of `count` times one text (or of nulls), which take a run in one page; `claimed` rows in the footer. */
static void make_constant(struct written *file, bool nulls, uint64_t count, uint64_t claimed)
{
    *file = (struct written){0};
    PUT(file, "PAR1\x15\x04\x15\x12\x15\x12\x4c\x15\x02\x15\x00\x00\x00"
              "\x05\x00\x00\x00train"); /* a dictionary */
    struct written data = {0};
    put_run(&data, count);
    data.bytes[data.size++] = !nulls;
    struct written page = {0};
    put(&page, (const char *)(uint32_t[]){(uint32_t)data.size}, 4);
    put(&page, (const char *)data.bytes, data.size);
    PUT(&page, "\x01"); /* bits of a number */
    put_run(&page, count);
    PUT(&page, "\x00");
    PUT(file, "\x15\x00\x15");
    put_number(file, page.size);
    PUT(file, "\x15");
    put_number(file, page.size);
    PUT(file, "\x2c\x15");
    put_number(file, count);
    PUT(file, "\x15\x10\x15\x06\x15\x06\x00\x00");
    put(file, (const char *)page.bytes, page.size);
    put_footer(file, true, claimed, "", 0);
}

/* Millions of equal values take a few bytes, and are read; so many that they would fill the memory are not, nor a
 * claim of more than there are. */
static void test_constant(void **state)
{
    enum { MANY = 3000000, TOO_MANY = 20000000 };
    static const uint64_t claims[][2] = {{MANY, MANY + 1}, {MANY + 1, MANY}, {UINT32_MAX, UINT32_MAX}};
    struct written file;
    struct error error = {0};

    for (int nulls = 0; nulls < 2; nulls++) {
        make_constant(&file, nulls, MANY, MANY);
        folder_write(*state, "x.parquet", file.bytes, file.size);
        struct table *table = table_open(folder_path(*state, "x.parquet"), &error);
        if (!table)
            fail_msg("%s", error.text);
        assert_int_equal(table_rows(table), MANY);
        for (size_t row = 0; row < MANY; row += MANY / 100 - 1)
            assert_string_equal(table_field(table, row, 0), nulls ? "" : "train");
        assert_int_equal(table_kind(table, MANY - 1, 0), nulls ? TABLE_NULL : TABLE_TEXT);
        table_close(table);
    }
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        make_constant(&file, false, claims[i][0], claims[i][1]);
        folder_write(*state, "x.parquet", file.bytes, file.size);
        assert_null(table_open(folder_path(*state, "x.parquet"), &error));
        assert_non_null(strstr(error.text, "damaged"));
    }
    make_constant(&file, false, TOO_MANY, TOO_MANY);
    folder_write(*state, "x.parquet", file.bytes, file.size);
    assert_null(table_open(folder_path(*state, "x.parquet"), &error));
    assert_non_null(strstr(error.text, "would unpack to more than 64 MiB and 256 times its own size"));
}

/* Files that claim billions of values are refused at once. */
static void test_claims(void **state)
{
    static const char flags[] = "\x3b\xff\xff\xff\xff\xff\x7f\x11"; /* a map of booleans, and nothing behind it */
    static const unsigned char run[] = {0xfe, 0xff, 0xff, 0xff, 0x0f, 3};
    static const uint64_t claims[][2] = {{1ull << 40, 2}, {2, 1ull << 30}, {1ull << 31, 1ull << 31}, {2, 3},
                                         {3, 2},          {3, 3},          {UINT64_MAX / 4, 2}};
    struct written file;
    struct error error = {0};
    uint32_t out[13];

    make_file(&file, 2, 2, "", 0);
    folder_write(*state, "x.parquet", file.bytes, file.size);
    struct table *table = table_open(folder_path(*state, "x.parquet"), &error);
    if (!table)
        fail_msg("%s", error.text);
    assert_int_equal(table_rows(table), 2);
    assert_string_equal(table_field(table, 0, 0), "1.5");
    table_close(table);
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        make_file(&file, claims[i][0], claims[i][1], "", 0);
        folder_write(*state, "x.parquet", file.bytes, file.size);
        assert_null(table_open(folder_path(*state, "x.parquet"), &error));
        assert_non_null(strstr(error.text, "damaged"));
    }
    make_file(&file, 2, 2, flags, sizeof flags - 1);
    folder_write(*state, "x.parquet", file.bytes, file.size);
    assert_null(table_open(folder_path(*state, "x.parquet"), &error));
    struct parquet_runs runs = {.span = {run, run + sizeof run}, .width = 3};
    assert_true(parquet_runs(&runs, 13, out)); /* of a run of two billion */
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
        for (int times = 0; times < folder_mutations(500); times++) {
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
        TEST(test_tables),   TEST(test_groups), TEST(test_refusals), TEST(test_runs),          TEST(test_codecs),
        TEST(test_constant), TEST(test_claims), TEST(test_damage),   TEST(test_out_of_memory),
    };
    return cmocka_run_group_tests_name("Parquet", tests, NULL, NULL);
}
