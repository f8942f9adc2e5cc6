/* What the program takes from its surroundings and leaves in them, for the help, the manual and doc/: exit statuses,
 * environment variables, files. */
#ifndef HUBSCOPE_APP_SURROUNDINGS_H
#define HUBSCOPE_APP_SURROUNDINGS_H

#include <stdbool.h>

struct surrounding {
    const char *name; /* null after the last */
    const char *text; /* a sentence without its full stop */
};

extern const struct surrounding exit_statuses[], user_files[];
extern const struct surrounding environment_variables[]; /* several of one meaning are separated by blanks */

/* Whether the value of a variable is nothing to send to others. */
bool environment_is_personal(const char *name);

#endif
