/* Where the user has been: whole states of the explorer, to go back and forward over as in a browser.  A step is a
 * change of view, query, rules, parameters, bank, model, filter or subset; the selected video is remembered with
 * each. */
#ifndef HUBSCOPE_UI_EXPLORER_TRAIL_H
#define HUBSCOPE_UI_EXPLORER_TRAIL_H

#include "ui/model/model.h"

enum { TRAIL = 64 };

struct visit {
    size_t view;
    size_t bank, query;
    char text[MODEL_TEXT], filter[MODEL_TEXT], where[SUBSET_NAME];
    uint32_t video;
    struct pick current, versus, third;
    unsigned columns;
    size_t parameter;
    size_t model[MODEL_SHOWN], models;             /* those on the screen */
    struct rule_spec spec[MODEL_SHOWN][RULES_MAX]; /* (models) the parameters of their rules */
};

struct visit visit_of(const struct model *model, size_t view);
void visit_return(const struct visit *visit, struct model *model); /* brings the model to that state */

struct trail {
    struct visit visit[TRAIL];
    size_t count, at;
};

/* Records the present state: as a new step, which ends the way forward, if more than the selection changed. */
void trail_note(struct trail *trail, const struct model *model, size_t view);
/* Records only what is remembered with the present step. */
void trail_update(struct trail *trail, const struct model *model, size_t view);

/* Brings the model to the step before or after; returns its view, or SIZE_MAX, with a message, if there is none. */
size_t trail_go(struct trail *trail, struct model *model, bool forward);

#endif
