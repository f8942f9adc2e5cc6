/* Sinkhorn's iterations in Mass, played or stepped through: which one is shown, the normalisation error over all of
 * them, and the sum that makes the selected video's bias at this one. */
#ifndef HUBSCOPE_UI_VIEWS_MASS_STEPS_H
#define HUBSCOPE_UI_VIEWS_MASS_STEPS_H

#include "engine/evaluation/search.h"
#include "ui/draw/draw.h"
#include "ui/model/model.h"

struct mass_steps {
    struct pick pick;   /* whose iterations */
    double value, last; /* how many it makes now, and up to which it is played */
    bool playing;
    int since; /* view_frame() when the iteration was first shown */
};

/* Call before drawing and acting: follows what else changed the iterations. */
void mass_steps_follow(struct mass_steps *steps, const struct model *model);

/* Whether the current rule iterates, and whether its iterations are what [ and ] change: they are shown then. */
bool mass_steps_possible(const struct model *model);
bool mass_steps_shown(const struct model *model);

/* Plays or pauses; where nothing may move by itself, goes one iteration on. */
void mass_steps_play(struct mass_steps *steps, struct model *model);
/* Goes on once the iteration has been shown for long enough and all there is to show of it has arrived. */
void mass_steps_tick(struct mass_steps *steps, struct model *model);

/* The one shown, which may lag behind the one asked for: "iteration 2 of 4". */
void mass_steps_name(const struct mass_steps *steps, const struct model *model, char *buffer, size_t size);
void mass_steps_draw_head(const struct mass_steps *steps, const struct model *model, struct rect r);
/* Iteration and error to be read from afar, at the end of a rectangle that is wide enough. */
void mass_steps_draw_number(const struct model *model, struct rect r);
/* The error over all iterations, of the queries and of the bank, where each step shows. */
void mass_steps_draw_errors(const struct mass_steps *steps, struct model *model, struct rect r);

/* The sum whose logarithm makes an item's bias, as a multiple of the average item's sum: the strongest pulls on it,
 * then all others. */
void mass_steps_sum(const struct fit *fit, uint32_t item, const struct pull *pulls, size_t count,
                    struct arithmetic *sum);
enum { MASS_SUM_ROWS = 4 };
void mass_steps_draw_sum(const struct model *model, struct rect r);

#endif
