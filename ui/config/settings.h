/* The user's settings: options with a value each, and keys (ui/keys/action.h).  There is one set of them, as there is
 * one terminal.  As text they are lines "NAME VALUE" and "bind KEY ACTION", with comments after #; an unknown word is a
 * problem to report and nothing more. */
#ifndef HUBSCOPE_UI_CONFIG_SETTINGS_H
#define HUBSCOPE_UI_CONFIG_SETTINGS_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum setting_id {
    SETTING_THEME,
    SETTING_RULE,
    SETTING_VERSUS,
    SETTING_FAVOURITES,
    SETTING_BANK,
    SETTING_IMAGES,
    SETTINGS
};

enum { SETTING_VALUE = 256, SETTINGS_LINE = 400 };

struct setting {
    const char *name;     /* "theme" */
    const char *values;   /* as help shows them; those of a choice: "auto|dark|light" */
    const char *fallback; /* the value unless another is set; "": the explorer decides */
    const char *help;
    /* Whether it can be the value; null: any text can. */
    int (*check)(const struct setting *setting, const char *value, struct error *error);
};
extern const struct setting settings_table[SETTINGS];

const char *settings_get(enum setting_id id);
bool settings_is_set(enum setting_id id); /* to other than the fallback */
/* An empty value is the fallback. */
int settings_set(enum setting_id id, const char *value, struct error *error);
/* Finds "theme"; SETTINGS, with the error, which names the nearest, if there is none. */
enum setting_id settings_find(const char *name, struct error *error);
/* The index of the value among a choice's, and the value of that index. */
int settings_choice(enum setting_id id);
void settings_choose(enum setting_id id, int index);
void settings_reset(void); /* all options and keys as if nothing was ever set */

/* Reads "KEY ACTION" ("none": the key does nothing) and binds it.  Returns 0; 1 if that unbinds the same key of an
 * earlier binding, with a text about it in `error`; -1 with the error. */
int settings_bind(const char *text, int line, struct error *error);

/* Reads settings, whatever the bytes; problems are added to those of before. */
void settings_read(const char *text, size_t size);
void settings_add_problem(const char *text); /* of the file as a whole */
const char *settings_problem(size_t index);  /* "config:3: there is no option ...", in order; null after the last */
size_t settings_problems(void);              /* how many there were, though only the first ones are kept */

/* Writes all options and keys in force, with their help, in the form that settings_read reads. */
void settings_print(FILE *out);
/* Writes the text with the settings in force in place of those in it: comments and unknown lines stay. */
void settings_update(const char *text, size_t size, FILE *out);

#endif
