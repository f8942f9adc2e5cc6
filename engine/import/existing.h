/* The collection that an import changes in place (making->existing; its catalog is null if a new collection is made, or
 * if it could not be opened). */
#ifndef HUBSCOPE_ENGINE_IMPORT_EXISTING_H
#define HUBSCOPE_ENGINE_IMPORT_EXISTING_H

#include "engine/import/making.h"

/* Opens the destination's catalog and fills existing, model and report; any defect is a fault. */
int import_existing_open(struct making *making, struct error *error);

/* The place of a bank of a kind (0 query banks, 1 video banks) in existing.bank; SIZE_MAX if the collection has none of
 * that name. */
size_t import_existing_bank(const struct making *making, int kind, const char *name);

/* Fills existing.key with the keys of all videos. */
int import_existing_keys(struct making *making, struct error *error);

/* Puts what stays into the staging and opens the writer on a copy of the catalog. */
int import_existing_stage(struct making *making, struct error *error);

/* After the parts have written: updates digests, fits and the encoder's type. */
int import_existing_finish(struct making *making, struct error *error);

void import_existing_close(struct making *making);

#endif
