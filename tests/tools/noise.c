/* Types random bytes, cut into random pieces, into a program in a pseudo-terminal, less those that quit or stop it;
 * then Esc Esc q, which must end it with status 0 and the terminal as it was.
 *
 *   noise SEED COUNT keys|commands PROGRAM [ARGUMENT]...
 *
 * The command line and the help can quit too, by Enter or a click on that line: `keys` leaves out the two bytes that
 * open them, and `commands` has them, but neither Enter nor clicks. */
#include "engine/base/random.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

enum { ROWS = 30, COLUMNS = 100, STEP_MS = 100, PAUSE_MS = 1500, START_MS = 60000, END_MS = 60000, KEPT = 4096 };

static struct random_state state;
static int terminal, status;
static pid_t pid;
static bool commands;
static bool ended;          /* or stopped: `status` */
static char kept[KEPT + 1]; /* the end of the output */
static size_t kept_size;

static uint32_t draw(uint32_t below)
{
    return (uint32_t)random_below(&state, below);
}

static long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the terminal's side ---- */

static void keep(const char *bytes, size_t size)
{
    size_t drop = kept_size + size > KEPT ? kept_size + size - KEPT : 0;

    memmove(kept, kept + drop, kept_size - drop);
    memcpy(kept + kept_size - drop, bytes, size);
    kept_size += size - drop;
    kept[kept_size] = 0;
}

/* Waits until the terminal can be read, or written if `writing`; takes what can be read.  False when the
 * program has ended or stopped. */
static bool serve(bool writing, long wait, bool *writable)
{
    struct pollfd fd = {.fd = terminal, .events = (short)(writing ? POLLIN | POLLOUT : POLLIN)};
    char bytes[KEPT / 2];

    ended = ended || waitpid(pid, &status, WNOHANG | WUNTRACED) == pid;
    *writable = false;
    if (poll(&fd, 1, (int)wait) <= 0)
        return !ended;
    if (fd.revents & POLLIN) {
        ssize_t size = read(terminal, bytes, sizeof bytes);
        if (size > 0)
            keep(bytes, (size_t)size);
    }
    *writable = fd.revents & POLLOUT;
    return !ended;
}

static bool type(const unsigned char *bytes, size_t size)
{
    bool writable;

    for (size_t done = 0; done < size;) {
        if (!serve(true, STEP_MS, &writable))
            return false;
        ssize_t written = writable ? write(terminal, bytes + done, size - done) : 0;
        if (written > 0)
            done += (size_t)written;
    }
    return true;
}

/* Takes output for a while, or until it holds `text`; false if the program has ended, or `text` did not come. */
static bool watch(long ms, const char *text)
{
    long until = now_ms() + ms, left;
    bool writable;

    while ((left = until - now_ms()) > 0) {
        if (text && strstr(kept, text))
            return true;
        if (!serve(false, left < STEP_MS ? left : STEP_MS, &writable))
            return false;
    }
    return !text;
}

/* ---- what is typed ---- */

static bool allowed(unsigned char byte)
{
    enum { CTRL_C = 3, CTRL_Z = 26 };

    return byte != CTRL_C && byte != CTRL_Z && byte != 'q' &&
           (commands ? byte != '\r' && byte != '\n' : byte != ':' && byte != '?');
}

static size_t piece(unsigned char *bytes)
{
    static const char *const begun[] = {"\033[200~", "\033[201~", "\033]11;rgb:", "\033\\",   "\a",       "\033P>|",
                                        "\033_Gi=1", "\033^",     "\033X",        "\033[",    "\033[?62", "\033",
                                        "\xe2",      "\xf0\x9f",  "\033[1;5",     "\033[<0;", "\033[M",   "\033O"};
    enum { BEGUN = sizeof begun / sizeof *begun, CLICKS_AND_ENTER = 3, WHEEL = 64 };
    size_t size = 0;

    if (draw(4) == 0)
        return (size_t)sprintf((char *)bytes, "\033[<%u;%u;%uM", commands ? WHEEL + draw(6) : draw(70),
                               1 + draw(COLUMNS), 1 + draw(ROWS - 4));
    if (draw(3) == 0) {
        const char *some = begun[draw(commands ? BEGUN - CLICKS_AND_ENTER : BEGUN)];
        size = strlen(some);
        memcpy(bytes, some, size);
    }
    for (uint32_t rest = draw(40); rest > 0; rest--) {
        unsigned char byte = (unsigned char)draw(256);
        if (allowed(byte))
            bytes[size++] = byte;
    }
    return size;
}

static bool type_noise(size_t count)
{
    unsigned char bytes[64];

    for (size_t typed = 0; typed < count;) {
        size_t size = piece(bytes);
        for (size_t at = 0; at < size;) {
            size_t some = 1 + draw((uint32_t)(size - at));
            if (!type(bytes + at, some))
                return false;
            at += some;
            if (draw(50) == 0 && !watch(draw(60), NULL))
                return false;
        }
        typed += size;
    }
    return true;
}

/* ---- the end ---- */

static bool last_is(const char *wanted, const char *other)
{
    const char *at = kept, *last = NULL, *last_other = NULL;

    for (; (at = strstr(at, wanted)); at++)
        last = at;
    for (at = kept; (at = strstr(at, other)); at++)
        last_other = at;
    return last && last > last_other;
}

static int complain(const char *what)
{
    printf("%s (status %x); the last output:\n", what, (unsigned)status);
    for (const char *at = kept; *at; at++)
        *at == '\033' ? printf("^[") : putchar(*at);
    putchar('\n');
    if (!ended || WIFSTOPPED(status)) {
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    return 1;
}

int main(int argc, char **argv)
{
    struct winsize size = {.ws_row = ROWS, .ws_col = COLUMNS};
    struct termios before, after;
    int mirror;

    if (argc < 5) {
        fprintf(stderr, "usage: noise SEED COUNT keys|commands PROGRAM [ARGUMENT]...\n");
        return 2;
    }
    commands = strcmp(argv[3], "commands") == 0;
    state = random_start(strtoull(argv[1], NULL, 10), 0);
    if (openpty(&terminal, &mirror, NULL, NULL, &size) || tcgetattr(mirror, &before)) {
        perror("noise");
        return 2;
    }
    pid = fork();
    if (pid == 0) {
        close(terminal);
        login_tty(dup(mirror));
        execv(argv[4], argv + 4);
        _exit(127);
    }
    if (!watch(START_MS, "quit"))
        return complain("it did not start");
    if (!type_noise(strtoull(argv[2], NULL, 10)))
        return complain("it ended before its time");
    watch(PAUSE_MS, NULL); /* longer than it waits for the rest of anything */
    for (const char *key = "\033\033q"; *key; key++) {
        type((const unsigned char *)key, 1);
        watch(200, NULL);
    }
    if (watch(END_MS, "is not saved")) /* a model that the bytes have trained */
        type((const unsigned char *)"q", 1);
    watch(END_MS, NULL);
    if (!ended)
        return complain("it does not answer Esc Esc q");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return complain("it ended with another status than 0");
    if (!last_is("\033[?1049l", "\033[?1049h") || !last_is("\033[?2004l", "\033[?2004h") ||
        !last_is("\033[?1006;1000l", "\033[?1006;1000h") || !last_is("\033[?25h", "\033[?25l"))
        return complain("it left a mode of the terminal on");
    if (tcgetattr(mirror, &after) || after.c_lflag != before.c_lflag || after.c_iflag != before.c_iflag ||
        after.c_oflag != before.c_oflag)
        return complain("it changed the terminal's settings");
    return 0;
}
