/* Choosing a bank, or some of its rows as the papers' ablations do. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_BANK_SUBSET_H
#define HUBSCOPE_ENGINE_EVALUATION_BANK_SUBSET_H

#include "engine/base/job.h"
#include "engine/fitting/task.h"

/* Gives an open task another bank or other rows of its bank; earlier fits belong to the old one.
 *
 * size: `size` rows drawn without replacement, the same for the same seed.
 * adversarial: sorts gallery items by how many bank queries retrieve them first, most first (ties to the smaller row);
 * takes all bank queries of the first item, then of the next, until it has N.  A bank query belongs to its own video if
 * the catalog places that in the gallery, else to the item it retrieves first.
 *
 * Fails, leaving the task unchanged, for an unknown bank and for more rows than the bank has. */
int task_choose_bank(struct task *task, const struct bank_subset *subset, struct job *job, struct error *error);

/* Makes a task whose queries are the chosen rows of the bank of `task`, without targets: analysis_run with `raw` then
 * shows what the bank as a whole retrieves.  Borrows from `task`; close with task_close. */
int task_of_bank(const struct task *task, struct task *bank, struct error *error);

/* The chosen bank of the collection; null if the task has none. */
const struct bank *task_bank_entry(const struct task *task);

/* Fills in the gallery's video of every row of a query bank, UINT32_MAX where the catalog has none or there is no
 * catalog.  Returns how many are known; SIZE_MAX on failure. */
size_t bank_targets(const struct collection *collection, const struct bank *bank, uint32_t *target,
                    struct error *error);

#endif
