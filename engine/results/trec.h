/* Files that trec_eval and ir-measures read: runs ("qid Q0 docno rank score tag") and relevance judgements
 * ("qid 0 docno 1").
 *
 * A query is named by its row, in video to text by the video's key; an item by the video's key, in video to text by the
 * caption's row; without keys (bare matrices) by rows.  Names are one word: see name_word.  Readers sort the items of a
 * query by score alone, ties by name.  To keep our order, scores decrease strictly: ties are lowered by about the
 * smallest step that a float resolves. */
#ifndef HUBSCOPE_ENGINE_RESULTS_TREC_H
#define HUBSCOPE_ENGINE_RESULTS_TREC_H

#include "engine/results/lists.h"
#include <stdio.h>

enum { TREC_NAME = 512 };

/* Names of one task's queries and items, cached.  Borrows the task. */
struct trec {
    const struct task *task;
    struct trec_slot *slot;
};
int trec_open(struct trec *trec, const struct task *task, struct error *error);
void trec_close(struct trec *trec);

int trec_query(struct trec *trec, size_t query, char *name, size_t size, struct error *error);

/* Writes the lines of one list.  `query` and `tag` are words. */
int trec_put_list(FILE *out, struct trec *trec, const char *query, const struct list *list, const char *tag,
                  struct error *error);

/* The last column: the rule as fit_name has it, one word. */
void trec_tag(const struct ruled *ruled, const struct task *task, char *tag, size_t size);

/* Writes the judgements of one query, none if it has no target; adds their number to *lines. */
int trec_put_targets(FILE *out, struct trec *trec, size_t query, size_t *lines, struct error *error);

#endif
