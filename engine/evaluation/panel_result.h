/* What the pass over the evaluation queries makes of one rule. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_PANEL_RESULT_H
#define HUBSCOPE_ENGINE_EVALUATION_PANEL_RESULT_H

#include <stddef.h>
#include <stdint.h>

struct fit;

enum { PANEL_TOP_MOST = 100 };

/* Fit and arrays belong to the caller; rows of `rank`, `top`, `precision` and the gates are written once each. */
struct panel_result {
    const struct fit *fit;
    double *rank;      /* (Q) of the best target, ties averaged; for a query without any NAN, or INFINITY where kept */
    size_t top_k;      /* at most PANEL_TOP_MOST and M */
    uint32_t *top;     /* (Q, top_k) items, best first, ties to the smaller row */
    double *precision; /* (Q) average precision, NAN for a query without targets; null: not wanted */
    uint8_t *gate;     /* (Q) whether the gate was open; null: not wanted */
    uint8_t *gallery_gate; /* (Q) the same of the second bank's gate */
    double *mass;          /* (M) retrieval probability is added here; null: not wanted, or the rule has none */
};

#endif
