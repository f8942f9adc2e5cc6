/* What the catalog's files share: the schema, the statements of an open catalog, and how SQLite's refusals become one
 * clear line. */
#ifndef HUBSCOPE_ENGINE_CATALOG_SQL_H
#define HUBSCOPE_ENGINE_CATALOG_SQL_H

#include "engine/base/error.h"
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern const char catalog_schema[];

enum catalog_statement { /* of an open catalog */
                         META,
                         VIDEOS,
                         TEXTS,
                         VIDEO,
                         TITLE,
                         TEXT,
                         CAPTIONS,
                         FIND_CAPTIONS,
                         FIND_VIDEOS,
                         THUMBNAIL,
                         TARGETS,
                         BANK,
                         FIT_LOAD,
                         FIT_STORE,
                         FIT_TRIM,
                         CATALOG_STATEMENTS
};

struct catalog {
    char *path;
    sqlite3 *database;
    pthread_mutex_t lock; /* a statement is one thread's from catalog_begin to catalog_end */
    sqlite3_stmt *statement[CATALOG_STATEMENTS];
    size_t videos, queries; /* they bound every row that is handed out */
};

/* A prepared statement, ready for its parameters.  Every begin has its end, which also gives back
 * SQLite's lock on the file; errors must be read before it. */
sqlite3_stmt *catalog_begin(struct catalog *catalog, enum catalog_statement which);
void catalog_end(struct catalog *catalog, sqlite3_stmt *statement);

/* A copy of a text column, "" where it is null; null when out of memory. */
char *catalog_column(sqlite3_stmt *statement, int column);

/* Fills `error` with the path and what SQLite says of `code`; always -1. */
int catalog_refuse(const char *path, sqlite3 *database, int code, struct error *error);

/* Opens the database at `path` with SQLITE_OPEN_* `flags`; `options` is the query part of the URI,
 * or "".  On failure returns SQLite's code; *database may be set even then and is closed by the
 * caller. */
int catalog_connect(const char *path, int flags, const char *options, sqlite3 **database);

/* Turns any text into an FTS5 question: every word must match, the last one as a prefix.  False: no
 * words. */
bool catalog_question(const char *text, char *question, size_t size);

#endif
