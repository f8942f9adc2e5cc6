/* One query's top lists under several rules, with the shifts from the first rule to the others. */
#ifndef HUBSCOPE_ENGINE_RESULTS_ANSWERS_H
#define HUBSCOPE_ENGINE_RESULTS_ANSWERS_H

#include "engine/evaluation/search.h"
#include "engine/evaluation/shortlist.h"
#include "engine/results/report.h"
#include "engine/typing/typed.h"

/* A query; borrowed. */
struct question {
    const char *text;
    const struct typed *typed; /* null: a stored caption */
    size_t row;                /* of a stored caption */
    uint32_t target;           /* the video it belongs to; UINT32_MAX: unknown */
    const uint32_t *only;      /* (listed) the items to list, ascending: wherever they rank if there are places for
                                  all, else those among the best; null: the best of all */
    size_t listed;
    uint32_t why; /* explain this video's place instead of listing the best; UINT32_MAX: list */
};

struct answer { /* one rule's: a list of a search, or a list alone */
    const struct search *search;
    size_t list;
    const struct shortlist *brief; /* or null */
    const struct fit *fit;         /* of the brief one */
};

/* {..., "query", "ignored" and "guessed" (and "cut": true if the text was too long, "suggestion" if words may be
 * misspelt, "symbols" if some were read as words) or "caption" and "target", "rules":
 * [{..., "gate", "target_rank", "results"}]}, a result {"rank", "row", key and title, "probability", "similarity",
 * "rank_first", "shift", "target"}.  If one video is explained, "why" is its row and sections have {"why_rank", "why":
 * [{"operator", "label", "number", "note", "value", "total", "counts"}]}, the lines of its arithmetic.  A brief
 * answer has neither probabilities, shifts nor the target's rank.  All searches are of one question and have equally
 * many places.  -1 when out of memory; the report is then zeroed. */
int answers_report(const struct task *task, const struct question *question, const struct answer *answers, size_t count,
                   struct report *report, struct error *error);

#endif
