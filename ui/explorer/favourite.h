/* The rules that the header always shows and that a digit key selects: those of ui/keys/favourites.def, or the
 * user's. */
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
    const char *key, *name; /* "2", "ncl"; the name is "" where there is none */
};
extern const struct favourite *const favourites; /* (FAVOURITES) */

/* Names the rules anew, at most FAVOURITES; the rest have none. */
void favourites_set(const char *names);

/* The index in rules[], or SIZE_MAX if there is no such rule. */
size_t favourite_rule(const struct favourite *favourite);
const struct favourite *favourite_of_action(enum action action); /* null if the action selects none */
const struct favourite *favourite_of_rule(size_t rule);          /* null if the rule is not one */

#endif
