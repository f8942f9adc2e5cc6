/* Shared by mass*.c only: state, and the list of videos by their mass. */
#ifndef HUBSCOPE_UI_VIEWS_MASS_H
#define HUBSCOPE_UI_VIEWS_MASS_H

#include "ui/draw/list.h"
#include "ui/draw/sort.h"
#include "ui/views/mass_steps.h"
#include "ui/views/video_card.h"
#include "ui/views/view.h"

enum mass_order { MASS_BY_RULE, MASS_BY_VERSUS, MASS_BY_CHANGE, MASS_BY_TITLE, MASS_ORDERS };
enum mass_pane { MASS_OVER, MASS_UNDER, MASS_PANES };

struct holder {
    uint32_t video;
    double before, after; /* mass under the compared and the current rule */
};

struct mass_state {
    struct holder *holder;       /* (count), in the order shown: most first */
    double *before, *after;      /* (measured) sorted masses, for the curves */
    size_t count, measured, all; /* listed, in the subset that is measured, all videos */
    double fair;
    size_t over[2]; /* videos above their fair share under versus and rule */
    double held[2]; /* percent of all mass that these hold */
    unsigned long results;
    struct sort sort[MASS_PANES]; /* by enum mass_order; the second is only for its heads */
    bool ready, ratio;
    enum mass_pane focus;
    struct list list[MASS_PANES];
    struct rect rows[MASS_PANES];
    struct video_card card;
    struct mass_steps steps;
};

extern const struct sort_column mass_columns[MASS_ORDERS];

/* Rebuilds the list when what it depends on has changed. */
void mass_refresh(struct mass_state *state, const struct model *model);

#endif
