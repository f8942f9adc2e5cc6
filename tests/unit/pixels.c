#include "screen.h"
#include "sixels.h"
#include "tests/tools/threads.h"

#include "ui/draw/image.h"
#include "ui/terminal/encodings.h"
#include "ui/terminal/event.h"
#include "ui/terminal/pixels.h"
#include "ui/terminal/screen.h"
#include "ui/terminal/sixel.h"

#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
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

/* Refreshes until the pixels are complete: nothing is ready, and the thread that encodes them sleeps. */
static void show(void)
{
    terminal_refresh();
    for (;;) {
        struct pollfd more = {.fd = terminal_more(), .events = POLLIN};
        bool waits = threads_run(getpid(), gettid());
        if (poll(&more, 1, waits) > 0)
            terminal_refresh();
        else if (!waits)
            return;
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

static const char *played(void (*play)(void), const char *reply)
{
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
        setenv("COLORTERM", "truecolor", 1);
        play();
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
            assert_int_equal(write(terminal, reply, strlen(reply)), strlen(reply));
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
    const char *at = played(in_child, "\033[?63;1;2;4;22c");

    assert_int_equal(until(&canvas, &at, "<1>"), 1);
    assert_int_equal(canvas.width, place.columns * CELL_WIDTH);
    assert_int_equal(canvas.height, place.rows * CELL_HEIGHT);
    assert_true(shows_frame(&canvas, 0));
    assert_int_equal(until(&canvas, &at, "<2>"), 0);
    assert_int_equal(until(&canvas, &at, "<3>"), 1); /* the lower left quarter, or a little more */
    assert_in_range(canvas.height, 2 * CELL_HEIGHT, 3 * CELL_HEIGHT);
    assert_in_range(canvas.width, 4 * CELL_WIDTH, 5 * CELL_WIDTH);
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

/* ---- what lies over a picture, and other sizes of the screen ---- */

enum { ROWS_AFTER = 20, COLUMNS_AFTER = 60 };
static const struct rect list = {0, 0, 24, 4}, beside = {1, 6, 8, 20}, elsewhere = {9, 30, 4, 8};

/* A list to the left of the picture whose rows change, and a box that leaves two columns of it. */
static void draw_with_box(const char *word)
{
    screen_clear();
    image_draw(place, &strip, 0);
    for (int i = 0; i < list.rows; i++)
        draw_text(list, i, 0, STYLE_TEXT, word);
    draw_clear(beside);
    draw_box(beside, STYLE_TEXT, word);
    for (int i = 1; i < beside.rows - 1; i++)
        draw_text(beside, i, 1, STYLE_TEXT, word);
    show();
}

static void in_resized(void)
{
    struct winsize size = {ROWS_AFTER, COLUMNS_AFTER, COLUMNS_AFTER * CELL_WIDTH, ROWS_AFTER * CELL_HEIGHT};
    struct error error;
    struct event event;

    if (terminal_start(&(struct terminal_options){0}, &error))
        _exit(9);
    theme_start();
    draw_with_box("one");
    step("<1>");
    draw_with_box("two"); /* curses may write the two columns between again */
    step("<2>");
    screen_clear();
    image_draw(place, &strip, 0);
    show();
    step("<3>");
    ioctl(STDIN_FILENO, TIOCSWINSZ, &size);
    if (!event_read(&event) || event.type != EVENT_RESIZE || terminal_columns() != COLUMNS_AFTER)
        _exit(7);
    terminal_redraw();
    screen_clear();
    image_draw(elsewhere, &strip, 0);
    show();
    step("<4>");
    terminal_stop();
    _exit(0);
}

static uint32_t seen_in(const struct canvas *canvas, int row, int column)
{
    return canvas->pixel[row * CELL_HEIGHT + CELL_HEIGHT / 2][column * CELL_WIDTH + CELL_WIDTH / 2];
}

/* Fails unless just the cells of `r` up to before column `end` show their part of the first frame. */
static void expect_picture(const struct canvas *canvas, struct rect r, int end)
{
    for (int row = 0; row < CANVAS_HEIGHT / CELL_HEIGHT; row++)
        for (int column = 0; column < CANVAS_WIDTH / CELL_WIDTH; column++) {
            bool inside = row >= r.y && row < r.y + r.rows && column >= r.x && column < end;
            uint32_t wanted = inside ? colour_at(0, (row - r.y) * SIDE / r.rows, (column - r.x) * SIDE / r.columns) : 0;
            if (canvas_distance(seen_in(canvas, row, column), wanted) > 8)
                fail_msg("row %d, column %d: %06x instead of %06x", row, column, seen_in(canvas, row, column), wanted);
        }
}

static void nothing_of_a_picture_remains(void **state)
{
    (void)state;
    static struct canvas canvas;
    const char *at = played(in_resized, "\033[?63;1;2;4;22c");

    until(&canvas, &at, "<1>");
    expect_picture(&canvas, place, beside.x);
    until(&canvas, &at, "<2>");
    expect_picture(&canvas, place, beside.x);
    until(&canvas, &at, "<3>");
    expect_picture(&canvas, place, place.x + place.columns);
    until(&canvas, &at, "<4>");
    expect_picture(&canvas, elsewhere, elsewhere.x + elsewhere.columns);
    canvas_write(&canvas, at);
    expect_picture(&canvas, elsewhere, 0);
    assert_false(canvas.strange);
}

/* Every number that was uploaded is deleted, also before the picture is uploaded again for the other size. */
static void nothing_stays_in_the_terminals_memory(void **state)
{
    (void)state;
    int held[256] = {0}, uploads = 0, all = 0;

    for (const char *at = played(in_resized, "\033P>|kitty(0.35.2)\033\\\033[?62;c"); (at = strstr(at, "\033_G"));
         at++) {
        int id;
        if (sscanf(at, "\033_Gq=2,a=T,U=1,i=%d", &id) == 1) {
            uploads++;
            held[id & 255]++;
        } else if (sscanf(at, "\033_Ga=d,d=I,i=%d", &id) == 1) {
            held[id & 255] = 0;
        }
    }
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        all += held[i];
    assert_int_equal(uploads, 2);
    assert_int_equal(all, 0);
}

/* ---- in a terminal with kitty's protocol ---- */

static void in_kitty(void)
{
    struct error error;

    if (terminal_start(&(struct terminal_options){0}, &error))
        _exit(9);
    theme_start();
    if (terminal_images() != IMAGES_KITTY)
        _exit(8);
    screen_clear();
    image_draw(place, &strip, 0);
    show();
    step("<1>");
    screen_clear();
    image_draw(place, &strip, 1);
    show();
    step("<2>");
    screen_clear();
    image_draw(place, &strip, 0);
    show();
    step("<3>");
    terminal_stop();
    _exit(0);
}

static uint8_t value_of(char digit)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = digit ? strchr(digits, digit) : NULL;

    return (uint8_t)(at ? at - digits : 0);
}

/* Joins the chunks of the first upload in `text` and decodes them; returns the bytes. */
static size_t uploaded(const char *text, uint8_t *bytes, int *id, int *width, int *height)
{
    static char joined[SIDE * SIDE * 4 + 8];
    size_t used = 0;
    int columns, rows, more;
    const char *at = strstr(text, "\033_Gq=2,a=T,");

    assert_non_null(at);
    assert_int_equal(
        sscanf(at, "\033_Gq=2,a=T,U=1,i=%d,c=%d,r=%d,f=24,s=%d,v=%d,m=%d;", id, &columns, &rows, width, height, &more),
        6);
    assert_int_equal(columns, place.columns);
    assert_int_equal(rows, place.rows);
    for (;;) {
        const char *data = strchr(at, ';') + 1, *end = strchr(data, '\033');
        assert_true(end - data <= 4096 && used + (size_t)(end - data) < sizeof joined);
        memcpy(joined + used, data, (size_t)(end - data));
        used += (size_t)(end - data);
        assert_true(end[1] == '\\');
        at = end + 2;
        if (!more)
            break;
        assert_int_equal(sscanf(at, "\033_Gq=2,m=%d;", &more), 1);
    }
    for (size_t i = 0; i < used / 4; i++) {
        uint32_t three = 0;
        for (int k = 0; k < 4; k++)
            three = three << 6 | value_of(joined[4 * i + (size_t)k]);
        for (int k = 0; k < 3; k++)
            bytes[3 * i + (size_t)k] = (uint8_t)(three >> (16 - 8 * k));
    }
    return used / 4 * 3;
}

static void kitty_gets_each_frame_once(void **state)
{
    (void)state;
    static uint8_t bytes[SIDE * SIDE * 3 + 8];
    char colour[40], deleted[40];
    int id, width, height;
    char *text = strdup(played(in_kitty, "\033P>|kitty(0.35.2)\033\\\033[?62;c"));
    char *first = strstr(text, "<1>"), *second = strstr(text, "<2>"), *third = strstr(text, "<3>");

    assert_true(first && second && third);
    *first = *second = *third = 0;
    size_t size = uploaded(text, bytes, &id, &width, &height);
    assert_int_equal(width, SIDE);
    assert_int_equal(height, SIDE);
    assert_true(size >= SIDE * SIDE * 3);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            const uint8_t *p = bytes + 3 * (SIDE * y + x);
            assert_int_equal(canvas_distance(colour_at(0, y, x), (uint32_t)(p[0] << 16 | p[1] << 8 | p[2])), 0);
        }
    snprintf(colour, sizeof colour, "\033[38;2;%d;%d;%dm", id >> 16, id >> 8 & 255, id & 255);
    assert_non_null(strstr(text, colour)); /* of the placeholders; the first and the last of them */
    assert_non_null(strstr(text, "\364\216\273\256\314\205\314\205"));
    assert_non_null(strstr(text, "\364\216\273\256\314\220\314\277"));
    assert_non_null(strstr(first + 1, "a=T,U=1,i=")); /* the second frame */
    assert_null(strstr(second + 1, "a=T,U=1,i="));    /* the first one again: its cells only */
    assert_true(strlen(second + 1) < 1500);
    snprintf(deleted, sizeof deleted, "\033_Ga=d,d=I,i=%d,q=2\033\\", id);
    assert_non_null(strstr(third + 1, deleted)); /* nothing stays */
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sixels_decode_to_the_pixels),  cmocka_unit_test(only_changes_are_sent),
        cmocka_unit_test(nothing_of_a_picture_remains), cmocka_unit_test(nothing_stays_in_the_terminals_memory),
        cmocka_unit_test(kitty_gets_each_frame_once),
    };

    if (!sixel_built_in()) {
        print_message("built without libsixel: nothing to test\n");
        return 0;
    }
    fill();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
