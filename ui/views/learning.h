/* Shared by learning*.c only. */
#ifndef HUBSCOPE_UI_VIEWS_LEARNING_H
#define HUBSCOPE_UI_VIEWS_LEARNING_H

#include "ui/draw/list.h"
#include "ui/model/learning.h"
#include "ui/views/view.h"

enum learning_row { LEARN_LOSS, LEARN_HEAD, LEARN_RATE, LEARN_TEXTS, LEARN_VIDEOS, LEARN_FROM, LEARN_ROWS };

struct learning_screen {
    bool begun; /* `choice` is set */
    struct learning_choice choice;
    struct list list;            /* of settings, by enum learning_row */
    struct rect rows;            /* where they were drawn */
    bool all;                    /* there is room for all charts */
    bool small;                  /* there is room either for settings or for a chart */
    bool charted;                /* then for a chart */
    enum learning_measure shown; /* where there is room for one chart */
};

/* What Enter does with the settings as they are. */
enum learning_next { LEARN_NOTHING, LEARN_TRAIN, LEARN_COMPARE };
enum learning_next learning_next(const struct learning_screen *screen, struct model *model);

/* The training to look at: the one under way, else the last by the loss that is set, else any; null if there is
 * none. */
const struct learning_record *learning_looked_at(const struct learning_screen *screen, struct model *model);

const char *learning_title(enum loss_kind loss); /* "InfoNCE" */

/* What a row is set to. */
void learning_setting(const struct learning_screen *screen, const struct model *model, enum learning_row row,
                      char *buffer, size_t size);
void learning_step(struct learning_screen *screen, const struct model *model, enum learning_row row, bool forward);

/* What is being learned or was learned, in words. */
void learning_draw_words(const struct learning_screen *screen, struct model *model, struct rect r);

/* A measure over the epochs of both losses; `alone`: Tab goes on to the next measure. */
void learning_draw_curves(const struct learning_screen *screen, struct model *model, enum learning_measure measure,
                          bool alone, struct rect r);
/* The masses of the held-out clips, or of a batch: of the frozen model behind, of the heads in front. */
void learning_draw_masses(const struct learning_screen *screen, struct model *model, bool batch, struct rect r);

#endif
