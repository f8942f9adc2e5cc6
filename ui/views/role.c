#include "ui/views/role.h"

int role_style(const struct model *model, size_t rule)
{
    if (rule == model->rule)
        return STYLE_RULE_B;
    if (rule == model->versus)
        return STYLE_RULE_A;
    return model->columns == 3 && rule == model->third ? STYLE_RULE_C : STYLE_DIM;
}

const char *role_mark(const struct model *model, size_t rule)
{
    return rule == model->rule ? "[]" : rule == model->versus ? "()" : "  ";
}

bool role_is_marked(const struct model *model, size_t rule)
{
    return rule == model->rule || rule == model->versus;
}
