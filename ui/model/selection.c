#include "ui/model/selection.h"

#include "engine/study/study.h"
#include "ui/draw/label.h"
#include "ui/model/pulls.h"
#include "ui/model/sources.h"
#include "ui/model/work.h"

#include <math.h>
#include <string.h>

/* The named rule of a model if it can be used, else the first that can. */
static struct pick rule_or_first(const struct model *model, size_t of, const char *name)
{
    size_t list[RULES_MAX], count = model_rules(model, of, list);
    struct pick pick = {of, count ? list[0] : 0};

    for (size_t i = 0; i < count; i++)
        if (strcmp(rules[list[i]]->name, name) == 0)
            pick.rule = list[i];
    return pick;
}

static bool is_taken(const struct model *model, struct pick pick)
{
    return pick_same(pick, model->current) || pick_same(pick, model->versus);
}

static bool may_be_third(const struct model *model, struct pick pick)
{
    bool shown = pick.model == model->current.model || pick.model == model->versus.model;

    return shown && model_can_use(model, pick) && !is_taken(model, pick);
}

/* As no rule has two columns, there are no more of them than rules. */
static void drop_columns(struct model *model)
{
    if (model->columns == MODEL_COLUMNS && is_taken(model, model->third))
        model->columns = MODEL_COLUMNS - 1;
    if (model->columns > 1 && pick_same(model->current, model->versus))
        model->columns = 1;
}

/* The third column never repeats one of the others while there is another rule.  Between two models it shows the
 * current rule under the compared model, so that what the rule does and what the model does are seen one after the
 * other.  Without another rule it is the compared one, which no column shows twice. */
static void choose_third(struct model *model)
{
    const struct pick between = {model->versus.model, model->current.rule};
    struct pick picks[PICKS_MAX];
    size_t count = model_picks(model, picks); /* the current rule's model first */

    if (model_compares_models(model) && may_be_third(model, between)) {
        model->third = between;
        return;
    }
    if (model->third.model == model->current.model && may_be_third(model, model->third))
        return;
    model->third = model->versus;
    for (size_t i = count; i-- > 0;)
        if (!is_taken(model, picks[i]))
            model->third = picks[i];
    drop_columns(model);
}

const char *selection_broken(const struct model *model)
{
    const struct pick third = model->third;

    if (!model_can_use(model, model->current) || !model_can_use(model, model->versus) || !model_can_use(model, third))
        return "a rule or its model does not exist";
    if (third.model != model->current.model && third.model != model->versus.model)
        return "the third column is of a model that is not on the screen";
    if (model->columns < 1 || model->columns > MODEL_COLUMNS)
        return "the number of columns is out of range";
    if (model->columns > 1 && pick_same(model->current, model->versus))
        return "a rule is compared with itself";
    if (model->columns == MODEL_COLUMNS && is_taken(model, third))
        return "a rule has two columns";
    if (model->parameter && model->parameter >= rules[model->current.rule]->parameter_count)
        return "the parameter does not exist";
    return NULL;
}

void selection_begin(struct model *model)
{
    model->versus = rule_or_first(model, model->versus.model, "raw");
    model->current = rule_or_first(model, model->current.model, "ncl");
    model->third = rule_or_first(model, model->current.model, "qbnorm");
    choose_third(model);
    model->columns = pick_same(model->current, model->versus) ? 1 : 2;
}

/* Begins anew, too, where only one rule was left and others may have come back. */
static void leave_unavailable_rules(struct model *model)
{
    if (model_can_use(model, model->current) && model_can_use(model, model->versus) &&
        !pick_same(model->current, model->versus))
        choose_third(model);
    else
        selection_begin(model);
}

static void rules_changed(struct model *model)
{
    model->opening = false;
    choose_third(model);
    sources_close_hidden(model);
    model->parameter = 0;
    model->paused = false;
    model_ask_pulls(model);
    model_touch_results(model);
    model_advance(model);
}

