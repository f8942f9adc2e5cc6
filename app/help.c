#include "app/help.h"
#include "engine/layouts/layout.h"
#include "engine/fitting/rule.h"
#include <math.h>

void help_version(FILE *out)
{
    fprintf(out, "hubscope %s\n", HUBSCOPE_VERSION);
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
            if (isnan(parameter->value)) {
                fputs("the model's logit scale", out);
            } else {
                fprintf(out, "%g", parameter->value);
            }
            fprintf(out, " (%g to %g)\n", parameter->least, parameter->most);
        }
    }
}

static void put_layouts(FILE *out)
{
    fputs("\nFormats of tables:\n", out);
    for (size_t i = 0; layouts[i]; i++) {
        fprintf(out, "  %-8s %s\n", layouts[i]->name, layouts[i]->help);
    }
}

void help_command(FILE *out, const struct command *command)
{
    fprintf(out, "usage: hubscope %s %s\n%s.\n%s\nOptions:\n", command->name, command->usage, command->help,
            command->details);
    options_help(out, command);
    if (command->options & OPTIONS_RULES) {
        put_rules(out);
    }
    if (command->options & OPTIONS_IMPORT) {
        put_layouts(out);
    }
}

void help_all(FILE *out)
{
    fputs("usage: hubscope [COLLECTION] [options]\n"
          "       hubscope COMMAND ...\n"
          "Explores text-video retrieval: hubs, probability mass and what test-time normalisation does to ranks.\n"
          "COLLECTION is a directory made by import, or `sample` (the default).\n\nCommands:\n",
          out);
    for (size_t i = 0; i < commands_count; i++) {
        fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].help);
    }
    fputs("  help     help on a command: hubscope help COMMAND\n\nOptions of the explorer:\n", out);
    options_help(out, command_default);
    fputs("\nExit status: 0 done, 1 failed (one line on standard error says why), 2 wrong usage.\n", out);
}
