/* The `\` line: edits the filter of the lists in the last row of the screen; lists follow every key. */
#ifndef HUBSCOPE_UI_EXPLORER_FILTER_LINE_H
#define HUBSCOPE_UI_EXPLORER_FILTER_LINE_H

#include "ui/draw/draw.h"
#include "ui/line/lineedit.h"
#include "ui/terminal/event.h"

struct filter_line {
    bool open;
    struct lineedit line;
    int cursor;
};

void filter_line_open(struct filter_line *line, struct model *model);
/* False if the event is for others: what moves in the list leaves the line open, other keys close it. */
bool filter_line_event(struct filter_line *line, struct model *model, const struct event *event);
void filter_line_draw(struct filter_line *line, struct rect screen);

#endif
