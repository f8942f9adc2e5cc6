/* The collection a command works on: a directory, or `sample` for the one beside the program. */
#ifndef HUBSCOPE_APP_NAMED_COLLECTION_H
#define HUBSCOPE_APP_NAMED_COLLECTION_H

#include "app/options.h"
#include "engine/collection/collection.h"

struct named_collection {
    const char *name;
};

extern const struct option_group named_collection_group; /* the operand, which must be given */

#define COLLECTION_OPERAND(type, field)                                                                                \
    {                                                                                                                  \
        .name = "COLLECTION", .kind = OPTION_OPERAND, .offset = offsetof(struct type, field)                           \
    }
#define COLLECTION_MISSING "name a collection: a directory, or `sample`"

int named_collection_path(const char *name, char *path, size_t size, struct error *error); /* -1 on failure */
bool named_collection_is_sample(const char *name); /* the one beside the program */
/* The folder of the lessons over it; null if it is not the sample. */
const char *named_collection_lessons(const char *name, char *path, size_t size);
struct collection *named_collection_open(const char *name, struct error *error); /* null on failure */

#endif
