/* Readers of tables, one for each kind of file.  A reader is a file table_NAME.c and a line in table_readers.def. */
#ifndef HUBSCOPE_ENGINE_FORMATS_TABLE_READER_H
#define HUBSCOPE_ENGINE_FORMATS_TABLE_READER_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>

struct table;

struct table_reader {
    const char *name;                             /* "CSV" */
    const char *help;                             /* what it reads */
    const char *extensions;                       /* without dots, between blanks */
    bool (*recognise)(const char *bytes, size_t size);
    /* Fills a new table from the file's bytes, which it may change, and may keep as table->text by
     * setting *bytes to null; one zero byte follows them.  `member` is null, or what stood behind
     * the file's name. */
    int (*read)(struct table *table, char **bytes, size_t size, const char *member, struct error *error);
};

#define TABLE_READER(name) extern const struct table_reader table_##name;
#include "engine/formats/table_readers.def"
#undef TABLE_READER

/* The readers in the order in which they are asked for a file of unknown extension; null-terminated. */
extern const struct table_reader *const table_readers[];

/* The reader that table_open takes, judged by the name and by the first bytes, which a zero byte
 * follows. */
const struct table_reader *table_reader_for(const char *path, const char *bytes, size_t size);

#endif
