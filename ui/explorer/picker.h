/* A list to choose one line from: what is typed filters it, Enter or a second click chooses, Esc leaves.  It knows
 * nothing of what the lines stand for: see ui/explorer/rule_picker.h for the rules. */
#ifndef HUBSCOPE_UI_EXPLORER_PICKER_H
#define HUBSCOPE_UI_EXPLORER_PICKER_H

#include "ui/draw/draw.h"
#include "ui/draw/list.h"
#include "ui/line/lineedit.h"
#include "ui/model/model.h"
#include "ui/terminal/event.h"

enum { PICKER_LINES = 64, PICKER_DETAILS = 2 };

struct picker_line {  /* strings that outlive the picker */
    size_t value;     /* what it stands for */
    const char *key;  /* the key that chooses it at once, or "" */
    const char *name; /* found by it, but not shown */
    const char *title;
    const char *mark;                   /* two characters around the title: "[]" */
    int style;                          /* of the title */
    const char *brief;                  /* a few words */
    const char *note;                   /* a word at the right end */
    const char *refusal;                /* why it cannot be chosen, in place of `brief`; or null */
    const char *detail[PICKER_DETAILS]; /* paragraphs below the list while it is selected, or null */
};

struct picker {
    bool open;
    const char *title; /* a string that outlives the picker */
    struct picker_line line[PICKER_LINES];
    size_t lines;
    size_t shown[PICKER_LINES]; /* indexes of the lines that the filter leaves, list.count of them */
    struct list list;
    struct lineedit filter;
    void (*choose)(struct model *model, size_t value);
    struct rect rows; /* where the list was drawn */
    struct rect box;
    int cursor_y, cursor_x; /* of the filter */
};

/* Begins an empty list; lines are added one by one, and picker_show opens it with that value selected. */
void picker_begin(struct picker *picker, const char *title, void (*choose)(struct model *model, size_t value));
void picker_add(struct picker *picker, const struct picker_line *line); /* at most PICKER_LINES */
void picker_show(struct picker *picker, size_t selected);

/* Chooses for the model and closes, or stays open (picker->open). */
void picker_event(struct picker *picker, struct model *model, const struct event *event);
/* Below the first `top` rows of the screen. */
void picker_draw(struct picker *picker, struct rect screen, int top);

#endif
