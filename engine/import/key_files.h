/* The files of a directory by key: KEY.jpg is the picture of the video KEY.  The directory is listed once and keys are
 * only looked up in that list, so no key, however odd, leads out of it. */
#ifndef HUBSCOPE_ENGINE_KEY_FILES_H
#define HUBSCOPE_ENGINE_KEY_FILES_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>

enum key_files_kind { KEY_FILES_PICTURES, KEY_FILES_VIDEOS };

struct key_files;

/* Lists the files directly in a directory that have an extension of the kind, ignoring case. */
struct key_files *key_files_open(const char *dir, enum key_files_kind kind, struct error *error);
void key_files_close(struct key_files *files); /* null is fine */
size_t key_files_count(const struct key_files *files);

/* Returns the name of a key's file within the directory, valid as long as `files`; null if it has none.  The key may be
 * the whole name, the name without its extension, or have an extension of another kind of picture or video instead of
 * the file's ("a.mp4" finds a.jpg).  If several match, the most common extension wins. */
const char *key_files_find(const struct key_files *files, const char *key);

/* Whether a relative name stays within its directory: it has no ".." and is not absolute. */
bool key_files_inside(const char *name);

#endif
