#include "engine/base/user_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool user_file(enum user_file kind, const char *name, char *buffer, size_t size)
{
    static const char *const variable[] = {"XDG_CONFIG_HOME", "XDG_STATE_HOME"}, *const below[] = {".config",
                                                                                                   ".local/state"};
    const char *base = getenv(variable[kind]), *home = getenv("HOME");

    if (base && *base == '/')
        return snprintf(buffer, size, "%s/hubscope/%s", base, name) < (int)size;
    if (home && *home == '/')
        return snprintf(buffer, size, "%s/%s/hubscope/%s", home, below[kind], name) < (int)size;
    return false;
}

void user_file_make_parents(const char *path)
{
    char part[4096];

    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        if ((size_t)(slash - path) >= sizeof part)
            return;
        snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
        mkdir(part, 0700);
    }
}
