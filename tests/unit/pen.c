/* Rewritten output shows what the original shows, and leaves the same pen. */
#include "ui/terminal/pen.h"

#include "engine/base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *rewritten(const char *bytes)
{
    static char text[256];
    size_t size;
    const char *result = pen_rewritten(bytes, strlen(bytes), &size);

    assert_non_null(result);
    assert_true(size < sizeof text);
    memcpy(text, result, size);
    text[size] = 0;
    return text;
}

static void changes_that_nothing_shows_are_left_out(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"a\033[31mb\033[39m\033[mc", "a\033[31mb\033[mc"},
        {"\033[38;2;1;2;3ma\033[39m\033[m  \033[38;2;1;2;3mb", "\033[38;2;1;2;3ma  b"},
        {"\033[0;1mx\033[31m\033[44my", "\033[1mx\033[31;44my"},
        {"\033[0;1m\033[32mz\033[0m\033[32m\033[44mz", "\033[1;32mz\033[22;44mz"},
        {"\033[5;7H\033[32m\033[44m\033[7;8H  \033[K", "\033[5;7H\033[7;8H\033[44m  \033[K\033[32m"},
        {"\033[41m \033[me", "\033[41m \033[me"},
        {"\033[4m \033[7mr", "\033[4m \033[7mr"},
        {"\033[91m\033[104mb\033[38;5;200mc", "\033[91;104mb\033[38;5;200mc"},
        {"\033(B\033[md\033(B\033[me", "\033(Bde"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pen_forget();
        assert_string_equal(rewritten("\033[m"), "\033[m");
        assert_string_equal(rewritten(cases[i][0]), cases[i][1]);
    }
}

static void half_blocks_of_one_colour_are_spaces(void **state)
{
    (void)state;
    pen_forget();
    assert_string_equal(rewritten("\033[m\033[31m\033[44m▀"), "\033[0;31;44m▀");
    assert_string_equal(rewritten("\033[32m\033[42m▀▀\033[m"), "\033[42m  \033[m");
}

static void what_is_not_known_passes(void **state)
{
    (void)state;
    pen_forget();
    assert_string_equal(rewritten("\033[31ma"), "\033[31ma"); /* until the pen is known */
    assert_string_equal(rewritten("\033[31mb"), "\033[31mb");
    assert_string_equal(rewritten("\033[mc\033[31md"), "\033[mc\033[31md");
    assert_string_equal(rewritten("\033[38:2::1:2:3me\033[31mf"), "\033[38:2::1:2:3me\033[31mf");
    assert_string_equal(rewritten("\033[mg\033[?25l\033[5P\033"), "\033[mg\033[?25l\033[5P\033");
}

/* ---- any output: what each character looks like ---- */

struct look {
    int symbol, foreground, background;
    unsigned attributes;
};

struct shown {
    struct look now, cell[4096];
    size_t count;
    char moves[1 << 16];
    size_t moved;
};

static void show(struct shown *shown, int symbol)
{
    struct look look = shown->now;

    look.symbol = symbol;
    if (look.symbol == L'▀' && look.foreground == look.background && look.foreground >= 0)
        look.symbol = ' ';
    if (look.symbol == ' ' && !(look.attributes & (1u << 4 | 1u << 7))) {
        look.foreground = -1;
        look.attributes = 0;
    }
    assert_true(shown->count < sizeof shown->cell / sizeof *shown->cell);
    shown->cell[shown->count++] = look;
}

static void set_colour(struct look *look, int parameter, int colour)
{
    *(parameter / 10 == 3 ? &look->foreground : &look->background) = colour;
}

