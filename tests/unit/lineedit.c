#include "ui/line/lineedit.h"

#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Sets text with the cursor at '|', presses the keys and compares with text and cursor. */
static void check(const char *before, const char *keys, const char *after)
{
    struct lineedit line = {0};
    char text[MODEL_TEXT], shown[MODEL_TEXT + 1], key[16];
    const char *bar = strchr(before, '|');

    assert_non_null(bar);
    snprintf(text, sizeof(text), "%.*s%s", (int)(bar - before), before, bar + 1);
    lineedit_set(&line, text);
    line.cursor = (size_t)(bar - before);
    while (*keys) {
        size_t length = strcspn(keys, " ");
        snprintf(key, sizeof(key), "%.*s", (int)length, keys);
        assert_int_not_equal(lineedit_key(&line, key), LINEEDIT_NOT_MINE);
        keys += length + (keys[length] == ' ');
    }
    assert_int_equal(line.length, strlen(line.text));
    snprintf(shown, sizeof(shown), "%.*s|%s", (int)line.cursor, line.text, line.text + line.cursor);
    assert_string_equal(shown, after);
}

static void moves(void **state)
{
    (void)state;
    check("one two|", "Left", "one tw|o");
    check("one two|", "Ctrl-B Ctrl-B", "one t|wo");
    check("|one", "Left", "|one");
    check("|one", "Right Ctrl-F", "on|e");
    check("one|", "Right", "one|");
    check("one| two", "Home", "|one two");
    check("one| two", "Ctrl-A", "|one two");
    check("one| two", "End", "one two|");
    check("|one two", "Ctrl-E", "one two|");
    check("one two|", "Alt-b", "one |two");
    check("one  |two", "Alt-b", "|one  two");
    check("one| two", "Alt-f", "one two|");
    check("|one two", "Alt-f", "one| two");
}

static void inserts_and_deletes(void **state)
{
    (void)state;
    check("ac|", "Left b", "ab|c");
    check("ab|c", "Backspace", "a|c");
    check("|c", "Backspace", "|c");
    check("a|bc", "Delete", "a|c");
    check("a|bc", "Ctrl-D", "a|c");
    check("abc|", "Delete", "abc|");
}

static void kills_and_yanks(void **state)
{
    (void)state;
    check("one two.x|", "Ctrl-W", "one |");
    check("one two.x|", "Alt-Backspace", "one two.|");
    check("one two  |", "Ctrl-W", "one |");
    check("one |two three", "Alt-d", "one | three");
    check("one two| three", "Ctrl-U", "| three");
    check("one| two", "Ctrl-K", "one|");
    check("one| two", "Ctrl-K Home Ctrl-Y", " two|one");
    check("one two|", "Ctrl-W Ctrl-Y Ctrl-Y", "one twotwo|");
    check("|", "Ctrl-Y", "|");
}

static void transposes(void **state)
{
    (void)state;
    check("ab|", "Ctrl-T", "ba|");
    check("a|bc", "Ctrl-T", "ba|c");
    check("|ab", "Ctrl-T", "|ab");
    check("a|", "Ctrl-T", "a|");
    check("\xc3\xa9|x", "Ctrl-T", "x\xc3\xa9|");
}

static void moves_by_characters(void **state)
{
    (void)state;
    check("a\xc3\xa9|", "Left", "a|\xc3\xa9");
    check("a\xc3\xa9|", "Backspace", "a|");
    check("|\xe6\xbc\xa2x", "Right", "\xe6\xbc\xa2|x");
    check("e\xcc\x81|", "Left", "|e\xcc\x81"); /* a letter with a combining accent is one character */
    check("e\xcc\x81|", "Backspace", "|");
    check("|", "\xc3\xbc", "\xc3\xbc|");
}

static void refuses_other_keys(void **state)
{
    struct lineedit line = {0};

    (void)state;
    lineedit_set(&line, "x");
    assert_int_equal(lineedit_key(&line, "PageUp"), LINEEDIT_NOT_MINE);
    assert_int_equal(lineedit_key(&line, "Enter"), LINEEDIT_NOT_MINE);
    assert_int_equal(lineedit_key(&line, "Up"), LINEEDIT_NOT_MINE);
    assert_int_equal(lineedit_key(&line, "Ctrl-G"), LINEEDIT_NOT_MINE);
    assert_string_equal(line.text, "x");
}

static void stays_within_its_length(void **state)
{
    struct lineedit line = {0};
    char paste[3 * MODEL_TEXT];

    (void)state;
    for (size_t i = 0; i + 3 <= sizeof(paste); i += 2)
        memcpy(paste + i, "\xc3\xa9", 3);
    lineedit_insert(&line, paste);
    assert_true(line.length < MODEL_TEXT);
    assert_int_equal(line.length % 2, 0); /* no character is split */
    lineedit_key(&line, "x");
    lineedit_key(&line, "\xc3\xa9");
    lineedit_key(&line, "Ctrl-U");
    lineedit_key(&line, "Ctrl-Y");
    lineedit_key(&line, "Ctrl-Y");
    assert_true(line.length < MODEL_TEXT);
    assert_int_equal(line.length, strlen(line.text));
}

static void cleans_what_is_inserted(void **state)
{
    struct lineedit line = {0};

    (void)state;
    lineedit_insert(&line, "a\nb\tc\033[31m");
    assert_string_equal(line.text, "a b c [31m");
}

