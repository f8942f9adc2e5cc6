#include "screen.h"

#include "ui/terminal/answers.h"

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <utmp.h>

static struct answers taken(const char *text, size_t *used)
{
    struct answers answers = {.background = -1};

    *used = answers_take(&answers, text, strlen(text));
    return answers;
}

static void replies_are_read(void **state)
{
    (void)state;
    size_t used;
    static const char xterm[] = "\033]11;rgb:ffff/f0f0/0000\033\\\033P>|XTerm(379)\033\\\033[6;18;9t\033[?2026;2$y"
                                "\033[?63;1;2;4;6c";
    struct answers a = taken(xterm, &used);
    assert_int_equal(used, strlen(xterm));
    assert_true(a.complete && a.sixel && a.synchronized);
    assert_string_equal(a.name, "XTerm(379)");
    assert_int_equal(a.background, 0xfff000);
    assert_int_equal(a.cell_rows, 18);
    assert_int_equal(a.cell_columns, 9);
    assert_int_equal(a.typed_size, 0);
    a = taken("\033[?2026;0$y\033[?64;14;40;44c", &used);
    assert_true(a.complete && !a.sixel && !a.synchronized && a.background == -1);
    assert_int_equal(taken("\033]11;rgb:1/2/3\a", &used).background, 0x112233);
    assert_int_equal(taken("\033]11;#102030\a", &used).background, 0x102030);
    assert_int_equal(taken("\033]11;rgb:12/34\a", &used).background, -1);
    assert_int_equal(taken("\033]11;rgb:12/34/xx\a", &used).background, -1);
}

static void unfinished_replies_wait(void **state)
{
    (void)state;
    static const char reply[] = "\033]11;rgb:ffff/ffff/ffff\033\\";
    size_t used;

    for (size_t size = 1; size < sizeof reply - 1; size++) {
        struct answers a = {.background = -1};
        assert_int_equal(answers_take(&a, reply, size), 0);
        assert_int_equal(a.typed_size, 0);
    }
    taken("\033[?6", &used);
    assert_int_equal(used, 0);
}

static void keys_are_kept(void **state)
{
    (void)state;
    size_t used;
    struct answers a = taken("j\033[A\033]11;?\a\033OBk\033[?1;2c", &used);

    assert_true(a.complete);
    assert_int_equal(a.typed_size, 8);
    assert_memory_equal(a.typed, "j\033[A\033OBk", 8);
    char many[1000];
    memset(many, 'x', sizeof many);
    assert_int_equal(answers_take(&a, many, sizeof many), sizeof many);
    assert_int_equal(a.typed_size, ANSWERS_TYPED);
}

/* ---- in a pseudo-terminal that answers ---- */

static char output[1 << 18];
static size_t output_size;

static void in_child(const struct terminal_options *options)
{
    struct error error;

    if (terminal_start(options, &error)) {
        fprintf(stderr, "%s\n", error.text);
        _exit(9);
    }
    theme_start();
    draw_format((struct rect){0, 0, 10, 60}, 2, 1, STYLE_TEXT, "tier=%d dark=%d unknown=%d.", terminal_tier(),
                terminal_dark(), terminal_unknown());
    draw_text((struct rect){0, 0, 10, 60}, 4, 1, STYLE_RULE_A, "amber");
    terminal_refresh();
    if (getenv("TERMINFO"))
        draw_text((struct rect){0, 0, 10, 60}, 5, 1, STYLE_TEXT, "TERMINFO is left");
    terminal_refresh();
    _exit((terminal_stop(), 0));
}

/* What the program writes to a terminal that answers `reply` to the last question. */
static const char *played(const char *term, const char *reply, struct terminal_options options)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    int terminal, mirror, status;
    bool replied = false;

    output_size = 0;
    assert_int_equal(openpty(&terminal, &mirror, NULL, NULL, &size), 0);
    pid_t pid = fork();
    if (pid == 0) {
        login_tty(mirror);
        setenv("TERM", term, 1);
        setenv("LC_ALL", "C.UTF-8", 1);
        in_child(&options);
    }
    close(mirror);
    for (;;) {
        struct pollfd input = {.fd = terminal, .events = POLLIN};
        if (poll(&input, 1, 10000) <= 0)
            break;
        ssize_t n = read(terminal, output + output_size, sizeof output - 1 - output_size);
        if (n <= 0)
            break;
        output_size += (size_t)n;
        output[output_size] = 0;
        if (!replied && strstr(output, "\033[c")) {
            replied = true;
            if (write(terminal, reply, strlen(reply)) < 0)
                fail();
        }
    }
    close(terminal);
    waitpid(pid, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return output;
}

