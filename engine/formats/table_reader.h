/* Readers of tables, one for each kind of file.  A reader is a file table_NAME.c and a line in table_readers.def. */
#ifndef HUBSCOPE_ENGINE_FORMATS_TABLE_READER_H
#define HUBSCOPE_ENGINE_FORMATS_TABLE_READER_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>

struct table;

struct table_reader {
    const char *name;       /* "CSV" */
    const char *help;       /* what it reads */
    const char *extensions; /* without dots, separated by spaces */
    bool (*recognise)(const char *bytes, size_t size);
    /* Fills a new table from the file's bytes, which are followed by a NUL.  It may change them, and keep them as
     * table->text by setting *bytes to null.  `member` is null, or what followed the file's name. */
    int (*read)(struct table *table, char **bytes, size_t size, const char *member, struct error *error);
};

#define TABLE_READER(name) extern const struct table_reader table_##name;
#include "engine/formats/table_readers.def"
#undef TABLE_READER

/* For layouts, not in the list: {NAME: {...}, ...}, where `member` is the first column, of the names. */
extern const struct table_reader table_json_named;

/* The readers, in the order in which they are tried on a file of unknown extension; null-terminated. */
extern const struct table_reader *const table_readers[];

/* The reader that table_open chooses, by the file's name and first bytes, which are NUL-terminated. */
const struct table_reader *table_reader_for(const char *path, const char *bytes, size_t size);

#endif
