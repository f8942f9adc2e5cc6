/* Opening and closing a model. */
#ifndef HUBSCOPE_UI_MODEL_SESSION_H
#define HUBSCOPE_UI_MODEL_SESSION_H

#include "ui/model/model.h"

struct model_options {
    const char *bank;        /* null: the first */
    const char *const *rule; /* (rules) the only ones offered, as source_offer reads them; 0 rules: all.  Borrowed */
    size_t rules;
    const char *gallery_bank;         /* the second bank of text to video; null: the first */
    struct conventions conventions;   /* of video to text */
    const char *qrels;                /* where the collection's judgements come from, for the page's command; or null */
    const struct look_limits *limits; /* null: the usual */
    const char *read_only;            /* what the collection is called if models must not be saved into it; or null */
};

/* Borrows the collection, to which models that are learned are added.  Starts the first fits and shows the first
 * evaluation query.  Null options: the defaults. */
int model_open(struct model *model, struct collection *collection, const struct model_options *options,
               struct error *error);
void model_close(struct model *model);

#endif
