#include "ui/views/role.h"

int role_style(const struct model *model, struct pick pick)
{
    if (pick_same(pick, model->current))
        return STYLE_RULE_B;
    if (pick_same(pick, model->versus))
        return STYLE_RULE_A;
    return model->columns == 3 && pick_same(pick, model->third) ? STYLE_RULE_C : STYLE_DIM;
}

const char *role_mark(const struct model *model, struct pick pick)
{
    return pick_same(pick, model->current) ? "[]" : pick_same(pick, model->versus) ? "()" : "  ";
}

bool role_is_marked(const struct model *model, struct pick pick)
{
    return pick_same(pick, model->current) || pick_same(pick, model->versus);
}
