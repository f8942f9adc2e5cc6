/* The sources of the collection's models: which of them are open. */
#ifndef HUBSCOPE_UI_MODEL_SOURCES_H
#define HUBSCOPE_UI_MODEL_SOURCES_H

#include "ui/model/model.h"

/* Makes a source for each model that the collection has gained. */
int sources_catch_up(struct model *model, struct error *error);

/* Opens a model on the bank in force, unless it is open. */
int sources_open(struct model *model, size_t of, struct error *error);
/* Opens all models on the screen on the bank in force again.  On failure those already opened keep it. */
int sources_reopen(struct model *model, struct error *error);
/* Lets the results of one model stand in for those of another that takes its place, until these arrive. */
void sources_stand_in(struct model *model, size_t of, size_t by);
/* Ends this for models that have results of their own; call when some arrived. */
void sources_settle(struct model *model);
/* Closes those that have left the screen and stand in for none. */
void sources_close_hidden(struct model *model);

void sources_free(struct model *model);

#endif
