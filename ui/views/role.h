/* The colour of a rule of a model follows its role, in every view and in the header. */
#ifndef HUBSCOPE_UI_VIEWS_ROLE_H
#define HUBSCOPE_UI_VIEWS_ROLE_H

#include "ui/model/model.h"
#include "ui/terminal/theme.h"

/* RULE_A for the compared rule, RULE_B for the current one, RULE_C for the third, DIM for the others. */
int role_style(const struct model *model, struct pick pick);

/* The marks around a title in lists of rules, as colour alone is not always enough: "[]" for the current rule, "()" for
 * the compared one, "  " for the others. */
const char *role_mark(const struct model *model, struct pick pick);
bool role_is_marked(const struct model *model, struct pick pick);

#endif
