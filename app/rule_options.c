#include "app/rule_options.h"
#include <math.h>

#define FIELD(name) offsetof(struct rule_options, name)

static const struct option_entry entries[] = {
    {"rule", OPTION_LIST, FIELD(rule), "[MODEL/]NAME[:p=v,...][@BANK]",
     .help = "a rule, whose model, on which bank; all: every rule; repeatable (raw, qbnorm and ncl)"},
    {0},
};

int rule_options_parse(const char *text, struct study_key *key, struct error *error)
{
    return study_key_parse(text, NULL, NULL, key, error) ? usage_from(error) : 0;
}

/* Misspelt rules and banks are wrong usage regardless of the data. */
static int settle(void *values, struct error *error)
{
    const struct rule_options *options = values;
    struct study_key key;
    for (size_t i = 0; i < options->rule.count; i++)
        if (rule_options_parse(options->rule.item[i], &key, error))
            return -1;
    return 0;
}

static void put_rules(FILE *out)
{
    fputs("\nRules:\n", out);
    for (size_t i = 0; i < rules_count; i++) {
        const struct rule *rule = rules[i];
        fprintf(out, "  %-8s %s%s%s%s\n", rule->name, rule->label ? "(" : "", rule->label ? rule->label : "",
                rule->label ? ") " : "", rule->formula);
        for (size_t p = 0; p < rule->parameter_count; p++) {
            const struct rule_parameter *parameter = &rule->parameters[p];
            fprintf(out, "           %s: %s, ", parameter->name, parameter->meaning);
            if (isnan(parameter->value))
                fputs("the model's logit scale", out);
            else
                fprintf(out, "%g", parameter->value);
            fprintf(out, " (%g to %g)\n", parameter->least, parameter->most);
        }
    }
}

const struct option_group rule_group = {.entries = entries, .list = put_rules, .settle = settle};
