/* Top lists of evaluation queries, written as they are computed. */
#ifndef HUBSCOPE_ENGINE_RESULTS_LISTS_WRITE_H
#define HUBSCOPE_ENGINE_RESULTS_LISTS_WRITE_H

#include "engine/results/format.h"
#include "engine/results/lists.h"

enum { LISTS_DEPTH = 10, LISTS_DEPTH_TREC = 1000 };
#define LISTS_TYPED SIZE_MAX /* in place of a query: typed text */

struct lists_output {
    const struct task *task;   /* names of rules omit the bank if it is this task's */
    const struct ruled *rules; /* (count) */
    size_t count, depth;
    FILE *const *out; /* one stream; in a format of one rule per file, one for each rule */
    size_t rows;      /* written so far: places of lists, over all rules, or judgements */
    void *own;        /* the writer's */
};

/* How a format writes lists. */
struct lists_writer {
    bool one_rule; /* a file holds the lists of one rule */
    bool no_rules; /* needs no rule: `query` gets no lists */
    size_t depth;  /* default depth of lists */
    int (*begin)(struct lists_output *output, struct error *error);
    int (*query)(struct lists_output *output, size_t query, const struct list *lists, struct error *error);
    void (*end)(struct lists_output *output, bool whole); /* called after failures too, with `whole` false */
};

/* Writes the lists of every query, at most as deep as the gallery, in a format that holds lists.  *rows counts what was
 * written.
 *
 * CSV has one line per place: "query", its name, "spec", "rank", "row", the item's name, "score", "target".  JSON:
 * {..., "depth", "rules": [...], "lists": [{"query", ..., "targets", "rules": [{"spec", "gate", "results": [{"rank",
 * "row", ..., "score", "target"}]}]}]}, one line per query. */
int lists_write(const struct task *task, const struct ruled *ruled, size_t count, size_t depth,
                const struct format *format, FILE *const *out, size_t *rows, struct job *job, struct error *error);

/* Writes the list of one query under one rule, in a format of one rule per file, where the query may be LISTS_TYPED, or
 * of no rule, where `list` may be null. */
int lists_write_one(const struct ruled *ruled, size_t query, const struct list *list, const struct format *format,
                    FILE *out, size_t *rows, struct error *error);

#endif
