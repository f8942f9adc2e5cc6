#include "screen.h"
#include "ui/terminal/screen.h"

#include <locale.h>
#include <wchar.h>

static const struct terminal_options plain = {0};

static void cuts_by_display_width(void **state)
{
    (void)state;
    struct rect r = screen_start("xterm-256color", "C.UTF-8", 8, 20, plain), narrow = rect_left(r, 8);

    assert_int_equal(draw_text(narrow, 0, 0, STYLE_TEXT, "eight.--"), 8);
    assert_int_equal(draw_text(narrow, 1, 0, STYLE_TEXT, "nine char"), 8);
    assert_int_equal(draw_text(narrow, 2, 2, STYLE_TEXT, "abc"), 5);
    draw_text(narrow, 3, 0, STYLE_TEXT, "ab日本語");   /* 8 columns: fits */
    draw_text(narrow, 4, 0, STYLE_TEXT, "a日本語x");   /* 8 columns: fits */
    draw_text(narrow, 5, 0, STYLE_TEXT, "日本語日本"); /* 10 columns: the ellipsis would cut the fourth in two */
    draw_text(narrow, 6, -1, STYLE_TEXT, "日本");      /* half of the first character is outside */
    draw_text(narrow, 7, 0, STYLE_TEXT, "cafe\xcc\x81 au lait");
    assert_string_equal(screen_text(""),
                        "eight.--\nnine ch…\n  abc\nab日本語\na日本語x\n日本語…\n 本\ncafe\xcc\x81 au…\n");
    terminal_stop();
}

static void keeps_to_the_rectangle(void **state)
{
    (void)state;
    struct rect r = screen_start("xterm-256color", "C.UTF-8", 6, 20, plain), inner = {2, 5, 2, 6};

    for (int y = -3; y < 9; y++)
        for (int x = -12; x < 30; x += 3)
            draw_text(inner, y, x, STYLE_TEXT, "########");
    draw_fill((struct rect){-5, -5, 3, 3}, STYLE_BAR);
    draw_text((struct rect){5, 17, 10, 40}, 0, 0, STYLE_TEXT, "beyond the screen");
    draw_text((struct rect){40, 90, 10, 40}, 0, 0, STYLE_TEXT, "far away");
    draw_box((struct rect){0, 0, 1, 1}, STYLE_STRONG, "too small");
    assert_string_equal(screen_text(""), "\n\n     #####…\n     #####…\n\n                 be…\n");
    draw_clear(r);
    assert_string_equal(screen_text(""), "\n\n\n\n\n\n");
    terminal_stop();
}

static void control_characters_never_reach_the_screen(void **state)
{
    (void)state;
    struct rect r = screen_start("xterm-256color", "C.UTF-8", 3, 30, plain);

    draw_text(r, 0, 0, STYLE_TEXT,
              "a\033[31mb\tc\nd\x7f"
              "e\xc2\x9b"
              "f");
    draw_text(r, 1, 0, STYLE_TEXT, "x\xe2\x80\xaey\xff\xfez");
    draw_format(r, 2, 0, STYLE_TEXT, "%s", "\xcc\x81mark first");
    const char *text = screen_text("");
    assert_string_equal(text, "a [31mb c d e f\nx y\xef\xbf\xbd\xef\xbf\xbdz\n \xcc\x81mark first\n");
    terminal_stop();
}

static void places_text_at_the_right_and_wraps(void **state)
{
    (void)state;
    struct rect r = screen_start("xterm-256color", "C.UTF-8", 6, 12, plain);

    assert_int_equal(draw_wrapped(r, 0, 0, 2, STYLE_TEXT, "more than 9 %"), 2); /* a number keeps its % */
    assert_string_equal(screen_text(""), "more than\n9 %\n\n\n\n\n");
    screen_clear();
    draw_right(r, 0, 12, STYLE_TEXT, "%d", 42);
    draw_right(r, 1, 5, STYLE_TEXT, "%s", "abcdefgh");
    assert_int_equal(draw_wrapped(r, 2, 1, 3, STYLE_TEXT, "one two three four five six seven"), 3);
    assert_int_equal(draw_wrapped(r, 5, 0, 1, STYLE_TEXT, "incomprehensibilities"), 1);
    assert_string_equal(screen_text(""), "          42\nabcd…\n one two\n three four\n five six s…\nincomprehen…\n");
    assert_int_equal(text_columns("日本e\xcc\x81 x"), 7);
    terminal_stop();
}

