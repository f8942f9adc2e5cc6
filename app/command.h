/* Subcommands.  A command is one file, app/cmd_NAME.c, with its options, its help and its function, and one line in
 * app/command.def; parsing, help and dispatch follow from these. */
#ifndef HUBSCOPE_APP_COMMAND_H
#define HUBSCOPE_APP_COMMAND_H

#include "app/options.h"

struct command {
    const char *name;
    const char *usage; /* operands and the most important options, after the name */
    const char *help;  /* one line */
    struct option_group options;
    size_t size; /* of the structure that the options fill */
    bool crew;   /* may run in several processes: see engine/base/crew.h */
    /* Returns 0, -1 with the error filled, or the exit status if it succeeded but what it checked did not. */
    int (*run)(const void *options, struct error *error);
};

#define COMMAND(name) extern const struct command command_##name;
#include "app/command.def"
#undef COMMAND

extern const struct command *const commands[]; /* null after the last; the first runs when none is named */

const struct command *command_find(const char *name); /* null if unknown */

#endif
