/* A catalog being written: what write.c, which makes one, and change.c, which adds to a copy of one, share. */
#ifndef HUBSCOPE_ENGINE_CATALOG_WRITER_H
#define HUBSCOPE_ENGINE_CATALOG_WRITER_H

#include "engine/base/error.h"
#include <sqlite3.h>
#include <stdbool.h>

enum catalog_put { PUT_META, PUT_VIDEO, PUT_TEXT, PUT_THUMBNAIL, PUT_FACTS, PUT_BANK, CATALOG_PUTS };

struct catalog_writer {
    char *path;
    sqlite3 *database;
    sqlite3_stmt *statement[CATALOG_PUTS];
    bool changes; /* a copy of a whole catalog: it has its indexes */
};

/* A writer of a new file, connected; null on failure, also where the file exists.  Released by catalog_abandon. */
struct catalog_writer *catalog_new_file(const char *path, struct error *error);

/* Begins the one transaction in which all is written, runs `before` ahead of it and `after` in it ("" for nothing), and
 * prepares the statements.  Nobody reads the file before it is whole, and an import that dies throws it away: there is
 * no journal. */
int catalog_begin_writing(struct catalog_writer *writer, const char *before, const char *after, struct error *error);

/* catalog_refuse of the writer's file. */
int catalog_refuse_write(struct catalog_writer *writer, int code, struct error *error);

#endif
