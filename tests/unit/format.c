/* The table of output formats: names, endings, what each can hold, and refusals that name the others. */
#include "engine/results/format.h"

#include "engine/results/lists_write.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_endings(void **state)
{
    (void)state;
    assert_ptr_equal(format_of_path(FORMAT_REPORT, "a.csv"), &format_csv);
    assert_ptr_equal(format_of_path(FORMAT_REPORT, "a.b/c.JSON"), &format_json);
    assert_ptr_equal(format_of_path(FORMAT_REPORT, "x.txt"), &format_text);
    assert_ptr_equal(format_of_path(FORMAT_LISTS, "x.run"), &format_trec);
    assert_ptr_equal(format_of_path(FORMAT_LISTS, "x.y.trec"), &format_trec);
    assert_ptr_equal(format_of_path(FORMAT_LISTS, "x.qrels"), &format_qrels);
    assert_ptr_equal(format_of_path(FORMAT_SCREEN, "x.txt"), &format_plain);
    assert_null(format_of_path(FORMAT_REPORT, "x.run"));
    assert_null(format_of_path(FORMAT_ANY, "x"));
    assert_null(format_of_path(FORMAT_ANY, "x.tsv"));
    assert_null(format_of_path(FORMAT_ANY, ".csv")); /* a hidden file without an ending */
    assert_null(format_of_path(FORMAT_ANY, "a.csv/x"));
    assert_null(format_of_path(FORMAT_ANY, "a.run trec"));
}

static const char *refused(unsigned contents, const char *name, const char *path)
{
    static struct error error;
    if (name)
        assert_null(format_choose(contents, "this", name, &error));
    else
        assert_null(format_choose_path(contents, "this", path, &error));
    return error.text;
}

static void test_refusals(void **state)
{
    char names[FORMAT_LIST], endings[FORMAT_LIST], want[2 * FORMAT_LIST];
    (void)state;
    format_names(FORMAT_REPORT, ", ", names);
    format_endings(FORMAT_REPORT, endings);
    assert_non_null(strstr(names, "csv, json, text"));
    assert_non_null(strstr(endings, ".csv, .json"));
    assert_non_null(strstr(endings, " or ."));
    snprintf(want, sizeof want, "this has no format 'npy': %s", names);
    assert_string_equal(refused(FORMAT_REPORT, "npy", NULL), want);
    snprintf(want, sizeof want, "this has no format '.run': %s", endings);
    assert_string_equal(refused(FORMAT_REPORT, NULL, "a/b.run"), want);
    snprintf(want, sizeof want, "the format of 'b.xlsx' is unknown: name it %s", endings);
    assert_string_equal(refused(FORMAT_REPORT, NULL, "b.xlsx"), want);
    assert_string_equal(refused(FORMAT_PAGE, NULL, "b.csv"), "this has no format '.csv': .html");
    assert_ptr_equal(format_choose_path(FORMAT_PAGE, "this", "b", NULL), &format_html); /* the only choice */
    assert_ptr_equal(format_choose_path(FORMAT_PAGE, "this", "b.htm", NULL), &format_html);
}

/* Names and endings are unique among formats that hold the same kind. */
static void test_table(void **state)
{
    const struct format *format, *other;
    char ending[FORMAT_ENDING], path[32];
    (void)state;
    for (unsigned contents = 1; contents < FORMAT_ANY; contents *= 2)
        for (size_t i = 0; (format = format_at(contents, i)); i++) {
            assert_true(format->name && format->endings && format->help);
            assert_true(format_holds(format) & contents);
            assert_ptr_equal(format_named(contents, format->name), format);
            snprintf(path, sizeof path, "a.%s", format_ending(format, ending));
            assert_ptr_equal(format_of_path(contents, path), format);
            for (size_t j = 0; (other = format_at(contents, j)) && j < i; j++)
                assert_string_not_equal(other->name, format->name);
            if (contents == FORMAT_LISTS)
                assert_true(format->lists->begin && format->lists->query && format->lists->end);
        }
    assert_non_null(format_at(FORMAT_VECTOR, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_endings),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
