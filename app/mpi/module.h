/* What the program finds in hubscope-mpi.so, the only part of it that is linked to MPI: it is loaded only where
 * mpirun or srun has started the program, so that nothing else needs MPI to be installed. */
#ifndef HUBSCOPE_APP_MPI_MODULE_H
#define HUBSCOPE_APP_MPI_MODULE_H

#include "engine/base/crew.h"

struct mpi_module {
    const char *version; /* of hubscope */
    /* Connects to the other processes; `local` is how many of them run on this machine.  -1 on failure. */
    int (*begin)(struct crew_link *link, size_t *local);
    void (*end)(void);            /* once all processes have ended their work */
    void (*name)(char *, size_t); /* what MPI says of itself, in a line; at any time */
};

#define MPI_MODULE_SYMBOL "hubscope_mpi"
extern const struct mpi_module hubscope_mpi;

#endif
