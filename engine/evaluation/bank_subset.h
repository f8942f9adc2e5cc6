/* Choosing a bank and rows of it, as the papers' ablations do. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_BANK_SUBSET_H
#define HUBSCOPE_ENGINE_EVALUATION_BANK_SUBSET_H

#include "engine/base/job.h"
#include "engine/fitting/task.h"

/* Gives an open task another bank, or other rows of it; fits made before belong to the old one.
 *
 * size: `size` rows drawn without replacement, the same for the same seed.
 * adversarial: gallery items in the order of how many bank queries retrieve them first, most first (ties to the smaller
 * row); all bank queries of the first item, then of the next, until there are N.  A bank query belongs to its own video
 * where the catalog knows that to be in the gallery, else to the item it retrieves first.
 *
 * Fails, with the task as it was, for an unknown bank and for more rows than there are. */
int task_choose_bank(struct task *task, const struct bank_subset *subset, struct job *job, struct error *error);

/* What the bank as a whole retrieves: a task whose queries are the bank's (of `task`, as chosen), without targets.
 * Good for analysis_run with `raw`; borrows from `task`; closed with task_close. */
int task_of_bank(const struct task *task, struct task *bank, struct error *error);

/* The chosen bank of the collection; null if the task has none. */
const struct bank *task_bank_entry(const struct task *task);

/* For every row of a query bank its video in the gallery, or UINT32_MAX: all of them UINT32_MAX where no catalog knows
 * better.  Returns how many are known; SIZE_MAX on failure. */
size_t bank_targets(const struct collection *collection, const struct bank *bank, uint32_t *target,
                    struct error *error);

#endif
