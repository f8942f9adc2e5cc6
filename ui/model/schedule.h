/* Which rules of which model are fitted or analysed next.
 *
 * A small task, whose passes take a moment, is fitted and analysed whole, for every rule.  On a large one the visible
 * rules come first, and others only once a view asks for them.  What takes long there begins with a first look: rules
 * are fitted to some rows of the bank and analysed for some of the queries, on twice as many rows each time, until the
 * exact result takes their place. */
#ifndef HUBSCOPE_UI_MODEL_SCHEDULE_H
#define HUBSCOPE_UI_MODEL_SCHEDULE_H

#include "ui/model/model.h"

enum piece_kind {
    PIECE_FIT, /* to the whole bank */
    PIECE_ANALYSE /* for all queries */,
    PIECE_LOOK /* to `rows` of the bank (0: as fitted already), and for a sample of the queries */
};

struct piece {
    enum piece_kind kind;
    enum direction direction;
    size_t model, rows, queries; /* of a look; 0 queries: all */
    size_t rule[RULES_MAX], rules;
};

extern const struct look_limits look_limits; /* the usual */

enum due { DUE_NOW, DUE_LATER }; /* later: what refines first looks, and what nobody waits for on large tasks */

/* The next piece of a direction under the models on the screen, of slow rules only with `slow`; false if there is
 * none. */
bool schedule_next(const struct model *model, enum direction direction, enum due due, bool slow, struct piece *piece);

/* Whether a rule has no fit of its parameters to the whole bank, or no analysis of its fit for all queries. */
bool schedule_needs_fit(const struct model *model, enum direction direction, struct pick pick);
bool schedule_needs_analysis(const struct model *model, enum direction direction, struct pick pick);

/* Whether a rule of a large task is left until a view asks for it. */
bool schedule_waits(const struct model *model, enum direction direction, struct pick pick);

#endif
