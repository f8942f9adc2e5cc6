#include "ui/lessons/lesson.h"
#include "engine/base/random.h"
#include "ui/explorer/palette.h"
#include "ui/lessons/value.h"
#include "ui/views/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "title: T\nminutes: 2\n== One\n"

static struct lesson *read_text(const char *text, struct error *error)
{
    char *copy = strdup(text);
    struct lesson *lesson = lesson_read("l", copy, error);

    free(copy);
    return lesson;
}

static void reads_all_lines(void **state)
{
    struct error error;
    struct lesson *lesson =
        read_text("# a comment\ntitle: Two stops\nminutes: 3\n\n== The first\r\n:model ridge\n:hubs\n"
                  "keys: Tab o\npoint: {title} ... {N10 versus}\ncheck: N10 > 3\n"
                  "check: target = a b\nSome text\nand {R@1 ridge/ncl} more.\n\n==The second\nEnd",
                  &error);

    (void)state;
    assert_non_null(lesson);
    assert_string_equal(lesson->title, "Two stops");
    assert_int_equal(lesson->minutes, 3);
    assert_int_equal(lesson->stops, 2);
    const struct lesson_stop *stop = &lesson->stop[0];
    assert_string_equal(stop->title, "The first");
    assert_int_equal(stop->steps->count, 4);
    assert_string_equal(stop->steps->step[0].command, "model ridge");
    assert_string_equal(stop->steps->step[3].event.key, "o");
    assert_int_equal(stop->points, 1);
    assert_string_equal(stop->point[0].text, "{title} ... {N10 versus}");
    assert_int_equal(stop->checks, 2);
    assert_string_equal(stop->check[0].left, "N10");
    assert_int_equal(stop->check[0].sign, '>');
    assert_string_equal(stop->check[1].right, "a b");
    assert_int_equal(stop->check[1].line, 11);
    assert_string_equal(stop->text, "Some text and {R@1 ridge/ncl} more.");
    assert_string_equal(lesson->stop[1].title, "The second");
    assert_int_equal(lesson->stop[1].points, 0);
    lesson_free(lesson);
}

static void refuses(const char *text, const char *want)
{
    struct error error = {0};

    assert_null(read_text(text, &error));
    assert_string_equal(error.text, want);
}

static void refuses_bad_lines(void **state)
{
    (void)state;
    refuses("", "l:1: the lesson has no stop: '== TITLE' begins one");
    refuses("Text", "l:1: before the first '== ' come only title: and minutes:, not 'Text'");
    refuses("minutes: 2\n== One", "l:2: title: is missing above");
    refuses("title: T\n== One", "l:2: minutes: is missing above");
    refuses("minutes: 0", "l:1: minutes takes a number from 1 to 99, not '0'");
    refuses("title:", "l:1: nothing follows");
    refuses(HEAD, "l:4: the last stop has no text");
    refuses(HEAD "== Two", "l:4: the stop before has no text; it is 'One'");
    refuses(HEAD ":quit", "l:4: not a command of lessons: ':quit'");
    refuses(HEAD ":rul ncl", "l:4: not a command of lessons: ':rul ncl'");
    refuses(HEAD "keys: Tab e", "l:4: a lesson presses only keys that look or select, not 'Tab e'");
    refuses(HEAD "keys: :export a", "l:4: a lesson presses only keys that look or select, not ':export a'");
    refuses(HEAD "keys: monkey 1 5", "l:4: a lesson presses only keys that look or select, not 'monkey 1 5'");
    refuses(HEAD "keys: type q", "l:4: a lesson presses only keys that look or select, not 'type q'");
    refuses(HEAD "pont: x", "l:4: a stop has keys:, point: and check:, not 'pont: x'");
    refuses(HEAD "point: a\npoint: b\npoint: c\npoint: d", "l:7: more places than a stop may point at");
    refuses(HEAD "An {N10 text", "l:4: a brace without its other one: '{N10 text'");
    refuses(HEAD "An N10} text", "l:4: a brace without its other one: '} text'");
    refuses(HEAD "An {N11}", "l:4: there is no value 'N11'");
    refuses(HEAD "An {N10 nlc}", "l:4: there is no rule 'nlc'");
    refuses(HEAD "An {title ncl}", "l:4: title is not a value of a rule");
    refuses(HEAD "check: N10", "l:4: check: takes VALUE > VALUE, VALUE < VALUE or VALUE = TEXT, not 'N10'");
    refuses(HEAD "check: N10 > some", "l:4: there is no value 'some'");
    refuses(HEAD "bad \xff", "l:4: not UTF-8 text");
}

static void knows_its_limits(void **state)
{
    char text[4096] = HEAD;
    struct error error;

    (void)state;
    memset(text + strlen(HEAD), 'a', LESSON_TEXT);
    assert_null(read_text(text, &error));
    assert_non_null(strstr(error.text, "more text than a stop may have"));
    strcpy(text, HEAD "Text\n");
    for (int i = 1; i <= LESSON_STOPS_MOST; i++)
        strcat(text, "== More\nText\n");
    assert_null(read_text(text, &error));
    assert_non_null(strstr(error.text, "more stops than a lesson may have"));
}

/* Every command of lessons is one of the explorer, and one that only looks. */
static void has_commands(void **state)
{
    (void)state;
    for (size_t i = 0; lesson_command(i); i++) {
        const struct palette_entry *entry = palette_entry_of(lesson_command(i));
        bool view = false;
        for (size_t v = 0; v < VIEWS; v++)
            view = view || strcmp(views[v]->name, lesson_command(i)) == 0;
        assert_true(view || (entry && strcmp(entry->name, lesson_command(i)) == 0));
        assert_true(view || entry->contents == 0);
    }
    for (size_t i = 0; value_entry(i).name; i++)
        assert_int_equal(value_check(value_entry(i).name, NULL), 0);
}

/* Whatever the bytes, reading ends, with a lesson or one line. */
static void survives_noise(void **state)
{
    static const char text[] =
        "title: T\nminutes: 2\n\n== One\n:rule ncl:scale=3\nkeys: Tab o g\npoint: {title} ... {N10}\n"
        "check: N10 > 3\ncheck: target = a\nText {R@1 versus} text\n== Two\nMore {mass ridge/raw}\n";
    struct random_state random = {7};

    (void)state;
    for (int i = 0; i < 3000; i++) {
        char noisy[sizeof text];
        struct error error = {0};
        memcpy(noisy, text, sizeof text);
        for (int n = 0; n < 3; n++)
            noisy[random_below(&random, sizeof text - 1)] = (char)random_below(&random, 256);
        struct lesson *lesson = lesson_read("l", noisy, &error);
        assert_true(lesson || error.text[0]);
        assert_null(strchr(error.text, '\n'));
        lesson_free(lesson);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_all_lines), cmocka_unit_test(refuses_bad_lines),
                                       cmocka_unit_test(knows_its_limits), cmocka_unit_test(has_commands),
                                       cmocka_unit_test(survives_noise)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
