#include "ui/explorer/favourite.h"

#include "engine/fitting/rule.h"

#include <stdint.h>
#include <string.h>

const struct favourite favourites[FAVOURITES] = {
#define FAVOURITE(key, rule) {ACTION_RULE_##key, #key, rule},
#include "ui/keys/favourites.def"
#undef FAVOURITE
};

size_t favourite_rule(const struct favourite *favourite)
{
    for (size_t r = 0; r < rules_count; r++)
        if (strcmp(rules[r]->name, favourite->name) == 0)
            return r;
    return SIZE_MAX;
}

const struct favourite *favourite_of_action(enum action action)
{
    for (size_t i = 0; i < FAVOURITES; i++)
        if (favourites[i].action == action)
            return &favourites[i];
    return NULL;
}

const struct favourite *favourite_of_rule(size_t rule)
{
    for (size_t i = 0; i < FAVOURITES; i++)
        if (favourite_rule(&favourites[i]) == rule)
            return &favourites[i];
    return NULL;
}
