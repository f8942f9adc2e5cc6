/* UTF-8 from outside: decoding, checking and cleaning. */
#include "engine/base/text.h"

#include "engine/base/error.h"
#include "tests/unit/folder.h"
#include <errno.h>

/* The code points of `text`. */
static void expect_points(const char *text, const uint32_t *points, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_int_equal(text_next(&text), points[i]);
    assert_int_equal(text_next(&text), 0);
    assert_int_equal(*text, 0); /* the end is never passed */
}

static void test_decoding(void **state)
{
    (void)state;
    expect_points("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xb6", (const uint32_t[]){'a', 0xe9, 0x20ac, 0x1f436}, 4);
    expect_points("\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80", (const uint32_t[]){0x7f, 0x80, 0x7ff, 0x800}, 4);
    expect_points("\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", (const uint32_t[]){0xffff, 0x10000, 0x10ffff}, 3);
    expect_points("\xed\x9f\xbf\xee\x80\x80", (const uint32_t[]){0xd7ff, 0xe000}, 2);
}

static const char *const MALFORMED[] = {
    "\x80",                 /* continuation on its own */
    "\xc3",                 /* cut short */
    "\xe2\x82",             /* the same */
    "\xf0\x9f\x90",         /* the same */
    "\xc0\x80",             /* overlong NUL */
    "\xc1\xbf",             /* overlong */
    "\xe0\x9f\xbf",         /* the same */
    "\xf0\x8f\xbf\xbf",     /* the same */
    "\xed\xa0\x80",         /* surrogate */
    "\xf4\x90\x80\x80",     /* beyond U+10FFFF */
    "\xf8\x88\x80\x80\x80", /* five bytes */
    "\xfe",
    "\xff",
};

static void test_malformed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof MALFORMED / sizeof MALFORMED[0]; i++) {
        const char *text = MALFORMED[i];
        size_t length = strlen(text);
        char out[64], *copy = strdup(text); /* on the heap, where reads beyond the end are detected */
        const char *at = copy;
        assert_false(text_is_utf8(copy, length));
        assert_int_equal(text_next(&at), 0xfffd);
        while (text_next(&at))
            ;
        assert_ptr_equal(at, copy + length);
        text_clean(out, sizeof out, copy);
        assert_true(text_is_utf8(out, strlen(out)));
        assert_memory_equal(out, "\xef\xbf\xbd", 3);
        free(copy);
    }
    assert_true(text_is_utf8("", 0));
    assert_true(text_is_utf8("a\0b", 3)); /* a zero byte is a character here */
    assert_false(text_is_utf8("\xe2\x82\xac", 2));
    char out[16];
    text_clean(out, sizeof out, "a\xc3(\xff");
    assert_string_equal(out, "a\xef\xbf\xbd(\xef\xbf\xbd");
}

static void expect_clean(const char *text, const char *expected)
{
    char out[128];

    text_clean(out, sizeof out, text);
    assert_string_equal(out, expected);
}

static void test_cleaning(void **state)
{
    (void)state;
    expect_clean("plain \xc3\xa9 \xf0\x9f\x90\xb6", "plain \xc3\xa9 \xf0\x9f\x90\xb6");
    expect_clean("\x1b[31mred\x1b[0m\a\b\t\r\n\x7f", " [31mred [0m      ");
    expect_clean("\xc2\x9b"
                 "31m\xc2\x85",
                 " 31m "); /* C1: CSI, NEL */
    expect_clean("\xe2\x80\xae"
                 "evil\xe2\x80\xac",
                 " evil "); /* right-to-left override */
    expect_clean("\xe2\x81\xa6x\xe2\x81\xa9\xd8\x9c", " x  ");
    expect_clean("\xe2\x80\xa8\xe2\x80\xa9\xef\xbb\xbf", "   ");
    expect_clean("\xef\xbf\xbd", "\xef\xbf\xbd");
    expect_clean("", "");
}

static void test_cleaning_into_small_buffers(void **state)
{
    (void)state;
    static const char text[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xb6\xff"
                               "b";

    for (size_t size = 0; size <= sizeof text + 8; size++) {
        char *out = malloc(size + 1);
        out[size] = 'x';
        text_clean(out, size, text);
        assert_int_equal(out[size], 'x');
        if (size) {
            assert_true(strlen(out) < size);
            assert_true(text_is_utf8(out, strlen(out)));
            assert_memory_equal(out,
                                "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xb6\xef\xbf\xbd"
                                "b",
                                strlen(out));
        }
        free(out);
    }
}

/* Whatever the bytes, the result is UTF-8 without control characters. */
static void test_random_bytes(void **state)
{
    (void)state;
    uint32_t seed = 20261121;

    for (int i = 0; i < 20000; i++) {
        char text[32], out[64];
        size_t length = folder_random(&seed) % (sizeof text - 1);
        for (size_t j = 0; j < length; j++) {
            text[j] = (char)(folder_random(&seed) >> 8);
            if (folder_random(&seed) % 2)
                text[j] |= (char)0x80;
        }
        text[length] = 0;
        text_clean(out, sizeof out, text);
        assert_true(text_is_utf8(out, strlen(out)));
        for (const char *at = out; *at;) {
            uint32_t point = text_next(&at);
            assert_true(point >= 0x20 && !(point >= 0x7f && point < 0xa0));
        }
    }
}

static void test_encoding(void **state)
{
    (void)state;
    for (uint32_t point = 1; point <= 0x10ffff; point += point < 0x1000 ? 1 : 37) {
        char text[TEXT_POINT];
        const char *at = text;
        if (point >= 0xd800 && point < 0xe000)
            continue;
        text_put(point, text);
        assert_int_equal(text_next(&at), point);
        assert_int_equal(*at, 0);
    }
}

static void test_errors_are_one_clean_line(void **state)
{
    (void)state;
    struct error error = {0};

    assert_int_equal(error_set(&error, ERROR_INPUT, "%s: bad", "a\n\x1b[2Jb"), -1);
    assert_string_equal(error.text, "a  [2Jb: bad");
    errno = ENOENT;
    assert_int_equal(error_system(&error, "%s", "x\ty"), -1);
    assert_string_equal(error.text, "x y: No such file or directory");
    assert_int_equal(error.kind, ERROR_SYSTEM);
    char name[2000];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = 0;
    errno = ENOENT;
    assert_int_equal(error_system(&error, "%s", name), -1);
    assert_int_equal(strlen(error.text), sizeof error.text - 1);
    assert_int_equal(error_set(NULL, ERROR_INPUT, "%s", name), -1);
}

static void test_lists(void **state)
{
    char list[16] = "";

    (void)state;
    text_append(list, sizeof list, ", ", "one");
    assert_string_equal(list, "one");
    text_append(list, sizeof list, ", ", "two");
    text_append(list, sizeof list, " or ", "three");
    assert_string_equal(list, "one, two or thr");
    text_append(list, sizeof list, ", ", "four");
    assert_string_equal(list, "one, two or thr");
}

static void test_words(void **state)
{
    (void)state;
    assert_int_equal(text_word("run trec", "run"), 0);
    assert_int_equal(text_word("run trec", "TREC"), 1);
    assert_int_equal(text_word("run trec", "tre"), -1);
    assert_int_equal(text_word("run trec", ""), -1);
    assert_int_equal(text_word("run trec", "run trec"), -1);
    assert_int_equal(text_word("", "run"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decoding),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_cleaning),
        cmocka_unit_test(test_cleaning_into_small_buffers),
        cmocka_unit_test(test_random_bytes),
        cmocka_unit_test(test_encoding),
        cmocka_unit_test(test_errors_are_one_clean_line),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
