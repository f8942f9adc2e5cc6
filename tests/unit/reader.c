#include "ui/terminal/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char log_text[1 << 14];

static void note(const char *format, ...)
{
    va_list arguments;
    size_t used = strlen(log_text);

    va_start(arguments, format);
    vsnprintf(log_text + used, sizeof log_text - used, format, arguments);
    va_end(arguments);
}

/* A character by itself, one that is not printable as <hexadecimal>; others in brackets with what they hold. */
static void note_token(struct token *token)
{
    switch (token->type) {
    case TOKEN_CHARACTER:
        note(token->point > ' ' && token->point < 127 ? "%c" : "<%x>", (int)token->point);
        break;
    case TOKEN_ESCAPED:
        note("(alt %c)", (int)token->point);
        break;
    case TOKEN_SEQUENCE:
        note("(seq %s)", token->text + 1);
        break;
    case TOKEN_STRING:
        note("(str %s%s)", token->text + 1, strlen(token->text) < token->length ? " and more" : "");
        break;
    case TOKEN_PASTE:
        note("(paste %s)", token->paste);
        free(token->paste);
        break;
    }
}

static void feed(struct reader *reader, const char *bytes, size_t size, long now)
{
    struct token token;

    while (size) {
        size_t some = size < reader_room(reader) ? size : reader_room(reader);
        reader_feed(reader, bytes, some, now);
        while (reader_next(reader, &token))
            note_token(&token);
        bytes += some;
        size -= some;
    }
}

static void expire(struct reader *reader, long now)
{
    struct token token;

    if (reader_expire(reader, now, &token))
        note_token(&token);
}

/* The bytes in two pieces, cut at every place with a short pause between them, and one by one. */
static void check_sized(const char *bytes, size_t size, const char *wanted)
{
    struct reader reader;

    for (size_t cut = 0; cut <= size + 1; cut++) {
        log_text[0] = 0;
        reader_start(&reader, 100);
        if (cut <= size) {
            feed(&reader, bytes, cut, 1000);
            expire(&reader, 1090);
            feed(&reader, bytes + cut, size - cut, 1090);
        }
        for (size_t i = 0; i < size && cut > size; i++) {
            feed(&reader, bytes + i, 1, 1000 + 50 * (long)i);
            expire(&reader, 1040 + 50 * (long)i);
        }
        for (long now = 9000; reader_wait(&reader, now) >= 0; now += 1000)
            expire(&reader, now);
        reader_stop(&reader);
        if (strcmp(log_text, wanted) != 0)
            fail_msg("cut at %zu: '%s', not '%s'", cut, log_text, wanted);
    }
}

static void check(const char *bytes, const char *wanted)
{
    check_sized(bytes, strlen(bytes), wanted);
}

static void reads_keys(void **state)
{
    (void)state;
    check("q\r\x03", "q<d><3>");
    check("\033[A\033OAj", "(seq [A)(seq OA)j");
    check("\033[1;5C\033[3~x", "(seq [1;5C)(seq [3~)x");
    check("\033bx", "(alt b)x");
    check("\033\033[B", "<1b>(seq [B)");
    check("\033\033q", "<1b>(alt q)");
    check("\033", "<1b>");
    check("\033[[Ax", "(seq [[A)x");
    check("\033[<0;3;4Mx\033[<0;3;4mx", "(seq [<0;3;4M)x(seq [<0;3;4m)x");
    check("\033[M \x80\xffq", "(seq [M \x80\xff)q");
    check("\033\xc3\xa9", "<1b><e9>");
}

