/* A program that is kept running: its answers, its failures, and that it leaves nothing behind. */
#include "engine/base/child.h"

#include "engine/base/clock.h"
#include "engine/base/memory.h"
#include "tests/unit/folder.h"
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static const double LONG = 30; /* seconds, longer than any test takes */

static struct child *begin(const char *command)
{
    struct error error = {0};
    struct child *child = child_start(command, 4096, &error);

    assert_string_equal(error.text, "");
    assert_non_null(child);
    return child;
}

static size_t find_line(const char *output, size_t size, const void *context)
{
    const char *end = memchr(output, '\n', size);

    (void)context;
    return end ? (size_t)(end - output) + 1 : 0;
}

static enum child_outcome wait_line(struct child *child, double seconds, struct job *job)
{
    size_t length;

    return child_wait(child, find_line, NULL, clock_seconds() + seconds, job, &length);
}

/* The next line, without the newline. */
static const char *hear(struct child *child)
{
    static char line[4096];
    size_t length, size;

    assert_int_equal(child_wait(child, find_line, NULL, clock_seconds() + LONG, NULL, &length), CHILD_ANSWERED);
    const char *output = child_output(child, &size);
    assert_true(length <= size);
    memcpy(line, output, length - 1);
    line[length - 1] = 0;
    child_take(child, length);
    return line;
}

static void say(struct child *child, const char *text)
{
    assert_int_equal(child_send(child, text, strlen(text), NULL), 0);
}

static void expect_said(const struct child *child, const char *expected)
{
    char said[128];

    child_said(child, said, sizeof said);
    assert_string_equal(said, expected);
}

static void expect_fate(const struct child *child, const char *expected)
{
    char fate[128];

    child_fate(child, fate, sizeof fate);
    assert_string_equal(fate, expected);
}

/* Gone, or at least a zombie: its new parent may take a while to reap it. */
static bool is_gone(pid_t pid)
{
    char path[64], state = 0;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
        state = 0;
    if (file)
        fclose(file);
    return kill(pid, 0) != 0 || state == 'Z';
}

static size_t open_descriptors(void)
{
    size_t count = 0;
    DIR *dir = opendir("/proc/self/fd");

    assert_non_null(dir);
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

static void test_answers_line_by_line(void **state)
{
    (void)state;
    struct child *child = begin("while read -r line; do echo \"<$line>\"; done");

    for (int i = 0; i < 100; i++) {
        say(child, "one two\n");
        assert_string_equal(hear(child), "<one two>");
    }
    say(child, "a\nb\n");
    assert_string_equal(hear(child), "<a>");
    assert_string_equal(hear(child), "<b>");
    assert_int_equal(child_look(child), CHILD_QUIET);
    expect_said(child, "");
    child_end(child);
}

static void test_reaps_orphans_while_it_runs(void **state)
{
    enum { ORPHANS = 5 };
    pid_t orphan[ORPHANS];

    (void)state;
    struct child *child = begin("for i in 1 2 3; do (sh -c 'echo $$' &); done; "
                                "for i in 4 5; do (setsid sh -c 'echo $$' &); done; read -r line");
    for (int i = 0; i < ORPHANS; i++)
        orphan[i] = (pid_t)strtol(hear(child), NULL, 10);
    /* the last two leave the group */
    for (int i = 0; i < ORPHANS; i++) {
        double until = clock_seconds() + LONG;
        while (kill(orphan[i], 0) == 0 && clock_seconds() < until)
            assert_int_equal(child_look(child), CHILD_QUIET);
        assert_int_not_equal(kill(orphan[i], 0), 0);
    }
    child_end(child);
}

static void test_input_larger_than_a_pipe(void **state)
{
    (void)state;
    enum { SIZE = 1 << 20 };
    struct child *child = begin("head -c 1048577 | wc -c");
    char *text = memory_array(SIZE, 1);

    memset(text, 'x', SIZE);
    assert_int_equal(child_send(child, text, SIZE, NULL), 0);
    say(child, "\n");
    assert_string_equal(hear(child), "1048577");
    free(text);
    child_end(child);
}

static void test_a_program_that_ends(void **state)
{
    (void)state;
    struct child *child = begin("echo first >&2; printf 'loading: 50%%\\rloading: 100%%\\nNo "
                                "\\033[31mmodel\\n\\n' >&2; exit 3");

    assert_int_equal(wait_line(child, LONG, NULL), CHILD_ENDED);
    expect_fate(child, "ended with exit status 3");
    expect_said(child, "No  [31mmodel");
    assert_int_equal(child_look(child), CHILD_GONE);
    child_end(child);

    child = begin("no-such-program-anywhere");
    assert_int_equal(wait_line(child, LONG, NULL), CHILD_ENDED);
    expect_fate(child, "ended with exit status 127");
    child_end(child);

    child = begin("printf 'Bar: 1\\rBar: 2' >&2; kill -9 $$");
    assert_int_equal(wait_line(child, LONG, NULL), CHILD_ENDED);
    expect_fate(child, "was killed by signal 9 (Killed)");
    expect_said(child, "Bar: 2");
    child_end(child);
}

/* A shell may have been set to ignore SIGCHLD, which is inherited. */
static void test_ignored_sigchld(void **state)
{
    (void)state;
    signal(SIGCHLD, SIG_IGN);
    struct child *child = begin("echo note >&2; exit 3");
    assert_int_equal(wait_line(child, LONG, NULL), CHILD_ENDED);
    expect_fate(child, "ended");
    expect_said(child, "note");
    child_end(child);
    signal(SIGCHLD, SIG_DFL);
}

/* Writing to a closed input raises no signal in this process and does not end the conversation. */
static void test_closed_ends(void **state)
{
    (void)state;
    struct child *child = begin("exec <&-; echo deaf; sleep 1000");

    assert_string_equal(hear(child), "deaf");
    say(child, "text\n");
    assert_int_equal(wait_line(child, 0.05, NULL), CHILD_LATE);
    child_end(child);

    child = begin("echo note >&2; exec >&-; sleep 1000");
    assert_int_equal(wait_line(child, LONG, NULL), CHILD_ENDED);
    expect_fate(child, "closed its standard output");
    expect_said(child, "note");
    child_end(child);
}

static void test_late_and_cancelled_answers_still_arrive(void **state)
{
    (void)state;
    struct child *child = begin("read -r go; echo here; sleep 1000");
    struct job job = {0};

    assert_int_equal(wait_line(child, 0.05, NULL), CHILD_LATE);
    atomic_store(&job.cancel, true);
    assert_int_equal(wait_line(child, LONG, &job), CHILD_CANCELLED);
    say(child, "go\n");
    assert_string_equal(hear(child), "here");
    child_end(child);
}

static void test_floods(void **state)
{
    (void)state;
    struct child *child = begin("yes error >&2 & read -r go; echo answer; wait");

    say(child, "go\n");
    assert_string_equal(hear(child), "answer");
    child_end(child);

    child = begin("yes | tr -d '\\n'");
    assert_int_equal(wait_line(child, LONG, NULL), CHILD_FULL);
    assert_int_equal(child_look(child), CHILD_NOISY);
    child_end(child);
}

static void test_nothing_is_left_behind(void **state)
{
    (void)state;
    static const char *const commands[] = {
        "echo $$; sleep 1000",
        "trap '' TERM HUP INT PIPE; echo $$; while :; do sleep 1000; done",
        "sleep 1000 & echo $!; wait",
        "sh -c 'trap \"\" TERM; sleep 1000 & echo $!; wait' & wait",
        "sleep 1000 & echo $!; exit",
        "echo $$; kill -STOP $$",
        "cat >/dev/null & echo $!",
        "setsid sh -c 'echo $$; sleep 1000'",
        "setsid sh -c 'echo $$; exec sleep 1000' & exit",
        "export again='exec sh -c \"$again\"'; setsid sh -c 'echo $$; eval \"$again\"' & exit",
        "(setsid sh -c 'setsid sh -c \"echo \\$\\$; sleep 1000\" &' &)",
    };
    size_t before = open_descriptors();

    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        struct child *child = begin(commands[i]);
        pid_t pid = (pid_t)strtol(hear(child), NULL, 10);
        assert_true(pid > 1);
        child_end(child);
        if (!is_gone(pid))
            fail_msg("still there: %s", commands[i]);
        assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
        assert_int_equal(errno, ECHILD);
    }
    assert_int_equal(open_descriptors(), before);
}

