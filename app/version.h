/* What --version prints. */
#ifndef HUBSCOPE_APP_VERSION_H
#define HUBSCOPE_APP_VERSION_H

#include <stdbool.h>
#include <stdio.h>

/* The version; if `verbose`, also lines of "name: value" with all that a bug report needs and nothing personal. */
void version_put(FILE *out, bool verbose);

#endif
