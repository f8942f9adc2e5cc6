#include "engine/catalog/header.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

const char *const catalog_files[] = {"catalog.db", "catalog.db-journal", "catalog.db-wal", "catalog.db-shm", NULL};

bool catalog_is_journal(const char *name)
{
    size_t i = 1;

    while (catalog_files[i] && strcmp(name, catalog_files[i]) != 0)
        i++;
    return catalog_files[i];
}

/* Reads a catalog's identification without letting SQLite parse the file.  -1 if the file cannot be read (errno is
 * set); *application is 0 if it is not a database. */
static int read_header(const char *path, uint32_t *application, uint32_t *version)
{
    enum { SIZE = 100, VERSION = 60, APPLICATION = 68 };
    unsigned char header[SIZE];
    FILE *file = fopen(path, "rb");

    *application = *version = 0;
    if (!file)
        return -1;
    size_t size = fread(header, 1, SIZE, file);
    int reason = ferror(file) ? errno : 0;
    fclose(file);
    if (reason) {
        errno = reason;
        return -1;
    }
    if (size < SIZE || memcmp(header, "SQLite format 3", 16) != 0)
        return 0;
    for (int i = 0; i < 4; i++) {
        *version = *version << 8 | header[VERSION + i];
        *application = *application << 8 | header[APPLICATION + i];
    }
    return 0;
}

int catalog_verify_header(const char *path, int *found, struct error *error)
{
    uint32_t application, version;

    if (read_header(path, &application, &version))
        return error_system(error, "%s", path);
    if (application != CATALOG_APPLICATION)
        return error_set(error, ERROR_INPUT, "%s: not a hubscope catalog", path);
    if (version == 0 || version > CATALOG_VERSION)
        return error_set(error, ERROR_INPUT,
                         "%s: has schema version %u, this program reads 1 to %d; import the collection again", path,
                         version, CATALOG_VERSION);
    if (found)
        *found = (int)version;
    return 0;
}

bool catalog_recognise(const char *path)
{
    uint32_t application, version;
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && read_header(path, &application, &version) == 0 &&
           application == CATALOG_APPLICATION;
}
