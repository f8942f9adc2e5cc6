/* A rule at many values of its parameters, and the choice of the best. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_SWEEP_H
#define HUBSCOPE_ENGINE_EVALUATION_SWEEP_H

#include "engine/evaluation/analysis.h"

enum { SWEEP_VALUES = 256, SWEEP_POINTS = 4096 };

struct sweep_axis {   /* one parameter's values */
    size_t parameter; /* index in the rule's parameters */
    size_t count;
    double value[SWEEP_VALUES];
};

/* Reads "beta=1:100:log20" (20 values from 1 to 100, equal factors apart), "beta=1:100:20" (equal steps) or "k=1,2,5".
 * Values between the ends are rounded to six digits, whole parameters to whole numbers; duplicates are dropped.
 * Each value is checked as rule_parse does. */
int sweep_axis_parse(const struct rule *rule, const char *text, struct sweep_axis *axis, struct error *error);

struct sweep_point {
    struct rule_spec spec;
    struct metrics metrics;
    struct hubness hubness[ANALYSIS_KS];
    struct mass_summary mass;   /* all NAN if the rule has none */
    double gate_rate, residual; /* NAN if the rule has none */
};

struct sweep {
    struct sweep_point *point; /* (count), the last axis varying fastest */
    size_t count;
};

/* Evaluates every combination of the axes' values, with `base` for the other parameters; without axes, `base` alone.
 * Each batch of up to BANK_BETAS points shares one pass over the bank and one over the queries.  Nothing is cached in
 * the catalog. */
int sweep_run(const struct task *task, const struct rule_spec *base, const struct sweep_axis *axes, size_t count,
              struct sweep *sweep, struct job *job, struct error *error);
void sweep_close(struct sweep *sweep);

enum sweep_goal { GOAL_R1, GOAL_R5, GOAL_R10, GOAL_R50, GOAL_MDR, GOAL_MNR, GOAL_GEOM, SWEEP_GOALS };
extern const char *const sweep_goal_name[SWEEP_GOALS]; /* "R@1", ... */

double sweep_value(const struct sweep_point *point, enum sweep_goal goal);

/* Index of the best point: the largest value (MdR and MnR: the smallest), ties to the earlier one. */
size_t sweep_best(const struct sweep *sweep, enum sweep_goal goal);

#endif
