#include "screen.h"

#include "ui/draw/image.h"

static uint8_t pixels[4 * 4 * 2 * 3];
static const struct picture picture = {.width = 4, .height = 4, .frames = 2, .rgb = pixels};

/* Frame 0: white above, black below; frame 1: red. */
static void fill(void)
{
    for (int y = 0; y < 4; y++)
        for (int x = 0; x < 8; x++) {
            uint8_t *p = pixels + 3 * (8 * y + x);
            p[0] = x >= 4 || y < 2 ? 255 : 0;
            p[1] = p[2] = x < 4 && y < 2 ? 255 : 0;
        }
}

static void fits_the_rectangle(void **state)
{
    (void)state;
    static const int sizes[][2] = {{160, 100}, {1, 1}, {1000, 10}, {10, 1000}, {3, 4}};

    for (int rows = 0; rows < 12; rows++)
        for (int columns = 0; columns < 30; columns++)
            for (int i = 0; i < 5; i++) {
                struct rect r = {2, 3, rows, columns}, f = image_fit(r, sizes[i][0], sizes[i][1]);
                assert_true(f.rows >= 0 && f.columns >= 0 && f.y >= 2 && f.x >= 3);
                assert_true(f.y + f.rows <= 2 + rows && f.x + f.columns <= 3 + columns);
                assert_true((f.rows > 0) == (rows > 0 && columns > 0));
            }
    struct rect f = image_fit((struct rect){0, 0, 10, 40}, 100, 100);
    assert_int_equal(f.columns, 20);
    assert_int_equal(f.rows, 10);
    assert_int_equal(f.x, 10);
    assert_int_equal(image_fit((struct rect){0, 0, 10, 40}, 0, 5).rows, 0);
}

static void half_blocks(void **state)
{
    (void)state;
    fill();
    struct rect r = screen_start("xterm-256color", "C.UTF-8", 1, 3, (struct terminal_options){0});
    image_draw(rect_left(r, 2), &picture, 0);
    assert_string_equal(screen_text(".ansi"), "\033[0;38;5;231;48;5;16m▀▀\033[0m \n");
    image_draw(rect_left(r, 2), &picture, 3); /* frames wrap around */
    assert_string_equal(screen_text(".ansi"), "\033[0;38;5;196;48;5;196m▀▀\033[0m \n");
    pixels[0] = pixels[1] = 0; /* a change of pixels at the same address is noticed */
    memset(pixels, 0, sizeof pixels);
    image_draw(rect_left(r, 2), &picture, 0);
    assert_string_equal(screen_text(".ansi"), "\033[0;38;5;16;48;5;16m▀▀\033[0m \n");
    terminal_stop();
}

static void sextants(void **state)
{
    (void)state;
    fill();
    struct rect r =
        screen_start("xterm-256color", "C.UTF-8", 1, 3, (struct terminal_options){.images = IMAGES_SEXTANTS});
    image_draw(rect_left(r, 1), &picture, 1);
    assert_string_equal(screen_text(""), "\n"); /* one colour: nothing is lighter than the mean */
    memset(pixels, 0, sizeof pixels);
    for (int y = 0; y < 4; y++)
        for (int x = 0; x < 2; x++)
            memset(pixels + 3 * (8 * y + x), 255, 3);
    image_draw(rect_left(r, 1), &picture, 0);
    assert_string_equal(screen_text(".ansi"), "\033[0;38;5;231;48;5;16m▌\033[0m  \n");
    memset(pixels, 0, sizeof pixels);
    memset(pixels, 255, 3 * 2);
    image_draw(rect_left(r, 1), &picture, 0);
    assert_string_equal(screen_text(""), "🬀\n");
    terminal_stop();
}

static void ramp_without_colours(void **state)
{
    (void)state;
    fill();
    struct rect r = screen_start("vt100", "C", 2, 3, (struct terminal_options){0});
    image_draw(rect_left(r, 2), &picture, 0);
    assert_string_equal(screen_text(""), "@@\n\n");
    terminal_stop();
    r = screen_start("vt100", "C", 2, 3, (struct terminal_options){.background = BACKGROUND_LIGHT});
    image_draw(rect_left(r, 2), &picture, 0);
    assert_string_equal(screen_text(""), "\n@@\n");
    terminal_stop();
}

static void waits_and_is_switched_off(void **state)
{
    (void)state;
    struct rect r = screen_start("xterm", "C", 3, 5, (struct terminal_options){0});
    image_draw(r, NULL, 0);
    assert_string_equal(screen_text(""), ". . .\n.   .\n. . .\n");
    terminal_stop();
    fill();
    r = screen_start("xterm", "C.UTF-8", 2, 5, (struct terminal_options){.images = IMAGES_OFF});
    image_draw(r, &picture, 0);
    assert_string_equal(screen_text(""), "\n\n");
    terminal_stop();
}

static void eight_colours_are_dithered(void **state)
{
    (void)state;
    memset(pixels, 128, sizeof pixels);
    struct rect r = screen_start("xterm", "C.UTF-8", 4, 8, (struct terminal_options){.images = IMAGES_BLOCKS});
    image_draw(r, &picture, 0);
    const char *text = screen_text(".ansi");
    assert_non_null(strstr(text, "37"));
    assert_non_null(strstr(text, "30"));
    assert_null(strstr(text, "38;5"));
    terminal_stop();
}

/* In eight colours half blocks are used only on request: the ramp shows hue and brightness separately. */
static void eight_colours_make_a_coloured_ramp(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pixels; i += 3) {
        pixels[i] = 200;
        pixels[i + 1] = pixels[i + 2] = 0;
    }
    struct rect r = screen_start("xterm", "C.UTF-8", 4, 8, (struct terminal_options){0});
    image_draw(r, &picture, 0);
    const char *text = screen_text(".ansi");
    assert_non_null(strstr(text, "31"));
    assert_null(strstr(text, "▀"));
    terminal_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eight_colours_make_a_coloured_ramp),
        cmocka_unit_test(fits_the_rectangle),
        cmocka_unit_test(half_blocks),
        cmocka_unit_test(sextants),
        cmocka_unit_test(ramp_without_colours),
        cmocka_unit_test(waits_and_is_switched_off),
        cmocka_unit_test(eight_colours_are_dithered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