/* Brings the model of a rule to the screen.  Refuses, with a message, a rule that cannot be used. */
static bool can_show(struct model *model, struct pick pick)
{
    struct error error;

    if (pick.model >= model->collection->models || pick.rule >= rules_count)
        return false;
    if (sources_open(model, pick.model, &error)) {
        model_say(model, true, "%s", error.text);
        return false;
    }
    if (model_can_use(model, pick))
        return true;
    model_say(model, true, "%s cannot be used: %s", rules[pick.rule]->title,
              model_side(model, T2V, pick)->unavailable[pick.rule]);
    sources_close_hidden(model);
    return false;
}

void model_choose(struct model *model, struct pick pick)
{
    if (!can_show(model, pick) || pick_same(pick, model->current))
        return;
    if (pick_same(pick, model->versus))
        model->versus = model->current;
    sources_stand_in(model, pick.model, model->current.model);
    model->current = pick;
    rules_changed(model);
}

void model_compare(struct model *model, struct pick pick)
{
    if (!can_show(model, pick) || pick_same(pick, model->versus))
        return;
    if (pick_same(pick, model->current))
        model->current = model->versus;
    sources_stand_in(model, pick.model, model->versus.model);
    model->versus = pick;
    rules_changed(model);
}

void model_choose_all(struct model *model, const struct pick picks[3], unsigned columns)
{
    const size_t parameter = model->parameter;

    model->columns = columns;
    if (pick_same(picks[0], model->current) && pick_same(picks[1], model->versus)) {
        if (may_be_third(model, picks[2]))
            model->third = picks[2];
        drop_columns(model);
        model_touch(model);
        return;
    }
    if (!can_show(model, picks[0]) || !can_show(model, picks[1])) {
        drop_columns(model);
        return;
    }
    sources_stand_in(model, picks[0].model, model->current.model);
    sources_stand_in(model, picks[1].model, model->versus.model);
    model->current = picks[0];
    model->versus = picks[1];
    model->third = picks[2];
    rules_changed(model);
    model->parameter = parameter < rules[picks[0].rule]->parameter_count ? parameter : 0;
}

void model_set_rule(struct model *model, size_t rule)
{
    model_choose(model, (struct pick){model->current.model, rule});
}

void model_set_versus(struct model *model, size_t rule)
{
    model_compare(model, (struct pick){model->versus.model, rule});
}

/* Gives a role to the same rule of another model, or says which rule takes its place. */
static void set_model(struct model *model, struct pick wanted, void (*give_role)(struct model *model, struct pick pick))
{
    struct error error;

    if (wanted.model >= model->collection->models)
        return;
    if (sources_open(model, wanted.model, &error)) {
        model_say(model, true, "%s", error.text);
        return;
    }
    struct pick usable = model_can_use(model, wanted) ? wanted : rule_or_first(model, wanted.model, "raw");
    if (!model_can_use(model, usable)) /* none can: the refusal is of the one asked for */
        usable = wanted;
    const char *why = model_side(model, T2V, wanted)->unavailable[wanted.rule];
    give_role(model, usable);
    if (!pick_same(usable, wanted) && model_can_use(model, usable))
        model_say(model, true, "%s instead of %s, which cannot be used: %s", rules[usable.rule]->title,
                  rules[wanted.rule]->title, why);
}

void model_set_model(struct model *model, size_t of)
{
    set_model(model, (struct pick){of, model->current.rule}, model_choose);
}

void model_set_versus_model(struct model *model, size_t of)
{
    set_model(model, (struct pick){of, model->versus.rule}, model_compare);
}

void model_swap(struct model *model)
{
    model_choose(model, model->versus);
}

void model_set_columns(struct model *model, unsigned columns)
{
    struct pick picks[PICKS_MAX];
    size_t count = model_picks(model, picks);

    if (columns < 1 || columns > MODEL_COLUMNS || columns > count) {
        model_say(model, true, "%u columns need as many rules; 1 to %zu are possible", columns,
                  count < MODEL_COLUMNS ? count : (size_t)MODEL_COLUMNS);
        return;
    }
    for (size_t i = 0; columns > 1 && i < count && pick_same(model->current, model->versus); i++)
        model_choose(model, picks[i]); /* what is shown alone is compared with another */
    model->columns = columns;
    model_touch(model);
}

