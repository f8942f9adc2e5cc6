/* The two lines at the head of the screen and the one at its foot; what is drawn there can be
 * clicked. */
#ifndef HUBSCOPE_UI_EXPLORER_BARS_H
#define HUBSCOPE_UI_EXPLORER_BARS_H

#include "ui/explorer/zones.h"
#include "ui/views/view.h"

enum { BARS_HEAD = 2, BARS_FOOT = 1 };

/* Work under way, as the footer shows it; null `what`: nothing to show. */
struct progress {
    const char *what;
    double share;
};

void bars_draw_header(struct zones *zones, const struct model *model, const struct view *view, struct rect screen);
void bars_draw_footer(struct zones *zones, const struct model *model, const struct view *view, struct progress progress,
                      struct rect screen);

#endif
