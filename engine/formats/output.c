#include "engine/formats/output.h"

#include "engine/base/memory.h"
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

/* Creates a file beside `path`, unnamed if possible, with the permissions the process gives any new file. */
static int create(struct output *output)
{
    char *folder = folder_of(output->path);
    int fd = -1;

    if (folder && access("/proc/self/fd", X_OK) == 0)
        fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    free(folder);
    for (int tries = 0; fd < 0 && tries < 100; tries++) {
        free(output->temporary);
        if (!(output->temporary = temporary_name(output->path)))
            return -1;
        fd = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    if (fd < 0) {
        free(output->temporary);
        output->temporary = NULL;
    }
    return fd;
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

    if (output->temporary)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fileno(output->stream));
    for (int tries = 0; tries < 100; tries++) {
        char *name = temporary_name(output->path);
        if (!name)
            return -1;
        if (linkat(AT_FDCWD, link, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0) {
            output->temporary = name;
            return 0;
        }
        free(name);
        if (errno != EEXIST)
            return -1;
    }
    return -1;
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

/* Writes all and gives it a name, without which it could not be put in place when memory is scarce. */
static int finish(struct output *output, struct error *error)
{
    bool written = fflush(output->stream) == 0;

    if (written && ferror(output->stream)) {
        int fd = fileno(output->stream);
        written = false;
        errno = fd < 0 ? EIO : reason_of_failure(fd); /* a terminal has no number */
    }
    if (written && !output->direct)
        written = fsync(fileno(output->stream)) == 0 && name_file(output) == 0;
    int reason = errno;
    if (fclose(output->stream) && written) {
        written = false;
        reason = errno;
    }
    output->stream = NULL;
    if (written)
        return 0;
    errno = reason;
    return error_system(error, "%s: cannot be written", output->path);
}

static int place(struct output *output, struct error *error)
{
    if (output->direct)
        return 0;
    if (move_into_place(output))
        return error_system(error, "%s: cannot be written", output->path);
    flush_folder(output->path);
    free(output->temporary); /* it is in place */
    output->temporary = NULL;
    return 0;
}

int output_commit_all(struct output *outputs, size_t count, struct error *error)
{
    size_t placed = 0;
    int failed = 0;

    for (size_t i = 0; i < count && !failed; i++)
        failed = finish(&outputs[i], error);
    while (!failed && placed < count && !(failed = place(&outputs[placed], error)))
        placed++;
    for (size_t i = 0; failed && i < placed; i++)
        if (!outputs[i].direct && !outputs[i].replace)
            unlink(outputs[i].path);
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
    if (output->temporary)
        unlink(output->temporary);
    free(output->temporary);
    free(output->path);
    *output = (struct output){0};
}
