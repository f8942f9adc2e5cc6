/* Where a collection was left: view, query, selected and marked videos, all rules, bank, filter, subset, and how each
 * view's lists are sorted, mostly as commands of the `:` prompt, in a file of the user's for each collection, never
 * in the collection itself. */
#ifndef HUBSCOPE_UI_EXPLORER_RESUME_H
#define HUBSCOPE_UI_EXPLORER_RESUME_H

#include "ui/keys/action.h"
#include "ui/model/model.h"

/* Runs the commands that the collection was left with, if there are any; those that no longer apply are passed over.
 * Returns the name of the view that was left, or null. */
const char *resume_begin(struct model *model, void *const states[VIEWS]);

/* Keeps where it is left, whole or not at all; a failure is the user's to hear of. */
int resume_end(const struct model *model, void *const states[VIEWS], const char *view, struct error *error);

#endif
