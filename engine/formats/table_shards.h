/* Tables in several files: see shards.h. */
#ifndef HUBSCOPE_ENGINE_FORMATS_TABLE_SHARDS_H
#define HUBSCOPE_ENGINE_FORMATS_TABLE_SHARDS_H

#include "engine/base/error.h"
#include <stdbool.h>

struct table;

typedef struct table *table_reader_of_piece(const char *path, bool headless, struct error *error);

/* Reads all files with `read`, in the order of their numbers, as one table.  Refuses a file whose columns have other
 * names than the first one's; their order may differ. */
struct table *table_shards_read(const char *spec, bool headless, table_reader_of_piece *read, struct error *error);

#endif
