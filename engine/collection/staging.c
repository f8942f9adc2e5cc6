#include "engine/collection/staging.h"
#include "engine/base/memory.h"
#include "engine/catalog/header.h"
#include "engine/collection/collection_model.h"
#include "engine/collection/tree.h"
#include "engine/formats/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Beside the destination, NAME.importing-NUMBER is the new directory being written, or the old collection just
 * exchanged for it; NAME.replaced-NUMBER is the old collection on a file system that cannot exchange two directories.
 *  Who works on one holds its lock. */
static const struct staging staging_none = {.lock = -1, .old_lock = -1, .spare = {-1, -1, -1}};

static pthread_mutex_t open_lock = PTHREAD_MUTEX_INITIALIZER;
static struct staging *open_ones;

typedef int staging_replaceable(const char *folder, struct error *error);

static const char importing[] = ".importing-", replaced[] = ".replaced-";

static int sync_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    int failed = fsync(fd);
    close(fd);
    return failed;
}

/* The directory that contains the destination, as opendir takes it. */
static void parent_of(const char *destination, char *buffer, size_t size)
{
    const char *slash = strrchr(destination, '/');

    if (!slash)
        snprintf(buffer, size, ".");
    else
        snprintf(buffer, size, "%.*s", slash == destination ? 1 : (int)(slash - destination), destination);
}

static const char *name_of(const char *destination)
{
    const char *slash = strrchr(destination, '/');

    return slash ? slash + 1 : destination;
}

/* Whether the entry is a leftover of the destination. */
static bool is_leftover(const char *entry, const char *name, const char *mark)
{
    size_t length = strlen(name);

    if (strncmp(entry, name, length) != 0 || strncmp(entry + length, mark, strlen(mark)) != 0)
        return false;
    const char *digits = entry + length + strlen(mark);
    return *digits && strspn(digits, "0123456789") == strlen(digits);
}

/* Takes the lock of a directory that nobody works on any more: a descriptor, or -1.  The kernel frees the lock of a
 * process that died, whereas process IDs are reused and differ between containers. */
static int lock_abandoned(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* Removes what killed imports left behind; moves an old collection back if nothing took its place. */
static void clear_leftovers(const char *destination)
{
    char parent[PATH_MAX], path[PATH_MAX];
    struct stat status;
    struct dirent *entry;

    parent_of(destination, parent, sizeof parent);
    DIR *dir = opendir(parent);
    while (dir && (entry = readdir(dir))) {
        const char *name = name_of(destination);
        bool writer = is_leftover(entry->d_name, name, importing);
        int lock;
        if ((!writer && !is_leftover(entry->d_name, name, replaced)) ||
            file_join(path, sizeof path, parent, entry->d_name, NULL) || (lock = lock_abandoned(path)) < 0)
            continue;
        if (writer || lstat(destination, &status) == 0)
            tree_remove(path, NULL);
        else
            (void)!rename(path, destination);
        close(lock);
    }
    if (dir)
        closedir(dir);
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);

    return length >= tail && strcmp(text + length - tail, end) == 0;
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* Whether import writes entries of that name. */
static bool is_part(const char *name)
{
    static const char *const parts[] = {
        ".", "..", "catalog.db", "videos.npy", "queries.npy", "sims.npy", COLLECTION_INDEX, "encoder", "models"};

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcmp(name, parts[i]) == 0)
            return true;
    bool bank = starts_with(name, "bank_") || starts_with(name, "video_bank_");
    return catalog_is_journal(name) || (bank && ends_with(name, ".npy"));
}

/* Refuses to replace a folder with any file that import did not write: it would be lost with the old collection. */
static int check_replaceable(const char *destination, struct error *error)
{
    char catalog[PATH_MAX];
    struct dirent *entry;
    bool known;
    int failed = 0;

    if (file_join(catalog, sizeof catalog, destination, "catalog.db", error) ||
        catalog_recognise(catalog, &known, error))
        return -1;
    if (!known)
        return error_set(error, ERROR_INPUT, "%s: is not a hubscope collection, so it is not replaced", destination);
    DIR *dir = opendir(destination);
    if (!dir)
        return error_system(error, "%s", destination);
    while (!failed && (entry = readdir(dir))) {
        const char *name = entry->d_name;
        if (!is_part(name))
            failed = error_set(error, ERROR_INPUT,
                               "%s: contains \"%s\", which is not part of a collection; move it elsewhere "
                               "before replacing the collection",
                               destination, name);
    }
    closedir(dir);
    return failed;
}