/* It has three descriptors, default signals, a session of its own, and Python set not to buffer its output. */
static void test_what_it_inherits(void **state)
{
    (void)state;
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    signal(SIGPIPE, SIG_IGN);
    struct child *child = begin("ls /proc/self/fd | tr '\\n' ' '; echo; sed -nE 's/^Sig(Blk|Ign).*(.{7})$/\\2/p' "
                                "/proc/self/status | tr -d '\\n'; echo; echo $PYTHONUNBUFFERED; ps -o sid= -p $$ | "
                                "tr -d ' '; echo $$");
    signal(SIGPIPE, SIG_DFL);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    assert_string_equal(hear(child), "0 1 2 3 "); /* 3 is the directory that ls reads */
    assert_string_equal(hear(child), "00000000000000");
    assert_string_equal(hear(child), "1");
    char session[64];
    snprintf(session, sizeof session, "%s", hear(child));
    assert_string_equal(hear(child), session);
    child_end(child);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    struct error error;
    struct child *child = NULL;

    for (long n = 0; !child; n++) {
        error = (struct error){0};
        memory_fail_after(n);
        child = child_start("cat", 64, &error);
        memory_fail_after(-1);
        assert_true(child ? n > 0 : error.text[0]);
    }
    memory_fail_after(0);
    assert_int_equal(child_send(child, "x\n", 2, &error), -1);
    memory_fail_after(-1);
    say(child, "x\n");
    assert_string_equal(hear(child), "x");
    child_end(child);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_line_by_line),
        cmocka_unit_test(test_reaps_orphans_while_it_runs),
        cmocka_unit_test(test_input_larger_than_a_pipe),
        cmocka_unit_test(test_a_program_that_ends),
        cmocka_unit_test(test_ignored_sigchld),
        cmocka_unit_test(test_closed_ends),
        cmocka_unit_test(test_late_and_cancelled_answers_still_arrive),
        cmocka_unit_test(test_floods),
        cmocka_unit_test(test_nothing_is_left_behind),
        cmocka_unit_test(test_what_it_inherits),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
