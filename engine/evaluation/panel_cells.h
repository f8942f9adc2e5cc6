/* A panel: the similarities of some evaluation queries to the whole gallery, computed by all workers together, and the
 * counts that rules make of all its rows at once. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_PANEL_CELLS_H
#define HUBSCOPE_ENGINE_EVALUATION_PANEL_CELLS_H

#include "engine/base/job.h"
#include "engine/evaluation/panel_cut.h"
#include "engine/fitting/rule.h"

struct panel_cells {
    const struct task *task;
    struct panel_cut cut;
    struct span share;   /* the queries that this process does; may be changed before computing */
    struct span queries; /* those of the current panel */
    float *cell;         /* (cut.rows, M) */
    struct panel_count { /* a rule that counts */
        const struct fit *fit;
        const struct task *task; /* the one it was fitted on, with the same queries and gallery */
        uint32_t *count;         /* (cut.rows, M) */
    } * counter;                 /* (counters) in the order wanted */
    size_t counters;
    uint32_t **counted; /* (counters) their counts, if a crew that splits the gallery makes them together, or null */
    struct sims rows;   /* the panel's rows, converted if need be */
    struct matrix converted; /* (queries, d) */
    float *left;             /* (cut.rows, d), or empty */
    float **scratch;         /* (workers) */
    bool together;           /* a crew that splits the gallery computes the panels of all processes together */
    struct sims_split split;
    struct job *job;
};

/* Before opening zeroed cells: has the rule's counts made as well, if it has a rule->count.  False when out of
 * memory. */
bool panel_cells_want(struct panel_cells *cells, const struct fit *fit, const struct task *task);
/* Prepares panels for the rules wanted.  A panel takes at most half of the memory to keep similarities in, but may
 * always take 32 MB or 48 rows.  False when out of memory; close it then too. */
bool panel_cells_open(struct panel_cells *cells, const struct task *task, struct job *job);
void panel_cells_close(struct panel_cells *cells); /* a zeroed one is fine */

/* Panels of this process's queries, or where all compute together the most that any process has. */
size_t panel_cells_panels(const struct panel_cells *cells);
size_t panel_cells_steps(const struct panel_cells *cells); /* of the job, to compute all panels */

/* Computes one of the panels, which may have no rows where all compute together; every process does it at the same time
 * then.  Ends early, with any numbers, once the job is cancelled or another process has failed, as the next exchange
 * reports. */
void panel_cells_compute(struct panel_cells *cells, size_t panel);

/* Similarities of a row of the current panel (M). */
static inline const float *panel_cells_row(const struct panel_cells *cells, size_t row)
{
    return cells->cell + row * task_gallery(cells->task);
}

/* What rule number `counter` counted in a row (M). */
static inline const uint32_t *panel_cells_counts(const struct panel_cells *cells, size_t counter, size_t row)
{
    return cells->counter[counter].count + row * task_gallery(cells->task);
}

#endif
