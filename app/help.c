#include "app/help.h"
#include "app/global.h"
#include "engine/formats/codec.h"
#include "ui/terminal/terminal.h"

void help_version(FILE *out)
{
    char codecs[80];

    codec_names(codecs, sizeof codecs);
    fprintf(out, "hubscope %s (%s libsixel; Parquet with %s)\n", HUBSCOPE_VERSION,
            terminal_has_sixels() ? "with" : "without", codecs);
}

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
    options_lists(out, &command->options);
}

void help_all(FILE *out)
{
    fputs("usage: hubscope [COLLECTION] [options]\n"
          "       hubscope COMMAND ...\n"
          "Explores text-video retrieval: hubs, probability mass and what test-time normalisation does to ranks.\n"
          "COLLECTION is a directory made by import, or `sample` (the default).\n\nCommands:\n",
          out);
    for (size_t i = 0; commands[i]; i++)
        fprintf(out, "  %-11s  %s\n", commands[i]->name, commands[i]->help);
    fprintf(out, "  %-11s  help on a command: hubscope help COMMAND\n\nOptions of the explorer:\n", "help");
    put_options(out, commands[0]);
    fputs("\nExit status: 0 done, 1 failed (one line on standard error says why), 2 wrong usage.\n", out);
}
