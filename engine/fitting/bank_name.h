/* The notation for a bank and a selection of its rows. */
#ifndef HUBSCOPE_ENGINE_FITTING_BANK_NAME_H
#define HUBSCOPE_ENGINE_FITTING_BANK_NAME_H

#include "engine/base/error.h"
#include <stddef.h>
#include <stdint.h>

/* Which rows of which bank: all of them, a random subset, or the adversarial bank (engine/evaluation/bank_subset.h). */
struct bank_subset {
    char name[64];      /* "": the first bank of the direction */
    size_t size;        /* rows of a random subset; 0: all */
    uint64_t seed;      /* of that subset */
    size_t adversarial; /* rows of the adversarial bank, instead of a subset; 0: none */
};

/* Reads "NAME", "NAME:size=N", "NAME:size=N,seed=S" or "NAME:adversarial=N"; the name may be empty.  Any other
 * suffix after the last colon belongs to the name. */
int bank_name_parse(const char *text, struct bank_subset *subset, struct error *error);

/* Writes text that bank_name_parse reads back: shown to users, and a key to identify fits. */
void bank_name_print(const struct bank_subset *subset, char *buffer, size_t size);

#endif
