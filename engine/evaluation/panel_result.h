/* Results of the pass over the evaluation queries for one rule. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_PANEL_RESULT_H
#define HUBSCOPE_ENGINE_EVALUATION_PANEL_RESULT_H

#include <stddef.h>
#include <stdint.h>

struct fit;

enum { PANEL_TOP_MOST = 100 };

/* The caller owns fit and arrays.  Each row of `rank`, `top`, `precision` and the gates is written once. */
struct panel_result {
    const struct fit *fit;
    double *rank;  /* (Q) of the best target, ties averaged; without a target NAN, or INFINITY if the task keeps it */
    size_t top_k;  /* at most PANEL_TOP_MOST and M */
    uint32_t *top; /* (Q, top_k) items, best first, ties to the smaller row */
    double *precision;     /* (Q) average precision, NAN for a query without targets; null: not wanted */
    uint8_t *gate;         /* (Q) whether the gate was open; null: not wanted */
    uint8_t *gallery_gate; /* (Q) the same for the second bank's gate */
    double *mass;          /* (M) adds retrieval probability here; null: not wanted, or the rule has none */
};

#endif
