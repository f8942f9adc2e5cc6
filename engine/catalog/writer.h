/* A catalog being written: shared by write.c, which creates one, and change.c, which adds to a copy of one. */
#ifndef HUBSCOPE_ENGINE_CATALOG_WRITER_H
#define HUBSCOPE_ENGINE_CATALOG_WRITER_H

#include "engine/base/error.h"
#include <sqlite3.h>
#include <stdbool.h>

enum catalog_put {
    PUT_META,
    PUT_VIDEO,
    PUT_TEXT,
    PUT_THUMBNAIL,
    PUT_FACTS,
    PUT_BANK,
    PUT_MODEL,
    PUT_MODEL_BANK,
    CATALOG_PUTS
};

struct catalog_writer {
    char *path;
    sqlite3 *database;
    sqlite3_stmt *statement[CATALOG_PUTS];
    bool changes; /* a copy of a whole catalog: its indexes exist */
};

/* Creates a file and connects a writer to it; null on failure, also if the file exists.  Release with
 * catalog_abandon. */
struct catalog_writer *catalog_new_file(const char *path, struct error *error);

/* Runs `before`, begins the single transaction in which everything is written, runs `after` in it ("" for nothing), and
 * prepares the statements.  Nobody reads the file before it is complete, and an import that dies discards it: there is
 * no journal. */
int catalog_begin_writing(struct catalog_writer *writer, const char *before, const char *after, struct error *error);

/* catalog_refuse for the writer's file. */
int catalog_refuse_write(struct catalog_writer *writer, int code, struct error *error);

#endif
