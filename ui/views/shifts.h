/* Shared by shifts*.c only: state, and the list of evaluation queries by their change of rank. */
#ifndef HUBSCOPE_UI_VIEWS_SHIFTS_H
#define HUBSCOPE_UI_VIEWS_SHIFTS_H

#include "ui/draw/list.h"
#include "ui/draw/sort.h"
#include "ui/views/video_card.h"
#include "ui/views/view.h"

enum shifts_order {
    SHIFTS_BY_CHANGE,
    SHIFTS_BY_HELP,
    SHIFTS_BY_HURT,
    SHIFTS_BY_RANK,
    SHIFTS_BY_VERSUS,
    SHIFTS_BY_QUERY,
    SHIFTS_ORDERS
};

/* Changes are counted by size: 1-3, 4-10, 11-30, 31-100, more; helped above, hurt below, unchanged between. */
enum { SHIFTS_STEPS = 5, SHIFTS_BINS = 2 * SHIFTS_STEPS + 1 };

struct shift {
    uint32_t query;
    double before, after; /* ranks under the compared and the current rule */
};

struct shifts_state {
    struct shift *shift;                   /* (count), in the order shown */
    size_t count, measured, all, capacity; /* listed, measured, all queries */
    unsigned long results;                 /* what the list was made from */
    struct sort sort;                      /* by enum shifts_order */
    bool ready, begun;                     /* begun: it was ready once */
    size_t kept;                           /* the query selected then */
    struct list list;
    struct rect rows; /* where the list was drawn */
    struct video_card card;
    size_t helped, hurt, same;
    size_t into_first, out_of_first, into_ten, out_of_ten;
    size_t bin[SHIFTS_BINS];
};

static inline double shift_gain(const struct shift *shift)
{
    return shift->before - shift->after;
}

extern const struct sort_column shifts_columns[SHIFTS_ORDERS];

size_t shifts_selected(const struct shifts_state *state); /* the query, or NO_QUERY */
void shifts_select(struct shifts_state *state, size_t query);

/* Rebuilds the list when it is not `ready`, or the analyses or the pair of rules changed; keeps the selected query. */
void shifts_refresh(struct shifts_state *state, const struct model *model);

#endif
