/* Making a collection from tables, matrices and thumbnails, or changing one; all or nothing, even under kill -9: the
 * collection is written to a sibling directory, synced, and renamed into place. */
#ifndef HUBSCOPE_ENGINE_IMPORT_IMPORT_H
#define HUBSCOPE_ENGINE_IMPORT_IMPORT_H

#include "engine/base/error.h"
#include "engine/base/findings.h"
#include "engine/base/job.h"
#include "engine/import/options.h"

/* Checks everything (columns, keys, splits, row counts, dimensions, finite non-zero rows, pictures, the encoder, the
 * destination) before anything is written, and continues after a fault, so that `findings` (zeroed by the caller, who
 * closes it; may be null) holds everything that is wrong.  With any fault, or with dry_run, nothing is written; the
 * first fault is also the error. */
int collection_import(const struct import *import, struct import_report *report, struct findings *findings,
                      struct job *job, struct error *error);

#endif
