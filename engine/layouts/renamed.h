/* Layouts that are tables with other column names, and parts of others. */
#ifndef HUBSCOPE_ENGINE_LAYOUTS_RENAMED_H
#define HUBSCOPE_ENGINE_LAYOUTS_RENAMED_H

#include "engine/formats/table.h"
#include "engine/layouts/layout.h"

/* Opens a table, renames the columns `from` to ours in pairs {from, to, from, to, ..., null} and refuses the file if it
 * lacks one of them; `dataset` names it in that error. */
struct table *renamed_table(const char *file, const char *dataset, const char *const *pairs, struct error *error);

/* A list of videos: a text file of keys, one a line, or else a table with renamed columns as above. */
struct table *renamed_videos(const char *file, const char *dataset, const char *const *pairs, struct error *error);

/* Length of a file's name without the ending of a picture, such as .jpg. */
size_t picture_stem(const char *name);

#endif