static void scrolls(void **state)
{
    struct lineedit line = {0};

    (void)state;
    lineedit_set(&line, "0123456789");
    assert_int_equal(lineedit_scroll(&line, 5), 4); /* the cursor is after the text */
    assert_int_equal(line.first, 6);
    lineedit_key(&line, "Home");
    assert_int_equal(lineedit_scroll(&line, 5), 0);
    assert_int_equal(line.first, 0);
    lineedit_key(&line, "End");
    assert_int_equal(lineedit_scroll(&line, 20), 10);
    assert_int_equal(line.first, 0);
    lineedit_set(&line, "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"); /* two columns each */
    assert_int_equal(lineedit_scroll(&line, 5), 4);
    assert_int_equal(line.first, 3);
}

static void clicks(void **state)
{
    struct lineedit line = {0};

    (void)state;
    lineedit_set(&line, "a\xe6\xbc\xa2z");
    lineedit_scroll(&line, 10);
    lineedit_click(&line, 0);
    assert_int_equal(line.cursor, 0);
    lineedit_click(&line, 2); /* the second half of the wide character */
    assert_int_equal(line.cursor, 1);
    lineedit_click(&line, 3);
    assert_int_equal(line.cursor, 4);
    lineedit_click(&line, 99);
    assert_int_equal(line.cursor, 5);
}

static void recalls_history(void **state)
{
    struct history history = {0};
    struct lineedit line = {.history = &history};

    (void)state;
    history_add(&history, "first");
    history_add(&history, "second");
    history_add(&history, "second");
    history_add(&history, "");
    assert_int_equal(history.count, 2);
    lineedit_set(&line, "draft");
    lineedit_key(&line, "Up");
    assert_string_equal(line.text, "second");
    lineedit_key(&line, "Up");
    assert_string_equal(line.text, "first");
    assert_int_equal(lineedit_key(&line, "Up"), LINEEDIT_MOVED);
    lineedit_key(&line, "Down");
    lineedit_key(&line, "Down");
    assert_string_equal(line.text, "draft");
    assert_int_equal(lineedit_key(&line, "Down"), LINEEDIT_MOVED);
    history_close(&history);
}

static void finds_in_history(void **state)
{
    struct history history = {0};
    size_t found[HISTORY_LINES];

    (void)state;
    history_add(&history, "Crying face");
    history_add(&history, "red car");
    history_add(&history, "a face that is crying");
    history_add(&history, "Crying face");
    assert_int_equal(history_find(&history, "face CRY", found), 2);
    assert_int_equal(found[0], 3); /* the last first, and once */
    assert_int_equal(found[1], 2);
    assert_int_equal(history_find(&history, "  ", found), 3);
    assert_int_equal(history_find(&history, "face car", found), 0);
    history_close(&history);
}

static void keeps_history(void **state)
{
    char dir[] = "/tmp/hubscope-history-XXXXXX", path[128], line[32];
    struct history history = {0}, again = {0};
    struct rlimit limit, full;
    struct error error;

    (void)state;
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/state/hubscope/history", dir);
    for (int i = 0; i < HISTORY_LINES + 10; i++) {
        snprintf(line, sizeof(line), "line %d", i);
        history_add(&history, line);
    }
    assert_int_equal(history.count, HISTORY_LINES);
    assert_int_equal(history_save(&history, path, &error), 0);
    history_load(&again, path);
    assert_int_equal(again.count, HISTORY_LINES);
    assert_string_equal(again.line[0], "line 10");
    assert_string_equal(again.line[HISTORY_LINES - 1], line);
    struct stat facts;
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    history_add(&history, "of one"); /* two programs at a time: neither loses what the other typed */
    assert_int_equal(history_save(&history, path, &error), 0);
    history_add(&again, "of another");
    assert_int_equal(history_save(&again, path, &error), 0);
    history_close(&again);
    history_load(&again, path);
    assert_int_equal(again.count, HISTORY_LINES);
    assert_string_equal(again.line[HISTORY_LINES - 2], "of one");
    assert_string_equal(again.line[HISTORY_LINES - 1], "of another");
    signal(SIGXFSZ, SIG_IGN); /* no room: named, and the file stays as it was */
    getrlimit(RLIMIT_FSIZE, &limit);
    full = limit;
    full.rlim_cur = 100;
    setrlimit(RLIMIT_FSIZE, &full);
    history_add(&again, "too much");
    assert_int_equal(history_save(&again, path, &error), -1);
    assert_non_null(strstr(error.text, "/history: cannot be written: File too large"));
    setrlimit(RLIMIT_FSIZE, &limit);
    history_close(&again);
    history_load(&again, path);
    assert_string_equal(again.line[HISTORY_LINES - 1], "of another");
    history_close(&again);
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0); /* neither waited for nor replaced */
    assert_false(history_load(&again, path));
    history_add(&history, "not kept");
    assert_int_equal(history_save(&history, path, &error), 0);
    assert_int_equal(stat(path, &facts), 0);
    assert_true(S_ISFIFO(facts.st_mode));
    history_close(&history);
    history_close(&again);
    unlink(path);
    for (int i = 0; i < 3; i++) {
        *strrchr(path, '/') = 0;
        rmdir(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves),
        cmocka_unit_test(inserts_and_deletes),
        cmocka_unit_test(kills_and_yanks),
        cmocka_unit_test(transposes),
        cmocka_unit_test(moves_by_characters),
        cmocka_unit_test(refuses_other_keys),
        cmocka_unit_test(stays_within_its_length),
        cmocka_unit_test(cleans_what_is_inserted),
        cmocka_unit_test(scrolls),
        cmocka_unit_test(clicks),
        cmocka_unit_test(recalls_history),
        cmocka_unit_test(finds_in_history),
        cmocka_unit_test(keeps_history),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
