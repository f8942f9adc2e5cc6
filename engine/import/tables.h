/* What the files of the part "tables" share: videos and texts, whose tables are cross-checked. */
#ifndef HUBSCOPE_ENGINE_IMPORT_TABLES_H
#define HUBSCOPE_ENGINE_IMPORT_TABLES_H

#include "engine/import/making.h"

/* The video with that key; UINT32_MAX if there is none. */
uint32_t import_find_key(const struct import_tables *tables, const char *key);

enum import_need { IMPORT_FREE, IMPORT_IF_NAMED, IMPORT_NEEDED };

/* The column that is ours by `name` in the table of "videos" or "texts": the one that --column maps
 * to it, else that of the name itself.  SIZE_MAX when absent, which is a fault where it is needed,
 * or where --column names it. */
size_t import_column(struct making *making, const struct table *table, const char *path,
                     const char *which, const char *name, enum import_need need);

/* Opens a table by `open`; what cannot be read is a fault, and *table stays null. */
int import_open_table(struct making *making, const char *path,
                      struct table *(*open)(const char *, struct error *), struct table **table,
                      struct error *error);

/* Videos: their table, or, with none, the keys of the texts of queries. */
int import_check_videos(struct making *making, struct error *error);
int import_derive_videos(struct making *making, struct error *error);
/* Of a change: those of the collection, which a table must list too. */
int import_take_videos(struct making *making, struct error *error);
int import_write_videos(struct making *making, struct error *error);

/* Texts: the tables and their splits, then which video each belongs to. */
int import_check_texts(struct making *making, struct error *error);
int import_check_references(struct making *making, struct error *error);
int import_write_texts(struct making *making, struct error *error);
void import_close_texts(struct making *making);

/* Catalog id of the first text of bank `bank`; 0 if it has none. */
int64_t import_first_text(const struct import_tables *tables, size_t bank);

#endif
