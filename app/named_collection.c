#include "app/named_collection.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct option_entry entries[] = {
    COLLECTION_OPERAND(named_collection, name),
    {0},
};

static int settle(void *values, struct error *error)
{
    const struct named_collection *collection = values;
    return collection->name ? 0 : usage_error(error, COLLECTION_MISSING);
}

const struct option_group named_collection_group = {.entries = entries, .settle = settle};

static bool holds_catalog(const char *dir)
{
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/catalog.db", dir);
    return access(path, R_OK) == 0;
}

/* The path of what lies beside the program, in the build or installed; false, with the program's folder, if nothing
 * does. */
static bool find_beside(const char *name, bool (*holds)(const char *path), char *path, size_t size,
                        char program[PATH_MAX])
{
    static const char *const places[] = {"", HUBSCOPE_DATA "/"};
    char place[PATH_MAX], found[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, PATH_MAX - 1);
    program[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(program, '/');
    if (slash)
        *slash = '\0';
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        int written = snprintf(place, sizeof place, "%s/%s%s", program, places[i], name);
        if (written > 0 && (size_t)written < sizeof place && holds(place) && realpath(place, found))
            return snprintf(path, size, "%s", found) < (int)size;
    }
    return false;
}

int named_collection_path(const char *name, char *path, size_t size, struct error *error)
{
    const char *named = getenv("HUBSCOPE_SAMPLE");
    char program[PATH_MAX];
    if (!*name)
        return usage_error(error, "the collection's name is empty");
    if (strcmp(name, "sample") != 0 || (named && named[0])) {
        snprintf(path, size, "%s", strcmp(name, "sample") != 0 ? name : named);
        return 0;
    }
    if (find_beside("sample", holds_catalog, path, size, program))
        return 0;
    return error_set(error, ERROR_INPUT,
                     "the sample collection is neither in %s nor in %s/" HUBSCOPE_DATA
                     ": install or build it, or set HUBSCOPE_SAMPLE to its directory",
                     program, program);
}

static bool is_readable(const char *path)
{
    return access(path, R_OK) == 0;
}

const char *named_collection_lessons(const char *name, char *path, size_t size)
{
    char program[PATH_MAX];
    return named_collection_is_sample(name) && find_beside("lessons", is_readable, path, size, program) ? path : NULL;
}

bool named_collection_is_sample(const char *name)
{
    char path[PATH_MAX], sample[PATH_MAX], resolved[PATH_MAX];
    return !named_collection_path("sample", path, sizeof path, NULL) && realpath(path, sample) &&
           !named_collection_path(name, path, sizeof path, NULL) && realpath(path, resolved) &&
           strcmp(sample, resolved) == 0;
}

struct collection *named_collection_open(const char *name, struct error *error)
{
    char path[PATH_MAX];
    return named_collection_path(name, path, sizeof path, error) ? NULL : collection_open(path, error);
}
