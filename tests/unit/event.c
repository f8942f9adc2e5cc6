/* What the terminal sends, as events: through a pipe, with the clock running. */
#include "screen.h"

#include "ui/terminal/event.h"

#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>

static int ends[2]; /* of the pipe: what is written to the second is input */

static int start(void **state)
{
    (void)state;
    screen_start("xterm-256color", "C.UTF-8", 24, 80, (struct terminal_options){0});
    if (pipe(ends))
        return -1;
    event_start(ends[0]);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    unsetenv("ESCDELAY");
    terminal_stop();
    close(ends[0]);
    close(ends[1]);
    return 0;
}

static void send(const char *bytes)
{
    assert_int_equal(write(ends[1], bytes, strlen(bytes)), strlen(bytes));
}

/* The next event as text; "" when the reader waits for nothing more. */
static const char *next(void)
{
    static char text[256];
    struct event event;

    while (!event_read(&event)) {
        if (event_wait() < 0)
            return "";
        struct pollfd fd = {.fd = ends[0], .events = POLLIN};
        poll(&fd, 1, (int)event_wait());
    }
    if (event.type == EVENT_KEY)
        snprintf(text, sizeof text, "%s", event.key);
    else if (event.type == EVENT_PASTE)
        snprintf(text, sizeof text, "paste %s", event.text);
    else if (event.type == EVENT_MOUSE)
        snprintf(text, sizeof text, "mouse %d %d %d%s", event.mouse.y, event.mouse.x, event.mouse.wheel,
                 event.mouse.twice ? " twice" : "");
    else
        snprintf(text, sizeof text, "resize %d %d", terminal_rows(), terminal_columns());
    event_close(&event);
    return text;
}

static void expect(const char *bytes, const char *event)
{
    send(bytes);
    assert_string_equal(next(), event);
    assert_string_equal(next(), "");
}

static void keys_have_names(void **state)
{
    (void)state;
    static const char *const keys[][2] = {
        {"a", "a"},
        {"\xc3\xa9", "é"},
        {"\r", "Enter"},
        {"\177", "Backspace"},
        {"\b", "Backspace"},
        {"\t", "Tab"},
        {"\001", "Ctrl-A"},
        {"\003", "Ctrl-C"},
        {"\033", "Esc"},
        {"\033[A", "Up"},
        {"\033OA", "Up"},
        {"\033[B", "Down"},
        {"\033OD", "Left"},
        {"\033[C", "Right"},
        {"\033[5~", "PageUp"},
        {"\033[6~", "PageDown"},
        {"\033[H", "Home"},
        {"\033OF", "End"},
        {"\033[1~", "Home"},
        {"\033[3~", "Delete"},
        {"\033[Z", "Shift-Tab"},
        {"\033OP", "F1"},
        {"\033[[A", "F1"},
        {"\033OM", "Enter"},
        {"\033b", "Alt-b"},
        {"\033\177", "Alt-Backspace"},
        {"\033[1;3C", "Alt-Right"},
        {"\033[1;9D", "Alt-Left"},
        {"\033[1;4C", ""},
        {"\033Oz", ""},
        {"\xff", "\xef\xbf\xbd"},
    };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        expect(keys[i][0], keys[i][1]);
    send("\033x");
    assert_string_equal(next(), "Esc");
    assert_string_equal(next(), "x");
    assert_string_equal(next(), "");
}

static void the_mouse_reports(void **state)
{
    (void)state;
    expect("\033[<0;3;4M", "mouse 3 2 0");
    expect("\033[<0;3;4m", "");
    expect("\033[<0;3;4M", "mouse 3 2 0 twice");
    expect("\033[<0;3;4M", "mouse 3 2 0");
    expect("\033[<64;10;1M", "mouse 0 9 -1");
    expect("\033[<69;10;1M", "mouse 0 9 1"); /* with Shift */
    expect("\033[<2;10;1M", "");
    expect("\033[<35;10;1M", ""); /* moved */
    expect("\033[<0;99999;4M", "");
    expect("\033[<0;0;4M", "");
    expect("\033[<0;3M", "");
    expect("\033[M +#", "mouse 2 10 0");
    expect("\033[M`+#", "mouse 2 10 -1");
    expect("\033[M#+#", "");
}

static void sequences_wait_for_their_rest(void **state)
{
    (void)state;
    struct event event;

    send("\033[");
    assert_false(event_read(&event));
    assert_true(event_wait() > 100);
    poll(NULL, 0, 40); /* longer than Esc alone waits */
    assert_false(event_read(&event));
    expect("A", "Up");
    send("\033");
    assert_false(event_read(&event));
    assert_true(event_wait() >= 0 && event_wait() <= 25);
    setenv("ESCDELAY", "5000", 1);
    event_start(ends[0]);
    send("\033");
    assert_false(event_read(&event));
    assert_true(event_wait() > 1000);
    expect("[A", "Up");
    setenv("ESCDELAY", "soon", 1);
    event_start(ends[0]);
    expect("\033", "Esc");
}

static void pastes_end(void **state)
{
    (void)state;
    expect("\033[200~caf\xe9 noir\033[201~", "paste caf\xef\xbf\xbd noir");
    expect("\033[200~no end", "paste no end");
    expect("j", "j");
    send("\033[200~no end\003j");
    assert_string_equal(next(), "paste no end");
    assert_string_equal(next(), "Ctrl-C");
    assert_string_equal(next(), "j");
    send("\033[200~parts\033[20");
    expect("1~", "paste parts");
}

static char taken[256];

static void take(const struct reply *reply)
{
    size_t used = strlen(taken);

    snprintf(taken + used, sizeof taken - used, "%c%.*s ", reply->kind, (int)reply->length, reply->text);
}

static void replies_are_not_keys(void **state)
{
    (void)state;
    struct event event;

    expect("\033]11;rgb:0000/0000/0000\a", "");
    event_take_replies(take);
    send("\033]11;rgb:ffff/ff");
    assert_false(event_read(&event));
    expect("ff/ffff\033\\\033P>|kitty(0.35.2)\033\\\033[?2026;2$y\033[?62;4cj", "j");
    assert_string_equal(taken, "]11;rgb:ffff/ffff/ffff P>|kitty(0.35.2) [?2026;2$y [?62;4c ");
    event_take_replies(NULL);
    expect("\033_Gi=31;OK\033\\", "");
    assert_non_null(strstr(taken, "?62;4c "));
    assert_null(strstr(taken, "OK"));
}

static void sizes_are_followed(void **state)
{
    (void)state;
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    int terminal, mirror;

    assert_int_equal(openpty(&terminal, &mirror, NULL, NULL, &size), 0);
    event_start(mirror);
    assert_string_equal(next(), "");
    size = (struct winsize){.ws_row = 40, .ws_col = 132};
    assert_int_equal(ioctl(terminal, TIOCSWINSZ, &size), 0);
    assert_string_equal(next(), "resize 40 132");
    assert_string_equal(next(), "");
    close(terminal);
    close(mirror);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_have_names, start, stop),
        cmocka_unit_test_setup_teardown(the_mouse_reports, start, stop),
        cmocka_unit_test_setup_teardown(sequences_wait_for_their_rest, start, stop),
        cmocka_unit_test_setup_teardown(pastes_end, start, stop),
        cmocka_unit_test_setup_teardown(replies_are_not_keys, start, stop),
        cmocka_unit_test_setup_teardown(sizes_are_followed, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
