/* Everything a user can do, from one table (ui/keys/actions.def): the enum here, key dispatch, footer, help and
 * doc/keys.md all come from it. */
#ifndef HUBSCOPE_UI_KEYS_ACTION_H
#define HUBSCOPE_UI_KEYS_ACTION_H

#include <stdbool.h>
#include <stddef.h>

enum { BINDINGS = 256, BINDING_KEY = 16, ACTION_KEYS = 128 };

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

/* A key of the user's, which takes the place of all that actions.def gives that key where the action is valid.
 * ACTION_NONE: the key does nothing. */
struct binding {
    char key[BINDING_KEY]; /* as written in actions.def: "Space" for " " */
    enum action action;
    int line; /* of the file that binds it, from 1; 0: none */
};

/* Adds it in place of another of the same key that it excludes, which is then in *replaced (else zeroed; null: nobody
 * asks).  False if there are too many. */
bool action_bind(const struct binding *binding, struct binding *replaced);
const struct binding *action_binding(size_t index); /* the user's, in order; null after the last */
void action_unbind_all(void);

/* The action of a key name in a scope (its own keys first, then LISTS when it is or-ed in, then always GLOBAL; of all
 * these the user's before those of actions.def); ACTION_NONE if there is none. */
enum action action_of_key(const char *key, unsigned scope);
enum action action_of_name(const char *name); /* "PAGE_DOWN"; ACTION_NONE if there is none */
/* Reads "page-down", without regard to case; ACTION_NONE if there is none. */
enum action action_of_word(const char *word);
void action_word(enum action action, char *buffer, size_t size);

bool action_has_key(enum action action, const char *key); /* by actions.def */
/* The keys of an action, the user's first, separated by spaces. */
const char *action_keys(enum action action, char buffer[ACTION_KEYS]);
/* The first key of an action, as the footer shows it, into buffer; "" if it has none. */
void action_first_key(enum action action, char *buffer, size_t size);

#endif
