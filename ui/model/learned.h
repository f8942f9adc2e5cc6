/* Models learned in this session: they are in memory until they are saved. */
#ifndef HUBSCOPE_UI_MODEL_LEARNED_H
#define HUBSCOPE_UI_MODEL_LEARNED_H

#include "engine/learned_model/learn.h"
#include "ui/model/model.h"

struct learned_entry {
    struct learn learn;           /* after learn_run, for saving */
    struct collection_model made; /* until it is added to the collection */
    size_t model;                 /* its index there */
    bool saved;
};

void learned_entry_free(struct learned_entry *entry); /* null is fine */

struct learned *learned_new(void); /* null when out of memory */
void learned_free(struct learned *learned);

/* The name of a model to be learned: "ncl-linear", or "ncl-linear-2" and so on where that is taken. */
void learned_name(const struct model *model, enum loss_kind loss, enum head_kind head,
                  char name[COLLECTION_MODEL_NAME]);

/* Adds the entry's model to the collection, and takes the entry over if that succeeds. */
int learned_add(struct model *model, struct learned_entry *entry, struct error *error);

/* The model that one learned in this session is over; SIZE_MAX for other models. */
size_t learned_from(const struct model *model, size_t of);

bool learned_is_saved(const struct model *model, size_t of);

/* Starts saving the current rule's model if it was learned here, otherwise the one learned last: into the collection,
 * or with "DIR/NAME" into a copy of it there, under its name or the one given.  The status line reports the end. 
 * Returns 0, or -1 with the error if it cannot start. */
int model_save_learned(struct model *model, const char *where, struct error *error);

/* Whether quitting loses nothing; otherwise says once what it loses. */
bool learned_may_quit(struct model *model);

#endif
