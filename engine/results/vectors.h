/* An analysis's numbers for every item and every query, as .npy vectors. */
#ifndef HUBSCOPE_ENGINE_RESULTS_VECTORS_H
#define HUBSCOPE_ENGINE_RESULTS_VECTORS_H

#include "engine/evaluation/analysis.h"

/* Writes RULE.bias.npy (M), RULE.mass.npy (M), RULE.n10.npy (M), RULE.rank.npy (Q) and RULE.gate.npy (Q) of every
 * analysed rule that has them into a directory, created if it does not exist.  RULE comes from vectors_name.  Without
 * `replace` it fails, writing nothing, if one of the files exists.  No file appears before all are complete.  *files
 * counts those in place. */
int vectors_write(const struct task *task, const struct analysis *analyses, size_t count, const char *dir, bool replace,
                  size_t *files, struct error *error);

/* The rule's name if no other of the fits has it, else its whole spec; fit for a file name. */
void vectors_name(const struct task *task, struct fit *const *fits, size_t count, size_t index, char *name,
                  size_t size);

#endif
