#include "engine/base/child.h"

#include "engine/base/clock.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SAID = 1024, LIFE = 3, UNKNOWN = -1, MARK = 64 };
static const double GLANCE = 0.02, GRACE = 0.1, LAST_WORDS = 0.3, BURIAL = 2, ROUND = 0.5;

#define MARK_NAME "HUBSCOPE_CHILD" /* in the environment of the command and of all it starts */

struct child {
    pid_t pid; /* leads its session and group; the group's number stays taken until the whole group is gone */
    int in, out, err, life; /* our ends; -1: closed */
    bool reaped;
    int status;
    char mark[MARK];    /* the entry of the environment */
    double next_round;  /* when to look for orphans elsewhere again */
    struct child *next; /* of all */
    char *queue;        /* for its standard input: bytes sent..queued are still to be written */
    size_t sent, queued;
    char *output; /* (room) what it printed so far */
    size_t size, room;
    char said[SAID]; /* the end of its standard error */
    size_t said_size;
};

static pthread_mutex_t living_lock = PTHREAD_MUTEX_INITIALIZER;
static struct child *living; /* whose leaders nobody else may wait for */

/* The guard kills the group, and before it what bears the mark elsewhere, when the life line closes: when this process
 * ends, killed or not.  It looks twice, see bearing().  It is a grandchild, so the program can wait for its own
 * children. */
static const char SCRIPT[] = "( { trap '' TERM INT HUP; read -r line\n"
                             "for pause in 0.1 0; do\n"
                             "for its in $(grep -lszxF \"$2\" /proc/[0-9]*/environ); do\n"
                             "its=${its#/proc/}; kill -KILL \"${its%/*}\"; done\n"
                             "sleep $pause; done\n"
                             "kill -KILL 0; } <&3 >/dev/null 2>&1 3<&- & )\n"
                             "exec 3<&-\n"
                             "export \"$2\"\n"
                             "exec /bin/sh -c \"$1\"\n";

static void close_end(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

/* Both ends get numbers above those that the program uses for its own. */
static int make_pipe(int ends[2])
{
    int low[2];

    ends[0] = ends[1] = -1;
    if (pipe2(low, O_CLOEXEC))
        return -1;
    for (int i = 0; i < 2; i++) {
        ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, LIFE + 1);
        close(low[i]);
    }
    return ends[0] < 0 || ends[1] < 0 ? -1 : 0;
}

/* The environment with Python's output unbuffered: print would otherwise hold answers back. */
static char **make_environment(void)
{
    static char unbuffered[] = "PYTHONUNBUFFERED=1";
    size_t count = 0;

    while (environ[count])
        count++;
    char **copy = memory_array(count + 2, sizeof *copy);
    for (size_t i = 0; copy && i < count; i++)
        copy[i] = environ[i];
    if (copy && !getenv("PYTHONUNBUFFERED"))
        copy[count] = unbuffered;
    return copy;
}

