#include "screen.h"

#include "engine/base/signals.h"
#include "engine/formats/file.h"

#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <utmp.h>

static char output[1 << 16];
static size_t used;

/* Reads the child's output until it contains `text`; false if it ends, or after a minute.  Without a text reads what
 * is there.  Of much output only the end is kept. */
static bool read_until(int terminal, const char *text)
{
    struct pollfd input = {.fd = terminal, .events = POLLIN};

    while (!text || !strstr(output, text)) {
        if (poll(&input, 1, text ? 60000 : 0) <= 0)
            return false;
        if (used > sizeof output / 2) {
            used -= sizeof output / 4;
            memmove(output, output + sizeof output / 4, used);
        }
        ssize_t n = read(terminal, output + used, sizeof output - 1 - used);
        if (n <= 0)
            return false;
        used += (size_t)n;
        output[used] = 0;
    }
    return true;
}

/* What happens to the program in the terminal. */
struct end {
    int number;   /* the signal; 0: it exits */
    bool inside;  /* a thread of work raises it; otherwise it is sent from outside */
    bool deep;    /* by a stack that overflows, there or in the program's own thread */
    bool shrunk;  /* that thread reads a mapped file that has shrunk */
    bool stopped; /* before, it is stopped and continued, and the terminal has another mode in between */
    bool drawing; /* the program's own thread does not cease to draw */
};

static void read_shrunk_file(void)
{
    char path[] = "/tmp/shrunk-XXXXXX";
    struct error error;
    size_t size;
    int file = mkstemp(path);

    if (file < 0 || ftruncate(file, 1 << 20))
        _exit(8);
    volatile char *map = file_map(path, &size, &error);
    unlink(path);
    if (!map || ftruncate(file, 0))
        _exit(7);
    (void)map[size - 1];
}

/* Fills the stack. */
static int descend(long levels, volatile char *above)
{
    volatile char here[4096];

    here[0] = *above;
    return levels ? descend(levels - 1, here) + here[0] : 0;
}

static void *work(void *context)
{
    const struct end *end = context;

    signals_take_stack();
    if (end->deep)
        descend(1L << 30, &(volatile char){0});
    if (end->shrunk)
        read_shrunk_file();
    pthread_kill(pthread_self(), end->number);
    return NULL;
}

static void start_work(const struct end *end)
{
    static pthread_t thread;
    sigset_t before;

    signals_block(&before);
    pthread_create(&thread, NULL, work, (void *)end);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void child(const struct end *end)
{
    struct error error;

    /* cmocka's handlers would go on with the next test in here */
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        signal(faults[i], SIG_DFL);
    if (end->number) /* whoever runs the test may ignore it */
        signal(end->number, SIG_DFL);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0});
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    if (terminal_start(&(struct terminal_options){0}, &error))
        _exit(9);
    theme_start();
    draw_text((struct rect){0, 0, 5, 40}, 1, 1, STYLE_TEXT, "drawn");
    terminal_refresh();
    if (end->number == 0)
        exit(3);
    if (end->inside)
        start_work(end);
    else if (end->deep)
        descend(1L << 30, &(volatile char){0});
    for (int i = 0; end->drawing; i++) {
        draw_text((struct rect){0, 0, 5, 40}, 1, i % 30, STYLE_TEXT, i % 2 ? "drawn" : "again");
        terminal_refresh();
    }
    for (;;) {
        poll(NULL, 0, 20); /* pause() would miss a signal that comes just before it */
        if (terminal_stale())
            terminal_refresh();
    }
}

/* Stops the child, gives the terminal the mode that shells use, and continues the child. */
static void stop_and_continue(pid_t pid, int terminal, int mirror, const struct termios *found)
{
    struct termios mode;
    int status;

    kill(pid, SIGSTOP);
    assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
    assert_true(WIFSTOPPED(status));
    used = 0;
    output[0] = 0;
    assert_int_equal(tcsetattr(mirror, TCSANOW, found), 0);
    kill(pid, SIGCONT);
    assert_true(read_until(terminal, "drawn"));
    assert_non_null(strstr(output, "\033[?1049h"));
    assert_non_null(strstr(output, "\033[?2004h"));
    assert_non_null(strstr(output, "\033[?1006;1000h"));
    assert_int_equal(tcgetattr(mirror, &mode), 0);
    assert_int_equal(mode.c_lflag & (ICANON | ECHO | ISIG), 0);
}