static void set_look(struct look *look, const char *text)
{
    for (;;) {
        char *end;
        int p = (int)strtol(text, &end, 10), r, g, b, used;
        if (p == 0)
            *look = (struct look){.foreground = -1, .background = -1};
        else if (p < 10)
            look->attributes |= 1u << p;
        else if (p == 22)
            look->attributes &= ~6u;
        else if (p < 30)
            look->attributes &= ~(1u << (p - 20));
        else if (p % 10 == 9)
            set_colour(look, p, -1);
        else if (p % 10 < 8)
            set_colour(look, p, p % 10);
        else if (sscanf(end, ";2;%d;%d;%d%n", &r, &g, &b, &used) == 3)
            set_colour(look, p, (1 + r) << 16 | g << 8 | b), end += used;
        if (*end != ';')
            return;
        text = end + 1;
    }
}

static void play(struct shown *shown, const char *bytes, size_t size)
{
    for (const char *at = bytes, *end = bytes + size; at < end;) {
        if (*at == '\033') {
            size_t length = strcspn(at + 2, "mKXH") + 3;
            if (at[length - 1] == 'm')
                set_look(&shown->now, at + 2);
            else if (at[length - 1] != 'H')
                show(shown, ' ');
            if (at[length - 1] != 'm') {
                memcpy(shown->moves + shown->moved, at, length);
                shown->moved += length;
            }
            at += length;
        } else if (*at == '\xe2') {
            show(shown, L'▀');
            at += 3;
        } else {
            show(shown, *at++);
        }
    }
}

static size_t any_output(struct random_state *random, char *bytes)
{
    static const int colour[] = {-1, 1, 2, 0x123456, 0x123457};
    size_t size = 0;

    for (int i = 0; i < 60; i++) {
        switch (random_below(random, 9)) {
        case 0:
            size += (size_t)sprintf(bytes + size, "\033[m");
            break;
        case 1:
            size += (size_t)sprintf(bytes + size, "\033[0;%dm", (int[]){1, 2, 4, 7}[random_below(random, 4)]);
            break;
        case 2:
        case 3:
        case 4: {
            int c = colour[random_below(random, 5)], base = random_below(random, 2) ? 30 : 40;
            if (c < 8)
                size += (size_t)sprintf(bytes + size, "\033[%dm", base + (c < 0 ? 9 : c));
            else
                size += (size_t)sprintf(bytes + size, "\033[%d;2;%d;%d;%dm", base + 8, c >> 16, c >> 8 & 255, c & 255);
            break;
        }
        case 5:
            size += (size_t)sprintf(bytes + size, random_below(random, 2) ? "\033[3;4H" : "\033[K");
            break;
        case 6:
            size += (size_t)sprintf(bytes + size, "▀");
            break;
        default:
            size += (size_t)sprintf(bytes + size, random_below(random, 2) ? " " : "x");
        }
    }
    return size;
}

static void any_output_looks_the_same(void **state)
{
    (void)state;
    static struct shown plain, shorter;
    struct random_state random = random_start(5, 0);
    char bytes[4096];
    size_t size, length, all = 0, left = 0;

    pen_forget();
    set_look(&plain.now, "");
    set_look(&shorter.now, "");
    for (int i = 0; i < 2000; i++) {
        size = any_output(&random, bytes);
        if (i == 0)
            size = (size_t)sprintf(bytes, "\033[m");
        const char *result = pen_rewritten(bytes, size, &length);
        assert_non_null(result);
        plain.count = plain.moved = shorter.count = shorter.moved = 0;
        play(&plain, bytes, size);
        play(&shorter, result, length);
        assert_int_equal(plain.count, shorter.count);
        assert_memory_equal(plain.cell, shorter.cell, plain.count * sizeof *plain.cell);
        assert_int_equal(plain.moved, shorter.moved);
        assert_memory_equal(plain.moves, shorter.moves, plain.moved);
        assert_memory_equal(&plain.now, &shorter.now, sizeof plain.now); /* the pen afterwards */
        all += size;
        left += length;
    }
    assert_true(left < all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_that_nothing_shows_are_left_out),
        cmocka_unit_test(half_blocks_of_one_colour_are_spaces),
        cmocka_unit_test(what_is_not_known_passes),
        cmocka_unit_test(any_output_looks_the_same),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    pen_stop();
    return failed;
}
