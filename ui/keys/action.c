#include "ui/keys/action.h"

#include <stdio.h>
#include <string.h>

const struct action_entry action_table[ACTIONS] = {
    {"NONE", "", 0, "", ""},
#define ACTION(id, keys, scope, footer, help) {#id, keys, scope, footer, help},
#include "ui/keys/actions.def"
#undef ACTION
};

static bool has_key(const char *keys, const char *key)
{
    if (strcmp(key, " ") == 0)
        key = "Space";
    size_t length = strlen(key);
    while (*keys) {
        size_t word = strcspn(keys, " ");
        if (word == length && memcmp(keys, key, length) == 0)
            return true;
        keys += word + (keys[word] == ' ');
    }
    return false;
}

static enum action find(const char *key, unsigned scope)
{
    for (int i = 1; i < ACTIONS; i++)
        if (action_table[i].scope & scope && has_key(action_table[i].keys, key))
            return (enum action)i;
    return ACTION_NONE;
}

enum action action_of_key(const char *key, unsigned scope)
{
    enum action action = ACTION_NONE;

    if (!*key)
        return ACTION_NONE;
    if (scope & ~(unsigned)(SCOPE_LISTS | SCOPE_GLOBAL))
        action = find(key, scope & ~(unsigned)(SCOPE_LISTS | SCOPE_GLOBAL));
    if (!action && scope & SCOPE_LISTS)
        action = find(key, SCOPE_LISTS);
    return action ? action : find(key, SCOPE_GLOBAL);
}

enum action action_of_name(const char *name)
{
    for (int i = 1; i < ACTIONS; i++)
        if (strcmp(action_table[i].name, name) == 0)
            return (enum action)i;
    return ACTION_NONE;
}

void action_first_key(enum action action, char *buffer, size_t size)
{
    const char *keys = action_table[action].keys;

    snprintf(buffer, size, "%.*s", (int)strcspn(keys, " "), keys);
}
