#include "engine/catalog/header.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
    int file = open(path, O_RDONLY | O_CLOEXEC);

    *application = *version = 0;
    if (file < 0)
        return -1;
    ssize_t size = pread(file, header, SIZE, 0);
    int reason = errno;
    close(file);
    errno = reason;
    if (size < 0)
        return -1;
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

int catalog_recognise(const char *path, bool *known, struct error *error)
{
    uint32_t application, version;
    struct stat status;

    *known = false;
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return 0;
    if (read_header(path, &application, &version))
        return error_kind_of(errno) == ERROR_MEMORY ? error_system(error, "%s", path) : 0;
    *known = application == CATALOG_APPLICATION;
    return 0;
}
