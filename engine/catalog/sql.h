/* What the catalog's files share: the statements of an open catalog, and the reporting of SQLite's errors
 * in one clear line. */
#ifndef HUBSCOPE_ENGINE_CATALOG_SQL_H
#define HUBSCOPE_ENGINE_CATALOG_SQL_H

#include "engine/base/error.h"
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

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
                         ALL_VIDEOS,
                         ALL_CAPTIONS,
                         FIND_KEY,
                         THUMBNAIL,
                         TARGETS,
                         BANK,
                         MODEL,
                         MODEL_BANK,
                         FIT_LOAD,
                         FIT_STORE,
                         FIT_TRIM,
                         CATALOG_STATEMENTS
};

struct catalog {
    char *path;
    int version;
    dev_t device; /* of the file */
    ino_t file;
    bool immutable; /* nobody can change the file: no locks are needed */
    sqlite3 *database;
    atomic_int patience;         /* ms */
    bool locked;                 /* of the last query */
    atomic_int failure;          /* SQLite's code of the last query that failed, until catalog_check_read */
    long long steps, steps_most; /* of SQLite's machine: of the running query, and how many before it is given up */
    pthread_mutex_t lock;        /* a statement belongs to one thread from catalog_begin to catalog_end */
    sqlite3_stmt *statement[CATALOG_STATEMENTS];
    size_t videos, queries; /* bounds of every row that is returned */
};

/* Returns a prepared statement, ready for its parameters.  Every begin needs an end, which also releases SQLite's lock
 * on the file; report errors before it. */
sqlite3_stmt *catalog_begin(struct catalog *catalog, enum catalog_statement which);
/* Notes a failure of the statement for catalog_check_read, and returns its code. */
int catalog_end(struct catalog *catalog, sqlite3_stmt *statement);
/* The same for what may fail without harm. */
void catalog_end_harmless(struct catalog *catalog, sqlite3_stmt *statement);
/* Notes that a value that the statement has read was lost when out of memory, and fills the error; always -1. */
int catalog_lose(struct catalog *catalog, struct error *error);

enum { CATALOG_TEXT_BYTES = 1 << 16, CATALOG_VALUE_BYTES = 1 << 27 }; /* read of a text; of any value at most */

/* A copy of a text column, "" where it is null, cut after CATALOG_TEXT_BYTES; null when out of memory. */
char *catalog_column(sqlite3_stmt *statement, int column);

/* Allows the queries that follow so many steps of SQLite's machine: a query of a sound catalog needs few, unlike time,
 * whatever the disk and the processor do. */
void catalog_allow_steps(struct catalog *catalog, long long most);

/* Fills `error` with the path and SQLite's message for `code`; always returns -1. */
int catalog_refuse(const char *path, sqlite3 *database, int code, struct error *error);

/* SQLite's code for what its check of pages says: whether the catalog or the system is at fault. */
int catalog_code_in(sqlite3 *database, const char *text);

/* Opens the database at `path` with SQLITE_OPEN_* `flags`; `options` is the query part of the URI, or "".  On failure
 * returns SQLite's code; the caller closes *database, which may be set even then. */
int catalog_connect(const char *path, int flags, const char *options, sqlite3 **database);

/* Turns any text into an FTS5 query: every word must match, the last one as a prefix, as written or in the usual
 * forms.  *words says whether it has any.  -1 when out of memory. */
int catalog_question(const char *text, char *question, size_t size, bool *words);

#endif
