/* Everything that is done to a collection.  A family of mutations counts the places that a collection has for them, and
 * applies one of its kinds at one of them; the details (which row, which byte) come from random numbers. */
#ifndef HUBSCOPE_TESTS_MUTATE_MUTATION_H
#define HUBSCOPE_TESTS_MUTATE_MUTATION_H

#include "engine/base/random.h"
#include "tests/mutate/folder.h"
#include <stdbool.h>

enum { MUTATION_NAME = 256 };

struct mutation {
    const char *folder; /* the copy */
    size_t place, kind; /* below those of the family */
    struct random_state random;
    char name[MUTATION_NAME]; /* what was done, filled by `apply` */
};

struct mutations { /* a family */
    const char *name;
    size_t kinds;                             /* of mutations, the same at every place */
    size_t (*places)(const char *folder);     /* that it finds in a collection: files, cells, pages */
    bool (*apply)(struct mutation *mutation); /* false: it does not apply, or changed nothing */
};

extern const struct mutations mutate_files, mutate_bytes, mutate_matrices, mutate_texts, mutate_cells, mutate_rows,
    mutate_schema, mutate_pages, mutate_journals;

size_t mutation_below(struct mutation *mutation, size_t n); /* random, 0 if n is 0 */

#endif
