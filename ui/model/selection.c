#include "ui/model/selection.h"

#include "ui/draw/label.h"
#include "ui/model/pulls.h"
#include "ui/model/work.h"

#include <math.h>
#include <string.h>

/* The named rule if it can be used, else the first that can. */
static size_t rule_or_first(const struct model *model, const char *name)
{
    size_t list[RULES_MAX], count = model_rules(model, list);

    for (size_t i = 0; i < count; i++)
        if (strcmp(rules[list[i]]->name, name) == 0)
            return list[i];
    return count ? list[0] : 0;
}

/* The third column never repeats one of the others while there is another rule. */
static void choose_third(struct model *model)
{
    size_t list[RULES_MAX], count = model_rules(model, list);

    if (model_can_use(model, model->third) && model->third != model->rule && model->third != model->versus)
        return;
    for (size_t i = count; i-- > 0;)
        if (list[i] != model->rule && list[i] != model->versus)
            model->third = list[i];
}

void selection_begin(struct model *model)
{
    model->versus = rule_or_first(model, "raw");
    model->rule = rule_or_first(model, "ncl");
    model->third = rule_or_first(model, "qbnorm");
    choose_third(model);
    model->columns = model->rule == model->versus ? 1 : 2;
}

static void leave_unavailable_rules(struct model *model)
{
    if (model_can_use(model, model->rule) && model_can_use(model, model->versus))
        choose_third(model);
    else
        selection_begin(model);
}

static bool refuse_rule(struct model *model, size_t rule)
{
    if (model_can_use(model, rule))
        return false;
    if (rule < rules_count)
        model_say(model, true, "%s cannot be used: %s", rules[rule]->title, model->side[T2V].unavailable[rule]);
    return true;
}

static void rules_changed(struct model *model)
{
    model->opening = false;
    choose_third(model);
    model->parameter = 0;
    model->paused = false;
    model_ask_pulls(model);
    model_touch_results(model);
    model_advance(model);
}

void model_set_rule(struct model *model, size_t rule)
{
    if (refuse_rule(model, rule) || rule == model->rule)
        return;
    if (rule == model->versus)
        model->versus = model->rule;
    model->rule = rule;
    rules_changed(model);
}

void model_set_versus(struct model *model, size_t rule)
{
    if (refuse_rule(model, rule) || rule == model->versus)
        return;
    if (rule == model->rule)
        model->rule = model->versus;
    model->versus = rule;
    rules_changed(model);
}

void model_swap(struct model *model)
{
    model_set_rule(model, model->versus);
}

void model_set_columns(struct model *model, unsigned columns)
{
    size_t list[RULES_MAX], count = model_rules(model, list);

    if (columns < 1 || columns > MODEL_COLUMNS || columns > count) {
        model_say(model, true, "%u columns need as many rules; 1 to %zu are possible", columns,
                  count < MODEL_COLUMNS ? count : (size_t)MODEL_COLUMNS);
        return;
    }
    model->columns = columns;
    model_touch(model);
}

void model_set_bank(struct model *model, size_t bank)
{
    const struct collection *collection = model->collection;
    struct task_choice choice = {.gallery_bank = model->gallery_bank, .conventions = model->conventions};
    struct error error;

    if (bank >= collection->model[0]->banks) {
        model_say(model, true, "this collection has no query bank");
        return;
    }
    choice.bank = collection->model[0]->bank[bank].name;
    if (side_open(&model->side[T2V], collection, T2V, &choice, model->left_out, &error)) {
        model_say(model, true, "%s", error.text);
        return;
    }
    model_forget_asked(model); /* those requests were for the old bank */
    model->bank = bank;
    model->paused = false;
    model->pull_count = 0;
    model->pulls_video = NO_VIDEO;
    leave_unavailable_rules(model);
    model_touch_results(model);
    model_restart(model);
}

void model_set_spec(struct model *model, size_t rule, const struct rule_spec *spec)
{
    char text[128];

    model->spec[rule] = *spec;
    for (int d = 0; d < 2; d++)
        model->side[d].failed[rule][0] = 0;
    model->paused = false;
    label_parameters(spec, text, sizeof(text));
    model_say(model, false, "%s: %s", rules[rule]->title, *text ? text : "no parameters");
    model_restart(model);
}

void model_set_parameter(struct model *model, size_t rule, size_t parameter, double value)
{
    struct rule_spec spec = model->spec[rule];
    const struct rule_parameter *range = &rules[rule]->parameters[parameter];

    if (range->whole)
        value = round(value);
    spec.value[parameter] = fmin(fmax(value, range->least), range->most);
    if (spec.value[parameter] != model->spec[rule].value[parameter])
        model_set_spec(model, rule, &spec);
}
