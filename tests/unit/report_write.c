/* Reports as text, CSV and JSON. */
#include "engine/results/report.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/memory.h"
#include "engine/results/format.h"

static const struct column columns[] = {
    {"name", "name", 0, 0, false},     {"part.share", "share %", 1, 100, false}, {"hidden", NULL, 0, 0, false},
    {"absent", "absent", 0, 0, false}, {"shift", "shift", 0, 0, true},
};

static struct report make(void)
{
    json_t *tree = json_object(), *rows = json_array(), *first = json_object(), *second = json_object();

    json_object_set_new(first, "name", report_text("a, \"b\"\x1b[31m"));
    json_object_set_new(first, "part", json_pack("{s:f}", "share", 0.5));
    json_object_set_new(first, "hidden", report_count(3));
    json_object_set_new(first, "shift", json_integer(7));
    json_object_set_new(second, "name", report_text("\xff"));
    json_object_set_new(second, "part", json_pack("{s:o}", "share", report_real(NAN)));
    json_object_set_new(second, "hidden", json_true());
    json_object_set_new(second, "shift", json_integer(0));
    json_array_append_new(rows, first);
    json_array_append_new(rows, second);
    json_object_set_new(tree, "rows", rows);
    return (struct report){
        .tree = tree,
        .layout = {.rows = "rows", .columns = columns, .count = sizeof columns / sizeof *columns},
    };
}

static char *written(struct report *report, const struct format *format)
{
    struct error error = {0};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_int_equal(format->report(report, out, &error), 0);
    fclose(out);
    return text;
}

static void test_csv(void **state)
{
    struct report report = make();
    char *text = written(&report, &format_csv);

    (void)state;
    assert_string_equal(text,
                        "name,part.share,hidden,shift\r\n\"a, \"\"b\"\"\x1b[31m\",0.5,3,7\r\n\xef\xbf\xbd,,true,0\r\n");
    assert_int_equal(report_rows(&report), 2);
    free(text);
    report_close(&report);
}

/* Nothing in a cell moves the cursor; unlabelled columns and those that no row has are left out. */
static void test_text(void **state)
{
    struct report report = make();
    char *text = written(&report, &format_text);

    (void)state;
    assert_null(strchr(text, 0x1b));
    assert_non_null(strstr(text, "share %"));
    assert_non_null(strstr(text, "50.0"));
    assert_non_null(strstr(text, "+7\n"));
    assert_non_null(strstr(text, "=\n"));
    assert_null(strstr(text, "absent"));
    assert_null(strstr(text, "hidden"));
    free(text);
    report_close(&report);
}

static void test_json(void **state)
{
    struct report report = make();
    char *text = written(&report, &format_json);
    json_t *read = json_loads(text, 0, NULL);

    (void)state;
    assert_non_null(read);
    assert_true(json_equal(read, report.tree));
    json_decref(read);
    free(text);
    report_close(&report);
    report_close(&report); /* harmless */
}

static void test_without_memory(void **state)
{
    struct report report = make();

    (void)state;
    int status = -1;
    for (long n = 0; status; n++) {
        struct error error = {0};
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);
        memory_fail_after(n);
        status = format_text.report(&report, out, &error);
        memory_fail_after(-1);
        assert_int_equal(status, n < 2 ? -1 : 0);
        assert_int_equal(error.kind, n < 2 ? ERROR_MEMORY : ERROR_NONE);
        fclose(out);
        free(text);
    }
    report_close(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