/* Starts the command with its ends of the pipes as 0, 1, 2 and LIFE; returns 0 or an errno value. */
static int spawn(pid_t *pid, const char *command, const char *mark, const int ends[4])
{
    char shell[] = "sh", option[] = "-c";
    char *const arguments[] = {shell, option, (char *)SCRIPT, shell, (char *)command, (char *)mark, NULL};
    char **environment = make_environment();
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    int status = 0;

    if (!environment)
        return ENOMEM;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    for (int i = 0; i < 4 && !status; i++)
        status = posix_spawn_file_actions_adddup2(&actions, ends[i], i);
    if (!status)
        status = posix_spawn_file_actions_addclosefrom_np(&actions, LIFE + 1);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (!status)
        status = posix_spawn(pid, "/bin/sh", &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    free(environment);
    return status;
}

struct child *child_start(const char *command, size_t room, struct error *error)
{
    int ends[4][2] = {{-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}}; /* {read end, write end} of 0, 1, 2 and LIFE */
    struct child *child = memory_array(1, sizeof *child);
    int status = ENOMEM;

    if (!child)
        goto fail;
    *child = (struct child){.in = -1, .out = -1, .err = -1, .life = -1, .room = room};
    if (!(child->output = memory_array(room, 1)))
        goto fail;
    status = 0;
    for (int i = 0; i < 4 && !status; i++)
        status = make_pipe(ends[i]) ? errno : 0;
    if (status)
        goto fail;
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* orphans of the command become ours to wait for */
    const int theirs[4] = {ends[0][0], ends[1][1], ends[2][1], ends[3][0]};
    snprintf(child->mark, sizeof child->mark, MARK_NAME "=%ld-%.9f", (long)getpid(), clock_seconds());
    pthread_mutex_lock(&living_lock);
    status = spawn(&child->pid, command, child->mark, theirs);
    if (!status) {
        child->next = living;
        living = child;
    }
    pthread_mutex_unlock(&living_lock);
    if (status)
        goto fail;
    child->in = ends[0][1];
    child->out = ends[1][0];
    child->err = ends[2][0];
    child->life = ends[3][1];
    for (int i = 0; i < 4; i++)
        close(theirs[i]);
    fcntl(child->in, F_SETFL, O_NONBLOCK);
    fcntl(child->out, F_SETFL, O_NONBLOCK);
    fcntl(child->err, F_SETFL, O_NONBLOCK);
    return child;
fail:
    for (int i = 0; i < 4; i++) {
        close_end(&ends[i][0]);
        close_end(&ends[i][1]);
    }
    if (child)
        free(child->output);
    free(child);
    errno = status;
    error_system(error, "cannot start a program");
    return NULL;
}

static bool reap(struct child *child)
{
    pid_t found = child->reaped ? 0 : waitpid(child->pid, &child->status, WNOHANG);

    if (found < 0 && errno == ECHILD) /* our own parent set SIGCHLD to be ignored */
        child->status = UNKNOWN;
    child->reaped = child->reaped || found == child->pid || (found < 0 && errno == ECHILD);
    return child->reaped;
}

static bool is_leader(pid_t pid)
{
    const struct child *child = living;

    while (child && child->pid != pid)
        child = child->next;
    return child;
}

enum bearing { BEARS_NOT, BEARS, BEARS_UNSEEN };

/* Whether a process was started with the entry in its environment, which cannot be seen while the process executes
 * another program or ends. */
static enum bearing bearing(pid_t pid, const char *mark)
{
    char path[64], *entry = NULL;
    size_t room = 0;
    bool found = false, any = false;

    snprintf(path, sizeof path, "/proc/%ld/environ", (long)pid);
    FILE *file = fopen(path, "re");
    while (file && !found && getdelim(&entry, &room, 0, file) > 0) {
        any = true;
        found = strcmp(entry, mark) == 0;
    }
    bool unseen = !any && (file || (errno != EACCES && errno != EPERM));
    if (file)
        fclose(file);
    free(entry);
    return found ? BEARS : unseen ? BEARS_UNSEEN : BEARS_NOT;
}

enum look { LOOK_ONLY, LOOK_AND_KILL, LOOK_PATIENTLY }; /* patiently: and counts what cannot be seen yet */

/* Waits for orphans that left the command's group and have ended, and kills those that have not unless it only looks.
 * Returns whether any of these is left. */
static bool bury_strays(const struct child *child, enum look look)
{
    char path[64];
    bool left = false;
    long pid;

    pthread_mutex_lock(&living_lock);
    DIR *tasks = opendir("/proc/self/task"); /* the kernel gives an orphan to any of our threads */
    for (struct dirent *task; tasks && (task = readdir(tasks));) {
        snprintf(path, sizeof path, "/proc/self/task/%.20s/children", task->d_name);
        FILE *children = task->d_name[0] == '.' ? NULL : fopen(path, "re");
        while (children && fscanf(children, "%ld", &pid) == 1)
            if (!is_leader((pid_t)pid) && waitpid((pid_t)pid, NULL, WNOHANG) == 0 && look != LOOK_ONLY) {
                enum bearing its = bearing((pid_t)pid, child->mark);
                if (its == BEARS)
                    kill((pid_t)pid, SIGKILL);
                left = left || its == BEARS || (its == BEARS_UNSEEN && look == LOOK_PATIENTLY);
            }
        if (children)
            fclose(children);
    }
    if (tasks)
        closedir(tasks);
    pthread_mutex_unlock(&living_lock);
    return left;
}

static void wait_a_moment(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

static void forget(const struct child *child)
{
    struct child **at = &living;

    pthread_mutex_lock(&living_lock);
    while (*at && *at != child)
        at = &(*at)->next;
    if (*at)
        *at = child->next;
    pthread_mutex_unlock(&living_lock);
}

void child_end(struct child *child)
{
    if (!child)
        return;
    close_end(&child->in);
    if (!reap(child))
        kill(-child->pid, SIGTERM);
    for (double until = clock_seconds() + GRACE; !reap(child) && clock_seconds() < until;)
        wait_a_moment();
    kill(-child->pid, SIGKILL);
    /* The rest of the group is reparented to us as its parents end. */
    for (double until = clock_seconds() + BURIAL; clock_seconds() < until;) {
        pid_t found = waitpid(-child->pid, NULL, WNOHANG);
        if (found < 0 && errno != EINTR)
            break;
        if (found == 0)
            wait_a_moment();
    }
    const double buried = clock_seconds();
    while (bury_strays(child, clock_seconds() < buried + GRACE ? LOOK_PATIENTLY : LOOK_AND_KILL) &&
           clock_seconds() < buried + BURIAL)
        wait_a_moment();
    forget(child);
    close_end(&child->out);
    close_end(&child->err);
    close_end(&child->life);
    free(child->queue);
    free(child->output);
    free(child);
}

int child_send(struct child *child, const char *bytes, size_t size, struct error *error)
{
    char *queue = memory_grow(child->queue, child->queued + size, 1);

    if (!queue)
        return error_memory(error);
    memcpy(queue + child->queued, bytes, size);
    child->queue = queue;
    child->queued += size;
    return 0;
}

/* write() that fails with EPIPE without raising SIGPIPE. */
static ssize_t write_quietly(int descriptor, const char *bytes, size_t size)
{
    sigset_t pipe_signal, pending, before;

    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    sigemptyset(&pending);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    ssize_t written = write(descriptor, bytes, size);
    int saved = errno;
    if (written < 0 && saved == EPIPE && !sigismember(&pending, SIGPIPE))
        sigtimedwait(&pipe_signal, NULL, &(struct timespec){0});
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = saved;
    return written;
}

static bool try_later(void)
{
    return errno == EAGAIN || errno == EINTR;
}

static void write_queue(struct child *child)
{
    ssize_t n = write_quietly(child->in, child->queue + child->sent, child->queued - child->sent);

    if (n > 0)
        child->sent += (size_t)n;
    else if (n < 0 && !try_later())
        close_end(&child->in); /* it stopped reading; it may still answer */
    if (child->sent == child->queued || child->in < 0)
        child->sent = child->queued = 0;
}

static void read_output(struct child *child)
{
    ssize_t n = read(child->out, child->output + child->size, child->room - child->size);

    if (n > 0)
        child->size += (size_t)n;
    else if (n == 0 || !try_later())
        close_end(&child->out);
}

static void read_said(struct child *child)
{
    char piece[SAID];
    ssize_t n = read(child->err, piece, sizeof piece);

    if (n <= 0) {
        if (n == 0 || !try_later())
            close_end(&child->err);
        return;
    }
    size_t size = (size_t)n, keep = SAID - size < child->said_size ? SAID - size : child->said_size;
    memmove(child->said, child->said + child->said_size - keep, keep);
    memcpy(child->said + keep, piece, size);
    child->said_size = keep + size;
}

/* Orphans of the command that have ended; it leads their group, and is left to reap(). */
static void reap_orphans(struct child *child)
{
    siginfo_t ended = {0};
    double now = clock_seconds();

    if (now >= child->next_round) {
        child->next_round = now + ROUND;
        bury_strays(child, LOOK_ONLY);
    }

    while (waitid(P_PGID, (id_t)child->pid, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid &&
           ended.si_pid != child->pid) {
        waitpid(ended.si_pid, NULL, WNOHANG);
        ended = (siginfo_t){0};
    }
}

/* Moves whatever bytes can be moved, waiting at most `seconds` for some. */
static void turn(struct child *child, double seconds)
{
    struct pollfd poll_for[] = {
        {.fd = child->queued ? child->in : -1, .events = POLLOUT},
        {.fd = child->size < child->room ? child->out : -1, .events = POLLIN},
        {.fd = child->err, .events = POLLIN},
    };
    struct timespec timeout = {.tv_sec = 0, .tv_nsec = (long)(seconds * 1e9)};

    reap_orphans(child);
    if (ppoll(poll_for, 3, &timeout, NULL) <= 0)
        return;
    if (poll_for[0].revents)
        write_queue(child);
    if (poll_for[1].revents)
        read_output(child);
    if (poll_for[2].revents)
        read_said(child);
}

/* Its output is closed: waits briefly for its end and its last words; it may also live on without an output. */
static void hear_out(struct child *child)
{
    for (double until = clock_seconds() + LAST_WORDS; clock_seconds() < until;) {
        bool gone = reap(child);
        if (child->err < 0 && gone)
            return;
        size_t before = child->said_size;
        turn(child, gone ? 0 : GLANCE / 4);
        if (gone && child->err >= 0 && child->said_size == before)
            return;
    }
}

enum child_outcome child_wait(struct child *child, child_answer *answer, const void *context, double until,
                              struct job *job, size_t *length)
{
    for (;;) {
        *length = child->size ? answer(child->output, child->size, context) : 0;
        if (*length)
            return CHILD_ANSWERED;
        if (child->size == child->room)
            return CHILD_FULL;
        if (child->out < 0) {
            hear_out(child);
            return CHILD_ENDED;
        }
        if (job_cancelled(job))
            return CHILD_CANCELLED;
        double left = until - clock_seconds();
        if (left <= 0)
            return CHILD_LATE;
        turn(child, left < GLANCE ? left : GLANCE);
    }
}

const char *child_output(const struct child *child, size_t *size)
{
    *size = child->size;
    return child->output;
}

void child_take(struct child *child, size_t size)
{
    child->size -= size;
    memmove(child->output, child->output + size, child->size);
}

enum child_state child_look(struct child *child)
{
    turn(child, 0);
    if (child->size)
        return CHILD_NOISY;
    if (child->out >= 0)
        return CHILD_QUIET;
    hear_out(child);
    return CHILD_GONE;
}

void child_fate(const struct child *child, char *buffer, size_t size)
{
    if (!child->reaped)
        snprintf(buffer, size, "closed its standard output");
    else if (child->status == UNKNOWN)
        snprintf(buffer, size, "ended");
    else if (WIFSIGNALED(child->status))
        snprintf(buffer, size, "was killed by signal %d (%s)", WTERMSIG(child->status),
                 strsignal(WTERMSIG(child->status)));
    else
        snprintf(buffer, size, "ended with exit status %d", WEXITSTATUS(child->status));
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r' || c == '\0';
}

void child_said(const struct child *child, char *buffer, size_t size)
{
    char line[SAID + 1];
    size_t end = child->said_size, start;

    while (end && (is_line_end(child->said[end - 1]) || child->said[end - 1] == ' '))
        end--;
    for (start = end; start && !is_line_end(child->said[start - 1]);)
        start--;
    memcpy(line, child->said + start, end - start);
    line[end - start] = 0;
    text_clean(buffer, size, line);
}
