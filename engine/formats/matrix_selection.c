#include "engine/formats/matrix_selection.h"

#include "engine/base/clock.h"
#include "engine/base/memory.h"
#include "engine/formats/json_vector.h"
#include "engine/formats/matrix_keys.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum {
    SECONDS = 60,        /* that a statement may take */
    OPERATIONS = 10000,  /* of SQLite between two looks at the clock */
    ROWS_MOST = 1 << 24, /* so that a join of everything with everything ends */
    VALUE_MOST = 16 << 20
};

#define BLANKS " \t\r\n"

struct selection {
    const char *label; /* names the statement in errors */
    sqlite3 *database;
    sqlite3_stmt *statement;
    double end;
    bool keyed;
    char **key;    /* (rows), or null if the vectors have none */
    float *values; /* (rows, cols) */
    size_t rows, cols, room;
};

/* The first question mark before a SELECT, which may begin with WITH; null if there is none. */
static const char *mark_of(const char *spec)
{
    for (const char *mark = strchr(spec, '?'); mark; mark = strchr(mark + 1, '?')) {
        const char *word = mark + 1 + strspn(mark + 1, BLANKS);
        size_t length = strcspn(word, BLANKS);
        if (word[length] && ((length == 6 && strncasecmp(word, "select", 6) == 0) ||
                             (length == 4 && strncasecmp(word, "with", 4) == 0)))
            return mark;
    }
    return NULL;
}

/* Copies the file's path, so that it cannot be taken for a URI; false if it is too long. */
static bool path_of(const char *spec, char path[PATH_MAX])
{
    int length = (int)(mark_of(spec) - spec);

    return snprintf(path, PATH_MAX, "%s%.*s", *spec == '/' ? "" : "./", length, spec) < PATH_MAX;
}

bool matrix_selection_named(const char *spec)
{
    struct stat status;

    return mark_of(spec) && stat(spec, &status) != 0;
}

bool matrix_selection_exists(const char *spec)
{
    char path[PATH_MAX];
    struct stat status;

    return path_of(spec, path) && stat(path, &status) == 0;
}

/* Allows reading columns and calling functions; everything else that SQLite asks for is refused. */
static int authorize(void *context, int action, const char *first, const char *second, const char *third,
                     const char *fourth)
{
    (void)context, (void)first, (void)third, (void)fourth;
    if (action == SQLITE_SELECT || action == SQLITE_READ)
        return SQLITE_OK;
    return action == SQLITE_FUNCTION && strcasecmp(second, "load_extension") != 0 ? SQLITE_OK : SQLITE_DENY;
}

static int is_late(void *context)
{
    const struct selection *selection = context;

    return clock_seconds() > selection->end;
}

static int refuse(const struct selection *selection, int code, struct error *error)
{
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return error_memory(error);
    case SQLITE_INTERRUPT:
        return error_set(error, ERROR_INPUT, "%s: takes longer than %d s", selection->label, SECONDS);
    case SQLITE_AUTH:
        return error_set(error, ERROR_INPUT, "%s: may only read the file's own tables, without recursion",
                         selection->label);
    default:
        return error_set(error, ERROR_INPUT, "%s: %s", selection->label, sqlite3_errmsg(selection->database));
    }
}

