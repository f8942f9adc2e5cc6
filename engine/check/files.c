/* Files in a collection's directory that do not belong to it. */
#include "engine/check/parts.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool is_named(const struct checking *checking, const char *name)
{
    static const char *const always[] = {".", "..", "catalog.db"};

    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        if (strcmp(name, always[i]) == 0)
            return true;
    if (strcmp(name, "encoder") == 0)
        return *checking->encoder;
    for (size_t i = 0; i < checking->matrices; i++)
        if (strcmp(name, checking->matrix[i].file) == 0)
            return true;
    return false;
}

/* SQLite's own, while a catalog is written or after a write was interrupted. */
static bool is_journal(const char *name)
{
    return strcmp(name, "catalog.db-journal") == 0 || strcmp(name, "catalog.db-wal") == 0 ||
           strcmp(name, "catalog.db-shm") == 0;
}

static int check_files(struct checking *checking, struct check *check, struct error *error)
{
    DIR *dir = opendir(checking->path);
    const struct dirent *entry;
    struct error reason = {0};
    size_t files = 0;

    if (!dir) {
        error_system(&reason, "%s", checking->path);
        return findings_take(&check->findings, checking->path, NULL, &reason, error);
    }
    while ((entry = readdir(dir))) {
        files += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
        if (is_named(checking, entry->d_name))
            continue;
        if (is_journal(entry->d_name))
            findings_remark(&check->findings, "%s/%s: another program is writing fits, or was killed while it did",
                            checking->path, entry->d_name);
        else
            findings_fault(&check->findings, checking->path, "files that are not part of the collection",
                           "%s/%s: is not part of the collection; move it elsewhere", checking->path, entry->d_name);
    }
    closedir(dir);
    snprintf(check->what, sizeof check->what, "%zu in the directory", files);
    return 0;
}

const struct check_part check_part_files = {.name = "files", .cheap = true, .needs_catalog = true, .run = check_files};
