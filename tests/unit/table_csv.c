/* The CSV reader: what RFC 4180 allows, and refusals that name the line. */
#include "engine/formats/table.h"

#include "engine/base/memory.h"
#include "tests/unit/folder.h"
#include <stdbool.h>

static struct table *open_bytes(const char *dir, const void *bytes, size_t size, struct error *error)
{
    folder_write(dir, "x.csv", bytes, size);
    return table_open(folder_path(dir, "x.csv"), error);
}

/* `expected`: rows as "line:field|field|", the header first as "0:". */
static void expect_table(const char *dir, const char *text, const char *expected)
{
    struct error error = {0};
    struct table *table = open_bytes(dir, text, strlen(text), &error);
    char found[512];

    if (!table)
        fail_msg("%s", error.text);
    size_t used = (size_t)snprintf(found, sizeof found, "0:");
    for (size_t i = 0; i < table_columns(table); i++)
        used += (size_t)snprintf(found + used, sizeof found - used, "%s|", table_name(table, i));
    for (size_t row = 0; row < table_rows(table); row++) {
        used += (size_t)snprintf(found + used, sizeof found - used, "%zu:", table_line(table, row));
        for (size_t i = 0; i < table_columns(table); i++)
            used += (size_t)snprintf(found + used, sizeof found - used, "%s|", table_field(table, row, i));
    }
    assert_string_equal(found, expected);
    table_close(table);
}

static void test_tables(void **state)
{
    const char *dir = *state;

    expect_table(dir, "a,b\n1,2\n3,4\n", "0:a|b|2:1|2|3:3|4|");
    expect_table(dir, "a,b\r\n1,2\r\n3,4", "0:a|b|2:1|2|3:3|4|");
    expect_table(dir, "a,b\r1,2\r3,4\r", "0:a|b|2:1|2|3:3|4|");
    expect_table(dir,
                 "\xef\xbb\xbf"
                 "a,b\n1,2\n",
                 "0:a|b|2:1|2|");
    expect_table(dir, "a,b\n", "0:a|b|");
    expect_table(dir, "a", "0:a|");
    expect_table(dir, "\n\na\n\nx\n\n\ny", "0:a|5:x|8:y|");
    expect_table(dir, "a,b\n\"1,\"\"x\"\"\",\"2\"\n", "0:a|b|2:1,\"x\"|2|");
    expect_table(dir, "a,b\n\"1\n\n2\",x\n3,y\n", "0:a|b|2:1\n\n2|x|5:3|y|");
    expect_table(dir, "a,b\n\"1\",\"2\"\n\n\n\"\n\",\n", "0:a|b|2:1|2|5:\n||");
    expect_table(dir, "a,b\n,\n\"\",\"\"\n", "0:a|b|2:||3:||");
    expect_table(dir, "a,b\n  1 , 2 \n", "0:a|b|2:  1 | 2 |");
    expect_table(dir, ",b\n1,2\n", "0:|b|2:1|2|");
    expect_table(dir, "\"\n\",b\n1,2\n", "0:\n|b|3:1|2|");
    expect_table(dir, "a\n\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xb6\n", "0:a|2:\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xb6|");
}

static void test_columns_by_name(void **state)
{
    struct error error = {0};
    struct table *table = open_bytes(*state, "key,title\n1,2\n", 14, &error);

    assert_non_null(table);
    assert_int_equal(table_column(table, "title"), 1);
    assert_int_equal(table_column(table, "Title"), SIZE_MAX);
    assert_int_equal(table_column(table, ""), SIZE_MAX);
    table_close(table);
}

static void expect_refusal(const char *dir, const void *bytes, size_t size, const char *part)
{
    struct error error = {0};

    assert_null(open_bytes(dir, bytes, size, &error));
    if (!strstr(error.text, part))
        fail_msg("\"%s\" does not say \"%s\"", error.text, part);
}

