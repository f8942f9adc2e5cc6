/* Cells and rows of every table of a catalog, those of the full-text indexes included. */
#include "tests/mutate/database.h"
#include "tests/mutate/mutation.h"

#include <stdio.h>
#include <string.h>

/* @ is the column, # the table, % a random number below 256. */
static const char *const values[] = {
    "NULL",
    "0",
    "1",
    "-1",
    "7",
    "100",
    "2147483647",
    "4294967295",
    "4294967296",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "0.5",
    "1e308",
    "9e999",
    "-9e999",
    "''",
    "' '",
    "'x'",
    "'7'",
    "' 7'",
    "'none'",
    "'similarities'",
    "'base'",
    "'command'",
    "'query'",
    "'train'",
    "x'00'",
    "x'ff80'",
    "zeroblob(70000)",
    "cast(x'c328' AS TEXT)",
    "printf('%.*c', 300, 'w')",
    "printf('%.*c', 100000, 'w')",
    "'a' || char(0) || 'b'",
    "char(27) || '[2J' || char(8238) || char(155)",
    "'../' || @",
    "'/etc/passwd'",
    "'models/x'",
    "'encoder'",
    "@ || 'x'",
    "upper(@)",
    "substr(@, 2)",
    "substr(@, 1, length(@) / 2)",
    "cast(@ AS BLOB)",
    "cast(@ AS TEXT)",
    "@ + 1",
    "@ - 1",
    "-@",
    "@ || @",
    "(SELECT @ FROM # LIMIT 1 OFFSET %)",
    "(SELECT max(@) FROM #)",
    "(SELECT min(@) FROM #)",
    "cast(substr(@, 1, % * length(@) / 256) || char(%) || substr(@, % * length(@) / 256 + 2) AS BLOB)",
    "cast(substr(@, 1, %) || char(%) || substr(@, % + 2) AS BLOB)",
};

enum { VALUES = sizeof values / sizeof *values };

/* Appends `from`, its signs replaced. */
static void put_sql(struct mutation *mutation, const struct column *column, const char *from, char *sql, size_t room)
{
    size_t used = strlen(sql);

    for (unsigned number = (unsigned)mutation_below(mutation, 256); *from && used + 80 < room; from++)
        if (*from == '@')
            used += (size_t)snprintf(sql + used, room - used, "\"%s\"", column->name);
        else if (*from == '#')
            used += (size_t)snprintf(sql + used, room - used, "\"%s\"", column->table);
        else if (*from == '%' && from[1] != '.')
            used += (size_t)snprintf(sql + used, room - used, "%u", number);
        else
            sql[used++] = *from;
    sql[used] = 0;
}

static void put_row(char *sql, size_t room, const struct column *column, size_t row)
{
    size_t used = strlen(sql);

    snprintf(sql + used, room - used, " WHERE (%s) = (SELECT %s FROM \"%s\" LIMIT 1 OFFSET %zu)", column->key,
             column->key, column->table, row);
}

static size_t list_columns(const char *folder, struct column *columns)
{
    struct database database;
    size_t count = database_open(&database, folder) ? database_columns(&database, columns) : 0;

    database_close(&database);
    return count;
}

/* ---- cells ---- */

/* What stands in few rows, each of another meaning: every cell is a place; of the others a random row. */
static size_t places_of(const struct column *column)
{
    return strcmp(column->table, "meta") == 0 || strcmp(column->table, "banks") == 0 ? column->rows
           : column->rows                                                            ? 1
                                                                                     : 0;
}

static size_t count_cells(const char *folder)
{
    static struct column columns[DATABASE_COLUMNS];
    size_t count = list_columns(folder, columns), places = 0;

    for (size_t i = 0; i < count; i++)
        places += places_of(&columns[i]);
    return places;
}

static bool change_cell(struct mutation *mutation, struct database *database, const struct column *column, size_t place)
{
    size_t row = places_of(column) > 1 ? place : mutation_below(mutation, column->rows);
    const char *value = values[mutation->kind];
    char sql[2 * DATABASE_TEXT];

    snprintf(sql, sizeof sql, "UPDATE OR %s \"%s\" SET \"%s\" = ", mutation_below(mutation, 2) ? "FAIL" : "REPLACE",
             column->table, column->name);
    put_sql(mutation, column, value, sql, sizeof sql);
    put_row(sql, sizeof sql, column, row);
    snprintf(mutation->name, sizeof mutation->name, "%s.%s of row %zu: %s", column->table, column->name, row, value);
    return database_run(database, sql) && sqlite3_changes(database->handle) > 0;
}

