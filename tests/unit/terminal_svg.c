/* The screen as SVG, and as text that reproduces it in a terminal. */
#include "tests/unit/screen.h"

static size_t count(const char *text, const char *part)
{
    size_t found = 0;

    for (; (text = strstr(text, part)); text += strlen(part))
        found++;
    return found;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no %s in\n%s", part, text);
}

static void test_text(void **state)
{
    (void)state;
    struct rect r = screen_start("xterm-256color", "C.UTF-8", 4, 20, (struct terminal_options){0});
    draw_text(r, 0, 2, STYLE_TEXT, "a <b> & c");
    draw_text(r, 1, 0, STYLE_STRONG, "bold");
    draw_text(r, 2, 1, STYLE_TEXT, "\xe4\xba\xba x \xe2\x86\x92");
    terminal_refresh();
    const char *svg = screen_text(".svg");
    assert_int_equal(strncmp(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"198\" height=\"90\"", 62), 0);
    assert_string_equal(svg + strlen(svg) - 7, "</svg>\n");
    assert_int_equal(count(svg, "<text"), count(svg, "</text>"));
    /* nine letters from column 2 are nine cells of width 9, whatever the font */
    assert_has(svg, "<text x=\"18\" y=\"14\" textLength=\"81\" fill=\"#d8dde6\">a &lt;b&gt; &amp; c</text>");
    assert_has(svg, "y=\"32\" textLength=\"36\"");
    assert_has(svg, "font-weight=\"bold\">bold</text>");
    /* a wide character is centred in its two cells, a sign in its one */
    assert_has(svg, "<text x=\"18\" y=\"50\" text-anchor=\"middle\" fill=\"#d8dde6\">&#x4eba;</text>");
    assert_has(svg, "<text x=\"58.5\" y=\"50\" text-anchor=\"middle\" fill=\"#d8dde6\">&#x2192;</text>");
    assert_has(svg, "fill=\"#101216\"/>"); /* the paper */
    terminal_stop();
}

static void test_shapes(void **state)
{
    (void)state;
    struct rect r = screen_start("xterm-256color", "C.UTF-8", 4, 20, (struct terminal_options){0});
    theme_set(STYLE_TEXT);
    /* three upper halves, left half, lower eighth */
    draw_text(r, 0, 0, STYLE_TEXT, "\xe2\x96\x80\xe2\x96\x80\xe2\x96\x80 \xe2\x96\x8c \xe2\x96\x81");
    draw_text(r, 1, 0, STYLE_TEXT, "\xe2\x94\x80\xe2\x94\x80\xe2\x94\x90"); /* two lines and a corner */
    draw_text(r, 2, 0, STYLE_TEXT, "\xe2\xa0\x81");                         /* one dot */
    draw_fill((struct rect){3, 0, 1, 20}, STYLE_TEXT | STYLE_SELECTED);
    terminal_refresh();
    const char *svg = screen_text(".svg");
    assert_int_equal(count(svg, "<text"), 0);
    assert_has(svg, "M0 0h27v9h-27z"); /* joined */
    assert_has(svg, "M36 0h4.5v18h-4.5z");
    assert_has(svg, "M54 15.75h9v2.25h-9z");
    assert_has(svg, "M0 27h9M9 27h9M18 27h4.5");
    assert_has(svg, "M22.5 27v9");
    assert_has(svg, "stroke-linecap=\"round\"");
    assert_has(svg, "M2.25 38.25h0");
    assert_has(svg, "M0 54h180v18h-180z"); /* the whole row's background */
    terminal_stop();
}

static void test_light_and_without_colour(void **state)
{
    (void)state;
    struct rect r =
        screen_start("xterm-256color", "C.UTF-8", 3, 20, (struct terminal_options){.background = BACKGROUND_LIGHT});
    draw_text(r, 0, 0, STYLE_TEXT, "ink");
    terminal_refresh();
    const char *svg = screen_text(".svg");
    assert_has(svg, "fill=\"#fafafa\"/>");
    assert_has(svg, "fill=\"#24292f\">ink</text>");
    terminal_stop();
    r = screen_start("vt100", "C", 3, 20, (struct terminal_options){0});
    draw_fill(rect_top(r, 1), STYLE_TEXT | STYLE_SELECTED);
    draw_text(r, 0, 0, STYLE_TEXT | STYLE_SELECTED, "selected");
    terminal_refresh();
    svg = screen_text(".svg");
    assert_has(svg, ">selected</text>");
    assert_has(svg, "<path shape-rendering=\"crispEdges\" fill=\"#d8dde6\" d=\"M0 0h180v18h-180z"); /* reversed */
    terminal_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_light_and_without_colour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