/* Whether the directory at `path` has entries, or cannot be read.  -1 if descriptors or memory are lacking. */
static int find_entries(const char *path, bool *some, struct error *error)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    bool empty = dir != NULL;

    if (!dir && error_kind_of(errno) == ERROR_MEMORY)
        return error_system(error, "%s", path);
    while (empty && (entry = readdir(dir)))
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    if (dir)
        closedir(dir);
    *some = !empty;
    return 0;
}

/* The destination as an absolute path if it exists, else as given, without trailing slashes. */
static char *settle(const char *destination, struct error *error)
{
    char resolved[PATH_MAX];
    size_t length = strlen(destination);

    if (!length || length >= PATH_MAX - 64) {
        error_set(error, ERROR_INPUT, "%s",
                  length ? "the destination's name is too long" : "the destination has no name");
        return NULL;
    }
    const char *found = realpath(destination, resolved);
    char *copy = memory_text(found ? found : destination);
    if (!copy)
        error_memory(error);
    for (length = copy ? strlen(copy) : 0; length > 1 && copy[length - 1] == '/'; length--)
        copy[length - 1] = 0;
    return copy;
}

/* Checks that the settled destination may be created or replaced. */
static int check_settled(const char *destination, staging_replaceable *replaceable, bool *replaces, struct error *error)
{
    struct stat status;

    *replaces = false;
    if (lstat(destination, &status))
        return 0;
    if (!S_ISDIR(status.st_mode))
        return error_set(error, ERROR_INPUT, "%s: exists and is not a directory", destination);
    if (find_entries(destination, replaces, error))
        return -1;
    if (*replaces && !replaceable)
        return error_set(error, ERROR_INPUT, "%s: already exists; choose another name or ask for it to be replaced",
                         destination);
    return *replaces ? replaceable(destination, error) : 0;
}

int staging_check(const char *destination, bool replace, bool *replaces, struct error *error)
{
    char parent[PATH_MAX];

    *replaces = false;
    char *settled = settle(destination, error);
    if (!settled)
        return -1;
    parent_of(settled, parent, sizeof parent);
    int failed = check_settled(settled, replace ? check_replaceable : NULL, replaces, error);
    if (!failed && access(parent, W_OK | X_OK))
        failed = error_system(error, "%s: cannot create anything there", parent);
    free(settled);
    return failed;
}

