#include "ui/explorer/palette.h"
#include "ui/explorer/completion.h"
#include "ui/views/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/results/format.h"

static void finds_commands(void **state)
{
    (void)state;
    assert_string_equal(palette_entry_of("rule ncl")->name, "rule");
    assert_string_equal(palette_entry_of("ver")->name, "versus");
    assert_null(palette_entry_of("ve2"));
    assert_null(palette_entry_of("v")); /* versus, video or view */
    assert_null(palette_entry_of(""));
    for (size_t i = 0; i < palette_count; i++) {
        assert_ptr_equal(palette_entry_of(palette[i].name), &palette[i]);
        assert_true(palette[i].help[0]);
        for (size_t v = 0; v < VIEWS; v++) /* a view's name alone is a command too */
            assert_string_not_equal(palette[i].name, views[v]->name);
    }
}

static void completes_names(void **state)
{
    char candidates[COMPLETIONS][COMPLETION_TEXT];

    (void)state;
    assert_int_equal(completion_find(NULL, "co", candidates, COMPLETIONS), 1);
    assert_string_equal(candidates[0], "columns ");
    assert_int_equal(completion_find(NULL, "", candidates, COMPLETIONS), palette_count + VIEWS);
    assert_int_equal(completion_find(NULL, "", candidates, 2), 2);
    assert_int_equal(completion_find(NULL, "zz", candidates, COMPLETIONS), 0);
    assert_int_equal(completion_find(NULL, "images o", candidates, COMPLETIONS), 2);
    assert_string_equal(candidates[1], "images off");
    assert_int_equal(completion_find(NULL, "zz o", candidates, COMPLETIONS), 0);
}

static void completes_files(void **state)
{
    char candidates[COMPLETIONS][COMPLETION_TEXT];
    size_t exports = 0, screens = 0;

    (void)state;
    while (format_at(FORMAT_EXPORT, exports))
        exports++;
    while (format_at(FORMAT_SCREEN, screens))
        screens++;
    assert_true(exports >= 6 && screens >= 3);
    assert_int_equal(completion_find(NULL, "export ", candidates, COMPLETIONS), 0);
    assert_int_equal(completion_find(NULL, "export a.b/hubs", candidates, COMPLETIONS), exports);
    assert_string_equal(candidates[0], "export a.b/hubs.csv");
    assert_string_equal(candidates[5], "export a.b/hubs.npy");
    assert_int_equal(completion_find(NULL, "export hubs.", candidates, COMPLETIONS), exports);
    assert_string_equal(candidates[3], "export hubs.run");
    assert_int_equal(completion_find(NULL, "export hubs.j", candidates, COMPLETIONS), 1);
    assert_string_equal(candidates[0], "export hubs.json");
    assert_int_equal(completion_find(NULL, "export hubs.csv", candidates, COMPLETIONS),
                     exports); /* offers the other exports */
    assert_string_equal(completion_file_help("export hubs.run"), "TREC run of the current rule");
    assert_string_equal(completion_file_help("screenshot hubs.txt"), "text without colours");
    assert_string_equal(completion_file_help("rule ncl.run"), "");
    assert_int_equal(completion_find(NULL, "screenshot a.x", candidates, COMPLETIONS), 0);
    assert_int_equal(completion_find(NULL, "screenshot a.svg", candidates, COMPLETIONS), screens);
}

static void refuses_unknown_ones(void **state)
{
    struct error error = {0};
    enum action action;

    (void)state;
    assert_int_equal(palette_run(NULL, "zz 3", &action, &error), -1);
    assert_non_null(strstr(error.text, "zz"));
    assert_int_equal(palette_run(NULL, "columns", &action, &error), -1);
    assert_int_equal(palette_run(NULL, "columns 9", &action, &error), -1);
    assert_int_equal(palette_run(NULL, "resize 10", &action, &error), -1);
    assert_int_equal(palette_run(NULL, "screenshot a.png", &action, &error), -1);
    assert_non_null(strstr(error.text, ".svg"));
    assert_int_equal(palette_run(NULL, "export", &action, &error), -1);
    assert_int_equal(palette_run(NULL, "  ", &action, &error), 0);
    assert_int_equal(action, ACTION_NONE);
    assert_int_equal(palette_run(NULL, "quit", &action, &error), 0);
    assert_int_equal(action, ACTION_QUIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_commands),
        cmocka_unit_test(completes_names),
        cmocka_unit_test(completes_files),
        cmocka_unit_test(refuses_unknown_ones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
