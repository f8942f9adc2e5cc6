#include "engine/collection/tree.h"
#include "engine/formats/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

int tree_copy_file(const char *from, const char *to, struct error *error)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    ssize_t count = out < 0 ? -1 : 1;

    while (count > 0)
        count = sendfile(out, in, NULL, 1 << 30);
    int failed = count < 0 ? error_system(error, "%s: cannot be copied", from) : 0;
    if (in >= 0)
        close(in);
    if (out >= 0 && close(out) && !failed)
        failed = error_system(error, "%s: cannot be copied", from);
    return failed;
}

static int link_one(const char *from, const char *to, struct error *error)
{
    struct stat status;
    char target[PATH_MAX];

    if (lstat(from, &status))
        return error_system(error, "%s", from);
    if (S_ISLNK(status.st_mode)) {
        ssize_t size = readlink(from, target, sizeof target - 1);
        target[size < 0 ? 0 : size] = 0;
        return size < 0 || symlink(target, to) ? error_system(error, "%s: cannot be copied", from) : 0;
    }
    if (S_ISDIR(status.st_mode)) {
        if (mkdir(to, 0777))
            return error_system(error, "%s", to);
        return tree_link(from, to, NULL, error);
    }
    if (!S_ISREG(status.st_mode) || link(from, to) == 0)
        return 0;
    return tree_copy_file(from, to, error);
}

int tree_link(const char *from, const char *to, const char *const *except, struct error *error)
{
    char source[PATH_MAX], target[PATH_MAX];
    struct dirent *entry;
    int failed = 0;

    DIR *dir = opendir(from);
    if (!dir)
        return error_system(error, "%s", from);
    while (!failed && (entry = readdir(dir))) {
        const char *const *left_out = except;
        while (left_out && *left_out && strcmp(*left_out, entry->d_name) != 0)
            left_out++;
        if ((left_out && *left_out) || strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        failed = file_join(source, sizeof source, from, entry->d_name, error) ||
                 file_join(target, sizeof target, to, entry->d_name, error) || link_one(source, target, error);
    }
    closedir(dir);
    return failed ? -1 : 0;
}

/* Removes what is below an open directory, which it closes.  Reads names straight from the system: opendir would need
 * memory, which may be what is lacking. */
static int remove_below(int fd)
{
    enum { BYTES = 4096 };
    _Alignas(struct dirent64) char room[BYTES];
    int failed = 0;
    bool more = true;
    ssize_t size = 0;

    while (more && !failed && (size = getdents64(fd, room, sizeof room)) > 0) {
        more = false;
        for (ssize_t at = 0; at < size && !failed;) {
            const struct dirent64 *entry = (const struct dirent64 *)(room + at);
            const char *name = entry->d_name;
            at += entry->d_reclen;
            if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
                continue;
            more = true;
            if (unlinkat(fd, name, 0) == 0)
                continue;
            int below = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            failed = below < 0 || remove_below(below) || unlinkat(fd, name, AT_REMOVEDIR) ? -1 : 0;
        }
        lseek(fd, 0, SEEK_SET); /* from the beginning: what was removed may have moved the others */
    }
    int reason = errno;
    close(fd);
    errno = reason;
    return size < 0 ? -1 : failed;
}

int tree_remove(const char *path, struct error *error)
{
    if (unlink(path) == 0 || errno == ENOENT || rmdir(path) == 0)
        return 0;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || remove_below(fd) || rmdir(path))
        return error_system(error, "%s: cannot be removed", path);
    return 0;
}
