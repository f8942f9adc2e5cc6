#include "ui/explorer/favourite.h"

#include "engine/fitting/rule.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static struct favourite chosen[FAVOURITES] = {
#define FAVOURITE(key, rule) {ACTION_RULE_##key, #key, rule},
#include "ui/keys/favourites.def"
#undef FAVOURITE
};
const struct favourite *const favourites = chosen;

void favourites_set(const char *names)
{
    char name[64];
    int length;

    for (size_t i = 0; i < FAVOURITES; i++) {
        const struct rule *rule = NULL;
        if (sscanf(names, "%63s%n", name, &length) == 1) {
            rule = rule_find(name);
            names += length;
        }
        chosen[i].name = rule ? rule->name : "";
    }
}

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