static void falls_back_to_ascii(void **state)
{
    (void)state;
    for (int forced = 0; forced < 2; forced++) {
        struct rect r =
            screen_start("xterm-256color", forced ? "C.UTF-8" : "C", 5, 20, (struct terminal_options){.ascii = forced});
        assert_false(terminal_unicode());
        draw_text(r, 0, 0, STYLE_TEXT, "caf\xc3\xa9 \xe2\x80\x9cx\xe2\x80\x9d cafe\xcc\x81 日本");
        draw_text(rect_left(r, 5), 1, 0, STYLE_TEXT, "longer");
        draw_horizontal(r, 2, STYLE_STRONG, "title");
        draw_box(rect_left(rect_below(r, 3), 5), STYLE_TEXT, NULL);
        for (int g = 0; g < GLYPHS; g++) {
            assert_int_equal(strlen(glyph((enum glyph)g)), 1);
            assert_in_range(*glyph((enum glyph)g), 0x20, 0x7e);
        }
        const char *text = screen_text("");
        assert_string_equal(text, "cafe \"x\" cafe ??\nlong~\n-- title -----------\n+---+\n+---+\n");
        terminal_stop();
    }
}

static void every_glyph_is_one_column(void **state)
{
    (void)state;
    screen_start("xterm-256color", "C.UTF-8", 5, 20, plain);
    for (int g = 0; g < GLYPHS; g++)
        assert_int_equal(text_columns(glyph((enum glyph)g)), 1);
    terminal_stop();
}

static void rectangles_never_turn_inside_out(void **state)
{
    (void)state;
    struct rect r = {3, 4, 5, 6};

    for (int n = -2; n < 12; n++) {
        struct rect parts[] = {rect_top(r, n), rect_below(r, n), rect_left(r, n), rect_right_of(r, n),
                               rect_inset(r, n, n)};
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            assert_true(parts[i].rows >= 0 && parts[i].columns >= 0);
            assert_true(parts[i].y >= r.y && parts[i].y + parts[i].rows <= r.y + r.rows);
            assert_true(parts[i].x >= r.x && parts[i].x + parts[i].columns <= r.x + r.columns);
        }
        assert_int_equal(rect_top(r, n).rows + rect_below(r, n).rows, 5);
        assert_int_equal(rect_left(r, n).columns + rect_right_of(r, n).columns, 6);
    }
    assert_true(rect_holds(r, 3, 4) && rect_holds(r, 7, 9));
    assert_false(rect_holds(r, 8, 4) || rect_holds(r, 3, 10) || rect_holds(r, 2, 4));
}

static void the_scrollbar_shows_where(void **state)
{
    (void)state;
    struct rect r = screen_start("xterm-256color", "C", 4, 3, plain);

    draw_scrollbar(r, 0, 4, 8);
    assert_string_equal(screen_text(""), "  #\n  #\n  |\n  |\n");
    draw_scrollbar(r, 4, 4, 8);
    assert_string_equal(screen_text(""), "  |\n  |\n  #\n  #\n");
    draw_scrollbar(r, 1, 4, 100000);
    assert_string_equal(screen_text(""), "  #\n  |\n  |\n  |\n");
    draw_clear(r);
    draw_scrollbar(r, 0, 4, 4);
    assert_string_equal(screen_text(""), "\n\n\n\n");
    terminal_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_by_display_width),
        cmocka_unit_test(keeps_to_the_rectangle),
        cmocka_unit_test(control_characters_never_reach_the_screen),
        cmocka_unit_test(places_text_at_the_right_and_wraps),
        cmocka_unit_test(falls_back_to_ascii),
        cmocka_unit_test(every_glyph_is_one_column),
        cmocka_unit_test(rectangles_never_turn_inside_out),
        cmocka_unit_test(the_scrollbar_shows_where),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
