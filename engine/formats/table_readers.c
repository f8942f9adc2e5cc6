#include "engine/formats/table_reader.h"

#include <stddef.h>

/* CSV is the last of those: any text is a table of one column to it. */
const struct table_reader *const table_readers[] = {&table_json, &table_jsonl, &table_tsv,
                                                    &table_csv,  &table_text,  NULL};
