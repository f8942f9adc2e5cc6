/* What one worker of an analysis makes of a panel: the similarities of a few hundred queries.
 *
 * A panel is walked in strips of a few rows and these in tiles of columns, so that what all rules need of a tile
 * (similarities, their exponentials, each rule's shifts and weights) stays in the nearest cache.  Part of
 * engine/evaluation/analysis.c. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_PANEL_H
#define HUBSCOPE_ENGINE_EVALUATION_PANEL_H

#include "engine/evaluation/analysis.h"

/* What the workers share; read only while they work, but for the results' rows of their own queries. */
struct panel_plan {
    const struct task *task;
    struct analysis *results;
    size_t rules, rows;  /* most rows of a panel */
    bool gated;
    size_t counting;     /* rules with a count */
    const float **shift; /* (rules) of each rule; the same pointer for equal ones */
    float *terms;        /* (tiles, 2, rules, PANEL_TILE), see panel_term */
    size_t *scale_of;    /* (rules) in `scale`; PANEL_NO_SCALE: no mass, or from scores of its own */
    struct panel_scale *scale; /* (scales) ascending */
    size_t scales;
};

#define PANEL_NO_SCALE SIZE_MAX

enum { PANEL_TILE = 512 }; /* columns; whole blocks of a kernel's groups */

/* Where in plan->terms a rule's shifts of a tile are, or their weights exp(scale * shift): side by side, since arrays of
 * thousands of floats each would all want the same places of the nearest cache. */
enum panel_term { PANEL_SHIFT, PANEL_WEIGHT };
static inline size_t panel_term(const struct panel_plan *plan, size_t tile, enum panel_term term, size_t rule)
{
    return ((2 * tile + term) * plan->rules + rule) * PANEL_TILE;
}

/* The rules of one scale share the exponentials E of the similarities alone, since exp(scale * (S + shift)) =
 * E exp(bias).  Where one scale is a whole multiple of another, its E are powers of the other's. */
struct panel_scale {
    float value;
    size_t base;    /* itself, or a smaller scale */
    unsigned power; /* 1, or to which `base` is to be raised */
};

struct panel_row;

/* Rules or parts of one scale, gathered for a kernel. */
struct panel_terms {
    size_t count, *rule;
    const float **weight; /* of a tile */
    double *dot;
    float **part, *factor;
};

/* One worker's memory. */
struct panel {
    float *cell;            /* (rows, M) similarities */
    float *scratch;         /* sims_scratch */
    float *score, *weighed; /* (M) scores and exponentials of a rule that makes its own */
    float *groups;          /* (strip, rules, kernel_groups(M)) largest scores */
    float *plain, *own;     /* (kernel_groups(M)) of a row as it is, and under a rule with scores of its own */
    float *part;            /* (2, rules, tile) mass of a strip, to be weighted and as it is */
    bool *parted;           /* (2, rules) parts that are not 0 */
    float *tile;            /* (scales, few, tile) exponentials */
    double *tile_sum;       /* (scales) */
    struct panel_terms terms;
    double *mass;           /* (rules, M) mass of all the panels since it was last cleared */
    uint32_t *counts;       /* (counting rules, rows, M) what rule->count gave */
    struct panel_row *row;  /* (strip, rules) */
};

/* Fills in what follows from task, results (their fits and which have mass) and rules.  -1 when memory is out; to be
 * closed then too. */
int panel_plan_open(struct panel_plan *plan);
void panel_plan_close(struct panel_plan *plan);

/* Rows that suit a task of this size: of the size alone, never the number of workers, since products of other shapes
 * round differently. */
size_t panel_rows(size_t queries, size_t gallery);

bool panel_open(struct panel *panel, const struct panel_plan *plan); /* a second time: nothing to do */
void panel_close(struct panel *panel);

/* Ranks, lists and gates of queries [first, first + rows) into the results, their mass added to panel->mass.  -1 when
 * memory is out. */
int panel_analyse(struct panel *panel, const struct panel_plan *plan, size_t first, size_t rows);

#endif
