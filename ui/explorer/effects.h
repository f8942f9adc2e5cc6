/* What the user's settings (ui/config/settings.h) do to a running explorer. */
#ifndef HUBSCOPE_UI_EXPLORER_EFFECTS_H
#define HUBSCOPE_UI_EXPLORER_EFFECTS_H

#include "ui/config/settings.h"
#include "ui/model/session.h"
#include "ui/terminal/terminal.h"

/* Fills in what the command line leaves to the settings. */
void effects_on_terminal(struct terminal_options *options);
void effects_on_model(const struct collection *collection, struct model_options *options);

/* Call once the model is open and before the terminal starts: rules, favourites and theme. */
void effects_begin(struct model *model);

/* Sets an option and shows what it does; -1 with the error, after which nothing is changed. */
int effects_set(struct model *model, enum setting_id id, const char *value, struct error *error);

#endif
