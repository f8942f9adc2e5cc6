/* The rules that the header always shows and that a digit key selects: ui/keys/favourites.def. */
#ifndef HUBSCOPE_UI_EXPLORER_FAVOURITE_H
#define HUBSCOPE_UI_EXPLORER_FAVOURITE_H

#include "ui/keys/action.h"
#include <stddef.h>

enum {
#define FAVOURITE(key, rule) FAVOURITE_##key,
#include "ui/keys/favourites.def"
#undef FAVOURITE
    FAVOURITES
};

struct favourite {
    enum action action;
    const char *key, *name; /* "2", "ncl" */
};
extern const struct favourite favourites[FAVOURITES];

/* The index in rules[], or SIZE_MAX if there is no such rule. */
size_t favourite_rule(const struct favourite *favourite);
const struct favourite *favourite_of_action(enum action action); /* null if the action selects none */
const struct favourite *favourite_of_rule(size_t rule);          /* null if the rule is not one */

#endif
