/* One direction of the collection under one model on one bank, with the fits and analyses of its rules. */
#ifndef HUBSCOPE_UI_MODEL_SIDE_H
#define HUBSCOPE_UI_MODEL_SIDE_H

#include "engine/evaluation/analysis.h"
#include "ui/model/shared_task.h"

/* What fitting a rule to more rows of its bank changed. */
struct refinement {
    size_t rows, from; /* of the bank; from 0: unknown */
    double r1;         /* the change of R@1, of the queries looked at */
    double agreement;  /* rank correlation of the biases; NAN without */
};

struct model_side {
    const struct task *task;              /* null: no captions or nothing to search */
    const char *unavailable[RULES_MAX];   /* why a rule cannot be used, or null */
    struct fit *fit[RULES_MAX];           /* null until fitted; may lag behind the parameters meanwhile */
    struct analysis *analysis[RULES_MAX]; /* null until analysed; may lag behind `fit`, also as of another bank */
    struct analysis *look[RULES_MAX]; /* on large tasks: of a sample of the queries, with a fit to some rows of the bank
                                         or all; null where there is none */
    struct refinement refinement[RULES_MAX];
    const struct task *part;     /* the last task on some rows of the bank; null if there is none */
    char failed[RULES_MAX][160]; /* why the last fit or analysis failed, "" if it did not */
    bool alone;                  /* several rules failed together: they are fitted one by one */
    char lacks[160];             /* which bank the model has not, "" if it has those chosen */
};

/* Switches to another bank, keeping the analyses until new ones arrive, without the rules left out (by index in
 * rules[]); without a bank that only other models have.  Returns 0, or -1 with the error and the side unchanged. */
int side_open(struct model_side *side, const struct collection *collection, const struct collection_model *model,
              enum direction direction, const struct task_choice *choice, const bool *left_out, struct error *error);
void side_drop_analysis(struct model_side *side, size_t rule);
/* Whether the rule's fit is to some rows of the bank alone. */
bool side_is_partial(const struct model_side *side, size_t rule);
/* The task that a rule was fitted on, as far as its bank goes; null if it is gone. */
const struct task *side_task_of(const struct model_side *side, size_t rule);
void side_close(struct model_side *side);

#endif
