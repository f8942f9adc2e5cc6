/* The two header rows and the footer of the screen; everything drawn there can be clicked. */
#ifndef HUBSCOPE_UI_EXPLORER_BARS_H
#define HUBSCOPE_UI_EXPLORER_BARS_H

#include "ui/explorer/zones.h"
#include "ui/line/query_line.h"
#include "ui/views/view.h"

enum { BARS_HEAD = 2, BARS_FOOT = 1 };

/* Work in progress, as the footer shows it; a null `what` shows nothing. */
struct progress {
    const char *what;
    double share;
};

void bars_draw_header(struct zones *zones, const struct model *model, const struct view *view, struct rect screen);
/* The keys of the query line, none if it rests, and those of an open lesson, null without one: each is followed by what
 * it does, and all by null. */
void bars_draw_footer(struct zones *zones, const struct model *model, const struct view *view,
                      const char *const *line_keys, const char *const *lesson, struct progress progress,
                      struct rect screen);

#endif
