/* Tables of every kind: TSV, JSON and JSON lines give the same as CSV; anything else is refused, with the line. */
#include "engine/formats/table.h"
#include "engine/formats/table_reader.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "tests/unit/folder.h"
#include <stdbool.h>

static struct table *open_bytes(const char *dir, const char *name, const void *bytes, size_t size, struct error *error)
{
    folder_write(dir, name, bytes, size);
    return table_open(folder_path(dir, name), error);
}

/* Rows as "line:field|field|", the header first as "0:"; or the error. */
static void describe(struct table *table, const struct error *error, char *found, size_t size)
{
    if (!table) {
        snprintf(found, size, "%s", error->text);
        return;
    }
    size_t used = (size_t)snprintf(found, size, "0:");
    for (size_t i = 0; i < table_columns(table); i++)
        used += (size_t)snprintf(found + used, size - used, "%s|", table_name(table, i));
    for (size_t row = 0; row < table_rows(table); row++) {
        used += (size_t)snprintf(found + used, size - used, "%zu:", table_line(table, row));
        for (size_t i = 0; i < table_columns(table); i++)
            used += (size_t)snprintf(found + used, size - used, "%s|", table_field(table, row, i));
    }
    table_close(table);
}

static void expect(const char *dir, const char *name, const char *text, const char *expected)
{
    struct error error = {0};
    char found[1024];

    describe(open_bytes(dir, name, text, strlen(text), &error), &error, found, sizeof found);
    assert_string_equal(found, expected);
}

static void test_tsv(void **state)
{
    const char *dir = *state;

    expect(dir, "x.tsv", "a\tb\n1\t2\n3\t4\n", "0:a|b|2:1|2|3:3|4|");
    expect(dir, "x.TSV",
           "\xef\xbb\xbf"
           "a\tb\r\n1\t2\r\n\r\n3\t4",
           "0:a|b|2:1|2|4:3|4|");
    expect(dir, "x.tab", "a\tb\n\t\n ,\t;\n", "0:a|b|2:||3: ,|;|");
    expect(dir, "x.tsv", "a\tb\nsay \"no\"\t\"\n", "0:a|b|2:say \"no\"|\"|");
    expect(dir, "x.tsv", "a\tb\n\"say \"\"no\"\"\"\t\"x\"\n", "0:a|b|2:say \"no\"|x|");
    expect(dir, "x.tsv", "a\tb\n\"a\" or \"b\"\t\"\"\"\n", "0:a|b|2:\"a\" or \"b\"|\"\"\"|");
    expect(dir, "x.tsv", "a\n\"\"\n", "0:a|2:|");
}

static void test_text(void **state)
{
    const char *dir = *state;

    expect(dir, "x.txt", "a dog, running\n\n\"x\"\t1\r\nlast\n\n\n",
           "0:caption|1:a dog, running|2:|3:\"x\"\t1|4:last|");
    expect(dir, "x.TXT",
           "\xef\xbb\xbf"
           "one",
           "0:caption|1:one|");
    /* Columns named in the first line make it a table. */
    expect(dir, "x.txt", "video,caption\n1,\"a, b\"\n", "0:video|caption|2:1|a, b|");
    expect(dir, "x.txt", "key\ttitle\n1\t2\n", "0:key|title|2:1|2|");
    expect(dir, "x.txt", "captions of dogs\n", "0:caption|1:captions of dogs|");
}

static void test_json(void **state)
{
    const char *dir = *state;

    expect(dir, "x.json", "[{\"a\": \"1\", \"b\": \"2\"},\n {\"a\": \"3\", \"b\": \"4\"}]", "0:a|b|1:1|2|2:3|4|");
    expect(dir, "x.json", "\xef\xbb\xbf [\n{\"a\":1}\n,{\"b\":2,\"a\":3},\n{}]\n", "0:a|b|2:1||3:3|2|4:||");
    expect(dir, "x.json", "[]", "0:");
    expect(dir, "x.json", "[{\"a\":true,\"b\":false,\"c\":null,\"d\":-7,\"e\":0.1,\"f\":1e300,\"g\":12.0}]",
           "0:a|b|c|d|e|f|g|1:true|false||-7|0.1|1e+300|12|");
    expect(dir, "x.json", "[{\"a\":[1, {\"b\":\"c\"}],\"d\":{}}]", "0:a|d|1:[1,{\"b\":\"c\"}]|{}|");
    expect(dir, "x.json", "[{\"a\":\"\\u00e9\\ud83d\\udc36\\n\\\"\"}]", "0:a|1:\xc3\xa9\xf0\x9f\x90\xb6\n\"|");
    expect(dir, "x.json", "{\"n\": 1, \"s\": \"]\\\"}{\", \"rows\": [{\"a\": 1}], \"t\": [1, 2]}", "0:a|1:1|");
    expect(dir, "x.json", "{\"empty\": [\n]}", "0:");
}

