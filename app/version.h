/* What --version prints. */
#ifndef HUBSCOPE_APP_VERSION_H
#define HUBSCOPE_APP_VERSION_H

#include "engine/base/error.h"

#include <stdbool.h>
#include <stdio.h>

/* The version; if `verbose`, also lines of "name: value" with all that a bug report needs and nothing personal.  Fails
 * where some of them could not be had, and prints the others. */
int version_put(FILE *out, bool verbose, struct error *error);

#endif
