#include "engine/fitting/rule.h"
#include <hubscope/rules.h>

size_t hubscope_rules(void)
{
    return rules_count;
}

struct hubscope_rule hubscope_rule(size_t index)
{
    if (index >= rules_count)
        return (struct hubscope_rule){0};
    const struct rule *rule = rules[index];
    return (struct hubscope_rule){
        .name = rule->name,
        .title = rule->title,
        .brief = rule->brief,
        .formula = rule->formula,
        .about = rule->about,
        .source = rule->source,
        .needs_bank = (rule->needs & RULE_NEEDS_BANK) != 0,
        .transductive = rule_transductive(rule),
        .order_only = rule->order_only,
        .parameters = rule->parameter_count,
    };
}

struct hubscope_parameter hubscope_rule_parameter(size_t rule, size_t parameter)
{
    if (rule >= rules_count || parameter >= rules[rule]->parameter_count)
        return (struct hubscope_parameter){0};
    const struct rule_parameter *known = &rules[rule]->parameters[parameter];
    return (struct hubscope_parameter){
        .name = known->name,
        .meaning = known->meaning,
        .value = known->value,
        .least = known->least,
        .most = known->most,
        .whole = known->whole,
    };
}

const char *hubscope_version(void)
{
    return HUBSCOPE_VERSION;
}
