#include "engine/collection/entries.h"
#include "engine/formats/file.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEPTH = 8 }; /* a collection has models/NAME/encoder/FILE at most */

static const char *kind_of(mode_t mode)
{
    return S_ISFIFO(mode)                   ? "a pipe"
           : S_ISSOCK(mode)                 ? "a socket"
           : S_ISCHR(mode) || S_ISBLK(mode) ? "a device"
                                            : "not a regular file";
}

/* A link must lead to something inside `root`, a resolved path. */
static int check_link(const char *root, const char *path, struct stat *status, struct error *error)
{
    char target[PATH_MAX];
    size_t length = strlen(root);

    if (!realpath(path, target))
        return errno == ENOMEM
                   ? error_memory(error)
                   : error_set(error, ERROR_INPUT, "%s: is a symbolic link that leads nowhere; remove it", path);
    if (strncmp(target, root, length) != 0 || (target[length] && target[length] != '/' && strcmp(root, "/") != 0))
        return error_set(error, ERROR_INPUT,
                         "%s: is a symbolic link out of the collection; put the file itself in its place", path);
    return stat(path, status) ? error_system(error, "%s", path) : 0;
}

static int check_folder(const char *root, const char *folder, int depth, struct error *error);

static int check_entry(const char *root, const char *path, int depth, struct error *error)
{
    struct stat status;

    if (lstat(path, &status))
        return errno == ENOENT ? 0 : error_system(error, "%s", path); /* a journal that was just removed */
    bool linked = S_ISLNK(status.st_mode);
    if (linked && check_link(root, path, &status, error))
        return -1;
    if (S_ISDIR(status.st_mode))
        return linked ? 0 : check_folder(root, path, depth + 1, error); /* where it leads is walked anyway */
    return S_ISREG(status.st_mode) ? 0
                                   : error_set(error, ERROR_INPUT, "%s: is %s, not a file of a collection; remove it",
                                               path, kind_of(status.st_mode));
}

static int check_folder(const char *root, const char *folder, int depth, struct error *error)
{
    char path[PATH_MAX];
    const struct dirent *entry;
    int failed = 0;

    if (depth > DEPTH)
        return error_set(error, ERROR_INPUT, "%s: lies too deep to be part of a collection; move it elsewhere", folder);
    DIR *dir = opendir(folder);
    if (!dir)
        return error_system(error, "%s", folder);
    while (!failed && (errno = 0, entry = readdir(dir)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            failed =
                file_join(path, sizeof path, folder, entry->d_name, error) || check_entry(root, path, depth, error);
    if (!failed && errno)
        failed = error_system(error, "%s", folder);
    closedir(dir);
    return failed ? -1 : 0;
}

int entries_check(const char *path, struct error *error)
{
    char root[PATH_MAX];

    return realpath(path, root) ? check_folder(root, path, 0, error) : error_system(error, "%s", path);
}
