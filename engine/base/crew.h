/* Processes that do one piece of work together: each does a share of it, they exchange what they found, and all have
 * the whole then.  A process is alone (one of one) unless it joins a crew, and then none of this costs anything.
 *
 * Work is cut into blocks by its shape alone, and a share is a run of blocks, so no result depends on the number of
 * processes.  Every process calls the functions below in the same order, from one thread.  They return -1, with the
 * same error in all processes, once any process has failed: a process that fails need only pass its error to
 * crew_end, as the others wait for it in their next exchange. */
#ifndef HUBSCOPE_ENGINE_BASE_CREW_H
#define HUBSCOPE_ENGINE_BASE_CREW_H

#include "engine/base/crew_link.h"
#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>

/* What exchanges have cost this process so far. */
struct crew_cost {
    size_t exchanges, bytes;
    double seconds; /* waiting for the others included */
};

void crew_join(const struct crew_link *link); /* borrowed; null: alone again */

/* Alone, takes only the share of process `rank` of `size`, for a result that is put together later; what the others
 * would do stays as it is.  0 of 1: everything again. */
void crew_pretend(size_t rank, size_t size);

/* Runs that divide a piece of work and never meet: each keeps what it would give to the others, and goes on without
 * what it would get.  A last one, with rank `size`, has no share of its own: it finds what the others kept, and so has
 * the whole.  Exchanges that only spread what all can know (crew_sum, crew_any, crew_tell, crew_same) do nothing. */
struct crew_store {
    size_t rank, size;
    int (*keep)(void *context, size_t exchange, const void *own, size_t bytes);
    /* What a run kept; null, with the error filled, if that is not of this size. */
    const void *(*find)(void *context, size_t exchange, size_t rank, size_t bytes, struct error *error);
    void *context;
};
void crew_divide(const struct crew_store *store); /* borrowed; null: alone again */
bool crew_divided(void);
bool crew_shares(void); /* whether this is one of the runs with a share */
bool crew_merges(void); /* whether this is the last one */

/* Whether each process of a crew is to read only a block of the gallery of its own; without a crew that is all of it.
 * Blocks are for speed: nothing keeps a process from reading outside its own. */
void crew_split(bool split);
bool crew_splits(void);

size_t crew_size(void);
size_t crew_rank(void);
bool crew_meets(void); /* whether there are other processes now, to exchange with */
bool crew_leads(void); /* the one process that reports, prints and writes files */
struct crew_cost crew_cost(void);

/* "process 3 on node7", or without the machine in other processes than the first and where all run on one machine. */
enum { CREW_NAME = 300 };
void crew_name(size_t rank, char name[CREW_NAME]);

/* Where the share of process `rank` begins among `blocks` blocks; it ends where the next one's begins. */
size_t crew_start(size_t blocks, size_t rank);

struct crew_share {
    size_t start, count;
};
struct crew_share crew_share(size_t blocks); /* this process's */

/* Completes an array of which each process has filled in its share of the blocks.  Blocks have `bytes` bytes, the last
 * one ends with the array of `total` bytes. */
int crew_fill(void *array, size_t blocks, size_t bytes, size_t total, struct error *error);

/* Collects `bytes` bytes of every process into all (size, bytes). */
int crew_collect(const void *own, size_t bytes, void *all, struct error *error);

/* Sends sent[r] bytes to every process r, and takes got[r] bytes from it. */
int crew_swap(const void *own, const size_t *sent, void *all, const size_t *got, struct error *error);

/* Sums over the processes, element by element: numbers whose sums are exact, as their order is not fixed. */
int crew_sum(double *x, size_t count, struct error *error);

/* Sets a flag to 1 where any process has it set. */
int crew_any(unsigned char *flag, size_t count, struct error *error);

int crew_tell(void *x, size_t bytes, struct error *error); /* everybody gets what the leader has */

/* Fails unless all processes have the same bytes; the error names the first process that differs and says `what`. */
int crew_same(const void *x, size_t bytes, const char *what, struct error *error);

/* Ends the work: every process calls it once, with its own success (0) or failure and error, and all get the same. */
int crew_end(int status, struct error *error);
size_t crew_failed(void); /* then: the first process that has failed, if one has; 0 where several have */

#endif
