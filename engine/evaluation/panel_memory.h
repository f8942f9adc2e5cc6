/* One worker's memory: intermediate results of a strip of the current panel's rows. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_PANEL_MEMORY_H
#define HUBSCOPE_ENGINE_EVALUATION_PANEL_MEMORY_H

#include "engine/evaluation/panel_cells.h"
#include "engine/evaluation/panel_plan.h"
#include "engine/evaluation/precision.h"
#include "engine/kernels/kernel_set.h"

enum {
    PANEL_STRIP = 16,            /* rows: a strip of 10,000 columns stays in the L2 cache */
    PANEL_FEW = 4,               /* rows of a strip whose exponentials are kept at a time */
    PANEL_KEPT = 1 << 20,        /* items for which those of a whole strip are kept: 64 MB */
    PANEL_PART = PANEL_TILE + 32 /* not a whole page apart: a load would wait for another part's store */
};

/* A strip's mass under a rule has two parts: one still to be multiplied by the rule's weights, and one as is. */
enum panel_part { PART_WEIGHTED, PART_WHOLE, PART_KINDS };

/* One query under one rule. */
struct panel_row {
    const float *shift;       /* added to the similarities; null: none, a shut gate, or scores of its own */
    float level;              /* score of the best target; -INFINITY for a query without any */
    size_t like;              /* the first rule with the same scores for this row */
    bool shared;              /* its mass comes from the exponentials of the similarities alone */
    size_t better, equal;     /* items with a score above the level, and at it */
    double sum;               /* of the exponentials */
    float factor[PART_KINDS]; /* of the exponentials in each part; 0 in the part not used, both 0 if not shared */
};

/* Rules or parts of one scale, gathered for a kernel. */
struct panel_gathered {
    size_t count, *rule;
    const float **weight; /* of a tile */
    double *dot;
    float **part, *factor;
};

struct panel {
    const struct panel_plan *plan;
    const struct panel_cells *cells;
    float *score, *weighed; /* (M) scores and exponentials of a rule with scores of its own */
    float *groups;          /* (strip, rules, kernel_groups(M)) largest scores */
    float *plain, *own;     /* (kernel_groups(M)) of a row's similarities, and under a rule with scores of its own */
    float *part;            /* (2, rules, PANEL_PART) mass of a strip's tile */
    bool *part_used;        /* (2, rules) parts that are not 0 */
    float *kept;            /* (tiles, strip, tile) exponentials of a strip at the first scale, if panel_keeps */
    float *tile;            /* (scales, few, tile) others */
    struct panel_gathered gathered;
    double *mass;                    /* (rules, M) mass of the rows that this worker did */
    double *whole;                   /* (rules, M) mass of the strip's rows that are summed as a whole */
    bool *whole_used;                /* (rules) those that are not 0 */
    struct panel_row *row;           /* (strip, rules) */
    struct precision_room precision; /* open if any result wants it */
    float most[PANEL_STRIP];         /* largest similarity of each row of the strip */
};

/* False when out of memory; close it then too. */
bool panel_open(struct panel *panel, const struct panel_plan *plan, const struct panel_cells *cells);
void panel_close(struct panel *panel); /* releases and zeroes; a zeroed panel is fine */

static inline size_t panel_gallery(const struct panel *panel)
{
    return task_gallery(panel->plan->task);
}

/* Whether a strip's exponentials at the first scale are kept from their sum to their spread; else they are computed
 * again. */
static inline bool panel_keeps(const struct panel *panel)
{
    return panel_gallery(panel) <= PANEL_KEPT;
}

/* Row i of the strip under every rule: (rules). */
static inline struct panel_row *panel_row_of(const struct panel *panel, size_t i)
{
    return panel->row + i * panel->plan->rules;
}

/* The groups' largest scores in row i of the strip under a rule. */
static inline float *panel_groups(const struct panel *panel, size_t i, size_t rule)
{
    return panel->groups + (i * panel->plan->rules + rule) * kernel_groups(panel_gallery(panel));
}

#endif
