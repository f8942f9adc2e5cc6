/* The interactive explorer: opens the terminal, runs until the user quits, restores the terminal. */
#ifndef HUBSCOPE_UI_EXPLORER_EXPLORER_H
#define HUBSCOPE_UI_EXPLORER_EXPLORER_H

#include "engine/collection/collection.h"
#include "ui/model/session.h"
#include "ui/terminal/terminal.h"

struct explorer_options {
    struct terminal_options terminal;
    const char *script;         /* file of keys and commands, or null */
    bool resume;                /* open the collection where it was left, and keep where it is left */
    bool still;                 /* film strips show their first frame and nothing plays */
    const char *query;          /* initial query text, or null */
    struct model_options model; /* initial bank, rules to offer */
    const char *view;           /* initial view, or null */
    const char *lessons;        /* folder of the lessons over this collection, or null */
    const char *lesson;         /* file of the lesson to begin with, or null */
};

/* Borrows the collection.  Returns 0, or -1 with the error; the terminal is restored either way. */
int explorer_run(struct collection *collection, const struct explorer_options *options, struct error *error);

#endif
