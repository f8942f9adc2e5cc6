/* Names of files and words in files. */
#include "engine/results/name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_word(const char *text, const char *word)
{
    char out[64];

    name_word(out, sizeof out, text);
    assert_string_equal(out, word);
}

static void test_words(void **state)
{
    char out[8];

    (void)state;
    assert_word("plain_key-1.mp4", "plain_key-1.mp4");
    assert_word("", "%");
    assert_word("%", "%25");
    assert_word("two words\tand\nmore", "two%20words%09and%0Amore");
    assert_word("caf\xc3\xa9", "caf\xc3\xa9");
    assert_word("a\xc2\xa0"
                "b",
                "a%C2%A0b"); /* no-break space */
    assert_word("a\xe3\x80\x80"
                "b",
                "a%E3%80%80b"); /* ideographic space */
    assert_word("a\xe2\x80\x83"
                "b",
                "a%E2%80%83b"); /* em space */
    assert_word("\xff\x1b[m", "%FF%1B[m");
    name_word(out, sizeof out, "ab\xc3\xa9 cdef"); /* escapes are not split */
    assert_string_equal(out, "ab\xc3\xa9%20");
}

static void test_file_names(void **state)
{
    char out[32];

    (void)state;
    name_insert(out, sizeof out, "dir.d/a.run", "ncl");
    assert_string_equal(out, "dir.d/a.ncl.run");
    name_insert(out, sizeof out, "dir.d/a", "ncl");
    assert_string_equal(out, "dir.d/a.ncl");
    name_part(out, sizeof out, "ncl:scale=20,k=1@a b/c");
    assert_string_equal(out, "ncl_scale=20_k=1@a_b_c");
    name_part(out, 4, "abcdef");
    assert_string_equal(out, "abc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_file_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
