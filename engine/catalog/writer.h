/* A catalog being written: what write.c, which makes one, and change.c, which adds to a copy of one, share. */
#ifndef HUBSCOPE_ENGINE_CATALOG_WRITER_H
#define HUBSCOPE_ENGINE_CATALOG_WRITER_H

#include <sqlite3.h>
#include <stdbool.h>

enum catalog_put { PUT_META, PUT_VIDEO, PUT_TEXT, PUT_THUMBNAIL, PUT_FACTS, PUT_BANK, CATALOG_PUTS };

struct catalog_writer {
    char *path;
    sqlite3 *database;
    sqlite3_stmt *statement[CATALOG_PUTS];
    bool changes; /* a copy of a whole catalog: it has its indexes */
};

/* Prepares the writer's statements; returns SQLite's code. */
int catalog_prepare_puts(struct catalog_writer *writer);

#endif
