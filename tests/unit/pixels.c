#include "screen.h"
#include "sixels.h"

#include "ui/draw/image.h"
#include "ui/terminal/encodings.h"
#include "ui/terminal/pixels.h"
#include "ui/terminal/screen.h"
#include "ui/terminal/sixel.h"

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <utmp.h>

enum { SIDE = 64, FRAMES = 2, WAIT_MS = 5000 };

static uint8_t pixels_of_strip[SIDE * SIDE * FRAMES * 3];
static const struct picture strip = {.width = SIDE, .height = SIDE, .frames = FRAMES, .rgb = pixels_of_strip};

/* Four flat quarters; in the second frame the lower left one is another. */
static uint32_t colour_at(int frame, int y, int x)
{
    static const uint32_t quarter[] = {0xff0000, 0x00ff00, 0x0000ff, 0xffffff, 0xffff00};
    int q = (y >= SIDE / 2) * 2 + (x >= SIDE / 2);

    return quarter[frame == 1 && q == 2 ? 4 : q];
}

static void fill(void)
{
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE * FRAMES; x++) {
            uint32_t colour = colour_at(x / SIDE, y, x % SIDE);
            uint8_t *p = pixels_of_strip + 3 * (y * SIDE * FRAMES + x);
            for (int i = 0; i < 3; i++)
                p[i] = (uint8_t)(colour >> (16 - 8 * i));
        }
}

static void sixels_decode_to_the_pixels(void **state)
{
    (void)state;
    static struct canvas canvas;
    static uint8_t rgb[7 * 13 * 3];
    size_t size;

    for (size_t i = 0; i < sizeof rgb; i++)
        rgb[i] = (uint8_t)(i / 3 % 7 < 3 ? 255 * (i % 3 == 0) : 40 * (i % 3));
    char *text = sixel_encoded(rgb, 7, 13, &size);
    assert_non_null(text);
    char *whole = calloc(size + 1, 1);
    memcpy(whole, text, size);
    canvas_write(&canvas, whole);
    assert_int_equal(canvas.pictures, 1);
    assert_int_equal(canvas.width, 7);
    assert_int_equal(canvas.height, 13);
    for (int y = 0; y < 13; y++)
        for (int x = 0; x < 7; x++) {
            const uint8_t *p = rgb + 3 * (7 * y + x);
            assert_true(canvas_distance(canvas.pixel[y][x], (uint32_t)(p[0] << 16 | p[1] << 8 | p[2])) <=
                        8); /* five bits a channel */
        }
    assert_int_equal(canvas.pixel[13][0], 0);
    free(whole);
    free(text);
}

/* ---- the explorer's screen in a terminal with sixels ---- */

/* Refreshes until the pixels are complete. */
static void show(void)
{
    terminal_refresh();
    for (;;) {
        struct pollfd more = {.fd = terminal_more(), .events = POLLIN};
        if (poll(&more, 1, 300) <= 0)
            return;
        terminal_refresh();
    }
}

static void step(const char *name)
{
    terminal_send(name, strlen(name));
}

static const struct rect place = {2, 4, 4, 8}, box = {3, 6, 10, 20}, whole = {0, 0, 24, 80};

static void in_child(void)
{
    struct error error;

    if (terminal_start(&(struct terminal_options){0}, &error))
        _exit(9);
    theme_start();
    if (terminal_images() != IMAGES_SIXEL)
        _exit(8);
    screen_clear();
    image_draw(place, &strip, 0);
    show();
    step("<1>"); /* the picture */
    screen_clear();
    image_draw(place, &strip, 0);
    draw_text(whole, 10, 0, STYLE_TEXT, "elsewhere");
    show();
    step("<2>"); /* text elsewhere */
    screen_clear();
    image_draw(place, &strip, 1);
    show();
    step("<3>"); /* the next frame */
    screen_clear();
    image_draw(place, &strip, 1);
    draw_clear(box);
    draw_box(box, STYLE_TEXT, "help");
    show();
    step("<4>"); /* a box over it */
    screen_clear();
    image_draw(place, &strip, 0);
    draw_clear(box);
    draw_box(box, STYLE_TEXT, "help");
    show();
    step("<5>"); /* a frame below the box */
    screen_clear();
    image_draw(place, &strip, 0);
    show();
    step("<6>"); /* the box is gone */
    screen_clear();
    show();
    step("<7>"); /* the picture is gone */
    screen_clear();
    image_draw((struct rect){20, 4, 4, 8}, &strip, 0);
    show();
    step("<8>"); /* in the last row */
    screen_clear();
    image_draw(place, &strip, 0);
    terminal_redraw();
    show();
    step("<9>"); /* all anew */
    terminal_stop();
    _exit(0);
}

