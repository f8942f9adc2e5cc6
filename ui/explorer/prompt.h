/* The `:` line: an editor in the last row of the screen, with completion and a list of candidates. */
#ifndef HUBSCOPE_UI_EXPLORER_PROMPT_H
#define HUBSCOPE_UI_EXPLORER_PROMPT_H

#include "ui/draw/draw.h"
#include "ui/explorer/completion.h"
#include "ui/line/lineedit.h"
#include "ui/terminal/event.h"

struct prompt {
    bool open;
    struct lineedit line;
    struct history history;
    char candidate[COMPLETIONS][COMPLETION_TEXT];
    size_t candidates, chosen; /* chosen == candidates: none yet */
    int cursor;
};

enum prompt_result { PROMPT_STAYS, PROMPT_CLOSED, PROMPT_RUN }; /* RUN: run line.text */

/* Opens the line with `text` in it. */
void prompt_open(struct prompt *prompt, const struct model *model, const char *text);
void prompt_close(struct prompt *prompt); /* frees the history */
enum prompt_result prompt_event(struct prompt *prompt, const struct model *model, const struct event *event);
void prompt_draw(struct prompt *prompt, struct rect screen);

#endif
