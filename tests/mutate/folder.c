#include "tests/mutate/folder.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *join(char path[FOLDER_PATH], const char *folder, const char *name)
{
    snprintf(path, FOLDER_PATH, "%s/%s", folder, name);
    return path;
}

const char *folder_at(const char *folder, const char *name)
{
    static char path[8][FOLDER_PATH];
    static size_t next;

    return join(path[next++ % 8], folder, name);
}

unsigned char *folder_read(const char *path, size_t more, size_t *size)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    unsigned char *bytes = NULL;

    *size = 0;
    if (fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size < 1 << 28 &&
        (bytes = calloc((size_t)status.st_size + more + 1, 1)))
        *size = (size_t)read(fd, bytes, (size_t)status.st_size);
    if (fd >= 0)
        close(fd);
    return bytes;
}

void folder_write(const char *path, const void *bytes, size_t size)
{
    folder_remove(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
        abort();
    close(fd);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *at)
{
    (void)status, (void)type, (void)at;
    return remove(path);
}

void folder_remove(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- walking: nftw has no context ---- */

static struct folder_entries *walked;
static size_t prefix;

static int compare(const void *left, const void *right)
{
    return strcmp(left, right);
}

static int take_one(const char *path, const struct stat *status, int type, struct FTW *at)
{
    (void)status, (void)type;
    if (at->level > 0 && walked->count < FOLDER_ENTRIES)
        snprintf(walked->path[walked->count++], sizeof walked->path[0], "%s", path + prefix);
    return 0;
}

void folder_list(struct folder_entries *entries, const char *path)
{
    entries->count = 0;
    walked = entries;
    prefix = strlen(path) + 1;
    nftw(path, take_one, 16, FTW_PHYS);
    qsort(entries->path, entries->count, sizeof entries->path[0], compare);
}

void folder_copy(const char *from, const char *to)
{
    struct folder_entries entries;
    struct stat status;
    char original[FOLDER_PATH], copied[FOLDER_PATH];

    mkdir(to, 0777);
    folder_list(&entries, from);
    for (size_t i = 0; i < entries.count; i++) { /* sorted: folders before what is in them */
        const char *path = join(original, from, entries.path[i]), *copy = join(copied, to, entries.path[i]);
        size_t size;
        if (lstat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
            mkdir(copy, 0777);
        } else {
            unsigned char *bytes = folder_read(path, 0, &size);
            if (bytes)
                folder_write(copy, bytes, size);
            free(bytes);
        }
    }
}

static uint64_t digest(const unsigned char *bytes, size_t size)
{
    uint64_t sum = 14695981039346656037u, word;

    for (; size >= sizeof word; bytes += sizeof word, size -= sizeof word) {
        memcpy(&word, bytes, sizeof word);
        sum = (sum ^ word) * 1099511628211u;
        sum ^= sum >> 29;
    }
    for (size_t i = 0; i < size; i++)
        sum = (sum ^ bytes[i]) * 1099511628211u;
    return sum;
}

char *folder_describe(const char *path)
{
    struct folder_entries entries;
    char *text = NULL, full[FOLDER_PATH];
    size_t room = 0;
    FILE *out = open_memstream(&text, &room);

    folder_list(&entries, path);
    for (size_t i = 0; i < entries.count; i++) {
        const char *entry = join(full, path, entries.path[i]);
        struct stat status = {0};
        size_t size;
        lstat(entry, &status);
        unsigned char *bytes = S_ISREG(status.st_mode) ? folder_read(entry, 0, &size) : NULL;
        fprintf(out, "%s %o %lld %016llx\n", entries.path[i], status.st_mode & S_IFMT,
                S_ISREG(status.st_mode) ? (long long)status.st_size : 0,
                bytes ? (unsigned long long)digest(bytes, size) : 0);
        free(bytes);
    }
    fclose(out);
    return text;
}
