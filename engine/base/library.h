/* Shared libraries that are loaded when they are first needed: linked to the program, each would delay every start.
 * They stay loaded until the program ends. */
#ifndef HUBSCOPE_ENGINE_BASE_LIBRARY_H
#define HUBSCOPE_ENGINE_BASE_LIBRARY_H

#include "engine/base/error.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct library_symbol {
    const char *name;
    void *place;   /* the pointer to a function or variable that is set */
    bool optional; /* null where the library does not have it */
};

struct library {
    const char *file;                     /* the name that a program linked to it asks for */
    const char *without;                  /* the beginning of errors: what cannot be done without it */
    const char *debian;                   /* the package to install */
    const struct library_symbol *symbols; /* ends with a null name */
    int (*prepare)(struct error *error);  /* called when all symbols are found, if not null */
    bool alone;                           /* finds its own symbols before the program's: quick for one with thousands */
    atomic_bool loaded;
};

/* Loads the library and finds its symbols, once; from any thread.  After a failure the next call tries again, unless
 * memory was lacking. */
int library_load(struct library *library, struct error *error);

/* Whether the loader lacked memory once: it may then keep its lock, which other loads and the end of the process wait
 * for. */
bool library_stuck(void);

#endif
