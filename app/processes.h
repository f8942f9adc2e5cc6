/* The other processes of this run, where mpirun or srun has started several. */
#ifndef HUBSCOPE_APP_PROCESSES_H
#define HUBSCOPE_APP_PROCESSES_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>

/* Joins them.  Only the first process, which leads, keeps its standard output and error. */
int processes_begin(struct error *error);
/* How many of them share this machine's processors with this one, itself included. */
size_t processes_here(void);
/* Checks that all were started alike and compute alike, and gives all the leader's memory for similarities. */
int processes_meet(int argc, char **argv, struct error *error);
void processes_end(void);     /* after crew_end */
void processes_abandon(void); /* lets this process print an error and exit, which ends all of them */

bool processes_built(void); /* whether hubscope was built with MPI */
/* "Open MPI v4.1.4", or why there is none. */
void processes_library(char *buffer, size_t size);

#endif
