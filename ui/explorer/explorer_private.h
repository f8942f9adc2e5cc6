/* Shared by explorer.c (opening, loop, closing) and dispatch.c (handling events). */
#ifndef HUBSCOPE_UI_EXPLORER_EXPLORER_PRIVATE_H
#define HUBSCOPE_UI_EXPLORER_EXPLORER_PRIVATE_H

#include "ui/explorer/bars.h"
#include "ui/explorer/files.h"
#include "ui/explorer/filter_line.h"
#include "ui/explorer/help.h"
#include "ui/explorer/lesson_box.h"
#include "ui/explorer/picker.h"
#include "ui/explorer/prompt.h"
#include "ui/explorer/trail.h"
#include "ui/lessons/lessons.h"
#include "ui/line/query_line.h"
#include "ui/model/model.h"
#include "ui/views/view.h"

enum { EXPLORER_BACK = 8, EXPLORER_ROWS = 12, EXPLORER_COLUMNS = 40 };

/* What follow_subset remembers. */
struct follow {
    unsigned long subset; /* its number; 0: none */
    bool due;             /* the selected video was not looked for in its list yet */
    bool took;            /* `taken` was selected in place of `left` */
    uint32_t left, taken;
};

struct explorer {
    struct model model;
    struct query_line *line;
    struct prompt prompt;
    struct filter_line filter_line;
    struct files files;
    struct help help;
    struct picker picker;
    struct lessons lessons;               /* to choose from */
    struct lesson_box lesson;             /* the open one */
    struct visit first;                   /* the state that lessons begin in */
    struct visit stop[LESSON_STOPS_MOST]; /* (stops_seen) the states of the open lesson's stops */
    size_t stops_seen;
    bool arrived; /* at a stop that was not checked yet */
    struct zones zones;
    void *state[VIEWS]; /* by index in views[] */
    size_t view;
    size_t back[EXPLORER_BACK], backs; /* views to step back to, the most recent last */
    struct follow follow;
    struct trail trail; /* what Alt-Left and Alt-Right go over */
    struct rect body;   /* where the view was drawn; 0 rows: the screen is too small */
    size_t notice;      /* which one ! shows next */
    bool scripted, quit;
    bool stale; /* what the explorer itself shows has changed since the last draw, beside the model */
};

void explorer_handle(struct explorer *explorer, struct event *event);
void explorer_act(struct explorer *explorer, enum action action);
/* Runs a line of the `:` prompt or of a script. */
int explorer_command(struct explorer *explorer, const char *line, struct error *error);
void explorer_show(struct explorer *explorer, size_t view, bool remember);

/* Draws everything and shows it. */
void explorer_draw(struct explorer *explorer);

/* Waits a moment, before a change is drawn, for what is about to change the screen again: one screen instead of two,
 * and both processors are the answer's.  Whether something came. */
bool explorer_grace(struct explorer *explorer);

#endif
