/* A head as a file: safetensors with `linear.weight` (d, d), or `down.weight` (h, d), `up.weight` (d, h) and `ratio`
 * (1, 1) of an mlp. */
#ifndef HUBSCOPE_ENGINE_HEADS_HEAD_FILE_H
#define HUBSCOPE_ENGINE_HEADS_HEAD_FILE_H

#include "engine/heads/head.h"

/* All or nothing; replaces an existing file. */
int head_write(const struct head *head, const char *path, struct error *error);

/* Opens a head that the caller closes.  Refuses shapes that do not fit each other and values that are not finite. */
int head_read(struct head *head, const char *path, struct error *error);

#endif