static void test_json_members(void **state)
{
    const char *dir = *state;
    static const char text[] = "{\"info\": {\"x\": [{\"no\": 1}]},\n"
                               "\"videos\": [{\"video_id\": \"v0\", \"id\": 0}],\n"
                               "\"sentences\": [\n{\"caption\": \"a cat\"},\n{\"caption\": \"b\"}]}";
    struct error error = {0};
    char found[8192], spec[4200];

    folder_write(dir, "x.json", text, strlen(text));
    static const struct {
        const char *member, *expected;
    } cases[] = {
        {":videos", "0:video_id|id|2:v0|0|"},
        {":sentences", "0:caption|4:a cat|5:b|"},
        {":info", "has no array of objects \"info\"; it has: videos, sentences"},
        {"", "holds several arrays of objects (videos, sentences); say which as "},
        {":", "x.json:: No such file"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(spec, sizeof spec, "%s%s", folder_path(dir, "x.json"), cases[i].member);
        describe(table_open(spec, &error), &error, found, sizeof found);
        if (!strstr(found, cases[i].expected))
            fail_msg("\"%s\" is not \"%s\"", found, cases[i].expected);
    }
    /* a file of that very name is not a member */
    folder_write(dir, "x.json:videos", "a,b\n1,2\n", 8);
    snprintf(spec, sizeof spec, "%s", folder_path(dir, "x.json:videos"));
    describe(table_open(spec, &error), &error, found, sizeof found);
    assert_string_equal(found, "0:a|b|2:1|2|");

    static const char *const others[][2] = {
        {"y.csv", "a,b\n"}, {"y.tsv", "a\tb\n"}, {"y.json", "[{}]"}, {"y.jsonl", "{}\n{}\n"}};
    for (size_t i = 0; i < 4; i++) {
        folder_write(dir, others[i][0], others[i][1], strlen(others[i][1]));
        snprintf(spec, sizeof spec, "%s:rows", folder_path(dir, others[i][0]));
        assert_null(table_open(spec, &error));
        assert_non_null(strstr(error.text, "\"rows\" to read"));
    }
}

static void test_json_lines(void **state)
{
    const char *dir = *state;

    expect(dir, "x.jsonl", "{\"a\": 1}\n\n{\"a\": 2, \"b\": \"x\"}\n", "0:a|b|1:1||3:2|x|");
    expect(dir, "x.ndjson", "{\"a\": 1}", "0:a|1:1|");
    expect(dir, "x.jsonl", "{\n\"a\": 1}{\"a\":\n2}\n", "0:a|1:1|2:2|");
    expect(dir, "x.jsonl", "", "0:");
    expect(dir, "x.json", "{\"a\": [{}]}\n{\"a\": 2}\n", "0:a|1:[{}]|2:2|");
}

/* Without a known extension the contents decide. */
static void test_recognised(void **state)
{
    const char *dir = *state;

    expect(dir, "x", "a,b\n1,2\n", "0:a|b|2:1|2|");
    expect(dir, "x.txt", "a\tb\n1,5\t2\n", "0:a|b|2:1,5|2|");
    expect(dir, "x.txt", " [{\"a\":\"1\"}]", "0:a|1:1|");
    expect(dir, "x.txt", "\n{\"rows\":[{\"a\":\"1\"}]}", "0:a|2:1|");
    expect(dir, "x.txt", "{\"a\":\"1\"}\n{\"a\":\"2\"}", "0:a|1:1|2:2|");
}

static void test_places(void **state)
{
    struct error error = {0};
    char place[TABLE_PLACE], names[16];
    static const char json[] = "[{\"key\":1,\"title\":2,\"a long name\":3},\n{}]";
    struct table *table = open_bytes(*state, "x.json", json, strlen(json), &error);

    assert_non_null(table);
    assert_non_null(strstr(table_place(table, 1, place), "x.json:2 (row 2)"));
    assert_string_equal(table_where(table, 1, place), "row 2");
    table_names(table, names, sizeof names);
    assert_string_equal(names, "key, ...");
    assert_string_equal(table_field(table, 0, SIZE_MAX), "");
    table_close(table);
    table = open_bytes(*state, "x.tsv", "a\n1\n2\n", 6, &error);
    assert_non_null(strstr(table_place(table, 1, place), "x.tsv:3"));
    assert_null(strchr(place, '('));
    assert_string_equal(table_where(table, 1, place), "line 3");
    table_close(table);
}

static void test_refusals(void **state)
{
    const char *dir = *state;
    static const struct {
        const char *name, *text, *part;
    } cases[] = {
        {"x.tsv", "", "x.tsv: is empty"},
        {"x.tsv", "a\tb\n1\n", "x.tsv:2: has 1 field where the header has 2"},
        {"x.tsv", "a\tb\n\n1\t2\t3\n", "x.tsv:3: has 3 fields where the header has 2"},
        {"x.tsv", "a\ta\n", "x.tsv:1: two columns are named 'a'"},
        {"x.tsv", "a\nx\xff\n", "x.tsv:2: is not UTF-8"},
        {"x.txt", "\n\n", "x.txt: is empty; one caption a line is needed"},
        {"x.txt", "a\nx\xff\n", "x.txt:2: is not UTF-8"},
        {"x.json", "", "x.json:1: is not JSON"},
        {"x.json", "\n\na,b\n", "x.json:3: is not JSON: it begins with neither '[' nor '{'"},
        {"x.json", "[1, 2]", "x.json:1 (row 1): is not an object"},
        {"x.json", "[{\"a\":1},\n[]]", "x.json:2 (row 2): is not an object"},
        {"x.json", "[{\"a\":1},]", "x.json:1 (row 2): is not an object"},
        {"x.json", "[{\"a\":1}\n{\"a\":2}]", "x.json:2 (row 2): ',' or ']' is missing before it"},
        {"x.json", "[{\"a\":1}", "x.json:1 (row 2): ']' is missing at the end"},
        {"x.json", "[{\"a\":1},\n", "x.json:2 (row 2): is missing: the file ends early"},
        {"x.json", "[\n{\"a\":1},\n{\"a\":\n", "x.json:4 (row 2): "},
        {"x.json", "[{\"a\":1,\"a\":2}]", "x.json:1 (row 1): duplicate object key"},
        {"x.json", "[{\"a\":\"\xff\"}]", "x.json:1 (row 1): unable to decode byte 0xff"},
        {"x.json", "[{\"a\":NaN,\"a\":2}]", "x.json:1 (row 1): duplicate object key"},
        {"x.json", "[{\"a\":nan}]", "x.json:1 (row 1): "},
        {"x.json", "[{\"a\":NaN,}]", "x.json:1 (row 1): "},
        {"x.json", "[{\"a\":[NaN,\"\x01\"]}]", "x.json:1 (row 1): "},
        {"x.json", "[{\"a\":NaN,\"b\":01}]", "x.json:1 (row 1): "},
        {"x.json", "[{\"a\":NaN,\"b\":\"\\x\"}]", "x.json:1 (row 1): "},
        {"x.json", "[{\"a\":1}] x", "x.json:1: something follows the end"},
        {"x.json", "{\"a\": 1}", "x.json: holds no array of objects"},
        {"x.json", "{\"a\": [1]", "x.json:1: ',' or '}' is missing"},
        {"x.json", "{\"a\": [", "x.json:1: the file ends early"},
        {"x.json", "{\"a\": \"x\\", "x.json:1: the file ends early"},
        {"x.json", "{\"a", "x.json:1: a name's closing quote is missing"},
        {"x.json", "{\"a\" 1}", "x.json:1: ':' is missing"},
        {"x.json", "{\"a\":", "x.json:1: a value is missing"},
        {"x.json", "{a: 1}", "x.json:1: a name in quotes is missing"},
        {"x.jsonl", "{\"a\":1}\n[]\n", "x.jsonl:2 (row 2): is not an object"},
        {"x.jsonl", "{\"a\":1}\n{\"a\"\n", "x.jsonl:3 (row 2): "},
        {"x.jsonl", "{\"a\":1},\n{\"a\":2}\n", "x.jsonl:1 (row 2): is not an object"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = {0};
        assert_null(open_bytes(dir, cases[i].name, cases[i].text, strlen(cases[i].text), &error));
        if (!strstr(error.text, cases[i].part))
            fail_msg("\"%s\" does not say \"%s\"", error.text, cases[i].part);
    }
    struct error error = {0};
    assert_null(open_bytes(dir, "x.tsv", "a\n1\n2\0\n", 8, &error));
    assert_non_null(strstr(error.text, "x.tsv:3: holds a zero byte"));
    assert_null(open_bytes(dir, "x.json", "[{}\0]", 5, &error));
    assert_non_null(strstr(error.text, "']' is missing"));
}

static void refuse_long(const char *dir, const char *name, char *text, size_t size, const char *part)
{
    struct error error = {0};

    assert_null(open_bytes(dir, name, text, size, &error));
    if (!strstr(error.text, part))
        fail_msg("\"%s\" does not say \"%s\"", error.text, part);
    free(text);
}

static void test_limits(void **state)
{
    enum { MANY = 3 << 20 };
    char *text = memory_array(MANY + 64, 1);

    memset(text, '\t', 2000);
    refuse_long(*state, "x.tsv", text, 2000, "x.tsv:1: has more than 1024 fields");

    text = memory_array(MANY + 64, 1); /* one object of 3 MiB */
    size_t used = (size_t)sprintf(text, "[{\"a\":\"");
    memset(text + used, 'x', MANY);
    refuse_long(*state, "x.json", text, used + MANY, "(row 1): is larger than 1 MiB");

    text = memory_array(MANY + 64, 1); /* nothing but brackets */
    memset(text, '[', MANY);
    memcpy(text, "[{\"a\":", 6);
    refuse_long(*state, "x.json", text, MANY, "(row 1): ");

    text = memory_array(MANY + 64, 1);
    used = (size_t)sprintf(text, "{");
    for (int i = 0; i < 1100; i++)
        used += (size_t)sprintf(text + used, "%s\"k%d\":0", i ? "," : "", i);
    used += (size_t)sprintf(text + used, "}\n");
    refuse_long(*state, "x.jsonl", text, used, "the objects have more than 1024 keys");

    text = memory_array(MANY + 64, 1); /* few keys are set, but most fields exist */
    used = (size_t)sprintf(text, "{");
    for (int i = 0; i < 1000; i++)
        used += (size_t)sprintf(text + used, "%s\"k%d\":0", i ? "," : "", i);
    used += (size_t)sprintf(text + used, "}\n");
    for (int i = 0; i < 100000; i++, used += 3)
        memcpy(text + used, "{}\n", 3);
    refuse_long(*state, "x.jsonl", text, used, "100001 rows of 1000 keys are too many");
}

static void test_mutations(void **state)
{
    static const char *const original[][2] = {
        {"x.tsv", "key\ttitle\r\na\t\"one\"\n\xc3\xa9\t\"\"\"x\"\"\"\n"},
        {"x.json", "{\"n\":[1],\"rows\":[{\"key\":\"a\\n\",\"b\":[0.5]},\n{\"key\":null}]}"},
        {"x.jsonl", "{\"key\":\"\\u00e9\",\"b\":1}\n{\"b\":{\"c\":true}}\n"},
    };
    unsigned char bytes[256];
    uint32_t seed = 20261121;

    for (size_t which = 0; which < 3; which++) {
        size_t accepted = 0;
        for (int i = 0; i < folder_mutations(3000); i++) {
            size_t size =
                folder_mutate((const unsigned char *)original[which][1], strlen(original[which][1]), bytes, &seed);
            struct table *table = open_bytes(*state, original[which][0], bytes, size, NULL);
            if (!table)
                continue;
            for (size_t row = 0; row < table_rows(table); row++)
                for (size_t column = 0; column < table_columns(table); column++) {
                    const char *field = table_field(table, row, column);
                    assert_true(text_is_utf8(field, strlen(field)));
                }
            accepted++;
            table_close(table);
        }
        assert_in_range(accepted, 1, folder_mutations(3000) - 1);
    }
}

/* Files that differ in a number are one table, in numeric order; columns go by name, places by file. */
static void test_shards(void **state)
{
    static const struct {
        const char *text, *refusal; /* of the last file */
    } cases[] = {
        {"b,a\n23,22\n25,24\n", NULL},
        {"a,c\n1,2\n", "x_11.csv: has a column \"c\" that"},
        {"a\n1\n", "x_11.csv: lacks the column \"b\" that"},
        {"a,b\n1\n", "x_11.csv:2: has 1 field"},
        {"", "x_11.csv: is empty"},
    };
    const char *dir = *state;
    char name[16], text[32], spec[2][4100], place[TABLE_PLACE];

    for (int i = 0; i < 11; i++) {
        snprintf(name, sizeof name, "x_%d.csv", i);
        snprintf(text, sizeof text, "a,b\n%d,%d\n", 2 * i, 2 * i + 1);
        folder_write(dir, name, text, i == 3 ? 4 : strlen(text)); /* one holds no rows */
    }
    snprintf(spec[0], sizeof spec[0], "%s", dir);
    snprintf(spec[1], sizeof spec[1], "%s/x_*.csv", dir);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = {0};
        folder_write(dir, "x_11.csv", cases[i].text, strlen(cases[i].text));
        struct table *table = table_open(spec[i % 2], &error);
        if (cases[i].refusal) {
            assert_null(table);
            assert_non_null(strstr(error.text, cases[i].refusal));
            continue;
        }
        assert_non_null(table);
        assert_int_equal(table_pieces(table), 12);
        assert_int_equal(table_rows(table), 12);
        assert_string_equal(table_field(table, 2, 0), "4");
        assert_string_equal(table_field(table, 3, 0), "8");
        assert_string_equal(table_field(table, 11, 1), "25");
        assert_string_equal(table_field(table, 11, 0), "24");
        assert_int_equal(table_piece(table, 2), 2);
        assert_int_equal(table_piece(table, 3), 4);
        assert_int_equal(table_piece(table, 11), 11);
        assert_non_null(strstr(table_place(table, 11, place), "/x_11.csv:3"));
        assert_non_null(strstr(table_where(table, 3, place), "/x_4.csv:2"));
        table_close(table);
    }
    unlink(folder_path(dir, "x_5.csv"));
    struct error error = {0};
    assert_null(table_open(spec[1], &error));
    assert_non_null(strstr(error.text, "no file has the number 5, but one has 6"));
}

static void test_out_of_memory(void **state)
{
    const char *dir = *state;
    static const char *const files[][2] = {
        {"x.tsv", "a\tb\n1\t2\n"}, {"x.json", "{\"r\":[{\"a\":1,\"b\":[2]}]}"}, {"x.jsonl", "{\"a\":1}\n{\"b\":2}\n"}};

    for (size_t i = 0; i < 3; i++) {
        struct table *table = NULL;
        long failed = 0;
        folder_write(dir, files[i][0], files[i][1], strlen(files[i][1]));
        for (; !table; failed++) {
            struct error error = {0};
            memory_fail_after(failed);
            table = table_open(folder_path(dir, files[i][0]), &error);
            memory_fail_after(-1);
            if (!table)
                assert_int_equal(error.kind, ERROR_MEMORY);
        }
        assert_true(failed > 3);
        table_close(table);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_tsv),        TEST(test_text),       TEST(test_json),          TEST(test_json_members),
        TEST(test_json_lines), TEST(test_recognised), TEST(test_places),        TEST(test_refusals),
        TEST(test_limits),     TEST(test_mutations),  TEST(test_out_of_memory), TEST(test_shards),
    };
    return cmocka_run_group_tests_name("tables", tests, NULL, NULL);
}
