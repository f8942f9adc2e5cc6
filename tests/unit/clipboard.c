#include "screen.h"

#include "ui/terminal/base64.h"
#include "ui/terminal/clipboard.h"

static void base64_is_that_of_everyone(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"},
                                           {"\377\376\375", "//79"}};
    char out[16];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t size = strlen(cases[i][0]);
        base64_put(out, cases[i][0], size);
        assert_int_equal(base64_length(size), strlen(cases[i][1]));
        assert_memory_equal(out, cases[i][1], base64_length(size));
    }
}

static void without_a_display_nothing_is_copied(void **state)
{
    (void)state;
    screen_start("xterm", "C.UTF-8", 5, 40, (struct terminal_options){0});
    assert_false(clipboard_put("text", 4));
    terminal_stop();
    assert_false(clipboard_put("text", 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_is_that_of_everyone),
        cmocka_unit_test(without_a_display_nothing_is_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
