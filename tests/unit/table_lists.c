/* What tables in circulation do besides: several texts in a row, other separators, no header, UTF-16, and JSON as
 * Python writes it. */
#include "engine/formats/table_lists.h"
#include "engine/base/memory.h"
#include "engine/formats/table.h"
#include "engine/formats/table_reader.h"

#include "tests/unit/folder.h"

/* "a|b|2:1|2|": names, then lines and fields. */
static void expect_table(struct table *table, const struct error *error, const char *expected)
{
    char found[1024];
    size_t used = 0;

    if (!table)
        fail_msg("%s", error->text);
    for (size_t i = 0; i < table_columns(table); i++)
        used += (size_t)snprintf(found + used, sizeof found - used, "%s|", table_name(table, i));
    for (size_t row = 0; row < table_rows(table); row++) {
        used += (size_t)snprintf(found + used, sizeof found - used, "%zu:", table_line(table, row));
        for (size_t i = 0; i < table_columns(table); i++)
            used += (size_t)snprintf(found + used, sizeof found - used, "%s|", table_field(table, row, i));
    }
    assert_string_equal(found, expected);
}

static struct table *make(const char *dir, const char *name, const char *text, struct error *error)
{
    folder_write(dir, name, text, strlen(text));
    return table_open(folder_path(dir, name), error);
}

static void expect(const char *dir, const char *name, const char *text, const char *expected)
{
    struct error error = {0};
    struct table *table = make(dir, name, text, &error);

    expect_table(table, &error, expected);
    table_close(table);
}

static void separators(void **state)
{
    const char *dir = *state;

    expect(dir, "x.csv", "a;b\n1;\"2;\"\n", "a|b|2:1|2;|");
    expect(dir, "x.csv", "\"a;b\",c\n1,2\n", "a;b|c|2:1|2|");
    expect(dir, "x.csv", "sep=;\na;b\n1;2,3\n", "a|b|3:1|2,3|");
    expect(dir, "x.csv", "sep=;\r\na\r\n1,2\r\n", "a|3:1,2|");
    expect(dir, "x.csv", "a\tb\n\"x\" says,\t2\n", "a|b|2:\"x\" says,|2|");
}

static void without_header(void **state)
{
    const char *dir = *state;
    struct error error = {0};

    folder_write(dir, "x.csv", "k,k\nl,\"a, b\"\n", 13);
    struct table *table = table_open_headless(folder_path(dir, "x.csv"), &error);
    expect_table(table, &error, "1|2|1:k|k|2:l|a, b|");
    assert_true(table_is_headless(table));
    table_close(table);
    folder_write(dir, "x.tsv", "k\t1\t1\n", 6);
    table = table_open_headless(folder_path(dir, "x.tsv"), &error);
    expect_table(table, &error, "1|2|3|1:k|1|1|");
    table_close(table);
    folder_write(dir, "x.csv", "k\na,b\n", 6);
    assert_null(table_open_headless(folder_path(dir, "x.csv"), &error));
    assert_non_null(strstr(error.text, "x.csv:2: has 2 fields"));
    folder_write(dir, "x.csv", "", 0);
    assert_null(table_open_headless(folder_path(dir, "x.csv"), &error));
}

static void utf16(void **state)
{
    static const char little[] = "\xff\xfe"
                                 "a\0\n\0\xe9\0\xac\x20\x3d\xd8\x36\xdc\n",
                      big[] = "\xfe\xff\0a\0\n\0\xe9\x20\xac\xd8\x3d\xdc\x36", half[] = "\xff\xfe\x3d\xd8";
    struct error error = {0};

    folder_write(*state, "x.csv", little, sizeof little);
    struct table *table = table_open(folder_path(*state, "x.csv"), &error);
    expect_table(table, &error, "a|2:\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xb6|");
    table_close(table);
    folder_write(*state, "x.csv", big, sizeof big - 1);
    table = table_open(folder_path(*state, "x.csv"), &error);
    expect_table(table, &error, "a|2:\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xb6|");
    table_close(table);
    folder_write(*state, "x.csv", half, sizeof half - 1);
    assert_null(table_open(folder_path(*state, "x.csv"), &error));
    assert_non_null(strstr(error.text, "is damaged UTF-16"));
}

