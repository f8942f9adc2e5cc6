/* Which rules are compared, with which parameters, on which bank: each change requests the work that follows. */
#ifndef HUBSCOPE_UI_MODEL_SELECTION_H
#define HUBSCOPE_UI_MODEL_SELECTION_H

#include "ui/model/model.h"

/* Chooses the initial rules. */
void selection_begin(struct model *model);

void model_set_rule(struct model *model, size_t rule);   /* swaps with versus if they would be the same */
void model_set_versus(struct model *model, size_t rule); /* the same */
void model_swap(struct model *model);                    /* rule <-> versus */
void model_set_columns(struct model *model, unsigned columns);
void model_set_bank(struct model *model, size_t bank);                                      /* refits everything */
void model_set_parameter(struct model *model, size_t rule, size_t parameter, double value); /* clamps to its range */
void model_set_spec(struct model *model, size_t rule, const struct rule_spec *spec);

#endif
