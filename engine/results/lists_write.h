/* Lists of all evaluation queries as text, CSV, JSON, TREC runs or TREC relevance judgements, written as they are
 * made. */
#ifndef HUBSCOPE_ENGINE_RESULTS_LISTS_WRITE_H
#define HUBSCOPE_ENGINE_RESULTS_LISTS_WRITE_H

#include "engine/results/lists.h"
#include "engine/results/report.h"

enum { LISTS_DEPTH = 10, LISTS_DEPTH_TREC = 1000, LISTS_RULES = 64 };

/* Writes in the format to out[0]; a TREC run to out[r] for each rule r.  `task` is the one whose bank goes without
 * saying in the names of rules.  *rows counts what was written: lines of a list, over all rules, or judgements.
 *
 * CSV has a line a place: "query", what names it, "spec", "rank", "row", what names the item, "score", "target".  JSON:
 * {..., "depth", "rules": [...], "lists": [{"query", ..., "targets", "rules": [{"spec", "gate", "results": [{"rank",
 * "row", ..., "score", "target"}]}]}]}, a line a query. */
int lists_write(const struct task *task, const struct ruled *ruled, size_t count, size_t depth, enum format format,
                FILE *const *out, size_t *rows, struct job *job, struct error *error);

#endif
