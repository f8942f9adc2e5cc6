/* Which rules of which models are compared, with which parameters, on which bank: each change requests the work that
 * follows. */
#ifndef HUBSCOPE_UI_MODEL_SELECTION_H
#define HUBSCOPE_UI_MODEL_SELECTION_H

#include "ui/model/model.h"

/* Chooses the initial rules, of the first model. */
void selection_begin(struct model *model);
/* What no choice may lead to: a phrase, or null.  For tests. */
const char *selection_broken(const struct model *model);

/* Make it the current or the compared rule, and bring its model to the screen; the two swap if they would be the
 * same. */
void model_choose(struct model *model, struct pick pick);
void model_compare(struct model *model, struct pick pick);

void model_set_rule(struct model *model, size_t rule);   /* another rule of the same model */
void model_set_versus(struct model *model, size_t rule); /* likewise for the compared one */
/* The same rule of another model, by index in the collection; if that cannot be used there, one that can. */
void model_set_model(struct model *model, size_t of);
void model_set_versus_model(struct model *model, size_t of);
/* All three rules at once, current, compared, third, and how many columns show them; those that cannot be used stay as
 * they are. */
void model_choose_all(struct model *model, const struct pick picks[3], unsigned columns);
void model_swap(struct model *model); /* the current and the compared rule */
void model_set_columns(struct model *model, unsigned columns);
void model_set_bank(struct model *model, size_t bank); /* refits everything */
/* Clamps to the parameter's range. */
void model_set_parameter(struct model *model, struct pick pick, size_t parameter, double value);
/* All parameters of a model's rules (rules_count), of which some may be the same as before. */
void model_set_specs(struct model *model, size_t of, const struct rule_spec *specs);
void model_set_spec(struct model *model, struct pick pick, const struct rule_spec *spec);

/* Reads "RULE[:params]" of the given model, or "MODEL/RULE[:params]". */
int selection_read(const struct model *model, const char *argument, size_t of, struct pick *pick,
                   struct rule_spec *spec, struct error *error);
/* Reads "[MODEL/]RULE[:params]", without MODEL/ of the model in that role, and gives the rule the role by
 * model_choose or model_compare, and its parameters if any are written. */
int selection_parse(struct model *model, const char *text, const struct pick *role,
                    void (*give)(struct model *model, struct pick pick), struct error *error);

#endif
