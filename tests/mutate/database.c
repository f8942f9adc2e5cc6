#include "tests/mutate/database.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool connect(struct database *database)
{
    return sqlite3_open_v2(database->path, &database->handle, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
           database_run(database, "PRAGMA writable_schema = ON; PRAGMA synchronous = OFF");
}

bool database_open(struct database *database, const char *folder)
{
    snprintf(database->path, sizeof database->path, "%s/catalog.db", folder);
    return connect(database);
}

void database_close(struct database *database)
{
    sqlite3_close(database->handle);
    database->handle = NULL;
}

bool database_run(struct database *database, const char *sql)
{
    return sqlite3_exec(database->handle, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* The definitions are read again by a new connection. */
void database_loosen(struct database *database)
{
    database_run(database, "CREATE TEMP TABLE kept AS SELECT name, sql FROM sqlite_schema;"
                           "UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', '        ') WHERE type = 'table';"
                           "CREATE TABLE hubscope_kept AS SELECT * FROM temp.kept");
    database_close(database);
    connect(database);
}

void database_bind(struct database *database)
{
    if (!database_run(database, "UPDATE sqlite_master SET sql = (SELECT sql FROM hubscope_kept AS kept"
                                " WHERE kept.name = sqlite_master.name) WHERE name IN (SELECT name FROM hubscope_kept);"
                                "DROP TABLE hubscope_kept"))
        abort();
}

static const char columns_sql[] =
    "SELECT list.name, its.name, its.pk, list.wr,"
    " (SELECT group_concat('\"' || key.name || '\"', ', ') FROM pragma_table_xinfo(list.name) AS key WHERE key.pk)"
    " FROM pragma_table_list AS list, pragma_table_xinfo(list.name) AS its"
    " WHERE list.schema = 'main' AND list.type IN ('table', 'shadow') AND list.name NOT LIKE 'sqlite_%'"
    " ORDER BY list.name, its.cid";

static size_t count_rows(struct database *database, const char *table)
{
    char sql[DATABASE_TEXT];
    sqlite3_stmt *statement = NULL;
    size_t rows = 0;

    snprintf(sql, sizeof sql, "SELECT count(*) FROM \"%s\"", table);
    if (sqlite3_prepare_v2(database->handle, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        rows = (size_t)sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return rows;
}

static const char *text_of(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);

    return text ? text : "";
}

size_t database_columns(struct database *database, struct column *columns)
{
    sqlite3_stmt *statement = NULL;
    size_t count = 0;

    if (sqlite3_prepare_v2(database->handle, columns_sql, -1, &statement, NULL))
        return 0;
    while (count < DATABASE_COLUMNS && sqlite3_step(statement) == SQLITE_ROW) {
        struct column *column = &columns[count++];
        bool rowid = !sqlite3_column_int(statement, 3);
        snprintf(column->table, sizeof column->table, "%s", text_of(statement, 0));
        snprintf(column->name, sizeof column->name, "%s", text_of(statement, 1));
        snprintf(column->key, sizeof column->key, "%s", rowid ? "rowid" : text_of(statement, 4));
        column->keyed = sqlite3_column_int(statement, 2) > 0;
        column->rows = count_rows(database, column->table);
    }
    sqlite3_finalize(statement);
    return count;
}
