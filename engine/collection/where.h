/* Which videos a condition on the columns of the videos' table chooses: "group=smileys". */
#ifndef HUBSCOPE_ENGINE_COLLECTION_WHERE_H
#define HUBSCOPE_ENGINE_COLLECTION_WHERE_H

#include "engine/collection/collection.h"
#include <stdbool.h>

/* Sets inside (videos) for the videos that fulfil all conditions, separated by " and ".  Columns are key, title, tags
 * and whatever else the imported table had.  COLUMN=VALUE chooses values with these words one after the other,
 * COLUMN==VALUE those that are nothing else, COLUMN!=VALUE those without the words; case and accents do not matter.
 * Fails, with the columns or the most frequent values in the error, for an unknown column and where no video is chosen;
 * and for a collection without a table. */
int where_choose(const struct collection *collection, const char *conditions, bool *inside, struct error *error);

/* The column of that index, false past the last: for completion.  Reads the table each time. */
bool where_column(const struct collection *collection, size_t index, char *name, size_t size);

#endif
