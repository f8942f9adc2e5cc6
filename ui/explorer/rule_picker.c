#include "ui/explorer/rule_picker.h"

#include "ui/explorer/favourite.h"
#include "ui/model/selection.h"
#include "ui/views/role.h"

static void add_rule(struct picker *picker, const struct model *model, struct pick pick, const char *key)
{
    const struct rule *rule = rules[pick.rule];

    picker_add(picker, &(struct picker_line){
                           .value = pick.rule,
                           .key = key,
                           .name = rule->name,
                           .title = rule->title,
                           .mark = role_mark(model, pick),
                           .style = role_is_marked(model, pick) ? role_style(model, pick) : STYLE_TEXT,
                           .brief = rule->brief,
                           .note = rule_transductive(rule) ? "transductive" : "inductive",
                           .refusal = model_side(model, T2V, pick)->unavailable[pick.rule],
                           .detail = {rule->formula, rule->about},
                       });
}

/* The rules of a model, favourites first, in the header's order.  Rules left out on the command line are not offered;
 * those that lack what they need are listed with the reason. */
static void add_rules(struct picker *picker, const struct model *model, size_t of)
{
    const struct source *source = model->source[of];

    for (size_t i = 0; i < FAVOURITES; i++) {
        size_t rule = favourite_rule(&favourites[i]);
        if (rule != SIZE_MAX && !source->left_out[rule])
            add_rule(picker, model, (struct pick){of, rule}, favourites[i].key);
    }
    for (size_t r = 0; r < rules_count; r++)
        if (!favourite_of_rule(r) && !source->left_out[r])
            add_rule(picker, model, (struct pick){of, r}, "");
}

void rule_picker_open(struct picker *picker, const struct model *model)
{
    picker_begin(picker, "current rule", model_set_rule);
    add_rules(picker, model, model->current.model);
    picker_show(picker, model->current.rule);
}

void versus_picker_open(struct picker *picker, const struct model *model)
{
    picker_begin(picker, "compare with", model_set_versus);
    add_rules(picker, model, model->versus.model);
    picker_show(picker, model->versus.rule);
}
