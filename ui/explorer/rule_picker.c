#include "ui/explorer/rule_picker.h"

#include "ui/explorer/favourite.h"
#include "ui/model/selection.h"
#include "ui/views/role.h"

static void add_rule(struct picker *picker, const struct model *model, size_t r, const char *key)
{
    const struct rule *rule = rules[r];

    picker_add(picker, &(struct picker_line){
                           .value = r,
                           .key = key,
                           .name = rule->name,
                           .title = rule->title,
                           .mark = role_mark(model, r),
                           .style = role_is_marked(model, r) ? role_style(model, r) : STYLE_TEXT,
                           .brief = rule->brief,
                           .note = rule_transductive(rule) ? "transductive" : "inductive",
                           .refusal = model->side[T2V].unavailable[r],
                           .detail = {rule->formula, rule->about},
                       });
}

/* Favourites first, in the header's order.  Rules left out on the command line are not offered; those that lack what
 * they need are listed with the reason. */
static void add_rules(struct picker *picker, const struct model *model)
{
    for (size_t i = 0; i < FAVOURITES; i++) {
        size_t rule = favourite_rule(&favourites[i]);
        if (rule != SIZE_MAX && !model->left_out[rule])
            add_rule(picker, model, rule, favourites[i].key);
    }
    for (size_t r = 0; r < rules_count; r++)
        if (!favourite_of_rule(r) && !model->left_out[r])
            add_rule(picker, model, r, "");
}

void rule_picker_open(struct picker *picker, const struct model *model)
{
    picker_begin(picker, "current rule", model_set_rule);
    add_rules(picker, model);
    picker_show(picker, model->rule);
}

void versus_picker_open(struct picker *picker, const struct model *model)
{
    picker_begin(picker, "compare with", model_set_versus);
    add_rules(picker, model);
    picker_show(picker, model->versus);
}
