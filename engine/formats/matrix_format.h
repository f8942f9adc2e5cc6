/* A kind of matrix file, as matrix_file.h sees it: a file in engine/formats/ and a line in matrix_formats.def. */
#ifndef HUBSCOPE_ENGINE_FORMATS_MATRIX_FORMAT_H
#define HUBSCOPE_ENGINE_FORMATS_MATRIX_FORMAT_H

#include "engine/base/error.h"
#include "engine/formats/array.h"

enum { ARRAY_LIST_MOST = 1 << 18 }; /* arrays of a container that are listed when none is named */

struct array_list { /* what a container holds */
    struct array_entry {
        char *name;         /* "": the file is this array alone */
        bool numbered;      /* the name's last part is its place in a list, not a key */
        struct array array; /* type and shape, no data */
    } * entry;
    size_t count, room;
    bool more; /* more than ARRAY_LIST_MOST exist */
};

/* Looks at array `index` of the list; it is closed afterwards.  Returns 0, or -1 with the error set. */
typedef int array_taker(void *context, size_t index, struct array *array, struct error *error);

/* Adds a copy; when the list is full only `more` is set. */
int array_list_add(struct array_list *list, const char *name, const struct array *array, struct error *error);
void array_list_close(struct array_list *list);

struct matrix_format {
    const char *name;  /* ".npy" */
    const char *title; /* "a NumPy .npy file" */
    bool columns;      /* arrays are named COLUMN/KEY: with one column its name may be omitted */
    bool (*matches)(const unsigned char *bytes, size_t size); /* `bytes` are those of the whole file */

    /* Lists what a container holds; null: the file is one array without a name. */
    int (*list)(const char *path, struct array_list *list, struct error *error);

    /* Opens an array; `name` is null for formats without a list.  The caller passes the array on or closes it; after a
     * failure nothing needs closing. */
    int (*open)(const char *path, const char *name, struct array *array, struct error *error);

    /* Opens the arrays of the list that are `wanted` (arrays of the list), one after another; null: `open` does. */
    int (*each)(const char *path, const bool *wanted, array_taker *take, void *context, struct error *error);
};

#define MATRIX_FORMAT(name) extern const struct matrix_format matrix_format_##name;
#include "engine/formats/matrix_formats.def"
#undef MATRIX_FORMAT

#endif
