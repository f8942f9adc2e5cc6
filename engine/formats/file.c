#include "engine/formats/file.h"

#include "engine/base/mapping.h"
#include "engine/base/memory.h"
#include "engine/formats/output.h"
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_READ = 64 << 10 }; /* for files of unknown size, such as pipes */

/* Opens for reading and fills `status`; directories are refused. */
static int open_for_reading(const char *path, int flags, struct stat *status, struct error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | flags);

    if (fd < 0)
        return error_system(error, "%s", path);
    if (fstat(fd, status)) {
        error_system(error, "%s", path);
        close(fd);
        return -1;
    }
    if (S_ISDIR(status->st_mode)) {
        close(fd);
        return error_set(error, ERROR_INPUT, "%s: is a directory, not a file", path);
    }
    return fd;
}

static int too_large(const char *path, size_t limit, struct error *error)
{
    return error_set(error, ERROR_INPUT, "%s: is larger than the limit of %zu bytes", path, limit);
}

/* Reads `fd` to its end into *bytes, growing it; one byte is always kept free for the final NUL. */
static int read_all(int fd, const char *path, size_t limit, size_t capacity, char **bytes, size_t *size,
                    struct error *error)
{
    for (;;) {
        if (!*bytes || *size + 1 >= capacity) {
            capacity = *bytes ? 2 * capacity : capacity;
            char *grown = memory_grow(*bytes, capacity, 1);
            if (!grown)
                return error_memory(error);
            *bytes = grown;
        }
        ssize_t count = read(fd, *bytes + *size, capacity - *size - 1);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return error_system(error, "%s", path);
        if (count == 0)
            return 0;
        *size += (size_t)count;
        if (*size > limit)
            return too_large(path, limit, error);
    }
}

static char *read_file(const char *path, bool regular, size_t limit, size_t *size, struct error *error)
{
    struct stat status;
    char *bytes = NULL;

    *size = 0;
    int fd = open_for_reading(path, regular ? O_NONBLOCK : 0, &status, error);
    if (fd < 0)
        return NULL;
    if (regular && !S_ISREG(status.st_mode)) {
        error_set(error, ERROR_INPUT, "%s: is not a regular file", path);
        goto fail;
    }
    size_t capacity = FIRST_READ;
    if (S_ISREG(status.st_mode)) {
        if ((uintmax_t)status.st_size > limit) {
            too_large(path, limit, error);
            goto fail;
        }
        capacity = (size_t)status.st_size + 2; /* spare room, so the end is seen without growing */
    }
    if (read_all(fd, path, limit, capacity, &bytes, size, error))
        goto fail;
    close(fd);
    bytes[*size] = 0;
    return bytes;
fail:
    close(fd);
    free(bytes);
    *size = 0;
    return NULL;
}

char *file_read(const char *path, size_t limit, size_t *size, struct error *error)
{
    return read_file(path, false, limit, size, error);
}

char *file_read_regular(const char *path, size_t limit, size_t *size, struct error *error)
{
    return read_file(path, true, limit, size, error);
}

void *file_map(const char *path, size_t *size, struct error *error)
{
    struct stat status;
    void *map = NULL;

    *size = 0;
    /* non-blocking, so that a pipe is refused instead of waited for */
    int fd = open_for_reading(path, O_NONBLOCK, &status, error);
    if (fd < 0)
        return NULL;
    if (!S_ISREG(status.st_mode)) {
        error_set(error, ERROR_INPUT, "%s: is not a regular file, so it cannot be mapped", path);
    } else if (status.st_size == 0) {
        if (error)
            *error = (struct error){0};
    } else {
        map = mapping_open(fd, (size_t)status.st_size, path);
        if (map)
            *size = (size_t)status.st_size;
        else if (errno == ENOMEM)
            error_memory(error);
        else
            error_system(error, "%s: cannot be mapped", path);
    }
    close(fd);
    return map;
}

static int write_all(int fd, const struct file_part *part)
{
    const char *bytes = part->bytes;

    for (size_t done = 0; done < part->size;) {
        ssize_t count = write(fd, bytes + done, part->size - done);
        if (count < 0 && errno != EINTR)
            return -1;
        if (count > 0)
            done += (size_t)count;
    }
    return 0;
}

int file_write(const char *path, const struct file_part *parts, size_t count, struct error *error)
{
    struct output output;

    if (output_open(&output, path, true, error))
        return -1;
    for (size_t i = 0; i < count; i++) { /* larger than the stream's buffer, which stays empty */
        if (write_all(fileno(output.stream), &parts[i])) {
            error_system(error, "%s: cannot be written", path);
            output_abandon(&output);
            return -1;
        }
    }
    return output_commit(&output, error);
}

int file_join(char *buffer, size_t size, const char *dir, const char *name, struct error *error)
{
    size_t length = strlen(dir);
    const char *slash = length && dir[length - 1] != '/' ? "/" : "";
    int needed = snprintf(buffer, size, "%s%s%s", dir, slash, name);

    if (needed < 0 || (size_t)needed >= size)
        return error_set(error, ERROR_INPUT, "%s%s%s: the path is too long", dir, slash, name);
    return 0;
}
