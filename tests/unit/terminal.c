#include "screen.h"

#include "ui/terminal/colour.h"
#include "ui/terminal/pair.h"

static const struct terminal_options plain = {0};

static void tiers_follow_the_terminal(void **state)
{
    (void)state;
    static const struct {
        const char *term;
        enum colour_choice choice;
        enum colour_tier tier;
    } cases[] = {
        {"vt100", COLOUR_AUTO, TIER_NONE},
        {"dumb", COLOUR_AUTO, TIER_NONE},
        {"xterm", COLOUR_AUTO, TIER_8},
        {"xterm-256color", COLOUR_AUTO, TIER_256},
        {"xterm-256color", COLOUR_NEVER, TIER_NONE},
        {"xterm-256color", COLOUR_8, TIER_8},
        {"xterm", COLOUR_256, TIER_256},
        {"vt100", COLOUR_DIRECT, TIER_DIRECT},
        {"no-such-terminal", COLOUR_AUTO, TIER_256},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        screen_start(cases[i].term, "C.UTF-8", 10, 40, (struct terminal_options){.colour = cases[i].choice});
        assert_int_equal(terminal_tier(), cases[i].tier);
        int pair = pair_of(0xff8000, 0x102030);
        if (cases[i].tier == TIER_NONE)
            assert_int_equal(pair, 0);
        else
            assert_true(pair > 0 && pair_of(0xff8000, 0x102030) == pair);
        assert_int_equal(terminal_images(), cases[i].tier < TIER_256 ? IMAGES_ASCII : IMAGES_BLOCKS);
        terminal_stop();
    }
}

static void pictures_change_at_once(void **state)
{
    (void)state;
    static const enum image_choice choices[][2] = {{IMAGES_ASCII, IMAGES_ASCII},
                                                   {IMAGES_OFF, IMAGES_OFF},
                                                   {IMAGES_AUTO, IMAGES_BLOCKS},
                                                   {IMAGES_SEXTANTS, IMAGES_SEXTANTS},
                                                   {IMAGES_KITTY, IMAGES_BLOCKS}}; /* needs a display */
    struct error error;

    screen_start("xterm-256color", "C.UTF-8", 10, 40, plain);
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        assert_int_equal(terminal_set_images(choices[i][0], &error), 0);
        assert_int_equal(terminal_images(), choices[i][1]);
    }
    if (!terminal_has_sixels())
        assert_int_equal(terminal_set_images(IMAGES_SIXEL, &error), -1);
    terminal_stop();
}

static void direct_colours_are_exact(void **state)
{
    (void)state;
    struct rect r = screen_start("xterm", "C.UTF-8", 2, 10, (struct terminal_options){.colour = COLOUR_DIRECT});

    assert_int_equal(terminal_tier(), TIER_DIRECT);
    assert_int_equal(colour_shown(terminal_tier(), 0x123456), 0x123456);
    draw_text(r, 0, 0, STYLE_RULE_A, "x");
    char want[64];
    int colour = theme_colour(STYLE_RULE_A);
    snprintf(want, sizeof want, "\033[0;38;2;%d;%d;%dmx", colour >> 16, colour >> 8 & 255, colour & 255);
    assert_memory_equal(screen_text(".ansi"), want, strlen(want));
    /* Pictures use many colour pairs: those of the theme survive. */
    for (int i = 0; i < 70000; i++)
        pair_of(i * 211 & 0xffffff, i * 77 & 0xffffff);
    assert_memory_equal(screen_text(".ansi"), want, strlen(want));
    terminal_stop();
}

static void no_color_is_honoured(void **state)
{
    (void)state;
    struct error error;

    screen_start("xterm-256color", "C.UTF-8", 5, 40, plain);
    setenv("NO_COLOR", "1", 1);
    assert_int_equal(terminal_start(&(struct terminal_options){.no_display = true}, &error), 0);
    assert_int_equal(terminal_tier(), TIER_NONE);
    setenv("NO_COLOR", "", 1);
    assert_int_equal(terminal_start(&(struct terminal_options){.no_display = true}, &error), 0);
    assert_int_equal(terminal_tier(), TIER_256);
    setenv("NO_COLOR", "1", 1); /* an option overrides the environment */
    assert_int_equal(terminal_start(&(struct terminal_options){.no_display = true, .colour = COLOUR_8}, &error), 0);
    assert_int_equal(terminal_tier(), TIER_8);
    unsetenv("NO_COLOR");
    terminal_stop();
}

static void background_comes_from_the_environment(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        bool dark;
    } cases[] = {{"15;0", true},     {"0;15", false}, {"0;default;15", false}, {"0;7", false}, {"7;8", true},
                 {"nonsense", true}, {"", true}};
    struct error error;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        screen_start("xterm-256color", "C.UTF-8", 5, 40, plain);
        setenv("COLORFGBG", cases[i].value, 1);
        assert_int_equal(terminal_start(&(struct terminal_options){.no_display = true}, &error), 0);
        assert_int_equal(terminal_dark(), cases[i].dark);
        terminal_stop();
    }
    unsetenv("COLORFGBG");
}

