/* The commands of the `:` line and of scripts: one table, run by name with one argument, with completion. */
#ifndef HUBSCOPE_UI_COMMAND_H
#define HUBSCOPE_UI_COMMAND_H

#include "ui/action.h"
#include "ui/model.h"

enum { COMMAND_TEXT = 128, COMMAND_CANDIDATES = 64 };

struct command {
    const char *name, *argument, *help; /* "rule", "NAME[:p=v,...]", ... */
    /* -1 with the error; *action may name one that the explorer does next. */
    int (*run)(struct model *model, const char *argument, enum action *action, struct error *error);
    /* The argument's candidate number `index` into buffer; false past the end.  Null: nothing to propose. */
    bool (*candidate)(const struct model *model, size_t index, char *buffer, size_t size);
};
extern const struct command commands[];
extern const size_t commands_count;

/* Runs a whole line, "rule ncl".  A command's name may be cut as long as it stays the only one. */
int command_run(struct model *model, const char *line, enum action *action, struct error *error);

/* Whole lines that `line` may become; returns how many, at most `most`. */
size_t command_complete(const struct model *model, const char *line, char (*candidates)[COMMAND_TEXT], size_t most);

/* The command that a line begins with, or null. */
const struct command *command_of(const char *line);

#endif
