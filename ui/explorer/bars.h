/* The two lines at the head of the screen and the one at its foot; what is drawn there can be
 * clicked. */
#ifndef HUBSCOPE_UI_EXPLORER_BARS_H
#define HUBSCOPE_UI_EXPLORER_BARS_H

#include "ui/draw/draw.h"
#include "ui/views/view.h"

enum { BARS_HEAD = 2, BARS_FOOT = 1, BARS_ZONES = 64 };

struct bars {
    struct {
        int y, from, to; /* screen columns [from, to) */
        enum action action;
    } zone[BARS_ZONES];
    size_t zones;
};

/* Work under way, as the footer shows it; null `what`: nothing to show. */
struct progress {
    const char *what;
    double share;
};

void bars_draw_header(struct bars *bars, const struct model *model, const struct view *view,
                      struct rect screen);
void bars_draw_footer(struct bars *bars, const struct model *model, const struct view *view,
                      struct progress progress, struct rect screen);
enum action bars_click(const struct bars *bars, int y, int x);

#endif