static void quiet_environment(void)
{
    static const char *const names[] = {"COLORTERM", "NO_COLOR", "COLORFGBG", "TMUX",
                                        "STY",       "TERMINFO", "SSH_TTY",   "SSH_CONNECTION"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unsetenv(names[i]);
}

static void colours_are_those_promised(void **state)
{
    (void)state;
    static const struct {
        const char *term, *colorterm, *sty, *reply, *shown;
    } cases[] = {
        {"xterm", NULL, NULL, "\033[?1;2c", "tier=1 dark=1 unknown=0."},
        {"xterm", NULL, NULL, "\033P>|XTerm(379)\033\\\033[?1;2c", "tier=3 dark=1 unknown=0."},
        {"xterm", "truecolor", NULL, "\033[?1;2c", "tier=3 dark=1 unknown=0."},
        {"xterm-256color", "24bit", NULL, "\033]11;rgb:ff/ff/f0\033\\\033[?1;2c", "tier=3 dark=0 unknown=0."},
        {"vt100", "truecolor", NULL, "\033P>|XTerm(379)\033\\\033[?1;2c", "tier=0 dark=1 unknown=0."},
        {"xterm-256color", "yes", NULL, "\033[?1;2c", "tier=2 dark=1 unknown=0."},
        {"screen-256color", "truecolor", "1.tty", "\033[?1;2c", "tier=2 dark=1 unknown=0."},
        {"xterm-256color", NULL, NULL, "\033P>|foot(1.13.1)\033\\\033[?1;2c", "tier=3 dark=1 unknown=0."},
        {"no-such-terminal", NULL, NULL, "\033[?1;2c", "tier=2 dark=1 unknown=1."},
        {"no-such-terminal", "truecolor", NULL, "\033[?1;2c", "tier=3 dark=1 unknown=1."},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        quiet_environment();
        if (cases[i].colorterm)
            setenv("COLORTERM", cases[i].colorterm, 1);
        if (cases[i].sty)
            setenv("STY", cases[i].sty, 1);
        const char *written = played(cases[i].term, cases[i].reply, (struct terminal_options){0});
        if (!strstr(written, cases[i].shown))
            fail_msg("%s, COLORTERM=%s: expected %s", cases[i].term, cases[i].colorterm, cases[i].shown);
        assert_null(strstr(written, "TERMINFO is left"));
        bool direct = strstr(cases[i].shown, "tier=3") != NULL;
        assert_int_equal(strstr(written, "38;2;240;163;90") != NULL || strstr(written, "38;2;163;82;0") != NULL,
                         direct);
    }
    quiet_environment();
}

static void options_override_promises(void **state)
{
    (void)state;
    quiet_environment();
    setenv("COLORTERM", "truecolor", 1);
    assert_non_null(strstr(played("xterm", "\033[?1;2c", (struct terminal_options){.colour = COLOUR_256}), "tier=2"));
    assert_non_null(strstr(played("xterm", "\033[?1;2c", (struct terminal_options){.colour = COLOUR_8}), "tier=1"));
    setenv("NO_COLOR", "1", 1);
    assert_non_null(strstr(played("xterm", "\033[?1;2c", (struct terminal_options){0}), "tier=0"));
    quiet_environment();
    assert_non_null(
        strstr(played("vt220", "\033[?1;2c", (struct terminal_options){.colour = COLOUR_DIRECT}), "tier=3"));
    assert_non_null(strstr(played("xterm", "\033]11;rgb:ff/ff/ff\033\\\033[?1;2c",
                                  (struct terminal_options){.background = BACKGROUND_DARK}),
                           "dark=1"));
}

static void silence_delays_but_does_not_stop(void **state)
{
    (void)state;
    quiet_environment();
    assert_non_null(strstr(played("xterm-256color", "", (struct terminal_options){0}), "tier=2 dark=1"));
    setenv("TERM", "linux", 1);
    assert_null(strstr(played("linux", "", (struct terminal_options){0}), "\033[c"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replies_are_read),
        cmocka_unit_test(unfinished_replies_wait),
        cmocka_unit_test(keys_are_kept),
        cmocka_unit_test(colours_are_those_promised),
        cmocka_unit_test(options_override_promises),
        cmocka_unit_test(silence_delays_but_does_not_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