static void test_refusals(void **state)
{
    const char *dir = *state;
    static const struct {
        const char *text, *part;
    } cases[] = {
        {"", "x.csv: is empty"},
        {"\n\r\n", "x.csv: is empty"},
        {"\xef\xbb\xbf", "x.csv: is empty"},
        {"a,b\n1,2\n3\n", "x.csv:3: has 1 field where the header has 2"},
        {"a,b\n\"1\n2\",3,4\n", "x.csv:2: has 3 fields where the header has 2"},
        {"a,b\n1,2\n3", "x.csv:3: has 1 field"},
        {"a,b,a\n", "x.csv:1: two columns are named 'a'"},
        {"a,b\n1,x\"y\n", "x.csv:2: a quote in the wrong place"},
        {"a,b\n1,2\n\"x\"y,2\n", "x.csv:3: a quote in the wrong place"},
        {"a,b\n1,2\n\"x,2\n3,4\n", "x.csv:3: a quoted field begins in this row and is never closed"},
        {"a\nx\ny\xff\n", "x.csv:3: is not UTF-8"},
        {"a\n\xc3\n\xa9\n", "x.csv:2: is not UTF-8"},
        {"a\n\xed\xa0\x80\n", "x.csv:2: is not UTF-8"},
        {"\xff\xfe"
         "a",
         "x.csv:1: is not UTF-8"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_refusal(dir, cases[i].text, strlen(cases[i].text), cases[i].part);
    expect_refusal(dir, "a\n1\n2\0\n", 8, "x.csv:3: holds a zero byte");
    struct error error = {0};
    assert_null(table_open(folder_path(dir, "none.csv"), &error));
    assert_non_null(strstr(error.text, "none.csv: No such file"));
    assert_null(table_open(dir, &error));
    assert_non_null(strstr(error.text, "is a directory"));
}

static void test_too_many_columns(void **state)
{
    enum { COLUMNS = 5000 };
    char *commas = memory_array(COLUMNS, 1);

    memset(commas, ',', COLUMNS);
    expect_refusal(*state, commas, COLUMNS, "x.csv:1: has more than 1024 fields");
    free(commas);
}

/* A sparse file over the limit is refused because of its size, before it is read. */
static void test_too_large(void **state)
{
    const char *dir = *state;
    struct error error = {0};

    folder_write(dir, "x.csv", "a\n", 2);
    assert_int_equal(truncate(folder_path(dir, "x.csv"), ((off_t)1 << 30) + 1), 0);
    assert_null(table_open(folder_path(dir, "x.csv"), &error));
    assert_non_null(strstr(error.text, "is larger than the limit of 1073741824 bytes"));
}

static void test_many_rows(void **state)
{
    const char *dir = *state;
    enum { ROWS = 20000 };
    struct error error = {0};
    char *text = memory_array(ROWS + 1, 16);
    size_t used = (size_t)sprintf(text, "n,m\n");

    for (int i = 0; i < ROWS; i++)
        used += (size_t)sprintf(text + used, "%d,\"%d\"\n", i, i % 10);
    struct table *table = open_bytes(dir, text, used, &error);
    assert_non_null(table);
    assert_int_equal(table_rows(table), ROWS);
    for (size_t i = 0; i < ROWS; i += 997) {
        assert_int_equal(strtoul(table_field(table, i, 0), NULL, 10), i);
        assert_int_equal(strtoul(table_field(table, i, 1), NULL, 10), i % 10);
        assert_int_equal(table_line(table, i), i + 2);
    }
    table_close(table);
    free(text);
}

static void test_mutations(void **state)
{
    static const char original[] = "key,title,n\r\na,\"one, \"\"two\"\"\n\",3\r\nb,\xc3\xa9t\xc3\xa9,\n";
    unsigned char bytes[sizeof original + 16];
    uint32_t seed = 20261121;
    size_t accepted = 0;

    for (int i = 0; i < folder_mutations(4000); i++) {
        size_t size = folder_mutate((const unsigned char *)original, sizeof original - 1, bytes, &seed);
        struct table *table = open_bytes(*state, bytes, size, NULL);
        if (!table)
            continue;
        size_t total = 0;
        for (size_t row = 0; row < table_rows(table); row++)
            for (size_t column = 0; column < table_columns(table); column++)
                total += strlen(table_field(table, row, column)) + 1;
        assert_true(total <= size + 1);
        accepted++;
        table_close(table);
    }
    assert_in_range(accepted, 1, folder_mutations(4000) - 1);
}

static void test_out_of_memory(void **state)
{
    const char *dir = *state;
    struct table *table = NULL;
    long failed = 0;

    for (; !table; failed++) {
        struct error error = {0};
        folder_write(dir, "x.csv", "a,b\n1,2\n", 8);
        memory_fail_after(failed);
        table = table_open(folder_path(dir, "x.csv"), &error);
        memory_fail_after(-1);
        if (!table)
            assert_int_equal(error.kind, ERROR_MEMORY);
    }
    assert_true(failed > 3);
    table_close(table);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_tables),    TEST(test_columns_by_name), TEST(test_refusals),  TEST(test_too_many_columns),
        TEST(test_too_large), TEST(test_many_rows),       TEST(test_mutations), TEST(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