static void kinds(void **state)
{
    static const enum table_kind wanted[] = {TABLE_TEXT,   TABLE_NUMBER, TABLE_NUMBER, TABLE_NULL, TABLE_LIST,
                                             TABLE_OBJECT, TABLE_ODD,    TABLE_ODD,    TABLE_ODD,  TABLE_ODD};
    struct error error = {0};
    struct table *table = make(*state, "x.json",
                               "[{\"a\":\"x\",\"b\":1,\"c\":true,\"d\":null,\"e\":[\"1\"],\"f\":{\"g\":0}},\n"
                               "{\"a\":\"y\",\"b\":-2.5e3,\"h\":NaN,\"i\":-Infinity,\"j\":1000000000000000000000,"
                               "\"k\":[\"\\u0000\"]}]",
                               &error);

    expect_table(table, &error, "a|b|c|d|e|f|h|i|j|k|1:x|1|true||[\"1\"]|{\"g\":0}|||||2:y|-2500|||||||||");
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(table_kind(table, i >= 6, i), wanted[i]);
    assert_int_equal(table_kind(table, 0, 9), TABLE_ABSENT);
    assert_int_equal(table_kind(table, 0, SIZE_MAX), TABLE_ABSENT);
    assert_true(table_is_json(table));
    table_close(table);
    table = make(*state, "x.csv", "a\n[1]\n", &error);
    assert_int_equal(table_kind(table, 0, 0), TABLE_TEXT);
    table_close(table);
}

static void named_objects(void **state)
{
    struct error error = {0};

    static const char text[] = "{\"k\\u00e9\": {\"a\": 1},\n\"l\": {\"a\": NaN, \"b\": \"z\"}}";
    folder_write(*state, "x.json", text, strlen(text));
    struct table *table = table_open_as(&table_json_named, folder_path(*state, "x.json"), "key", &error);
    expect_table(table, &error, "key|a|b|1:k\xc3\xa9|1||2:l||z|");
    table_close(table);
    static const char *const damaged[] = {"", "[]", "{\"k\"", "{\"k\": 1}", "{\"k\": {}", "{k: {}}", "{\"k\" {}}"};
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        folder_write(*state, "x.json", damaged[i], strlen(damaged[i]));
        assert_null(table_open_as(&table_json_named, folder_path(*state, "x.json"), "key", &error));
        assert_int_equal(error.kind, ERROR_INPUT);
    }
}

static void lists(void **state)
{
    static const char json[] =
        "[{\"v\":\"a\",\"c\":[\"x\",\"y, z\"]},\n{\"v\":\"b\",\"c\":\"[1\"},\n{\"v\":\"c\",\"c\":[]}]";
    static const struct {
        const char *name, *text, *reason;
    } refused[] = {
        {"x.json", "[{\"c\":[1]}]", "(row 1): holds a list of something else"},
        {"x.json", "[{\"c\":[\"a\"]},{\"c\":[[\"a\"]]}]", "(row 2): holds a list of something else"},
        {"x.csv", "c\nx\n\"['a', 'b']\"\n", "x.csv:3: holds a list that is not JSON, as Python"},
    };
    struct table_spread found;
    struct error error = {0};
    struct table *table = make(*state, "x.json", json, &error);

    assert_int_equal(table_spread_lists(table, table_column(table, "c"), &found, &error), 0);
    expect_table(table, &error, "v|c|1:a|x|1:a|y, z|2:b|[1|");
    assert_int_equal(found.rows, 2);
    assert_int_equal(found.values, 2);
    assert_int_equal(found.empty, 1);
    assert_int_equal(table_spread_lists(table, 1, &found, &error), 0); /* idempotent */
    expect_table(table, &error, "v|c|1:a|x|1:a|y, z|2:b|[1|");
    table_close(table);
    table = make(*state, "x.csv", "v,c\na,\"[\"\"x\"\", \"\"y\"\"]\"\nb,[music]\nc,[1]\n", &error);
    assert_int_equal(table_spread_lists(table, 1, &found, &error), 0);
    expect_table(table, &error, "v|c|2:a|x|2:a|y|3:b|[music]|4:c|[1]|");
    table_close(table);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        table = make(*state, refused[i].name, refused[i].text, &error);
        assert_int_equal(table_spread_lists(table, table_column(table, "c"), NULL, &error), -1);
        if (!strstr(error.text, refused[i].reason))
            fail_msg("\"%s\" does not say \"%s\"", error.text, refused[i].reason);
        table_close(table);
    }
}

