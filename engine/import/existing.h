/* The collection that an import changes in place (making->existing; its catalog is null where a new one
 * is made, or where it could not be opened). */
#ifndef HUBSCOPE_ENGINE_IMPORT_EXISTING_H
#define HUBSCOPE_ENGINE_IMPORT_EXISTING_H

#include "engine/import/making.h"

/* Opens the destination's catalog and fills existing and report; what is wrong with it is a fault. */
int import_existing_open(struct making *making, struct error *error);

/* Fills existing.key with the keys of all videos. */
int import_existing_keys(struct making *making, struct error *error);

/* Fills the staging with what stays and opens the writer on a copy of the catalog. */
int import_existing_stage(struct making *making, struct error *error);

/* After the parts have written: digest, fits and the encoder's type. */
int import_existing_finish(struct making *making, struct error *error);

void import_existing_close(struct making *making);

#endif
