/* A mapped file that shrinks while it is open is a failure like any other: one line and an exit status, not a crash. */
#ifndef HUBSCOPE_APP_FAULT_H
#define HUBSCOPE_APP_FAULT_H

void fault_watch(void); /* for all threads, from now on */

#endif
