/* Subcommands.  A command is one file cmd_NAME.c and one entry of the table in commands.c; help, option parsing and
 * dispatch all read the table. */
#ifndef HUBSCOPE_APP_COMMAND_H
#define HUBSCOPE_APP_COMMAND_H

#include "app/options.h"

struct command {
    const char *name;
    const char *usage;   /* operands and options that matter most, after the name */
    const char *help;    /* one line */
    const char *details; /* more for its own --help, lines ending in newlines; "" if none */
    unsigned options;    /* groups of options it takes, enum option_group */
    unsigned contents;   /* what it prints or writes: enum format_contents; 0: it has no --format */
    size_t operands;     /* the most it takes */
    int (*run)(const struct options *options); /* returns the exit status */
};

extern const struct command commands[];
extern const size_t commands_count;
extern const struct command *const command_default; /* what runs without a command */

const struct command *command_find(const char *name); /* null if unknown */

int cmd_explore(const struct options *options);
int cmd_info(const struct options *options);
int cmd_check(const struct options *options);
int cmd_search(const struct options *options);
int cmd_eval(const struct options *options);
int cmd_hubs(const struct options *options);
int cmd_mass(const struct options *options);
int cmd_shifts(const struct options *options);
int cmd_bank(const struct options *options);
int cmd_sweep(const struct options *options);
int cmd_report(const struct options *options);
int cmd_lists(const struct options *options);
int cmd_import(const struct options *options);
int cmd_fit_encoder(const struct options *options);

#endif
