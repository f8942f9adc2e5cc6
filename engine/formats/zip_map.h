/* Members of a zip archive that are stored without compression, in place. */
#ifndef HUBSCOPE_ENGINE_FORMATS_ZIP_MAP_H
#define HUBSCOPE_ENGINE_FORMATS_ZIP_MAP_H

#include "engine/base/error.h"
#include <stddef.h>

struct zip_member {
    const char *name; /* not NUL-terminated; lies in the archive */
    size_t name_size;
    const unsigned char *bytes; /* null if it is compressed or encrypted */
    size_t size;
};

struct zip_map {
    struct zip_member *member; /* sorted by name */
    size_t count;
};

/* Lists the members of the archive at `bytes`, which must outlive it. `path` names it in errors. */
int zip_map_open(struct zip_map *zip, const char *path, const unsigned char *bytes, size_t size, struct error *error);
void zip_map_close(struct zip_map *zip);

/* The member of that name, NULL if absent. */
const struct zip_member *zip_map_find(const struct zip_map *zip, const char *name, size_t size);

#endif
