#include "ui/keys/action.h"

#include "engine/base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

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

bool action_has_key(enum action action, const char *key)
{
    return has_key(action_table[action].keys, key);
}

static struct binding bound[BINDINGS];
static size_t bindings;

static unsigned scope_of(const struct binding *binding)
{
    return binding->action ? action_table[binding->action].scope : SCOPE_GLOBAL;
}

static const struct binding *find_bound(const char *key, unsigned scope)
{
    for (size_t i = 0; i < bindings; i++)
        if (scope_of(&bound[i]) & scope && strcmp(bound[i].key, key) == 0)
            return &bound[i];
    return NULL;
}

bool action_bind(const struct binding *binding, struct binding *replaced)
{
    struct binding earlier = {0};
    size_t kept = 0;

    for (size_t i = 0; i < bindings; i++)
        if (strcmp(bound[i].key, binding->key) == 0 && scope_of(&bound[i]) & scope_of(binding))
            earlier = bound[i];
        else
            bound[kept++] = bound[i];
    bindings = kept;
    if (replaced)
        *replaced = earlier;
    if (bindings == BINDINGS)
        return false;
    bound[bindings++] = *binding;
    return true;
}

const struct binding *action_binding(size_t index)
{
    return index < bindings ? &bound[index] : NULL;
}

void action_unbind_all(void)
{
    bindings = 0;
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
    const unsigned levels[] = {scope & ~(unsigned)(SCOPE_LISTS | SCOPE_GLOBAL), scope & SCOPE_LISTS, SCOPE_GLOBAL};
    enum { LEVELS = sizeof levels / sizeof *levels };
    const struct binding *binding = NULL;
    enum action action = ACTION_NONE;

    if (!*key)
        return ACTION_NONE;
    if (strcmp(key, " ") == 0)
        key = "Space";
    for (size_t i = 0; i < LEVELS && !binding; i++)
        binding = find_bound(key, levels[i]);
    for (size_t i = 0; i < LEVELS && !binding && !action; i++)
        action = find(key, levels[i]);
    return binding ? binding->action : action;
}

enum action action_of_name(const char *name)
{
    for (int i = 1; i < ACTIONS; i++)
        if (strcmp(action_table[i].name, name) == 0)
            return (enum action)i;
    return ACTION_NONE;
}

void action_word(enum action action, char *buffer, size_t size)
{
    snprintf(buffer, size, "%s", action_table[action].name);
    for (char *at = buffer; *at; at++)
        *at = *at == '_' ? '-' : (char)tolower(*at);
}

enum action action_of_word(const char *word)
{
    char name[64];

    for (int i = 1; i < ACTIONS; i++) {
        action_word((enum action)i, name, sizeof name);
        if (strcasecmp(name, word) == 0)
            return (enum action)i;
    }
    return ACTION_NONE;
}

/* Whether another of the user's keys takes this one from the action, wherever that is valid. */
static bool is_taken(const char *key, enum action action)
{
    const unsigned scope = action_table[action].scope;

    for (size_t i = 0; i < bindings; i++)
        if (strcmp(bound[i].key, key) == 0 &&
            (bound[i].action == action || scope_of(&bound[i]) & SCOPE_GLOBAL || !(scope & ~scope_of(&bound[i]))))
            return true;
    return false;
}

const char *action_keys(enum action action, char buffer[ACTION_KEYS])
{
    const char *keys = action_table[action].keys;
    char key[BINDING_KEY];

    buffer[0] = 0;
    for (size_t i = 0; i < bindings; i++)
        if (bound[i].action == action)
            text_append(buffer, ACTION_KEYS, " ", bound[i].key);
    for (size_t length; *keys; keys += length + (keys[length] == ' ')) {
        length = strcspn(keys, " ");
        snprintf(key, sizeof key, "%.*s", (int)length, keys);
        if (!is_taken(key, action))
            text_append(buffer, ACTION_KEYS, " ", key);
    }
    return buffer;
}

void action_first_key(enum action action, char *buffer, size_t size)
{
    char keys[ACTION_KEYS];

    action_keys(action, keys);
    snprintf(buffer, size, "%.*s", (int)strcspn(keys, " "), keys);
}