static const char *last(const char *text)
{
    const char *found = NULL;

    for (const char *at = output; (at = strstr(at, text)); at++)
        found = at;
    return found;
}

/* Runs the explorer's terminal in a pseudo-terminal, ends it and examines the state it leaves. */
static int end_by(struct end end)
{
    static const char attributes[] = "\033[?62;22c";
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    struct termios found, left;
    int terminal, mirror, status;

    used = 0;
    output[0] = 0;
    assert_int_equal(openpty(&terminal, &mirror, NULL, NULL, &size), 0);
    assert_int_equal(tcgetattr(mirror, &found), 0);
    assert_int_equal(write(terminal, attributes, strlen(attributes)), strlen(attributes)); /* its answer, before */
    pid_t pid = fork();
    if (pid == 0) {
        login_tty(mirror);
        child(&end);
    }
    assert_true(read_until(terminal, "drawn"));
    if (end.stopped)
        stop_and_continue(pid, terminal, mirror, &found);
    if (end.number && !end.inside && !end.deep)
        kill(pid, end.number);
    if (!read_until(terminal, "\033[?1049l")) {
        kill(pid, SIGKILL);
        fail_msg("signal %d%s left the terminal as it was", end.number, end.inside ? " in a thread" : "");
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    read_until(terminal, NULL);
    assert_non_null(strstr(output, "\033[?2004l"));
    assert_non_null(strstr(output, "\033[?1006;1000l"));
    assert_true(last("\033[?25h") > last("\033[?25l"));
    assert_null(strstr(last("\033[?1049l"), "drawn"));
    assert_null(strstr(last("\033[?1049l"), "again"));
    assert_int_equal(tcgetattr(mirror, &left), 0);
    assert_int_equal(left.c_lflag, found.c_lflag);
    assert_int_equal(left.c_iflag, found.c_iflag);
    assert_int_equal(left.c_oflag, found.c_oflag);
    close(mirror);
    close(terminal);
    return status;
}

static bool died_of(int status, int number)
{
    return WIFSIGNALED(status) && WTERMSIG(status) == number;
}

static void signals_give_the_terminal_back(void **state)
{
    (void)state;
    static const int numbers[] = {SIGTERM, SIGHUP,  SIGINT,    SIGQUIT, SIGUSR1, SIGUSR2, SIGPIPE,
                                  SIGALRM, SIGPROF, SIGVTALRM, SIGXCPU, SIGXFSZ, SIGIO,   SIGPWR};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        int status = end_by((struct end){.number = numbers[i]});
        if (!died_of(status, numbers[i]))
            fail_msg("signal %d: status %x", numbers[i], status);
    }
    assert_true(died_of(end_by((struct end){.number = SIGRTMIN}), SIGRTMIN));
}

/* Sanitizers report crashes and exit. */
static void crashes_give_the_terminal_back(void **state)
{
    (void)state;
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        int status = end_by((struct end){.number = numbers[i]});
        assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
        if (numbers[i] == SIGABRT) /* only faults are not blocked in other threads */
            continue;
        status = end_by((struct end){.number = numbers[i], .inside = true});
        assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
    }
    int status = end_by((struct end){.number = SIGBUS, .inside = true, .shrunk = true});
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
    for (int inside = 0; inside < 2; inside++) {
        status = end_by((struct end){.number = SIGSEGV, .deep = true, .inside = inside});
        assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
    }
}

/* What the program's own thread draws meanwhile does not reach the terminal that was given back. */
static void a_crash_in_a_thread_ends_the_drawing(void **state)
{
    (void)state;
    for (int i = 0; i < 150; i++) {
        int status = end_by((struct end){.number = SIGBUS, .inside = true, .shrunk = true, .drawing = true});
        assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
    }
}

static void a_stopped_program_takes_the_terminal_back(void **state)
{
    (void)state;
    assert_true(died_of(end_by((struct end){.number = SIGTERM, .stopped = true}), SIGTERM));
}

static void exit_gives_the_terminal_back(void **state)
{
    (void)state;
    int status = end_by((struct end){0});

    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals_give_the_terminal_back),
        cmocka_unit_test(crashes_give_the_terminal_back),
        cmocka_unit_test(a_crash_in_a_thread_ends_the_drawing),
        cmocka_unit_test(a_stopped_program_takes_the_terminal_back),
        cmocka_unit_test(exit_gives_the_terminal_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
