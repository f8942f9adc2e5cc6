/* Filling a table, for its readers and the layouts. */
#ifndef HUBSCOPE_ENGINE_FORMATS_TABLE_MAKE_H
#define HUBSCOPE_ENGINE_FORMATS_TABLE_MAKE_H

#include "engine/base/error.h"
#include "engine/formats/table.h"
#include "engine/formats/table_data.h"

/* A table without rows, for readers of other files; takes the names of its columns and the path of its file. */
struct table *table_make(const char *path, const char *const *names, size_t count, struct error *error);
/* Adds the next field of the current row; `bytes` may lie in table->text ahead of the part in use. */
int table_put(struct table *table, const char *bytes, size_t size, struct error *error);
/* The same for a cell whose kind is known, in a table that is `typed`. */
int table_put_kind(struct table *table, enum table_kind kind, const char *bytes, size_t size, struct error *error);
/* The same with a cell of another table; its kind is kept if this table is `typed`. */
int table_put_cell(struct table *table, const struct table *from, size_t row, size_t column, struct error *error);
int table_end_row(struct table *table, size_t line, struct error *error);

/* Renames a column, if the old name exists and the new one does not. */
int table_rename(struct table *table, const char *from, const char *to, struct error *error);

/* Drops the rows whose `keep` (rows) is false. */
void table_keep(struct table *table, const bool *keep);

/* After the last row of a `headless` table: puts the names "1", "2", ... above the first. */
int table_number_columns(struct table *table, struct error *error);

/* After the first row: refuses duplicate column names, unless that row is data. */
int table_check_header(const struct table *table, struct error *error);
/* "FILE:LINE: has 1 field where the header has 2" */
int table_refuse_row(const struct table *table, size_t line, size_t fields, struct error *error);

#endif
