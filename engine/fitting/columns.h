/* Every gallery item's similarities to the bank in ascending order, to look up how many bank queries are more
 * similar to the item than a query is.  Columns are kept if memory allows, else the evaluation queries' counts.  If
 * neither fits, every lookup computes the columns again, a few items at a time: slower, with the same counts.  In a
 * crew each process makes its share; one that splits the gallery keeps counts or nothing, as a lookup may have to look
 * at the item itself, and then counts in its own block for all. */
#ifndef HUBSCOPE_ENGINE_FITTING_COLUMNS_H
#define HUBSCOPE_ENGINE_FITTING_COLUMNS_H

#include "engine/fitting/rule.h"
#include "engine/matrices/sims_split.h"
#include "engine/matrices/tiles.h"

struct columns;

/* Makes the columns of the task's B (N, M), kept if they take at most `memory` bytes; else keeps counts of the task's
 * queries, if these do.  Null with the error filled on failure. */
struct columns *columns_make(const struct task *task, size_t memory, struct job *job, struct error *error);
void columns_free(struct columns *columns); /* null is fine */

size_t columns_bank(const struct columns *columns); /* N */

bool columns_counted(const struct columns *columns); /* whether the evaluation queries' counts are kept */

/* Counts for the items in `items` and `several` runs of the task's queries; an asker with a vector is a run of one
 * itself.  Safe from any thread.  False, with nothing counted, if columns are not kept and the asker's task has another
 * bank by now. */
bool columns_count(struct columns *columns, const struct asker *asker, const struct sims_counts *each, size_t several,
                   struct span items);

#endif