static void columns(void **state)
{
    struct table_spread found;
    struct error error = {0};
    struct table *table = make(*state, "x.csv", "f,c_1,c_2,c_3\na,1,2,3\nb,,4,\nc,,,\n", &error);

    assert_int_equal(table_spread_columns(table, "c", &found, &error), 0);
    expect_table(table, &error, "f|c|c_2|c_3|2:a|1|2|3|2:a|2|2|3|2:a|3|2|3|3:b|4|4||");
    assert_int_equal(found.rows, 3);
    assert_int_equal(found.values, 4);
    assert_int_equal(found.empty, 1);
    table_close(table);
    table = make(*state, "x.csv", "c_1,c\n1,2\n", &error);
    assert_int_equal(table_spread_columns(table, "c", NULL, &error), 0);
    expect_table(table, &error, "c_1|c|2:1|2|");
    table_close(table);
}

/* A thousand rows that each become five hundred of five hundred cells. */
static void too_many(void **state)
{
    enum { COLUMNS = 500, ROWS = 1000, BYTES = 1 << 21 };
    char *text = malloc(BYTES);
    size_t used = 0;
    struct error error = {0};

    for (int i = 1; i <= COLUMNS; i++)
        used += (size_t)snprintf(text + used, BYTES - used, "c_%d%s", i, i < COLUMNS ? "," : "\n");
    for (int i = 0; i < ROWS * COLUMNS; i++)
        used += (size_t)snprintf(text + used, BYTES - used, "b%s", (i + 1) % COLUMNS ? "," : "\n");
    struct table *table = make(*state, "x.csv", text, &error);
    assert_non_null(table);
    assert_int_equal(table_spread_columns(table, "c", NULL, &error), -1);
    assert_non_null(strstr(error.text, "would unpack to more than 64 MiB and 256 times its own size"));
    table_close(table);
    free(text);
}

static void joins(void **state)
{
    struct error error = {0};
    struct table *table = make(*state, "x.csv", "v,c\nb,1\na,2\nb,3\n,4\n,5\na,6\n", &error);

    assert_int_equal(table_join(table, 0, 1, &error), 0);
    expect_table(table, &error, "v|c|2:b|1 3|3:a|2 6|5:|4|6:|5|");
    table_close(table);
}

static void out_of_memory(void **state)
{
    static const char text[] = "[{\"v\":\"a\",\"c\":[\"x\",\"y\"]},{\"v\":\"a\",\"c_1\":\"1\",\"c_2\":NaN}]";
    bool done = false;

    folder_write(*state, "x.json", text, strlen(text));
    for (long n = 0; !done; n++) {
        struct error error = {0};
        memory_fail_after(n);
        struct table *table = table_open(folder_path(*state, "x.json"), &error);
        done = table && !table_spread_lists(table, 1, NULL, &error) && !table_join(table, 0, 1, &error) &&
               !table_spread_columns(table, "d", NULL, &error);
        memory_fail_after(-1);
        table_close(table);
        assert_true(done || error.kind == ERROR_MEMORY);
        assert_true(n < 1000);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(separators), TEST(without_header), TEST(utf16),    TEST(kinds), TEST(named_objects),
        TEST(lists),      TEST(columns),        TEST(too_many), TEST(joins), TEST(out_of_memory),
    };
    return cmocka_run_group_tests_name("tables of lists", tests, NULL, NULL);
}
