/* Shared by banks*.c only. */
#ifndef HUBSCOPE_UI_VIEWS_BANKS_H
#define HUBSCOPE_UI_VIEWS_BANKS_H

#include "ui/draw/list.h"
#include "ui/draw/sort.h"
#include "ui/views/view.h"

enum { BANKS_BESIDE = 110 }; /* columns from which panes are side by side */

enum banks_order { BANKS_BY_DIFFERENCE, BANKS_BY_BANK, BANKS_BY_QUERIES, BANKS_BY_TITLE, BANKS_ORDERS };
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
    struct contrast *contrast;        /* (contrasts), in the order shown */
    struct sort sort;                 /* by enum banks_order */
    size_t contrast_bank;             /* which bank's they are, from 1; parameters of rules do not change them */
    size_t bank;                      /* in use at the last draw */
    size_t contrasts, all;            /* listed of all */
    unsigned long results;            /* what the list was made from */
};

struct bank_subset banks_choice(const struct model *model, size_t bank); /* the whole bank */

/* The table of the banks, one row each. */
void banks_draw_table(struct banks_state *state, struct model *model, struct rect r);

/* How well subsets of a bank do, hence how large it must be: a table, which returns the rows used, and R@1 of the
 * current rule as a curve, if there is room. */
int banks_draw_parts(struct model *model, struct rect r, const struct bank_report *whole);
void banks_draw_curve(struct model *model, struct rect r, const struct bank_report *whole);

#endif
