/* The `?` overlay: every key, those of the current view first, and what its signs mean; Enter runs the selected one, /
 * filters. */
#ifndef HUBSCOPE_UI_EXPLORER_HELP_H
#define HUBSCOPE_UI_EXPLORER_HELP_H

#include "ui/draw/draw.h"
#include "ui/draw/list.h"
#include "ui/line/lineedit.h"
#include "ui/terminal/event.h"
#include "ui/views/view.h"

struct help {
    bool open, filtering;
    unsigned scope; /* of the view under it */
    const char *title;
    const struct view_sign *signs;
    size_t sign_count;
    struct lineedit filter;
    struct list list;
    struct help_row {
        enum action action; /* if ACTION_NONE, one of these is set: */
        const char *heading;
        const struct view_sign *sign;
    } row[ACTIONS + VIEW_SIGNS + 5];
    struct rect inside; /* where the rows were drawn */
};

void help_open(struct help *help, const struct view *view);
/* Returns the action to run after closing, or ACTION_NONE; help->open says whether the overlay stays. */
enum action help_event(struct help *help, const struct event *event);
void help_draw(struct help *help, struct rect screen);

#endif
