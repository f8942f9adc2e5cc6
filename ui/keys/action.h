/* Everything a user can do, from one table (ui/keys/actions.def): the enum here, key dispatch, footer, help and
 * doc/keys.md all come from it. */
#ifndef HUBSCOPE_UI_KEYS_ACTION_H
#define HUBSCOPE_UI_KEYS_ACTION_H

#include <stdbool.h>
#include <stddef.h>

enum {
#define VIEW(id, name, key, help) VIEW_##id,
#include "ui/keys/views.def"
#undef VIEW
    VIEWS
};

enum scope { /* where a key is valid; several may be or-ed */
             SCOPE_GLOBAL = 1,
             SCOPE_LISTS = 2, /* every view with a list */
#define VIEW(id, name, key, help) SCOPE_##id = 4 << VIEW_##id,
#include "ui/keys/views.def"
#undef VIEW
};

enum action {
    ACTION_NONE,
#define ACTION(id, keys, scope, footer, help) ACTION_##id,
#include "ui/keys/actions.def"
#undef ACTION
    ACTIONS
};

struct action_entry {
    const char *name; /* "PAGE_DOWN" */
    const char *keys; /* names separated by spaces: "PageDown Ctrl-F" */
    unsigned scope;
    const char *footer; /* a word for the footer, or "" */
    const char *help;   /* one line */
};
extern const struct action_entry action_table[ACTIONS];

/* The action of a key name in a scope (its own keys first, then LISTS when it is or-ed in, then always GLOBAL);
 * ACTION_NONE if there is none. */
enum action action_of_key(const char *key, unsigned scope);
enum action action_of_name(const char *name); /* "PAGE_DOWN"; ACTION_NONE if there is none */
/* The first key of an action, as the footer shows it, into buffer. */
void action_first_key(enum action action, char *buffer, size_t size);

#endif
