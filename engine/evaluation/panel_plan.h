/* What all workers of a pass share, read-only: what the rules have in common. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_PANEL_PLAN_H
#define HUBSCOPE_ENGINE_EVALUATION_PANEL_PLAN_H

#include "engine/evaluation/panel_result.h"
#include "engine/fitting/task.h"

enum { PANEL_TILE = 512 }; /* columns; whole blocks of a kernel's groups */

#define PANEL_NO_SCALE SIZE_MAX

/* The rules of one scale share the exponentials E of the similarities alone, since exp(scale * (S + shift)) =
 * E exp(bias).  Where one scale is a whole multiple of another, its E are powers of the other's. */
struct panel_scale {
    float value;
    size_t base;    /* itself, or a smaller scale */
    unsigned power; /* 1, or the power of the exponentials at `base` */
};

struct panel_plan {
    const struct task *task;
    const struct panel_result *result;
    size_t rules;
    bool gated;
    bool precision;            /* some result wants it */
    const float **shift;       /* (rules) the shifts of each; equal ones share a pointer */
    float *terms;              /* (tiles, 2, rules, PANEL_TILE), see panel_term */
    size_t *scale_of;          /* (rules) in `scale`; PANEL_NO_SCALE: no mass, or from scores of its own */
    struct panel_scale *scale; /* (scales) ascending */
    size_t scales;
    double anchor; /* mass is rounded to multiples of its last digit, so that sums of it are exact in any order */
};

/* A tile's shifts under a rule, or their weights exp(scale * shift), in plan->terms.  They are stored tile by tile,
 * since separate arrays of thousands of floats would compete for the same lines of the L1 cache. */
enum panel_term { PANEL_SHIFT, PANEL_WEIGHT };
static inline float *panel_term(const struct panel_plan *plan, size_t tile, enum panel_term term, size_t rule)
{
    return plan->terms + ((2 * tile + term) * plan->rules + rule) * PANEL_TILE;
}

/* Fills in the rest of a plan that has its task, result and rules.  -1 when out of memory; close it then too. */
int panel_plan_open(struct panel_plan *plan);
void panel_plan_close(struct panel_plan *plan);

#endif
