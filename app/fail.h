/* How the program fails: one line on standard error and an exit status. */
#ifndef HUBSCOPE_APP_FAIL_H
#define HUBSCOPE_APP_FAIL_H

#include "engine/base/error.h"

enum { STATUS_OK = 0, STATUS_FAILURE = 1, STATUS_USAGE = 2 };

/* Prints "hubscope: ..." and returns the exit status; for wrong usage with "; see 'hubscope COMMAND --help'", where the
 * command may be null.  A cancelled job ends the process as an interrupt does, without a message. */
int fail(const struct error *error, const char *command);

#endif
