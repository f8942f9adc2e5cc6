/* The values of a column of a Parquet file, page after page. */
#ifndef HUBSCOPE_ENGINE_FORMATS_PARQUET_PAGES_H
#define HUBSCOPE_ENGINE_FORMATS_PARQUET_PAGES_H

#include "engine/formats/parquet_values.h"

/* Takes the next value, or null: `defined` and `repeated` are its levels.  Returns 0, or -1 with the error set. */
typedef int parquet_taker(void *context, const struct parquet_value *value, unsigned defined, unsigned repeated,
                          struct error *error);

/* Hands over all values of a column in a row group.  Their bytes are valid during the call only. */
int parquet_read_chunk(const struct parquet *parquet, size_t group, size_t column, parquet_taker *take, void *context,
                       struct error *error);

#endif
