/* Runs hubscope in a child of this process, which has it linked in: so none is started anew. */
#ifndef HUBSCOPE_TESTS_MUTATE_PROGRAM_H
#define HUBSCOPE_TESTS_MUTATE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

struct program_run {
    int status;      /* of the exit; 128 + the signal that ended it */
    bool hung;       /* ended at the deadline */
    char *out, *err; /* what it wrote, NUL-terminated */
};

/* The arguments are null-terminated and begin after the program's name. */
void program_start(struct program_run *run, const char *const *arguments);
void program_release(struct program_run *run);

bool program_crashed(const struct program_run *run); /* or was stopped by a sanitizer */

#endif