static char output[1 << 20];

static const char *played(void)
{
    static const char reply[] = "\033[?63;1;2;4;22c";
    struct winsize size = {24, 80, 800, 480};
    int terminal, mirror, status;
    size_t used = 0;
    bool replied = false;

    assert_int_equal(openpty(&terminal, &mirror, NULL, NULL, &size), 0);
    pid_t pid = fork();
    if (pid == 0) {
        login_tty(mirror);
        setenv("TERM", "xterm-256color", 1);
        setenv("LC_ALL", "C.UTF-8", 1);
        unsetenv("NO_COLOR");
        in_child();
    }
    close(mirror);
    for (;;) {
        struct pollfd input = {.fd = terminal, .events = POLLIN};
        if (poll(&input, 1, WAIT_MS) <= 0)
            break;
        ssize_t n = read(terminal, output + used, sizeof output - 1 - used);
        if (n <= 0)
            break;
        used += (size_t)n;
        output[used] = 0;
        if (!replied && strstr(output, "\033[c")) {
            replied = true;
            assert_int_equal(write(terminal, reply, sizeof reply - 1), sizeof reply - 1);
        }
    }
    close(terminal);
    waitpid(pid, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    return output;
}

/* Whether the cell in the middle of each quarter shows that frame. */
static bool shows_frame(const struct canvas *canvas, int frame)
{
    for (int q = 0; q < 4; q++) {
        int row = place.y + (q / 2 ? 3 : 0), column = place.x + (q % 2 ? 7 : 0);
        uint32_t seen = canvas->pixel[row * CELL_HEIGHT + CELL_HEIGHT / 2][column * CELL_WIDTH + CELL_WIDTH / 2];
        if (canvas_distance(seen, colour_at(frame, q / 2 * SIDE / 2, q % 2 * SIDE / 2)) > 8)
            return false;
    }
    return true;
}

/* Writes up to the mark to the canvas; returns how many pictures that drew. */
static int until(struct canvas *canvas, const char **at, const char *mark)
{
    const char *end = strstr(*at, mark);
    int before = canvas->pictures;

    assert_non_null(end);
    char *text = strndup(*at, (size_t)(end - *at));
    canvas_write(canvas, text);
    free(text);
    *at = end + strlen(mark);
    return canvas->pictures - before;
}

static void only_changes_are_sent(void **state)
{
    (void)state;
    static struct canvas canvas;
    const char *at = played();

    assert_int_equal(until(&canvas, &at, "<1>"), 1);
    assert_int_equal(canvas.width, place.columns * CELL_WIDTH);
    assert_int_equal(canvas.height, place.rows * CELL_HEIGHT);
    assert_true(shows_frame(&canvas, 0));
    assert_int_equal(until(&canvas, &at, "<2>"), 0);
    assert_int_equal(until(&canvas, &at, "<3>"), 1); /* the lower rows, or a little more */
    assert_in_range(canvas.height, 2 * CELL_HEIGHT, 3 * CELL_HEIGHT);
    assert_true(shows_frame(&canvas, 1));
    assert_int_equal(until(&canvas, &at, "<4>"), 0);
    assert_int_equal(until(&canvas, &at, "<5>"), 1); /* beside the box */
    assert_int_equal(canvas.width, (box.x - place.x) * CELL_WIDTH);
    assert_true(until(&canvas, &at, "<6>") >= 1);
    assert_true(shows_frame(&canvas, 0));
    assert_int_equal(until(&canvas, &at, "<7>"), 0);
    assert_int_equal(until(&canvas, &at, "<8>"), 1);
    assert_int_equal(canvas.height, 3 * CELL_HEIGHT);
    assert_int_equal(until(&canvas, &at, "<9>"), 1);
    assert_true(shows_frame(&canvas, 0));
    assert_false(canvas.outside);
    canvas_write(&canvas, at);
    assert_int_equal(canvas.pixel[place.y * CELL_HEIGHT][place.x * CELL_WIDTH], 0); /* nothing stays */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sixels_decode_to_the_pixels),
        cmocka_unit_test(only_changes_are_sent),
    };

    if (!sixel_built_in()) {
        print_message("built without libsixel: nothing to test\n");
        return 0;
    }
    fill();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
