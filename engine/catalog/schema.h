/* The schema of a catalog, as text. */
#ifndef HUBSCOPE_ENGINE_CATALOG_SCHEMA_H
#define HUBSCOPE_ENGINE_CATALOG_SCHEMA_H

extern const char catalog_schema[];      /* its tables */
extern const char catalog_index_sql[];   /* its indexes, made once the tables are full */
extern const char catalog_view_sql[];    /* shows an open catalog of version 1 as if it were of the current one */
extern const char catalog_upgrade_sql[]; /* makes one of it */

/* All definitions: @definitions in the queries below. */
extern const char catalog_definitions[];

/* How many entries of the schema may make queries run something else than ours do: views, triggers, and tables or their
 * indexes that are not defined as here. */
extern const char catalog_foreign_sql[];

/* How many of the indexes exist, and all of them. */
extern const char catalog_indexes_sql[], catalog_indexes[];

/* Such entries, and others that are not ours, with a message about each. */
extern const char catalog_unexpected_sql[];

#endif
