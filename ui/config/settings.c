#include "ui/config/settings.h"

#include "engine/base/nearest.h"
#include "engine/base/text.h"
#include "engine/fitting/rule.h"
#include "ui/keys/action.h"
#include "ui/terminal/key.h"

#include <ctype.h>
#include <string.h>

enum { PROBLEMS = 16 };

static int check_choice(const struct setting *setting, const char *value, struct error *error);
static int check_rule(const struct setting *setting, const char *value, struct error *error);
static int check_rules(const struct setting *setting, const char *value, struct error *error);

#define FAVOURITE(key, rule) " " rule
static const char favourites[] =
#include "ui/keys/favourites.def"
    ;
#undef FAVOURITE

#define RULE "[MODEL/]NAME[:PARAMETER=VALUE,...]"

const struct setting settings_table[SETTINGS] = {
    [SETTING_THEME] = {"theme", "auto|dark|light|safe|safe-dark|safe-light", "auto",
                       "colours for a dark or light background; safe: blue and orange instead of green and red",
                       check_choice},
    [SETTING_RULE] = {"rule", RULE, "", "the current rule at the start, where it can be used (ncl)", check_rule},
    [SETTING_VERSUS] = {"versus", RULE, "", "the compared rule at the start (raw)", check_rule},
    [SETTING_FAVOURITES] = {"favourites", "RULE ...", favourites + 1,
                            "the rules of the header, in order, by the keys 1 to 9", check_rules},
    [SETTING_BANK] = {"bank", "NAME", "", "the query bank at the start, where a collection has it (its first)", NULL},
    [SETTING_IMAGES] = {"images", "auto|kitty|sixel|iterm|sextants|blocks|ascii|off", "auto",
                        "how pictures are shown, where the terminal can; else by half blocks or ASCII", check_choice},
};

static struct {
    char value[SETTINGS][SETTING_VALUE]; /* "": the fallback */
    char problem[PROBLEMS][SETTINGS_LINE];
    size_t problems;
} settings;

/* ---- values ---- */

/* The index of the value among "a|b|c"; -1 if it is not one of them. */
static int choice_of(const char *values, const char *value)
{
    size_t length = strlen(value);

    for (int i = 0; length; i++) {
        size_t word = strcspn(values, "|");
        if (word == length && memcmp(values, value, length) == 0)
            return i;
        if (!values[word])
            break;
        values += word + 1;
    }
    return -1;
}

static int check_choice(const struct setting *setting, const char *value, struct error *error)
{
    if (choice_of(setting->values, value) >= 0)
        return 0;
    return error_set(error, ERROR_INPUT, "%s takes %s, not '%.60s'", setting->name, setting->values, value);
}

static int check_rule(const struct setting *setting, const char *value, struct error *error)
{
    const char *slash = strchr(value, '/');
    struct rule_spec spec;
    struct error why;

    if (!rule_parse(slash ? slash + 1 : value, 1, &spec, &why))
        return 0;
    return error_set(error, ERROR_INPUT, "%s: %s", setting->name, why.text);
}

static int check_rules(const struct setting *setting, const char *value, struct error *error)
{
    char word[64];
    int length, count = 0;

    for (const char *at = value; sscanf(at, "%63s%n", word, &length) == 1; at += length, count++)
        if (!rule_find(word))
            return error_set(error, ERROR_INPUT, "%s: there is no rule '%.60s'", setting->name, word);
    if (count <= 9)
        return 0;
    return error_set(error, ERROR_INPUT, "%s takes at most 9 rules, not %d", setting->name, count);
}

const char *settings_get(enum setting_id id)
{
    return settings.value[id][0] ? settings.value[id] : settings_table[id].fallback;
}

bool settings_is_set(enum setting_id id)
{
    return strcmp(settings_get(id), settings_table[id].fallback) != 0;
}

int settings_set(enum setting_id id, const char *value, struct error *error)
{
    const struct setting *setting = &settings_table[id];

    if (strlen(value) >= SETTING_VALUE)
        return error_set(error, ERROR_INPUT, "the value of %s is too long", setting->name);
    if (*value && setting->check && setting->check(setting, value, error))
        return -1;
    text_clean(settings.value[id], SETTING_VALUE, value);
    return 0;
}

enum setting_id settings_find(const char *name, struct error *error)
{
    struct nearest nearest = nearest_to(name, strlen(name));
    char advice[NEAREST_BYTES + 24];

    for (int i = 0; i < SETTINGS; i++) {
        if (strcmp(settings_table[i].name, name) == 0)
            return (enum setting_id)i;
        nearest_offer(&nearest, settings_table[i].name);
    }
    nearest_offer(&nearest, "bind");
    error_set(error, ERROR_INPUT, "there is no option '%.40s'%s", name, nearest_advice(&nearest, advice));
    return SETTINGS;
}

