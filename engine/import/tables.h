/* Shared by the files of the part "tables": videos and texts, whose tables are cross-checked. */
#ifndef HUBSCOPE_ENGINE_IMPORT_TABLES_H
#define HUBSCOPE_ENGINE_IMPORT_TABLES_H

#include "engine/import/making.h"

/* The video with that key; UINT32_MAX if none has it. */
uint32_t import_find_key(const struct import_tables *tables, const char *key);

enum import_need { IMPORT_FREE, IMPORT_IF_NAMED, IMPORT_NEEDED };

/* The column `name` of ours in the table of "videos" or "texts": the one that --column maps to it, else the one of the
 * same name.  SIZE_MAX if absent, which is a fault if it is needed, or if --column names it. */
size_t import_column(struct making *making, const struct table *table, const char *path, const char *which,
                     const char *name, enum import_need need);

/* Opens a table with `open`; one that cannot be read is a fault, and *table stays null. */
int import_open_table(struct making *making, const char *path,
                      struct table *(*open)(const struct layout_request *, struct error *), struct table **table,
                      struct error *error);

/* The cells of a column that is read must be texts or numbers and, if `needed`, not null or absent: others are
 * faults. */
void import_check_cells(struct making *making, const struct table *table, const char *path, size_t column,
                        const char *name, bool needed);

/* Videos: from their table, or else the keys of the query texts. */
int import_check_videos(struct making *making, struct error *error);
int import_derive_videos(struct making *making, struct error *error);
/* For a change: the collection's videos, which a table must list too. */
int import_take_videos(struct making *making, struct error *error);
int import_write_videos(struct making *making, struct error *error);

/* Texts: the tables and their splits, then each text's video. */
int import_check_texts(struct making *making, struct error *error);
int import_check_references(struct making *making, struct error *error);
int import_write_texts(struct making *making, struct error *error);
void import_close_texts(struct making *making);

/* Catalog id of the first text of bank `bank`; 0 if it has none. */
int64_t import_first_text(const struct import_tables *tables, size_t bank);

#endif
