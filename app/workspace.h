/* What every command on data does first: open the collection or bare matrices, choose direction, bank and rules, fit
 * and analyse. */
#ifndef HUBSCOPE_APP_WORKSPACE_H
#define HUBSCOPE_APP_WORKSPACE_H

#include "app/data_options.h"
#include "engine/evaluation/analysis.h"
#include "engine/evaluation/bootstrap.h"
#include "engine/fitting/task.h"

enum { SPECS_MOST = LIST_MOST };

struct workspace {
    const struct data_options *options;
    struct collection *collection;
    struct task task; /* with the bank of --bank */
    bool task_open;
    struct task other[SPECS_MOST]; /* the same with the banks that single rules name */
    size_t others;
    struct task *task_of[SPECS_MOST]; /* the one that a rule is fitted on */
    struct rule_spec spec[SPECS_MOST];
    struct fit *fit[SPECS_MOST];
    struct analysis analysis[SPECS_MOST];
    size_t specs, fits, analyses;
};

/* Each returns -1 on failure; workspace_close is due in every case. */
int workspace_open(struct workspace *workspace, const struct data_options *options, struct error *error);
int workspace_task(struct workspace *workspace, enum direction direction, struct error *error);
/* Gives the open task another bank, or part of one, with what --bank-size and its like add. */
int workspace_use_bank(struct workspace *workspace, const char *text, struct error *error);
/* Chooses the rules of --rule, or those of raw, qbnorm and ncl that the task allows, without fitting them. */
int workspace_rules(struct workspace *workspace, struct error *error);
/* The tasks that rules are fitted on: index 0 is workspace->task, then come the `others`. */
const struct task *workspace_task_at(const struct workspace *workspace, size_t index);
/* How many rules are fitted on a task; their indices go to `which` (SPECS_MOST). */
size_t workspace_rules_of(const struct workspace *workspace, const struct task *task, size_t *which);
int workspace_fit(struct workspace *workspace, struct error *error); /* chooses the rules too */
/* With lists of so many places, ANALYSIS_TOP or more. */
int workspace_analyse(struct workspace *workspace, size_t top, struct error *error);

/* The paired bootstrap from one analysed rule to another. */
int workspace_bootstrap(const struct workspace *workspace, size_t from, size_t to, size_t samples, size_t seed,
                        struct bootstrap *result, struct error *error);

void workspace_end_task(struct workspace *workspace); /* before another workspace_task */
void workspace_close(struct workspace *workspace);

#endif
