#include "ui/keys/script.h"
#include "ui/keys/monkey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[64];

static struct script *read_text(const char *text, struct error *error)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    return script_open(path, error);
}

static void check_key(struct script *script, const char *key, int line)
{
    struct step *step = script_next(script);

    assert_non_null(step);
    assert_int_equal(step->type, STEP_EVENT);
    assert_int_equal(step->event.type, EVENT_KEY);
    assert_string_equal(step->event.key, key);
    assert_int_equal(step->line, line);
}

static void reads_all_kinds(void **state)
{
    struct error error;
    struct script *script =
        read_text("# a comment\n\n:rule ncl\nDown  Ctrl-U a Space\ntype h\xc3\xa9 x\npaste two words\n"
                  "click 3 14\ndouble 1 2\nwheel 3 14 -2\nmonkey 7 100",
                  &error);
    struct step *step;

    (void)state;
    assert_non_null(script);
    step = script_next(script);
    assert_int_equal(step->type, STEP_COMMAND);
    assert_string_equal(step->command, "rule ncl");
    assert_int_equal(step->line, 3);
    check_key(script, "Down", 4);
    check_key(script, "Ctrl-U", 4);
    check_key(script, "a", 4);
    check_key(script, " ", 4);
    check_key(script, "h", 5);
    check_key(script, "\xc3\xa9", 5);
    check_key(script, " ", 5);
    check_key(script, "x", 5);
    step = script_next(script);
    assert_int_equal(step->event.type, EVENT_PASTE);
    assert_string_equal(step->event.text, "two words");
    step = script_next(script);
    assert_int_equal(step->event.type, EVENT_MOUSE);
    assert_int_equal(step->event.mouse.y, 3);
    assert_int_equal(step->event.mouse.x, 14);
    assert_int_equal(step->event.mouse.wheel, 0);
    assert_false(step->event.mouse.twice);
    step = script_next(script);
    assert_true(step->event.mouse.twice);
    step = script_next(script);
    assert_int_equal(step->event.mouse.wheel, -1);
    step = script_next(script);
    assert_int_equal(step->type, STEP_MONKEY);
    assert_int_equal(step->seed, 7);
    assert_int_equal(step->count, 100);
    assert_null(script_next(script));
    script_free(script);
}

static void refuse(const char *text, const char *place)
{
    struct error error = {0};
    char expected[80];

    assert_null(read_text(text, &error));
    snprintf(expected, sizeof(expected), "%s:%s:", path, place);
    assert_memory_equal(error.text, expected, strlen(expected));
}

static void names_bad_lines(void **state)
{
    struct error error = {0};

    (void)state;
    refuse("Down\nDown Donw\n", "2");
    refuse("click 3\n", "1");
    refuse("click 3 4 5\n", "1");
    refuse("wheel 1 1 0\n", "1");
    refuse("\n\nmonkey x 1\n", "3");
    refuse(":\nab\n", "2");
    refuse("type \xff\n", "1");
    assert_null(script_open("/nonexistent/script", &error));
    assert_non_null(strstr(error.text, "/nonexistent/script"));
}

static void random_events_repeat(void **state)
{
    struct random_state a = {5}, b = {5};

    (void)state;
    for (int i = 0; i < 2000; i++) {
        struct event x = monkey_event(&a, 24, 80), y = monkey_event(&b, 24, 80);
        assert_memory_equal(&x, &y, sizeof(x));
        assert_string_not_equal(x.key, "q");
        assert_string_not_equal(x.key, "Ctrl-C");
        if (x.type == EVENT_MOUSE)
            assert_true(x.mouse.y >= 0 && x.mouse.y < 24 && x.mouse.x >= 0 && x.mouse.x < 80);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_all_kinds),
        cmocka_unit_test(names_bad_lines),
        cmocka_unit_test(random_events_repeat),
    };

    snprintf(path, sizeof(path), "/tmp/hubscope-script-%ld", (long)getpid());
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