static void saves_text_and_colours(void **state)
{
    (void)state;
    struct rect r = screen_start("xterm", "C.UTF-8", 3, 8, plain);

    draw_text(r, 0, 0, STYLE_DOWN, "日x");
    draw_text(r, 1, 2, STYLE_STRONG, "b");
    assert_string_equal(screen_text(""), "日x\n  b\n\n");
    assert_string_equal(screen_text(".ansi"), "\033[0;31m日x\033[0m     \n"
                                              "  \033[0;1mb\033[0m     \n"
                                              "        \n");
    terminal_stop();
    r = screen_start("xterm-256color", "C.UTF-8", 1, 4, plain);
    draw_text(r, 0, 0, STYLE_ERROR, "no");
    char want[64];
    snprintf(want, sizeof want, "\033[0;1;38;5;%d;48;5;%dmno\033[0m  \n", colour_nearest_256(theme_colour(STYLE_ERROR)),
             colour_nearest_256(theme_ground(STYLE_ERROR)));
    assert_string_equal(screen_text(".ansi"), want);
    struct error error;
    assert_int_equal(screenshot_save("/nonexistent/screen", &error), -1);
    assert_non_null(strstr(error.text, "/nonexistent/screen"));
    terminal_stop();
}

static void resizes(void **state)
{
    (void)state;
    screen_start("xterm-256color", "C.UTF-8", 24, 80, plain);
    terminal_resize(1, 1);
    assert_int_equal(terminal_rows(), 1);
    terminal_resize(60, 200);
    assert_int_equal(terminal_columns(), 200);
    draw_text((struct rect){0, 0, 60, 200}, 59, 199, STYLE_TEXT, "x");
    assert_int_equal(strlen(screen_text("")), 59 + 199 + 2);
    terminal_resize(0, -4);
    assert_int_equal(terminal_rows(), 60);
    terminal_stop();
    terminal_stop();
    assert_int_equal(terminal_rows(), 0);
    assert_int_equal(terminal_input(), -1);
}

static void every_style_can_be_read(void **state)
{
    (void)state;
    static const enum colour_choice choices[] = {COLOUR_256, COLOUR_DIRECT};
    static const int grounds[] = {0, STYLE_SELECTED, STYLE_MARKED, STYLE_ON_BAR};

    for (int t = 0; t < 2; t++)
        for (int dark = 0; dark < 2; dark++) {
            struct terminal_options options = {.colour = choices[t],
                                               .background = dark ? BACKGROUND_DARK : BACKGROUND_LIGHT};
            screen_start("xterm-256color", "C.UTF-8", 5, 40, options);
            for (int style = 0; style < STYLES; style++)
                for (int g = 0; g < 4; g++) {
                    int fore = theme_colour(style | grounds[g]), back = theme_ground(style | grounds[g]);
                    if (style == STYLE_LINE)
                        continue;
                    fore = fore < 0 ? theme_ink() : colour_shown(terminal_tier(), fore);
                    back = back < 0 ? theme_paper() : colour_shown(terminal_tier(), back);
                    if (colour_contrast(fore, back) < 4.5)
                        fail_msg("tier %d, %s: style %d on ground %d: #%06x on #%06x has contrast %.2f",
                                 terminal_tier(), dark ? "dark" : "light", style, g, fore, back,
                                 colour_contrast(fore, back));
                }
            terminal_stop();
        }
}

static void nearest_colours(void **state)
{
    (void)state;
    for (int i = 16; i < 256; i++)
        assert_int_equal(colour_of_256(colour_nearest_256(colour_of_256(i))), colour_of_256(i));
    assert_int_equal(colour_nearest_8(0xff2010), 1);
    assert_int_equal(colour_nearest_8(0xf0f0f0), 7);
    assert_int_equal(colour_quantised(0xffffff), 0xffffff);
    assert_int_equal(colour_mix(0x000000, 0x64c8ff, 0.5), 0x326480);
    assert_true(colour_contrast(0xffffff, 0x000000) > 20.99 && colour_contrast(0x777777, 0x777777) < 1.01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiers_follow_the_terminal), cmocka_unit_test(direct_colours_are_exact),
        cmocka_unit_test(no_color_is_honoured),      cmocka_unit_test(background_comes_from_the_environment),
        cmocka_unit_test(saves_text_and_colours),    cmocka_unit_test(resizes),
        cmocka_unit_test(every_style_can_be_read),   cmocka_unit_test(nearest_colours),
        cmocka_unit_test(pictures_change_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