/* Switches to a bank on which each model on the screen has a rule to show. */
static int open_bank(struct model *model, size_t bank, struct error *error)
{
    const struct pick picks[] = {model->current, model->versus};

    model->bank = bank;
    if (sources_reopen(model, error))
        return -1;
    for (size_t i = 0; i < sizeof picks / sizeof *picks; i++)
        if (!model_can_use(model, rule_or_first(model, picks[i].model, "")))
            return error_set(error, ERROR_INPUT, "%s, and no rule that needs none is offered",
                             model_side(model, T2V, picks[i])->unavailable[picks[i].rule]);
    return 0;
}

void model_set_bank(struct model *model, size_t bank)
{
    size_t old = model->bank;
    struct error error;

    if (bank >= model_banks(model)) {
        model_say(model, true, "this collection has no query bank");
        return;
    }
    if (open_bank(model, bank, &error)) {
        struct error unused;
        model_say(model, true, "%s", error.text);
        model->bank = old;
        sources_reopen(model, &unused);
    }
    model_forget_asked(model); /* those requests were for the old bank */
    model->paused = false;
    model->pull_count = 0;
    model->pulls_video = NO_VIDEO;
    leave_unavailable_rules(model);
    model_touch_results(model);
    model_restart(model);
}

void model_set_specs(struct model *model, size_t of, const struct rule_spec *specs)
{
    struct source *source = model->source[of];
    bool changed = false;

    for (size_t r = 0; r < rules_count; r++) {
        if (rule_same(&source->spec[r], &specs[r]))
            continue;
        source->spec[r] = specs[r];
        for (int d = T2V; d <= V2T; d++)
            source->side[d].failed[r][0] = 0;
        changed = true;
    }
    if (!changed)
        return;
    model->paused = false;
    model_touch(model);
    model_restart(model);
}

void model_set_spec(struct model *model, struct pick pick, const struct rule_spec *spec)
{
    struct source *source = model->source[pick.model];
    char text[128];

    source->spec[pick.rule] = *spec;
    for (int d = T2V; d <= V2T; d++)
        source->side[d].failed[pick.rule][0] = 0;
    model->paused = false;
    label_parameters(spec, text, sizeof(text));
    model_say(model, false, "%s: %s", pick_name(model, pick).text, *text ? text : "no parameters");
    model_restart(model);
}

void model_set_parameter(struct model *model, struct pick pick, size_t parameter, double value)
{
    struct rule_spec spec = *model_spec(model, pick);
    const struct rule_parameter *range = &rules[pick.rule]->parameters[parameter];

    if (range->whole)
        value = round(value);
    spec.value[parameter] = fmin(fmax(value, range->least), range->most);
    if (spec.value[parameter] != model_spec(model, pick)->value[parameter])
        model_set_spec(model, pick, &spec);
}

int selection_read(const struct model *model, const char *argument, size_t of, struct pick *pick,
                   struct rule_spec *spec, struct error *error)
{
    const struct collection *collection = model->collection;
    struct study_key key;

    if (study_key_parse(argument, collection, collection->model[of], &key, error) != 0)
        return -1;
    if (!key.spec.rule || key.banked)
        return error_set(error, ERROR_INPUT, "name a rule, without a bank, not '%.60s'", argument);
    *spec = key.spec;
    *pick = (struct pick){of, 0};
    while (rules[pick->rule] != key.spec.rule)
        pick->rule++;
    for (size_t m = 0; *key.model && m < collection->models; m++)
        if (strcmp(collection->model[m]->name, key.model) == 0)
            pick->model = m;
    return 0;
}

int selection_parse(struct model *model, const char *text, const struct pick *role,
                    void (*give)(struct model *model, struct pick pick), struct error *error)
{
    struct rule_spec spec;
    struct pick pick;

    if (selection_read(model, text, role->model, &pick, &spec, error) != 0)
        return -1;
    give(model, pick);
    if (!pick_same(*role, pick))
        return error_set(error, ERROR_INPUT, "%s", model->message);
    if (strchr(text, ':'))
        model_set_spec(model, pick, &spec);
    return 0;
}