static int connect(struct selection *selection, const char *path, struct error *error)
{
    int code = sqlite3_open_v2(path, &selection->database, SQLITE_OPEN_READONLY, NULL);

    if (!code) {
        sqlite3_busy_timeout(selection->database, 2000);
        sqlite3_db_config(selection->database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(selection->database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        sqlite3_limit(selection->database, SQLITE_LIMIT_ATTACHED, 0);
        sqlite3_limit(selection->database, SQLITE_LIMIT_LENGTH, VALUE_MOST);
        code = sqlite3_exec(selection->database, "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY", NULL, NULL,
                            NULL);
    }
    if (code)
        return refuse(selection, code, error);
    selection->end = clock_seconds() + SECONDS;
    sqlite3_progress_handler(selection->database, OPERATIONS, is_late, selection);
    sqlite3_set_authorizer(selection->database, authorize, NULL);
    return 0;
}

static int prepare(struct selection *selection, const char *sql, struct error *error)
{
    const char *rest = "";
    int code = sqlite3_prepare_v2(selection->database, sql, -1, &selection->statement, &rest);

    if (code)
        return refuse(selection, code, error);
    if (rest[strspn(rest, BLANKS ";")])
        return error_set(error, ERROR_INPUT, "%s: is more than one statement", selection->label);
    int columns = sqlite3_column_count(selection->statement);
    if (columns != 1 && columns != 2)
        return error_set(error, ERROR_INPUT, "%s: selects %d columns; select a key and a vector, or a vector alone",
                         selection->label, columns);
    selection->keyed = columns == 2;
    return 0;
}

/* Makes room for a row. */
static int grow(struct selection *selection, struct error *error)
{
    size_t larger = 2 * selection->room + 64, cells;

    if (selection->rows < selection->room)
        return 0;
    if (selection->rows == ROWS_MOST)
        return error_set(error, ERROR_INPUT, "%s: selects more than %d rows", selection->label, ROWS_MOST);
    if (__builtin_mul_overflow(larger, selection->cols, &cells))
        return error_memory(error);
    float *values = memory_grow(selection->values, cells, sizeof *values);
    if (!values)
        return error_memory(error);
    selection->values = values;
    if (selection->keyed) {
        char **key = memory_grow(selection->key, larger, sizeof *key);
        if (!key)
            return error_memory(error);
        selection->key = key;
    }
    selection->room = larger;
    return 0;
}

/* The row's vector as text, "[0.1, 0.2]"; null if it is not one. */
static json_t *text_vector(sqlite3_stmt *statement, int column)
{
    const char *text = sqlite3_column_type(statement, column) == SQLITE_TEXT
                           ? (const char *)sqlite3_column_text(statement, column)
                           : NULL;

    return text ? json_vector(text) : NULL;
}

static int add_vector(struct selection *selection, int column, struct error *error)
{
    const void *blob = NULL;
    size_t length;
    json_t *list = text_vector(selection->statement, column);

    if (list) {
        length = json_array_size(list);
    } else {
        if (sqlite3_column_type(selection->statement, column) == SQLITE_BLOB)
            blob = sqlite3_column_blob(selection->statement, column);
        length = blob ? (size_t)sqlite3_column_bytes(selection->statement, column) : 0;
        if (!length || length % sizeof(float))
            return error_set(error, ERROR_INPUT,
                             "%s: in row %zu the vector is neither a blob of float32 nor a text like [0.1, 0.2]",
                             selection->label, selection->rows);
        length /= sizeof(float);
    }
    if (!selection->rows)
        selection->cols = length;
    int failed = length != selection->cols
                     ? error_set(error, ERROR_INPUT, "%s: in row %zu the vector has %zu values, in row 0 it has %zu",
                                 selection->label, selection->rows, length, selection->cols)
                     : grow(selection, error);
    float *values = failed ? NULL : selection->values + selection->rows * length;
    if (values && list)
        json_vector_floats(list, values);
    else if (values)
        memcpy(values, blob, length * sizeof *values);
    json_decref(list);
    return failed;
}

static int add_row(struct selection *selection, struct error *error)
{
    if (add_vector(selection, selection->keyed, error))
        return -1;
    if (selection->keyed) {
        const char *key = (const char *)sqlite3_column_text(selection->statement, 0);
        if (!key)
            return error_set(error, ERROR_INPUT, "%s: row %zu has no key", selection->label, selection->rows);
        if (!(selection->key[selection->rows] = memory_text(key)))
            return error_memory(error);
    }
    selection->rows++;
    return 0;
}

static int select_rows(struct selection *selection, struct error *error)
{
    int code;

    while ((code = sqlite3_step(selection->statement)) == SQLITE_ROW)
        if (add_row(selection, error))
            return -1;
    if (code != SQLITE_DONE)
        return refuse(selection, code, error);
    return selection->rows ? 0 : error_set(error, ERROR_INPUT, "%s: selects no rows", selection->label);
}

/* The matrix of the wanted keys, or of all rows. */
static int make_matrix(const struct selection *selection, const struct matrix_request *request, struct matrix *matrix,
                       struct error *error)
{
    struct matrix_keys *keys = selection->keyed ? request->keys : NULL;
    size_t rows = keys ? keys->count : selection->rows, cols = selection->cols, cells;

    if (selection->keyed && !keys && request->any_order && request->kept_order)
        *request->kept_order = true;
    if (selection->keyed && !keys && !request->any_order)
        return error_set(error, ERROR_INPUT,
                         "%s: nothing says which row each key is; select the vectors alone, in their order",
                         selection->label);
    size_t *row = memory_array(selection->rows, sizeof *row);
    float *values = __builtin_mul_overflow(rows, cols, &cells) ? NULL : memory_floats(cells);
    int failed = row && values ? 0 : error_memory(error);
    if (!failed && keys)
        failed =
            matrix_keys_match(keys, (const char *const *)selection->key, selection->rows, selection->label, row, error);
    for (size_t i = 0; !failed && i < selection->rows; i++) {
        size_t place = keys ? row[i] : i;
        if (place != SIZE_MAX)
            memcpy(values + place * cols, selection->values + i * cols, cols * sizeof *values);
    }
    free(row);
    if (failed) {
        free(values);
        return -1;
    }
    *matrix = matrix_view(values, rows, cols);
    matrix->owned = values;
    return 0;
}

int matrix_selection_read(const struct matrix_request *request, struct matrix *matrix, struct error *error)
{
    char path[PATH_MAX], label[160];
    struct selection selection = {.label = label};

    *matrix = (struct matrix){0};
    snprintf(label, sizeof label, "%.150s%s", request->spec, strlen(request->spec) > 150 ? "..." : "");
    if (!path_of(request->spec, path))
        return error_set(error, ERROR_INPUT, "%s: the path is too long", label);
    int failed = connect(&selection, path, error) || prepare(&selection, mark_of(request->spec) + 1, error) ||
                 select_rows(&selection, error) || make_matrix(&selection, request, matrix, error);
    sqlite3_finalize(selection.statement);
    sqlite3_close(selection.database);
    for (size_t i = 0; selection.key && i < selection.rows; i++)
        free(selection.key[i]);
    free(selection.key);
    free(selection.values);
    return failed ? -1 : 0;
}