static void reads_utf8(void **state)
{
    (void)state;
    check("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "<e9><20ac><1f600>");
    check("caf\xe9 noir", "caf<fffd><20>noir");
    check("\xff\x80q", "<fffd><fffd>q");
    check("\xe2\x82q", "<fffd>q");
    check("\xe2\x82\033[A", "<fffd>(seq [A)");
    check("\xed\xa0\x80q", "<fffd>q");
    check("\xf0\x9f\x98", "<fffd>");
}

static void eats_replies(void **state)
{
    (void)state;
    check("\033]11;rgb:1e1e/2e2e/3030\033\\x", "(str ]11;rgb:1e1e/2e2e/3030)x");
    check("\033]11;rgb:1e1e/2e2e/3030\ax", "(str ]11;rgb:1e1e/2e2e/3030)x");
    check("\033P>|kitty(0.35.2)\033\\x", "(str P>|kitty(0.35.2))x");
    check("\033_Gi=31;OK\033\\x", "(str _Gi=31;OK)x");
    check("\033^quit q\033\\\033Xquit\ax", "(str ^quit q)(str Xquit)x");
    check("\033[?62;4c\033[?2026;2$y\033[6;20;10tx", "(seq [?62;4c)(seq [?2026;2$y)(seq [6;20;10t)x");
    check("\033]0;caf\xc3\xa9\ax", "(str ]0;caf\xc3\xa9)x");
    check_sized("\033]a\0b\ax", 7, "(str ]a and more)x");
    /* What begins anew, Ctrl-C, and what is longer than any reply. */
    check("\033]11;rgb\033[A", "(seq [A)");
    check("\033]11;rgb\033\033", "<1b><1b>");
    check("\033]11;rgb\x03q", "<3>q");
    check("\033]11;rgb\x18q", "q");
    check("\033[12\x03q", "<3>q");
    check("\033[12\033[A", "(seq [A)");
    static char large[3 * REPLY_SIZE];
    memset(large, 'q', sizeof large - 1);
    memcpy(large, "\033]", 2);
    memcpy(large + sizeof large - 4, "\033\\x", 3);
    struct reader reader;
    reader_start(&reader, 100);
    log_text[0] = 0;
    feed(&reader, large, sizeof large - 1, 0);
    assert_string_equal(log_text, "x");
}

static void reads_pastes(void **state)
{
    (void)state;
    check("a\033[200~quit\033[201~b", "a(paste quit)b");
    check("\033[200~caf\xe9 noir\033[201~q", "(paste caf\xef\xbf\xbd noir)q");
    check("\033[200~caf\xc3\xa9\033[201~q", "(paste café)q");
    check("\033[200~a\nb\tc\x7f\033[31md\033[201~q", "(paste a b c  [31md)q");
    check("\033[200~a\033\033[201~q", "(paste a )q");
    check("\033[200~a\033[20\033[201~q", "(paste a [20)q");
    check("\033[200~\033[201~q", "q");
    check("\033[201~q", "q");
    check("\033[200~abc\x03q", "(paste abc)<3>q");
    check("\033[200~abc\033[2\x03q", "(paste abc [2)<3>q");
    check("\033[200~abc", "(paste abc)");
    check("\033[200~abc\xe9", "(paste abc\xef\xbf\xbd)");
}

static void waits_for_the_rest(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        long wait;
        const char *after;
    } cases[] = {
        {"", -1, ""},
        {"q", -1, "q"},
        {"\033", 30, "<1b>"},
        {"\033[", READER_SEQUENCE_MS, ""},
        {"\033O", READER_SEQUENCE_MS, ""},
        {"\033[1;", READER_SEQUENCE_MS, ""},
        {"\033[M!", READER_SEQUENCE_MS, ""},
        {"\033]11;", READER_STRING_MS, ""},
        {"\033]11;\033", READER_SEQUENCE_MS, "<1b>"},
        {"\xe2\x82", READER_SEQUENCE_MS, "<fffd>"},
        {"\033[200~abc", READER_PASTE_MS, "(paste abc)"},
        {"\033[200~abc\033", READER_PASTE_MS, "(paste abc)"},
        {"\033[200~abc\033[2", READER_SEQUENCE_MS, "(paste abc)"},
        {"\033[200~", READER_PASTE_MS, ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reader reader;
        log_text[0] = 0;
        reader_start(&reader, 30);
        feed(&reader, cases[i].bytes, strlen(cases[i].bytes), 5000);
        assert_int_equal(reader_wait(&reader, 5000), cases[i].wait);
        if (cases[i].wait >= 0) {
            assert_string_equal(log_text, "");
            expire(&reader, 5000 + cases[i].wait - 1);
            assert_string_equal(log_text, "");
            assert_int_equal(reader_wait(&reader, 5000 + cases[i].wait - 1), 1);
            expire(&reader, 5000 + cases[i].wait);
        }
        assert_string_equal(log_text, cases[i].after);
        assert_int_equal(reader_wait(&reader, 99999), -1);
        feed(&reader, "q", 1, 99999);
        assert_int_equal(log_text[strlen(log_text) - 1], 'q');
        reader_stop(&reader);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_keys),   cmocka_unit_test(reads_utf8),         cmocka_unit_test(eats_replies),
        cmocka_unit_test(reads_pastes), cmocka_unit_test(waits_for_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