static bool apply_cell(struct mutation *mutation)
{
    static struct column columns[DATABASE_COLUMNS];
    struct database database;
    size_t place = mutation->place, i = 0;
    bool changed = false;

    size_t count = database_open(&database, mutation->folder) ? database_columns(&database, columns) : 0;
    while (i < count && place >= places_of(&columns[i]))
        place -= places_of(&columns[i++]);
    if (i < count) {
        database_loosen(&database);
        changed = change_cell(mutation, &database, &columns[i], place);
        database_bind(&database);
    }
    database_close(&database);
    return changed;
}

const struct mutations mutate_cells = {"cells", VALUES, count_cells, apply_cell};

/* ---- rows ---- */

static const char *const row_kinds[] = {"deleted", "all deleted", "all but one deleted",
                                        "copied",  "all copied",  "moved"};

enum { ROW_KINDS = sizeof row_kinds / sizeof *row_kinds, COPY = 3, ALL_COPY, MOVE };

static size_t count_row_places(const char *folder)
{
    static struct column columns[DATABASE_COLUMNS];

    return list_columns(folder, columns); /* a table for each of its columns: those with many oftener */
}

/* Copies rows of a table with other keys: larger, or longer. */
static void put_copy(char *sql, size_t room, const struct column *columns, size_t count, const struct column *column)
{
    size_t used = (size_t)snprintf(sql, room, "INSERT OR IGNORE INTO \"%s\" SELECT ", column->table);
    const char *comma = "";

    for (size_t i = 0; i < count && used < room; i++) {
        if (strcmp(columns[i].table, column->table) != 0)
            continue;
        bool text = strcmp(columns[i].name, "key") == 0 || strcmp(columns[i].name, "folder") == 0;
        used += (size_t)snprintf(sql + used, room - used, "%s\"%s\"%s", comma, columns[i].name,
                                 !columns[i].keyed ? ""
                                 : text            ? " || 'x'"
                                                   : " + 1000");
        comma = ", ";
    }
    if (used < room)
        snprintf(sql + used, room - used, " FROM \"%s\"", column->table);
}

static bool apply_row(struct mutation *mutation)
{
    static struct column columns[DATABASE_COLUMNS];
    struct database database;
    char sql[2 * DATABASE_TEXT] = "";
    size_t kind = mutation->kind, count;
    bool changed = false;

    count = database_open(&database, mutation->folder) ? database_columns(&database, columns) : 0;
    const struct column *column = &columns[count ? mutation->place % count : 0];
    if (count && column->rows) {
        size_t row = mutation_below(mutation, column->rows);
        if (kind == COPY || kind == ALL_COPY)
            put_copy(sql, sizeof sql, columns, count, column);
        else if (kind == MOVE)
            snprintf(sql, sizeof sql,
                     "UPDATE OR IGNORE \"%s\" SET \"%s\" = (SELECT \"%s\" FROM \"%s\" LIMIT 1 OFFSET %zu)",
                     column->table, column->name, column->name, column->table, mutation_below(mutation, column->rows));
        else
            snprintf(sql, sizeof sql, "DELETE FROM \"%s\"", column->table);
        if (kind == 0 || kind == COPY || kind == MOVE)
            put_row(sql, sizeof sql, column, row);
        else if (kind == 2)
            snprintf(sql + strlen(sql), sizeof sql - strlen(sql), " WHERE (%s) NOT IN (SELECT %s FROM \"%s\" LIMIT 1)",
                     column->key, column->key, column->table);
        changed = database_run(&database, sql) && sqlite3_changes(database.handle) > 0;
        snprintf(mutation->name, sizeof mutation->name, "%s: row %zu %s%s%s", column->table, row, row_kinds[kind],
                 kind == MOVE ? " in " : "", kind == MOVE ? column->name : "");
    }
    database_close(&database);
    return changed;
}

const struct mutations mutate_rows = {"rows", ROW_KINDS, count_row_places, apply_row};