int settings_choice(enum setting_id id)
{
    return choice_of(settings_table[id].values, settings_get(id));
}

void settings_choose(enum setting_id id, int index)
{
    const char *values = settings_table[id].values;

    for (; index > 0 && strchr(values, '|'); index--)
        values = strchr(values, '|') + 1;
    snprintf(settings.value[id], SETTING_VALUE, "%.*s", (int)strcspn(values, "|"), values);
}

void settings_reset(void)
{
    memset(&settings, 0, sizeof settings);
    action_unbind_all();
}

/* ---- keys ---- */

static void name_action(enum action action, char *buffer, size_t size)
{
    if (action)
        action_word(action, buffer, size);
    else
        snprintf(buffer, size, "none");
}

static int unknown_action(const char *word, struct error *error)
{
    struct nearest nearest = nearest_to(word, strlen(word));
    char advice[NEAREST_BYTES + 24], name[64];

    for (int i = 1; i < ACTIONS; i++) {
        action_word((enum action)i, name, sizeof name);
        nearest_offer(&nearest, name);
    }
    return error_set(error, ERROR_INPUT, "there is no action '%.40s'%s", word, nearest_advice(&nearest, advice));
}

/* Reads "KEY ACTION"; the line is left to the caller. */
static int parse_binding(const char *text, struct binding *binding, struct error *error)
{
    char key[KEY_NAME_SIZE], word[64] = "", more;
    size_t length = strcspn(text, " ");

    *binding = (struct binding){.action = ACTION_NONE};
    if (sscanf(text + length, "%63s %c", word, &more) != 1)
        return error_set(error, ERROR_INPUT, "bind takes a key and an action, such as 'bind Ctrl-G back'");
    if (!key_parse(text, length, key))
        return error_set(error, ERROR_INPUT, "unknown key '%.*s'", length < 40 ? (int)length : 40, text);
    snprintf(binding->key, sizeof binding->key, "%s", strcmp(key, " ") ? key : "Space");
    if (strcmp(word, "none") == 0)
        return 0;
    binding->action = action_of_word(word);
    return binding->action ? 0 : unknown_action(word, error);
}

int settings_bind(const char *text, int line, struct error *error)
{
    struct binding binding, replaced;
    char new[64], old[64], where[32] = "";

    if (parse_binding(text, &binding, error))
        return -1;
    binding.line = line;
    if (!action_bind(&binding, &replaced))
        return error_set(error, ERROR_INPUT, "there are too many bindings");
    if (!replaced.key[0] || replaced.action == binding.action)
        return 0;
    name_action(binding.action, new, sizeof new);
    name_action(replaced.action, old, sizeof old);
    if (replaced.line)
        snprintf(where, sizeof where, ", on line %d,", replaced.line);
    error_set(error, ERROR_INPUT, "%s is bound to %s and%s to %s: the later counts", binding.key, new, where, old);
    return 1;
}

/* ---- reading ---- */

void settings_add_problem(const char *text)
{
    if (settings.problems < PROBLEMS)
        text_clean(settings.problem[settings.problems], SETTINGS_LINE, text);
    settings.problems++;
}

static void add_problem(int line, const char *text)
{
    char named[SETTINGS_LINE];

    snprintf(named, sizeof named, "config:%d: %.370s", line, text);
    settings_add_problem(named);
}

const char *settings_problem(size_t index)
{
    return index < settings.problems && index < PROBLEMS ? settings.problem[index] : NULL;
}

size_t settings_problems(void)
{
    return settings.problems;
}

/* One line of a text without the blanks around it; false after the last.  The rest of a longer line is dropped. */
struct lines {
    const char *at, *end;
    const char *from; /* the whole line, with its newline */
    size_t size;
    char text[SETTINGS_LINE];
};

static bool next_line(struct lines *lines)
{
    if (lines->at >= lines->end)
        return false;
    const char *newline = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
    lines->from = lines->at;
    lines->at = newline ? newline + 1 : lines->end;
    lines->size = (size_t)(lines->at - lines->from);
    const char *from = lines->from, *to = lines->at;
    while (from < to && isspace((unsigned char)*from))
        from++;
    while (to > from && isspace((unsigned char)to[-1]))
        to--;
    size_t length = (size_t)(to - from) < SETTINGS_LINE ? (size_t)(to - from) : SETTINGS_LINE - 1;
    memcpy(lines->text, from, length);
    lines->text[length] = 0;
    for (char *at = lines->text; (at = memchr(at, '\t', strlen(at))); at++)
        *at = ' ';
    return true;
}

/* Splits "NAME VALUE" behind the name; returns the value. */
static char *split(char *text)
{
    char *value = text + strcspn(text, " ");

    if (*value)
        *value++ = 0;
    return value + strspn(value, " ");
}

