/* The page's writer, its charts and the ticks of their axes. */
#include "engine/page/figure.h"
#include "engine/page/html.h"
#include "engine/results/axis.h"

#include "tests/unit/folder.h"

#include <math.h>

static void expect_text(const char *text, const char *written)
{
    struct html html = {0};

    html_text(&html, text);
    assert_false(html.failed);
    assert_string_equal(html.bytes ? html.bytes : "", written);
    free(html.bytes);
}

static void test_escaping(void **state)
{
    (void)state;
    expect_text("", "");
    expect_text("plain", "plain");
    expect_text("<script>alert('x' & \"y\")</script>",
                "&lt;script&gt;alert(&#39;x&#39; &amp; &quot;y&quot;)&lt;/script&gt;");
    expect_text("&lt;", "&amp;lt;");
    expect_text("a\033[31m\r\n\tb\x7f", "a [31m   b ");
    expect_text("\xe2\x80\xae"
                "drow\xe2\x81\xa6\xc2\x85\xe2\x80\xa8\xef\xbb\xbf",
                " drow    ");
    expect_text("\xff<\xc0\x80", "\xef\xbf\xbd&lt;\xef\xbf\xbd\xef\xbf\xbd");
    expect_text("\xef\xbf\xbe\xef\xbf\xbf\xf0\x9f\x98\x80", "\xef\xbf\xbd\xef\xbf\xbd\xf0\x9f\x98\x80");
    expect_text("95 %", "95\xc2\xa0%");
}

static void test_cutting(void **state)
{
    static const struct {
        const char *text;
        size_t most;
        const char *written;
    } cuts[] = {{"abc", 3, "abc"},
                {"abcd", 3, "abc\xe2\x80\xa6"},
                {"\xc3\xa9<\xc3\xa9<", 2, "\xc3\xa9&lt;\xe2\x80\xa6"},
                {"", 0, ""},
                {"a", 0, "\xe2\x80\xa6"}};

    (void)state;
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        struct html html = {0};
        html_cut(&html, cuts[i].text, cuts[i].most);
        assert_string_equal(html.bytes ? html.bytes : "", cuts[i].written);
        free(html.bytes);
    }
}

static void test_elements(void **state)
{
    struct html html = {0};

    (void)state;
    html_open(&html, "table", "class=\"x\"");
    html_open(&html, "tr", "");
    html_element(&html, "td", "", "1 < 2");
    html_close(&html);
    html_close(&html);
    assert_int_equal(html.depth, 0);
    assert_string_equal(html.bytes, "<table class=\"x\"><tr><td>1 &lt; 2</td></tr>\n</table>\n");
    assert_int_equal(strlen(html.bytes), html.used);
    assert_false(html.failed);
    html_close(&html); /* nothing is open */
    assert_true(html.failed);
    free(html.bytes);
}

static void test_base64(void **state)
{
    static const char *const pairs[][2] = {{"", ""},        {"f", "Zg=="},          {"fo", "Zm8="},
                                           {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}, {"\xff\xfe\xfd", "//79"}};

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct html html = {0};
        html_base64(&html, (const unsigned char *)pairs[i][0], strlen(pairs[i][0]));
        assert_string_equal(html.bytes, pairs[i][1]);
        assert_int_equal(html.used, strlen(pairs[i][1]));
        free(html.bytes);
    }
}

/* Far beyond the initial capacity. */
static void test_growing(void **state)
{
    struct html html = {0};

    (void)state;
    for (size_t i = 0; i < 100000; i++)
        html_text(&html, "a&b");
    assert_false(html.failed);
    assert_int_equal(html.used, 700000);
    assert_int_equal(strlen(html.bytes), 700000);
    free(html.bytes);
}

static void test_ticks(void **state)
{
    char text[AXIS_TEXT];

    (void)state;
    assert_true(fabs(axis_step(10, 5) - 2) < 1e-12);
    assert_true(fabs(axis_step(10, 4) - 5) < 1e-12);
    assert_true(fabs(axis_step(0.07, 10) - 0.01) < 1e-12);
    assert_true(fabs(axis_step(9999, 3) - 5000) < 1e-9);
    axis_label(text, 0.30000000000000004, 0.1);
    assert_string_equal(text, "0.3");
    axis_label(text, -0.0, 1);
    assert_string_equal(text, "0");
    axis_label(text, 20000, 5000);
    assert_string_equal(text, "20k");
    axis_label_end(text, 12.3456);
    assert_string_equal(text, "12.35");
}

static struct figure begin(struct html *html, bool log)
{
    return figure_begin(html, 300, 200, (struct figure_axis){0, 10, false, FIGURE_WHOLE, "along"},
                        (struct figure_axis){log ? 0.1 : 0, 100, log, FIGURE_NUMBERS, "up"}, "a <name>", "what & why");
}

static void test_figure(void **state)
{
    struct html html = {0};
    double x[] = {0, 5, 10}, y[] = {0, 50, 100};

    (void)state;
    struct figure figure = begin(&html, false);
    assert_true(figure_x(&figure, 0) == figure.left && figure_x(&figure, 10) == figure.right);
    assert_true(figure_y(&figure, 0) == figure.bottom && figure_y(&figure, 100) == figure.top);
    assert_true(fabs(figure_x(&figure, 5) - (figure.left + figure.right) / 2) < 1e-9);
    assert_true(figure_y(&figure, 1000) == figure.top && figure_y(&figure, -5) == figure.bottom);
    assert_true(figure_x(&figure, NAN) == figure.left);
    figure_bar(&figure, "c", 0, 1, 0);
    assert_null(strstr(html.bytes, "<rect")); /* nothing to show */
    figure_bar(&figure, "c", 0, 1, 0.001);
    assert_non_null(strstr(html.bytes, "height=\"1.2\"")); /* a sliver */
    figure_line(&figure, "l", x, y, 3);
    figure_level(&figure, "v", 50, "a & b");
    figure_values(&figure, 0, 10, "1 < 2");
    figure_end(&figure);
    assert_false(html.failed);
    assert_non_null(strstr(html.bytes, "<title>a &lt;name&gt;</title>\n<desc>what &amp; why</desc>"));
    assert_non_null(strstr(html.bytes, "<rect class=\"values\""));
    assert_non_null(strstr(html.bytes, "<title>1 &lt; 2</title></rect>"));
    assert_non_null(strstr(html.bytes, ">along</text>"));
    assert_non_null(strstr(html.bytes, ">100</text>"));
    assert_non_null(strstr(html.bytes, ">a &amp; b</text>"));
    assert_null(strstr(html.bytes, "nan"));
    free(html.bytes);
}

static void test_logarithmic_figure(void **state)
{
    struct html html = {0};

    (void)state;
    struct figure figure = begin(&html, true);
    double third = (figure.bottom - figure.top) / 3;
    assert_true(fabs(figure_y(&figure, 1) - (figure.bottom - third)) < 1e-9);
    assert_true(fabs(figure_y(&figure, 10) - (figure.bottom - 2 * third)) < 1e-9);
    assert_true(figure_y(&figure, 0) == figure.bottom);
    figure_end(&figure);
    assert_non_null(strstr(html.bytes, ">0.1</text>"));
    assert_non_null(strstr(html.bytes, ">10</text>"));
    free(html.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escaping), cmocka_unit_test(test_cutting),
        cmocka_unit_test(test_elements), cmocka_unit_test(test_base64),
        cmocka_unit_test(test_growing),  cmocka_unit_test(test_ticks),
        cmocka_unit_test(test_figure),   cmocka_unit_test(test_logarithmic_figure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
