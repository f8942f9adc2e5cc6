/* The catalog of a collection as SQLite has it, opened so that everything may be written: shadow tables, too, and NULL
 * in columns that forbid it. */
#ifndef HUBSCOPE_TESTS_MUTATE_DATABASE_H
#define HUBSCOPE_TESTS_MUTATE_DATABASE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

enum { DATABASE_COLUMNS = 160, DATABASE_TEXT = 1024 };

struct column {
    char table[64], name[64];
    char key[128]; /* columns that say which row: "rowid", or "a, b" */
    bool keyed;    /* it is one of them */
    size_t rows;
};

struct database {
    sqlite3 *handle;
    char path[1024];
};

bool database_open(struct database *database, const char *folder); /* false if it is not one; close it all the same */
void database_close(struct database *database);

bool database_run(struct database *database, const char *sql); /* false on an error */

/* Takes "NOT NULL" and "UNIQUE" out of the tables' definitions until database_bind puts them back. */
void database_loosen(struct database *database);
void database_bind(struct database *database);

/* Every column of every table of the file, at most DATABASE_COLUMNS; returns how many. */
size_t database_columns(struct database *database, struct column *columns);

#endif