/* Fails only if another program holds the lock: some file systems have no locks. */
static int lock_old(struct staging *staging, struct error *error)
{
    staging->old_lock = open(staging->destination, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (staging->old_lock >= 0 && flock(staging->old_lock, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
        return error_set(error, ERROR_SYSTEM, "%s: another program is writing it; try again later",
                         staging->destination);
    return 0;
}

int staging_open(struct staging *staging, const char *destination, bool replace, struct error *error)
{
    return staging_open_folder(staging, destination, replace ? check_replaceable : NULL, error);
}

static void close_all(int *fd, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (fd[i] >= 0)
            close(fd[i]);
        fd[i] = -1;
    }
}

/* Locks the new directory; false if another program took it for abandoned and removes it.  Without locks, as on some
 * file systems, leftovers only stay longer. */
static bool lock_new(const struct staging *staging)
{
    struct stat named, locked;

    return !(flock(staging->lock, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK) && fstat(staging->lock, &locked) == 0 &&
           stat(staging->path, &named) == 0 && locked.st_ino == named.st_ino && locked.st_dev == named.st_dev;
}

/* Creates and locks the directory that is written. */
static int make_folder(struct staging *staging, struct error *error)
{
    size_t size = strlen(staging->destination) + sizeof importing + 24;
    unsigned long number = (unsigned long)getpid();

    if (!(staging->path = memory_array(size, 1)))
        return error_memory(error);
    for (int tries = 0; tries < 100; tries++, number += 100003) {
        snprintf(staging->path, size, "%s%s%lu", staging->destination, importing, number);
        if (mkdir(staging->path, 0777)) {
            if (errno == EEXIST)
                continue;
            break;
        }
        staging->lock = open(staging->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (staging->lock >= 0 && lock_new(staging))
            return 0;
        if (staging->lock < 0 && errno != ENOENT) { /* ENOENT: it is removed as abandoned already */
            int reason = errno;
            rmdir(staging->path);
            errno = reason;
            break;
        }
        close_all(&staging->lock, 1);
    }
    error_system(error, "%s", staging->path);
    free(staging->path); /* staging_abandon must not remove what another made */
    staging->path = NULL;
    return -1;
}

int staging_open_folder(struct staging *staging, const char *destination, staging_replaceable *replaceable,
                        struct error *error)
{
    *staging = staging_none;
    staging->destination = settle(destination, error);
    if (!staging->destination)
        return -1;
    destination = staging->destination;
    clear_leftovers(destination);
    if (check_settled(destination, replaceable, &staging->replace, error) ||
        (staging->replace && lock_old(staging, error)) || make_folder(staging, error))
        goto fail;
    for (size_t i = 0; i < STAGING_SPARE; i++)
        if ((staging->spare[i] = fcntl(staging->lock, F_DUPFD_CLOEXEC, 0)) < 0) {
            error_system(error, "%s", staging->path);
            goto fail;
        }
    pthread_mutex_lock(&open_lock);
    staging->next = open_ones;
    open_ones = staging;
    pthread_mutex_unlock(&open_lock);
    return 0;

fail:
    staging_abandon(staging);
    return -1;
}

static void forget(const struct staging *staging)
{
    struct staging **at = &open_ones;

    pthread_mutex_lock(&open_lock);
    while (*at && *at != staging)
        at = &(*at)->next;
    if (*at)
        *at = staging->next;
    pthread_mutex_unlock(&open_lock);
}

static void release(struct staging *staging)
{
    forget(staging);
    close_all(staging->spare, STAGING_SPARE);
    close_all(&staging->lock, 1);
    close_all(&staging->old_lock, 1);
    free(staging->path);
    free(staging->destination);
    *staging = staging_none;
}

void staging_abandon(struct staging *staging)
{
    if (!staging->destination)
        return;
    close_all(staging->spare, STAGING_SPARE);
    if (staging->path)
        tree_remove(staging->path, NULL);
    release(staging);
}

void staging_abandon_all(void)
{
    while (open_ones)
        staging_abandon(open_ones);
}

/* For file systems that cannot exchange two directories.  For a moment the destination does not exist; if the process
 * dies then, clear_leftovers restores it. */
static int replace_in_steps(const struct staging *staging)
{
    char aside[PATH_MAX];

    if (snprintf(aside, sizeof aside, "%s%s%ld", staging->destination, replaced, (long)getpid()) >= (int)sizeof aside) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if (rename(staging->destination, aside))
        return -1;
    if (rename(staging->path, staging->destination)) {
        int reason = errno;
        (void)!rename(aside, staging->destination);
        errno = reason;
        return -1;
    }
    tree_remove(aside, NULL);
    return 0;
}

int staging_commit(struct staging *staging, struct error *error)
{
    char parent[PATH_MAX];
    int failed;

    close_all(staging->spare, STAGING_SPARE);
    if (nftw(staging->path, sync_one, 8, FTW_PHYS))
        return error_system(error, "%s: cannot be flushed to disk", staging->path);
    if (!staging->replace) {
        failed = rename(staging->path, staging->destination); /* onto nothing, or an empty folder */
    } else {
        failed = renameat2(AT_FDCWD, staging->path, AT_FDCWD, staging->destination, RENAME_EXCHANGE);
        if (failed && (errno == EINVAL || errno == ENOSYS || errno == EXDEV))
            failed = replace_in_steps(staging);
    }
    if (failed)
        return error_system(error, "%s: cannot be put in place", staging->destination);
    parent_of(staging->destination, parent, sizeof parent);
    sync_one(parent, NULL, 0, NULL); /* some file systems cannot; the rename is done all the same */
    if (staging->replace)
        tree_remove(staging->path, NULL); /* the old collection now */
    release(staging);
    return 0;
}
