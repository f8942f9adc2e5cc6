/* The query line: an editor of model->text, live search while typing, and the finders of stored captions and of earlier
 * queries.  The explorer feeds it keys while it has the focus; Search places it on the screen. */
#ifndef HUBSCOPE_UI_LINE_QUERY_LINE_H
#define HUBSCOPE_UI_LINE_QUERY_LINE_H

#include "ui/draw/draw.h"
#include "ui/model/model.h"
#include <stdbool.h>

struct event;

/* `history` is a file, or null for none; each query that is left in the line is added to it. */
struct query_line *query_line_new(struct model *model, const char *history);
void query_line_free(struct query_line *line);

enum query_mode { QUERY_REST, QUERY_TYPING, QUERY_CAPTIONS, QUERY_HISTORY };
enum query_mode query_line_mode(const struct query_line *line);
/* Takes the focus; typing first replaces the text, moving the cursor first keeps it.  Without an encoder it searches
 * captions instead, with a note. */
void query_line_begin(struct query_line *line, enum query_mode mode);
/* False if the event is for others; the focus is then given up too, unless the event scrolls. */
bool query_line_event(struct query_line *line, const struct event *event);
void query_line_leave(struct query_line *line); /* gives up the focus and keeps the text */
/* What keys do now while the line has the focus: "Enter", "keep", ..., null; without the focus null first. */
enum { QUERY_LINE_KEYS = 16 };
void query_line_keys(const struct query_line *line, const char *keys[QUERY_LINE_KEYS]);
/* Where the cursor is on the screen; false without the focus. */
bool query_line_cursor(const struct query_line *line, int *y, int *x);
/* Call before every draw: the line counts as hidden until it is drawn. */
void query_line_hidden(struct query_line *line);

/* One row: "/", the text with ignored words marked, and on the right what the encoder made of it and the time. */
void query_line_draw(struct query_line *line, struct rect r);
/* Draws the captions or earlier queries that were found as a list below the line; the explorer calls it last, over
 * everything. */
void query_line_draw_candidates(struct query_line *line, struct rect screen);

#endif
