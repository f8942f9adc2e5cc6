/* How a command ends badly: one line on standard error and an exit status. */
#ifndef HUBSCOPE_APP_FAIL_H
#define HUBSCOPE_APP_FAIL_H

#include "engine/base/error.h"

enum { STATUS_OK = 0, STATUS_FAILURE = 1, STATUS_USAGE = 2 };

/* "hubscope: ..."; returns STATUS_FAILURE. A cancelled job ends the process as an interrupt does, without a line. */
int fail(const struct error *error);

/* A failure in printf's words. */
int fail_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "hubscope: ...; see 'hubscope COMMAND --help'"; returns STATUS_USAGE. `command` may be null. */
int fail_usage(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
