/* How the messages of a crew (crew.h) travel between its processes. */
#ifndef HUBSCOPE_ENGINE_BASE_CREW_LINK_H
#define HUBSCOPE_ENGINE_BASE_CREW_LINK_H

#include <stdbool.h>
#include <stddef.h>

/* All are called by one thread.  Those that return int return -1 when the connection is lost. */
struct crew_link {
    size_t rank, size;
    /* Collects bytes[r] bytes from every process r, in the order of ranks, into `all`; `own` may be their place
     * there. */
    int (*gather)(void *context, const void *own, const size_t *bytes, void *all);
    int (*sum)(void *context, double *x, size_t count); /* of every process's x, in its place */
    /* Sends sent[r] bytes to every process r and takes got[r] bytes from it, both in the order of ranks; at most 2 GB
     * each. */
    int (*swap)(void *context, const void *own, const size_t *sent, void *all, const size_t *got);

    /* Begins to collect a few bytes of every process into all (size, bytes), without waiting; *complete is whether all
     * are there.  Both buffers stay until then. */
    int (*meet)(void *context, const void *own, size_t bytes, void *all);
    int (*met)(void *context, bool *complete);

    /* Messages of at most CREW_MESSAGE bytes to process 0, at any time between two of the above, or until all have
     * met.  Neither waits: a message that finds the last one still on its way is dropped; receive returns false if
     * none has arrived. */
    void (*send)(void *context, const void *message, size_t bytes);
    bool (*receive)(void *context, void *message, size_t bytes, size_t *from);
    /* In process 0, the machine that a process runs on; null, as the function may be: all run on one. */
    const char *(*host)(void *context, size_t rank);
    void *context;
};

enum { CREW_MESSAGE = 64 };

#endif
