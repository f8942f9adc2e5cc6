#include "engine/layouts/renamed.h"

#include "engine/formats/table_make.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

static struct table *rename_all(struct table *table, const char *file, const char *dataset, const char *const *pairs,
                                struct error *error)
{
    char names[200];

    for (; table && *pairs; pairs += 2) {
        if (table_column(table, pairs[0]) == SIZE_MAX) {
            table_names(table, names, sizeof names);
            error_set(error, ERROR_INPUT, "%s: has no \"%s\", so it is not %s's file; it has: %s", file, pairs[0],
                      dataset, names);
        } else if (strcmp(pairs[0], pairs[1]) == 0 || !table_rename(table, pairs[0], pairs[1], error)) {
            continue;
        }
        table_close(table);
        return NULL;
    }
    return table;
}

struct table *renamed_table(const char *file, const char *dataset, const char *const *pairs, struct error *error)
{
    return rename_all(table_open(file, error), file, dataset, pairs, error);
}

struct table *renamed_videos(const char *file, const char *dataset, const char *const *pairs, struct error *error)
{
    static const char *const keys[] = {"caption", "key", NULL}; /* the only column of a plain text is "caption" */
    struct table *table = table_open(file, error);
    bool list = table && table_columns(table) == 1 && table_column(table, "caption") == 0;

    return rename_all(table, file, dataset, list ? keys : pairs, error);
}

size_t picture_stem(const char *name)
{
    static const char *const endings[] = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp"};
    size_t length = strlen(name);

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t tail = strlen(endings[i]);
        if (length > tail && strcasecmp(name + length - tail, endings[i]) == 0)
            return length - tail;
    }
    return length;
}
