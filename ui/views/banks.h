/* What the files of the Banks view share. */
#ifndef HUBSCOPE_UI_VIEWS_BANKS_H
#define HUBSCOPE_UI_VIEWS_BANKS_H

#include "ui/draw/list.h"
#include "ui/views/view.h"

enum { BANKS_BESIDE = 110 }; /* columns from which on panes stand side by side */

enum banks_pane { BANKS_TABLE, BANKS_VIDEOS, BANKS_PANES };

struct contrast { /* a video's share of the top-10 lists, in percent of lists */
    uint32_t video;
    double bank, queries;
};

struct banks_state {
    struct list list[BANKS_PANES];
    struct rect rows[BANKS_PANES]; /* where they were drawn, for clicks */
    enum banks_pane focus;
    const struct bank_report *report; /* of the selected bank, at the last draw */
    struct contrast *contrast;        /* by difference, largest first */
    size_t contrast_bank;             /* whose they are, by number from 1: parameters of rules change nothing in them */
    size_t contrasts;
};

struct bank_subset banks_choice(const struct model *model, size_t bank); /* all of it */

/* The table of the banks, a row each. */
void banks_draw_table(struct banks_state *state, struct model *model, struct rect r);

/* How well parts of a bank do, so how large it must be: a table, of which the rows used are returned, and R@1 of the
 * current rule as a curve, where there is room. */
int banks_draw_parts(struct model *model, struct rect r, const struct bank_report *whole);
void banks_draw_curve(struct model *model, struct rect r, const struct bank_report *whole);

#endif
