/* Shared by metrics*.c only. */
#ifndef HUBSCOPE_UI_VIEWS_METRICS_H
#define HUBSCOPE_UI_VIEWS_METRICS_H

#include "engine/results/measure_table.h"
#include "ui/draw/draw.h"
#include "ui/keys/action.h"
#include "ui/model/model.h"

enum {
    METRICS_HEAD = 3,         /* rows of a table above its rules */
    METRICS_NAME_COLUMNS = 12 /* the rule's title and its key */
};

enum metrics_order { METRICS_AS_LISTED, METRICS_BY_MEASURE }; /* of the rules of a model */

struct metrics_state {
    size_t least;             /* the first measure offered */
    size_t measure;           /* the selected column */
    enum metrics_order order; /* as all lists of rules have it, or by `ordered` */
    size_t ordered;           /* the measure */
    bool reverse;
    struct pick chosen;       /* the selected row's rule */
    struct pick current;      /* the current rule when the row was chosen */
    size_t top;               /* first line in sight of a table that does not fit */
    size_t first;             /* first measure in sight */
    enum direction direction; /* the table with the selection */
    bool sweep;               /* the panel shows a curve */
    struct rect table[2];     /* where the tables were drawn, for clicks */
    bool shown[2];
};

/* The rules in the order of a direction's table: model_picks(), each model's sorted by the measure, the best first,
 * those without a value last. */
size_t metrics_picks(const struct metrics_state *state, const struct model *model, enum direction direction,
                     struct pick picks[PICKS_MAX]);
/* The row of the selected rule in the table with the selection. */
size_t metrics_row(const struct metrics_state *state, const struct model *model);
/* Handles ACTION_ORDER, ORDER_BACK and REVERSE: sorts by the selected measure, then by those beside it, and as listed
 * at either end. */
bool metrics_order_act(struct metrics_state *state, enum action action);
/* Sorts as listed or by the selected measure, or reverses that if it is so already. */
void metrics_order_choose(struct metrics_state *state, enum metrics_order order);
/* Draws which way the rules are sorted. */
void metrics_order_draw(const struct metrics_state *state, struct rect r, int y, int x);

/* NAN if it is not known. */
double metrics_value(const struct model *model, enum direction direction, struct pick pick,
                     const struct measure *measure);

/* A table's lines: its rules, and while two models are compared a line above those of each.  How many there are, and
 * the line of a row. */
size_t metrics_lines(const struct model *model);
size_t metrics_line(const struct model *model, size_t row);

/* How the rule differs from the compared one; of the table with the selection, also in mass if the selected measure is
 * one. */
const struct bootstrap *metrics_difference(const struct metrics_state *state, struct model *model,
                                           enum direction direction, struct pick pick);

void metrics_draw_table(const struct metrics_state *state, struct model *model, enum direction direction,
                        struct rect r);
/* Scrolls tables of that width to the selected measure. */
void metrics_keep_in_sight(struct metrics_state *state, struct rect r);
/* The measure of a column of the screen, or the selected one if it is not a measure's. */
size_t metrics_measure_at(const struct metrics_state *state, int column);

/* The selected measure as bars with its meaning in words. */
void metrics_draw_panel(const struct metrics_state *state, struct model *model, struct rect r);
/* The measure over the current rule's current parameter: the curve, the value in force on it, raw beside it. */
void metrics_draw_sweep(struct model *model, enum direction direction, const struct measure *measure, struct rect r);

#endif
