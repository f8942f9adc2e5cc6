/* A hash of what a collection holds, by which processes and files recognise that they are of the same data. */
#ifndef HUBSCOPE_ENGINE_COLLECTION_FINGERPRINT_H
#define HUBSCOPE_ENGINE_COLLECTION_FINGERPRINT_H

#include "engine/collection/collection.h"

/* Of shapes, targets and matrices: all of a matrix of up to 64 MB, 4096 of its rows, evenly spaced, of a larger one.
 * No defence against malice. */
uint64_t collection_fingerprint(const struct collection *collection);

#endif
