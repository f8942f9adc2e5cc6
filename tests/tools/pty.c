/* A terminal that only records: runs a program in a pseudo-terminal, answers its questions, types and writes what it
 * prints to files.
 *
 *   pty COLUMNSxROWS REPLY [KEYS FILE]... -- COMMAND [argument...]
 *
 * REPLY is sent when the program asks for the terminal's name (XTVERSION) or its attributes (DA1).  Each KEYS are
 * typed, and what the program prints until it rests, or until it ends after the last KEYS, goes to FILE.  It rests once
 * it has answered the keys, waits in ppoll without a time limit, and none of its threads has run for a while; where
 * that cannot be seen, once it is silent for half a second with all its threads asleep.
 * \e in REPLY and KEYS is the escape character, and \\ a backslash.  A cell has 10 x 20 pixels. */
#include "threads.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { REST_MS = 30, SILENCE_MS = 500, END_MS = 20000, SILENCES_MOST = 120, MOST = 1 << 24 };

static char output[MOST];
static size_t used;
static bool replied;

static char *unescaped(char *text)
{
    char *to = text;

    for (const char *from = text; *from; from++) {
        if (from[0] == '\\' && (from[1] == 'e' || from[1] == '\\')) {
            *to++ = from[1] == 'e' ? '\033' : '\\';
            from++;
        } else {
            *to++ = *from;
        }
    }
    *to = 0;
    return text;
}

static void type(int terminal, const char *keys)
{
    if (write(terminal, keys, strlen(keys)) < 0)
        perror("pty");
}

/* Whether its first thread waits for events and nothing but an event will wake it. */
static bool waits(pid_t pid)
{
    char path[40];
    long call = -1;
    unsigned long limit = 1;

    snprintf(path, sizeof path, "/proc/%d/syscall", (int)pid);
    FILE *file = fopen(path, "r");
    bool read = file && fscanf(file, "%ld %*x %*x %lx", &call, &limit) == 2; /* ppoll(files, count, limit, mask) */
    if (file)
        fclose(file);
    return read && call == SYS_ppoll && !limit;
}

/* The processor time of all its threads, in nanoseconds. */
static long long ran(pid_t pid)
{
    clockid_t clock;
    struct timespec time;

    if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &time))
        return -1;
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* Reads until the program rests, or is silent for so long; false once it has ended. */
static bool listen_to(int terminal, pid_t pid, const char *reply, int silence)
{
    struct pollfd input = {.fd = terminal, .events = POLLIN};
    int step = silence > SILENCE_MS ? silence : REST_MS, silent = 0, silences = 0;
    long long before = -1;

    while (used + 1 < MOST) {
        if (poll(&input, 1, step) <= 0) {
            long long now = used && waits(pid) && !threads_run(pid, 0) ? ran(pid) : -1;
            if (now >= 0 && now == before)
                break;
            before = now;
            if ((silent += step) < silence)
                continue;
            silent = 0;
            if (!threads_run(pid, 0) || ++silences == SILENCES_MOST)
                break;
            continue;
        }
        ssize_t n = read(terminal, output + used, MOST - 1 - used);
        if (n <= 0)
            return false;
        used += (size_t)n;
        silent = 0;
        before = -1;
        if (!replied && (memmem(output, used, "\033[c", 3) || memmem(output, used, "\033[>q", 4))) {
            replied = true;
            type(terminal, reply);
        }
    }
    return true;
}

static void save(const char *path)
{
    FILE *file = fopen(path, "w");

    if (!file || fwrite(output, 1, used, file) != used || fclose(file) != 0)
        perror(path);
    used = 0;
}

int main(int argc, char **argv)
{
    struct winsize size = {0};
    int terminal, status = 0, at = 3;

    if (argc < 6 || sscanf(argv[1], "%hux%hu", &size.ws_col, &size.ws_row) != 2) {
        fprintf(stderr, "usage: pty COLUMNSxROWS REPLY [KEYS FILE]... -- COMMAND [argument...]\n");
        return 2;
    }
    size.ws_xpixel = (unsigned short)(size.ws_col * 10);
    size.ws_ypixel = (unsigned short)(size.ws_row * 20);
    int command = at;
    while (command < argc && strcmp(argv[command], "--") != 0)
        command++;
    pid_t pid = forkpty(&terminal, NULL, NULL, &size);
    if (pid == 0) {
        execvp(argv[command + 1], argv + command + 1);
        _exit(127);
    }
    unescaped(argv[2]);
    for (bool runs = true; runs && at + 1 < command; at += 2) {
        type(terminal, unescaped(argv[at]));
        runs = listen_to(terminal, pid, argv[2], at + 3 < command ? SILENCE_MS : END_MS);
        save(argv[at + 1]);
    }
    close(terminal);
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
