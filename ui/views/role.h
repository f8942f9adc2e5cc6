/* The colour of a rule, which is that of its role: the same in every view and in the header. */
#ifndef HUBSCOPE_UI_VIEWS_ROLE_H
#define HUBSCOPE_UI_VIEWS_ROLE_H

#include "ui/model/model.h"
#include "ui/terminal/theme.h"

/* RULE_A for the compared rule, RULE_B for the current one, RULE_C for the third, DIM for the others. */
int role_style(const struct model *model, size_t rule);

/* Around the title where rules are listed, as colour alone would not do everywhere: "[]" for the current rule, "()" for
 * the compared one, "  " for the others. */
const char *role_mark(const struct model *model, size_t rule);
bool role_is_marked(const struct model *model, size_t rule);

#endif
