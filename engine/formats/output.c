#include "engine/formats/output.h"

#include "engine/base/memory.h"
#include "engine/base/unfinished.h"
#include "engine/formats/terminal_stream.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder of a path, as a new string. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
}

static unsigned next_serial(void)
{
    static atomic_uint serial;

    return atomic_fetch_add(&serial, 1);
}

static char *temporary_name(const char *path)
{
    char *name;

    return asprintf(&name, "%s.%ld-%u.tmp", path, (long)getpid(), next_serial()) < 0 ? NULL : name;
}

static void forget_temporary(struct output *output)
{
    unfinished_remove(output->temporary);
    free(output->temporary);
    output->temporary = NULL;
}

/* A descriptor, or, of the unnamed file `link`, 0. */
static int make_temporary(const struct output *output, const char *link)
{
    if (!link)
        return open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return linkat(AT_FDCWD, link, AT_FDCWD, output->temporary, AT_SYMLINK_FOLLOW);
}

/* Creates a file of a temporary name beside `path`, or gives the unnamed file `link` one; -1 without. */
static int create_named(struct output *output, const char *link)
{
    int made = -1;

    unfinished_hold();
    for (int tries = 0; tries < 100; tries++) {
        if (!(output->temporary = temporary_name(output->path)))
            break;
        if ((made = make_temporary(output, link)) >= 0) {
            unfinished_add(output->temporary);
            break;
        }
        int reason = errno;
        forget_temporary(output);
        errno = reason;
        if (reason != EEXIST)
            break;
    }
    unfinished_let_go();
    return made;
}

/* Creates a file beside `path`, unnamed if possible, with the permissions the process gives any new file. */
static int create(struct output *output)
{
    char *folder = folder_of(output->path);
    int fd = -1;

    if (folder && access("/proc/self/fd", X_OK) == 0)
        fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    free(folder);
    return fd < 0 ? create_named(output, NULL) : fd;
}

bool output_exists(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* Returns -1 if the destination may not be written; sets *direct if it is to be written in place. */
static int look(const char *path, bool replace, bool *direct, struct error *error)
{
    struct stat status;

    *direct = false;
    if (stat(path, &status)) {
        if (lstat(path, &status) == 0)
            return error_set(error, ERROR_INPUT, "%s: is a dangling symbolic link", path);
        return 0;
    }
    if (S_ISDIR(status.st_mode))
        return error_set(error, ERROR_INPUT, "%s: cannot be written: it is a directory", path);
    *direct = !S_ISREG(status.st_mode);
    if (!*direct && !replace)
        return error_set(error, ERROR_INPUT, "%s: already exists", path);
    return 0;
}

int output_open(struct output *output, const char *path, bool replace, struct error *error)
{
    bool direct;

    *output = (struct output){.replace = replace};
    if (!*path)
        return error_set(error, ERROR_INPUT, "the file name is missing");
    if (look(path, replace, &direct, error))
        return -1;
    output->direct = direct;
    output->path = realpath(path, NULL);
    if (!output->path && !(output->path = memory_text(path)))
        return error_memory(error);
    int fd = direct ? open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY) : create(output);
    if (fd < 0)
        error_system(error, "%s: cannot be written", path);
    else if (!(output->stream = direct && isatty(fd) ? terminal_stream_open(fd) : fdopen(fd, "w"))) {
        error_memory(error);
        close(fd);
    }
    if (!output->stream)
        output_abandon(output);
    return output->stream ? 0 : -1;
}

/* Gives the finished file a temporary name of its own. */
static int name_file(struct output *output)
{
    char link[64];

    if (output->temporary || output->direct)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fileno(output->stream));
    return create_named(output, link);
}

static int move_into_place(struct output *output)
{
    if (output->replace)
        return rename(output->temporary, output->path);
    if (renameat2(AT_FDCWD, output->temporary, AT_FDCWD, output->path, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -1;
    if (link(output->temporary, output->path)) /* file systems without that flag */
        return -1;
    return unlink(output->temporary);
}

/* Makes a rename durable; file systems that cannot sync a directory must not make it fail. */
static void flush_folder(const char *path)
{
    char *folder = folder_of(path);
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    free(folder);
}

/* Why an earlier write failed, which the stream does not keep: what a further one says. */
static int reason_of_failure(int fd)
{
    static const char block[1 << 16];

    return write(fd, block, sizeof block) < 0 ? errno : EIO;
}

static int refuse(struct output *output, int reason, struct error *error)
{
    errno = reason;
    return error_system(error, "%s: cannot be written", output->path);
}

/* Writes all to the disk. */
static int finish(struct output *output, struct error *error)
{
    bool written = fflush(output->stream) == 0;

    if (written && ferror(output->stream)) {
        int fd = fileno(output->stream);
        written = false;
        errno = fd < 0 ? EIO : reason_of_failure(fd); /* a terminal has no number */
    }
    if (written && !output->direct)
        written = fsync(fileno(output->stream)) == 0;
    return written ? 0 : refuse(output, errno, error);
}

/* Closes the file, with a name, without which it could not be put in place when memory is scarce. */
static int name_and_close(struct output *output, struct error *error)
{
    int failed = name_file(output), reason = errno;

    if (fclose(output->stream) && !failed) {
        failed = -1;
        reason = errno;
    }
    output->stream = NULL;
    return failed < 0 ? refuse(output, reason, error) : 0;
}

static int place(struct output *output, struct error *error)
{
    if (output->direct)
        return 0;
    if (move_into_place(output))
        return refuse(output, errno, error);
    forget_temporary(output); /* it is in place */
    return 0;
}

/* Puts files in place that are complete on the disk: all or none. */
static int place_all(struct output *outputs, size_t count, struct error *error)
{
    size_t placed = 0;
    int failed = 0;

    unfinished_hold();
    for (size_t i = 0; i < count && !failed; i++)
        failed = name_and_close(&outputs[i], error);
    while (!failed && placed < count && !(failed = place(&outputs[placed], error)))
        placed++;
    for (size_t i = 0; failed && i < placed; i++)
        if (!outputs[i].direct && !outputs[i].replace)
            unlink(outputs[i].path);
    unfinished_let_go();
    return failed;
}

int output_commit_all(struct output *outputs, size_t count, struct error *error)
{
    int failed = 0;

    for (size_t i = 0; i < count && !failed; i++)
        failed = finish(&outputs[i], error);
    if (!failed)
        failed = place_all(outputs, count, error);
    for (size_t i = 0; i < count && !failed; i++)
        if (!outputs[i].direct)
            flush_folder(outputs[i].path);
    for (size_t i = 0; i < count; i++)
        output_abandon(&outputs[i]);
    return failed;
}

int output_commit(struct output *output, struct error *error)
{
    return output_commit_all(output, 1, error);
}

void output_abandon(struct output *output)
{
    if (output->stream)
        fclose(output->stream);
    if (output->temporary) {
        unfinished_hold();
        unlink(output->temporary);
        forget_temporary(output);
        unfinished_let_go();
    }
    free(output->path);
    *output = (struct output){0};
}
