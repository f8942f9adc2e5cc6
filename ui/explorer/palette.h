/* The commands of the `:` line and of scripts: one table, run by name with one argument. */
#ifndef HUBSCOPE_UI_EXPLORER_PALETTE_H
#define HUBSCOPE_UI_EXPLORER_PALETTE_H

#include "ui/keys/action.h"
#include "ui/model/model.h"

enum { PALETTE_TEXT = 128 };

struct palette_entry {
    const char *name, *argument; /* "rule", "NAME[:p=v,...]" */
    const char *help;            /* after a colon at its end palette_help lists the endings of its files */
    /* Returns 0, or -1 with the error; *action may be set to one that the explorer runs next. */
    int (*run)(struct model *model, const char *argument, enum action *action, struct error *error);
    /* Writes candidate `index` for the argument into buffer; false past the last.  Null: no candidates. */
    bool (*candidate)(const struct model *model, size_t index, char *buffer, size_t size);
    unsigned contents; /* of the file that the argument names (enum format_contents); 0: not a file */
};
extern const struct palette_entry palette[];
extern const size_t palette_count;

/* Runs a whole line, "rule ncl".  A command's name may be abbreviated if that is unambiguous.  Returns 0, or -1 with
 * the error. */
int palette_run(struct model *model, const char *line, enum action *action, struct error *error);

/* What the command does, with the endings of its files. */
const char *palette_help(const struct palette_entry *command, char buffer[PALETTE_TEXT]);

/* The command that a line begins with, or null. */
const struct palette_entry *palette_entry_of(const char *line);

#endif
