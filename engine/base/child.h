/* A program that is kept running: text goes to its standard input, answers come from its standard output, and the end
 * of its standard error is kept to explain a failure.  Nothing it writes reaches the terminal.  It runs in a session of
 * its own; it and all it starts end on request or when this process ends, however that happens, what leaves the session
 * included, unless it hides its environment.  One thread at a time. */
#ifndef HUBSCOPE_ENGINE_BASE_CHILD_H
#define HUBSCOPE_ENGINE_BASE_CHILD_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include <stdbool.h>
#include <stddef.h>

struct child;

/* Runs `command` with /bin/sh.  At most `room` bytes of its output are buffered until child_take.  Null on failure. */
struct child *child_start(const char *command, size_t room, struct error *error);

/* Asks it to end (SIGTERM), kills it (SIGKILL) if it has not after a tenth of a second, and waits for it; null is
 * fine. */
void child_end(struct child *child);

/* Queues bytes for its standard input; child_wait writes them. */
int child_send(struct child *child, const char *bytes, size_t size, struct error *error);

enum child_outcome {
    CHILD_ANSWERED,
    CHILD_FULL,  /* `room` bytes arrived and they are not an answer */
    CHILD_ENDED, /* it ended, or closed its output: see child_fate */
    CHILD_LATE,
    CHILD_CANCELLED /* by the job; the answer may be waited for again */
};

/* Length of the answer at the start of the output; 0 while it is incomplete. */
typedef size_t child_answer(const char *output, size_t size, const void *context);

/* Waits until the output begins with an answer and stores its length in *length; `until` is on the clock of
 * clock_seconds. */
enum child_outcome child_wait(struct child *child, child_answer *answer, const void *context, double until,
                              struct job *job, size_t *length);

const char *child_output(const struct child *child, size_t *size); /* not NUL-terminated; valid until the next call */
void child_take(struct child *child, size_t size);                 /* drops the first bytes of the output */

enum child_state { CHILD_QUIET, CHILD_NOISY, CHILD_GONE }; /* NOISY: output is waiting to be taken */
enum child_state child_look(struct child *child);          /* without waiting */

/* What became of it: "ended with exit status 1". */
void child_fate(const struct child *child, char *buffer, size_t size);
/* The last line on standard error, cleaned; "" if there is none. */
void child_said(const struct child *child, char *buffer, size_t size);

#endif
