/* The query line: an editor of model->text, live search while typing, and the finder of stored
 * captions.  The explorer feeds it keys while it has the focus; Search places it on the screen. */
#ifndef HUBSCOPE_UI_LINE_QUERY_LINE_H
#define HUBSCOPE_UI_LINE_QUERY_LINE_H

#include "ui/draw/draw.h"
#include "ui/model/model.h"
#include <stdbool.h>

struct event;

/* `history` is a file, or null for none; it is written by query_line_free. */
struct query_line *query_line_new(struct model *model, const char *history);
void query_line_free(struct query_line *line);

enum query_mode { QUERY_REST, QUERY_TYPING, QUERY_CAPTIONS };
enum query_mode query_line_mode(const struct query_line *line);
/* Takes the focus; what is typed first replaces the text, moving in it first keeps it.  Without an
 * encoder typing becomes the search of captions, and says so. */
void query_line_begin(struct query_line *line, enum query_mode mode);
/* False: not mine, give it to the others; the focus is then given up too, but for scrolling. */
bool query_line_event(struct query_line *line, const struct event *event);
void query_line_leave(struct query_line *line); /* gives up the focus and keeps the text */
/* Where the cursor is on the screen; false without the focus. */
bool query_line_cursor(const struct query_line *line, int *y, int *x);
/* Before every draw: the line is nowhere until it is drawn. */
void query_line_hidden(struct query_line *line);

/* One row: "/", the text with ignored words shown as such, and at the right what the encoder made
 * of it and the time. */
void query_line_draw(const struct model *model, struct rect r);
/* The candidates of a caption search as a list hanging from the line; over everything, by the
 * explorer. */
void query_line_draw_candidates(struct query_line *line, struct rect screen);

#endif
