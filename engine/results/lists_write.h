/* Top lists of evaluation queries, written as they are made. */
#ifndef HUBSCOPE_ENGINE_RESULTS_LISTS_WRITE_H
#define HUBSCOPE_ENGINE_RESULTS_LISTS_WRITE_H

#include "engine/results/format.h"
#include "engine/results/lists.h"

enum { LISTS_DEPTH = 10, LISTS_DEPTH_TREC = 1000 };
#define LISTS_TYPED SIZE_MAX /* in place of a query: typed text */

struct lists_output {
    const struct task *task;   /* the one whose bank goes without saying in the names of rules */
    const struct ruled *rules; /* (count) */
    size_t count, depth;
    FILE *const *out; /* one; of a format of one rule a file, one for each rule */
    size_t rows;      /* written so far: lines of a list, over all rules, or judgements */
    void *own;        /* the writer's */
};

/* How a format writes lists. */
struct lists_writer {
    bool one_rule; /* a file holds the lists of one rule */
    bool no_rules; /* of no rule: `query` gets no lists */
    size_t depth;  /* of lists, where nobody says */
    int (*begin)(struct lists_output *output, struct error *error);
    int (*query)(struct lists_output *output, size_t query, const struct list *lists, struct error *error);
    void (*end)(struct lists_output *output, bool whole); /* also after a failure of the others: not whole */
};

/* Writes the lists of every query, cut to the gallery, in a format that holds lists.  *rows counts what was written.
 *
 * CSV has a line a place: "query", what names it, "spec", "rank", "row", what names the item, "score", "target".  JSON:
 * {..., "depth", "rules": [...], "lists": [{"query", ..., "targets", "rules": [{"spec", "gate", "results": [{"rank",
 * "row", ..., "score", "target"}]}]}]}, a line a query. */
int lists_write(const struct task *task, const struct ruled *ruled, size_t count, size_t depth,
                const struct format *format, FILE *const *out, size_t *rows, struct job *job, struct error *error);

/* The list of one query under one rule, in a format of one rule a file or of none (`list` may then be null); the query
 * may be LISTS_TYPED where the format is of a rule. */
int lists_write_one(const struct ruled *ruled, size_t query, const struct list *list, const struct format *format,
                    FILE *out, size_t *rows, struct error *error);

#endif
