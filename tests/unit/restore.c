#include "screen.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <termios.h>
#include <utmp.h>

static char output[1 << 16];
static size_t used;

/* Reads the child's output until it contains `text`; false if it ends, or after ten seconds. */
static bool read_until(int terminal, const char *text)
{
    struct pollfd input = {.fd = terminal, .events = POLLIN};

    while (!text || !strstr(output, text)) {
        if (poll(&input, 1, 10000) <= 0)
            return false;
        ssize_t n = read(terminal, output + used, sizeof output - 1 - used);
        if (n <= 0)
            return false;
        used += (size_t)n;
        output[used] = 0;
    }
    return true;
}

static void child(int number)
{
    struct error error;

    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    if (terminal_start(&(struct terminal_options){0}, &error))
        _exit(9);
    theme_start();
    draw_text((struct rect){0, 0, 5, 40}, 1, 1, STYLE_TEXT, "drawn");
    terminal_refresh();
    if (number == 0)
        exit(3);
    for (;;)
        pause();
}

/* Runs the explorer's terminal in a pseudo-terminal, ends it and examines the state it leaves. */
static int end_by(int number)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    struct termios found, left;
    int terminal, mirror, status;

    used = 0;
    output[0] = 0;
    assert_int_equal(openpty(&terminal, &mirror, NULL, NULL, &size), 0);
    assert_int_equal(tcgetattr(mirror, &found), 0);
    pid_t pid = fork();
    if (pid == 0) {
        login_tty(mirror);
        child(number);
    }
    assert_true(read_until(terminal, "drawn"));
    if (number)
        kill(pid, number);
    assert_true(read_until(terminal, "\033[?1049l"));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_non_null(strstr(output, "\033[?2004l"));
    assert_non_null(strstr(output, "\033[?1006;1000l"));
    assert_int_equal(tcgetattr(mirror, &left), 0);
    assert_int_equal(left.c_lflag, found.c_lflag);
    assert_int_equal(left.c_iflag, found.c_iflag);
    assert_int_equal(left.c_oflag, found.c_oflag);
    close(mirror);
    close(terminal);
    return status;
}

static void signals_give_the_terminal_back(void **state)
{
    (void)state;
    static const int numbers[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        int status = end_by(numbers[i]);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), numbers[i]);
    }
}

static void a_crash_gives_the_terminal_back(void **state)
{
    (void)state;
    int status = end_by(SIGSEGV);

    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) != 0); /* sanitizers report and exit */
}

static void exit_gives_the_terminal_back(void **state)
{
    (void)state;
    int status = end_by(0);

    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals_give_the_terminal_back),
        cmocka_unit_test(a_crash_gives_the_terminal_back),
        cmocka_unit_test(exit_gives_the_terminal_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
