#include "engine/formats/table_shards.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/formats/shards.h"
#include "engine/formats/table_make.h"

#include <stdlib.h>
#include <string.h>

enum { CELLS_MOST = 1 << 28 };

/* The columns of `piece` that are those of `table`, in its order. */
static int match_columns(const struct table *table, const struct table *piece, const char *path, const char *first,
                         size_t *column, struct error *error)
{
    char name[96];

    if (table->typed != piece->typed || table->headless != piece->headless)
        return error_set(error, ERROR_INPUT, "%s: is another kind of file than %s", path, first);
    for (size_t i = 0; i < piece->columns; i++) {
        text_clean(name, sizeof name, table_name(piece, i));
        if (table_column(table, table_name(piece, i)) == SIZE_MAX)
            return error_set(error, ERROR_INPUT, "%s: has a column \"%s\" that %s lacks", path, name, first);
    }
    for (size_t i = 0; i < table->columns; i++) {
        text_clean(name, sizeof name, table_name(table, i));
        column[i] = table_column(piece, table_name(table, i));
        if (column[i] == SIZE_MAX)
            return error_set(error, ERROR_INPUT, "%s: lacks the column \"%s\" that %s has", path, name, first);
    }
    return 0;
}

/* Appends the rows of `piece`; *before counts the lines so far. */
static int append(struct table *table, const struct table *piece, const size_t *column, uint64_t before,
                  struct error *error)
{
    size_t rows = table_rows(piece);

    table->most += piece->most;
    if (rows > CELLS_MOST / table->columns - table->lines)
        return error_set(error, ERROR_INPUT, "%s: has too many rows for a table", table->path);
    for (size_t row = 0; row < rows; row++) {
        uint64_t line = before + table_line(piece, row);
        if (line > UINT32_MAX)
            return error_set(error, ERROR_INPUT, "%s: has too many lines for a table", table->path);
        for (size_t i = 0; i < table->columns; i++)
            if (table_put_cell(table, piece, row, column[i], error))
                return -1;
        if (table_end_row(table, line, error))
            return -1;
    }
    return 0;
}

/* Notes the file that the rows to come are from. */
static int begin_piece(struct table *table, const char *path, uint64_t before, struct error *error)
{
    struct table_piece *piece = &table->piece[table->pieces];

    if (!(piece->path = memory_text(path)))
        return error_memory(error);
    piece->before = (uint32_t)before;
    table->pieces++;
    return 0;
}

static uint64_t last_line(const struct table *table)
{
    return table->line[table->lines - 1];
}

/* Makes the first file's table the beginning of the whole. */
static int begin(struct table *table, const char *spec, size_t pieces, struct error *error)
{
    char *path = memory_text(spec);

    if (!path)
        return error_memory(error);
    table->piece = memory_array(pieces, sizeof *table->piece);
    int failed = table->piece ? begin_piece(table, table->path, 0, error) : error_memory(error);
    free(table->path);
    table->path = path;
    return failed;
}

static int read_next(struct table *table, const char *path, table_reader_of_piece *read, struct error *error)
{
    size_t column[TABLE_COLUMNS_MAX];
    uint64_t before = last_line(table);
    struct table *piece = read(path, table->headless, error);

    if (!piece)
        return -1;
    int failed = match_columns(table, piece, path, table->piece[0].path, column, error) ||
                 begin_piece(table, path, before, error) || append(table, piece, column, before, error);
    table_close(piece);
    return failed;
}

struct table *table_shards_read(const char *spec, bool headless, table_reader_of_piece *read, struct error *error)
{
    struct shards shards;

    if (shards_find(&shards, spec, "table", "metadata_*.parquet", error))
        return NULL;
    struct table *table = read(shards.path[0], headless, error);
    int failed = !table || begin(table, spec, shards.count, error);
    for (size_t i = 1; i < shards.count && !failed; i++)
        failed = read_next(table, shards.path[i], read, error);
    shards_close(&shards);
    if (!failed)
        return table;
    table_close(table);
    return NULL;
}
