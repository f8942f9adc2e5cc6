#include "app/help.h"
#include "app/global.h"
#include "app/surroundings.h"

static void put_options(FILE *out, const struct command *command)
{
    options_help(out, &command->options);
    options_help(out, &global_group);
}

void help_command(FILE *out, const struct command *command)
{
    fprintf(out, "usage: hubscope %s %s\n%s.\n", command->name, command->usage, command->help);
    options_details(out, &command->options);
    fputs("\nOptions:\n", out);
    put_options(out, command);
    options_details(out, &global_group);
    options_lists(out, &command->options);
}

const char help_summary[] =
    "Explores text-video retrieval: hubs, probability mass and what test-time normalisation does to ranks.\n"
    "COLLECTION is a directory made by import, or `sample` (the default).\n";

void help_all(FILE *out)
{
    fprintf(out,
            "usage: hubscope [COLLECTION] [options]\n"
            "       hubscope COMMAND ...\n"
            "%s\nCommands:\n",
            help_summary);
    for (size_t i = 0; commands[i]; i++)
        fprintf(out, "  %-11s  %s\n", commands[i]->name, commands[i]->help);
    fprintf(out, "  %-11s  help on a command: hubscope help COMMAND\n\nOptions of the explorer:\n", "help");
    put_options(out, commands[0]);
    fputs("\nExit status:\n", out);
    for (size_t i = 0; exit_statuses[i].name; i++)
        fprintf(out, "  %-4s %s\n", exit_statuses[i].name, exit_statuses[i].text);
}
