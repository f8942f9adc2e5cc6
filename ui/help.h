/* The `?` overlay: every key, those of the current view first; Enter runs the selected one, /
 * filters. */
#ifndef HUBSCOPE_UI_HELP_H
#define HUBSCOPE_UI_HELP_H

#include "ui/draw.h"
#include "ui/event.h"
#include "ui/lineedit.h"
#include "ui/list.h"

struct help {
    bool open, filtering;
    unsigned scope; /* of the view under it */
    const char *title;
    struct lineedit filter;
    struct list list;
    enum action row[ACTIONS + 4]; /* ACTION_NONE: a heading */
    const char *heading[ACTIONS + 4];
    struct rect inside; /* where the rows were drawn */
};

void help_open(struct help *help, const struct view *view);
/* The action to run after closing; ACTION_NONE when there is none (help->open tells whether it
 * stays). */
enum action help_event(struct help *help, const struct event *event);
void help_draw(struct help *help, struct rect screen);

#endif
