/* A program that is kept running: text goes to its standard input, answers come from its standard
 * output, and the end of what it says on standard error is kept for whoever has to explain a
 * failure.  Nothing it writes reaches the terminal. It runs in a session of its own and, with all
 * that it starts there, ends when it is told to or when this process ends in whatever way.  One
 * thread at a time. */
#ifndef HUBSCOPE_ENGINE_BASE_CHILD_H
#define HUBSCOPE_ENGINE_BASE_CHILD_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include <stdbool.h>
#include <stddef.h>

struct child;

/* Runs `command` by /bin/sh.  At most `room` bytes of its output are kept before child_take. */
struct child *child_start(const char *command, size_t room, struct error *error);

/* Asks it to end (SIGTERM), makes it (SIGKILL) when it does not within a tenth of a second, and
 * waits for its end; null is fine. */
void child_end(struct child *child);

/* Queues bytes for its standard input; child_wait writes them. */
int child_send(struct child *child, const char *bytes, size_t size, struct error *error);

enum child_outcome {
    CHILD_ANSWERED,
    CHILD_FULL,  /* `room` bytes came and they are not an answer */
    CHILD_ENDED, /* it ended, or closed its output: see child_fate */
    CHILD_LATE,
    CHILD_CANCELLED /* by the job; what is under way may be waited for again */
};

/* Length of the answer that the output begins with; 0 while it is not complete. */
typedef size_t child_answer(const char *output, size_t size, const void *context);

/* Waits until the output begins with an answer, whose length goes to *length; `until` is a time of
 * child_now. */
enum child_outcome child_wait(struct child *child, child_answer *answer, const void *context,
                              double until, struct job *job, size_t *length);

double child_now(void); /* seconds */

const char *child_output(const struct child *child,
                         size_t *size);            /* not zero-ended; valid until the next call */
void child_take(struct child *child, size_t size); /* drops the first bytes of the output */

enum child_state {
    CHILD_QUIET,
    CHILD_NOISY,
    CHILD_GONE
};                                                /* NOISY: there is output that is not taken */
enum child_state child_look(struct child *child); /* without waiting */

/* What became of it: "ended with exit status 1". */
void child_fate(const struct child *child, char *buffer, size_t size);
/* The last line on standard error, cleaned; "" if there is none. */
void child_said(const struct child *child, char *buffer, size_t size);

#endif