static bool is_setting(const char *text)
{
    return *text && *text != '#';
}

static void read_line(char *text, int line)
{
    struct error error = {0};
    const char *value = split(text);

    if (strcmp(text, "bind") == 0) {
        if (settings_bind(value, line, &error))
            add_problem(line, error.text);
        return;
    }
    enum setting_id id = settings_find(text, &error);
    if (id == SETTINGS || settings_set(id, value, &error))
        add_problem(line, error.text);
}

/* Names actions that the user's keys leave without any. */
static void find_unreachable(void)
{
    const struct binding *binding;
    char keys[ACTION_KEYS], word[64], name[64], text[256];

    for (size_t i = 0; (binding = action_binding(i)); i++)
        for (int a = 1; a < ACTIONS && binding->action; a++) {
            if (a == (int)binding->action || !action_has_key((enum action)a, binding->key) ||
                *action_keys((enum action)a, keys))
                continue;
            action_word((enum action)a, name, sizeof name);
            action_word(binding->action, word, sizeof word);
            snprintf(text, sizeof text, "with %s bound to %s, no key is left for %s", binding->key, word, name);
            add_problem(binding->line, text);
        }
}

void settings_read(const char *text, size_t size)
{
    struct lines lines = {.at = text, .end = text + size};

    for (int line = 1; next_line(&lines); line++)
        if (is_setting(lines.text))
            read_line(lines.text, line);
    find_unreachable();
}

/* ---- writing ---- */

static void print_setting(FILE *out, enum setting_id id)
{
    const char *value = settings_get(id);

    fprintf(out, "%s%s%s\n", settings_table[id].name, *value ? " " : "", value);
}

void settings_print(FILE *out)
{
    const struct binding *binding;
    char keys[ACTION_KEYS], name[64], key[BINDING_KEY];
    int length;

    for (int i = 0; i < SETTINGS; i++) {
        fprintf(out, "# %s %s: %s\n", settings_table[i].name, settings_table[i].values, settings_table[i].help);
        print_setting(out, (enum setting_id)i);
    }
    fprintf(out, "# bind KEY ACTION: the key means this wherever the action is valid; none: it does nothing\n");
    for (size_t i = 0; (binding = action_binding(i)); i++)
        if (!binding->action)
            fprintf(out, "bind %s none\n", binding->key);
    for (int i = 1; i < ACTIONS; i++) {
        action_word((enum action)i, name, sizeof name);
        for (const char *at = action_keys((enum action)i, keys); sscanf(at, "%15s%n", key, &length) == 1; at += length)
            fprintf(out, "bind %s %s\n", key, name);
    }
}

/* Whether a binding read from a line is still in force. */
static const struct binding *in_force(const struct binding *asked, bool written[BINDINGS])
{
    const struct binding *binding;

    for (size_t i = 0; (binding = action_binding(i)); i++)
        if (!written[i] && binding->action == asked->action && strcmp(binding->key, asked->key) == 0) {
            written[i] = true;
            return binding;
        }
    return NULL;
}

/* Copies a line that is not a setting, or still is; else writes what is in force instead. */
static void update_line(struct lines *lines, bool set[SETTINGS], bool bound[BINDINGS], FILE *out)
{
    struct binding binding;
    struct error error;
    const char *value = split(lines->text);

    if (strcmp(lines->text, "bind") == 0) {
        if (!parse_binding(value, &binding, &error) && !in_force(&binding, bound))
            return;
    } else {
        enum setting_id id = settings_find(lines->text, &error);
        if (id < SETTINGS && strcmp(settings_get(id), value) != 0) {
            if (!set[id])
                print_setting(out, id);
            set[id] = true;
            return;
        }
        if (id < SETTINGS)
            set[id] = true;
    }
    fwrite(lines->from, 1, lines->size, out);
}

void settings_update(const char *text, size_t size, FILE *out)
{
    struct lines lines = {.at = text, .end = text + size};
    bool set[SETTINGS] = {false}, bound[BINDINGS] = {false};
    const struct binding *binding;
    char name[64];

    while (next_line(&lines))
        if (is_setting(lines.text))
            update_line(&lines, set, bound, out);
        else
            fwrite(lines.from, 1, lines.size, out);
    if (size && text[size - 1] != '\n')
        putc('\n', out);
    for (int i = 0; i < SETTINGS; i++)
        if (!set[i] && settings_is_set((enum setting_id)i))
            print_setting(out, (enum setting_id)i);
    for (size_t i = 0; (binding = action_binding(i)); i++)
        if (!bound[i]) {
            name_action(binding->action, name, sizeof name);
            fprintf(out, "bind %s %s\n", binding->key, name);
        }
}
