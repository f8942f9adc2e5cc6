/* Files that trec_eval and ir-measures read: runs ("qid Q0 docno rank score tag") and relevance judgements
 * ("qid 0 docno 1").
 *
 * A query is named by its row, in video to text by the video's key; an item by the video's key, in video to text by the
 * caption's row; rows stand for keys that there are none of (bare matrices).  Names are one word: see name_word.
 * Readers order a query's items by score alone, ties by name.  So that they find ours, scores fall strictly: where a
 * rule's own would tie they are lowered by the smallest step that a float tells apart. */
#ifndef HUBSCOPE_ENGINE_RESULTS_TREC_H
#define HUBSCOPE_ENGINE_RESULTS_TREC_H

#include "engine/results/lists.h"
#include <stdio.h>

enum { TREC_NAME = 512 };

/* Names of one task's queries and items, remembered.  Borrows the task. */
struct trec {
    const struct task *task;
    struct trec_slot *slot;
};
int trec_open(struct trec *trec, const struct task *task, struct error *error);
void trec_close(struct trec *trec);

int trec_query(struct trec *trec, size_t query, char *name, size_t size, struct error *error);

/* The lines of one list.  `query` and `tag` are words. */
int trec_put_list(FILE *out, struct trec *trec, const char *query, const struct list *list, const char *tag,
                  struct error *error);

/* The last column: the rule as fit_name has it, one word. */
void trec_tag(const struct ruled *ruled, const struct task *task, char *tag, size_t size);

/* The judgements of one query, none where it has no target; adds their number to *lines. */
int trec_put_targets(FILE *out, struct trec *trec, size_t query, size_t *lines, struct error *error);

#endif
