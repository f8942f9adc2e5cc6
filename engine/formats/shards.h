/* Files that belong together and differ in their number: the files of a folder (img_emb_0.npy, img_emb_1.npy, ...), or
 * those that a pattern with '*' for the number names. */
#ifndef HUBSCOPE_ENGINE_FORMATS_SHARDS_H
#define HUBSCOPE_ENGINE_FORMATS_SHARDS_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>

struct shards {
    char **path; /* (count), in the order of their numbers */
    size_t count;
};

/* Whether it is a folder, or a pattern that is not the name of a file. */
bool shards_named(const char *spec);

/* Lists the files.  Refuses those that differ in more than a number, and numbers that are missing; errors call the
 * files together `whole`, as in "matrix", and propose a pattern such as `example`. */
int shards_find(struct shards *shards, const char *spec, const char *whole, const char *example, struct error *error);
void shards_close(struct shards *shards);

#endif
