/* A list to choose one line from: typing filters it, Enter or a second click chooses, Esc closes.  What the lines mean
 * is up to the caller; ui/explorer/rule_picker.h lists rules, ui/explorer/model_picker.h models and
 * ui/explorer/word_picker.h words. */
#ifndef HUBSCOPE_UI_EXPLORER_PICKER_H
#define HUBSCOPE_UI_EXPLORER_PICKER_H

#include "ui/draw/draw.h"
#include "ui/draw/list.h"
#include "ui/line/lineedit.h"
#include "ui/model/model.h"
#include "ui/terminal/event.h"

enum { PICKER_LINES = 96, PICKER_DETAILS = 2, PICKER_TEXT = 200, PICKER_TEXTS = 2 * PICKER_LINES };

struct picker_line {  /* strings must outlive the picker: see picker_text */
    size_t value;     /* passed to `choose` */
    const char *key;  /* the key that chooses it at once, or "" */
    const char *name; /* found by this, but not shown */
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
    const char *title; /* must outlive the picker */
    struct picker_line line[PICKER_LINES];
    size_t lines;
    size_t shown[PICKER_LINES]; /* (list.count) indexes of the lines that pass the filter */
    struct list list;
    struct lineedit filter;
    char text[PICKER_TEXTS][PICKER_TEXT]; /* of lines, kept by picker_text */
    size_t texts;
    void (*choose)(struct model *model, size_t value);
    struct rect rows; /* where the list was drawn */
    struct rect box;
    int cursor_y, cursor_x; /* of the filter */
};

/* Starts an empty list; add lines one by one, then picker_show opens it with the line of value `selected` selected. */
void picker_begin(struct picker *picker, const char *title, void (*choose)(struct model *model, size_t value));
const char *picker_text(struct picker *picker, const char *text);       /* a copy, until the next picker_begin */
void picker_add(struct picker *picker, const struct picker_line *line); /* at most PICKER_LINES */
void picker_show(struct picker *picker, size_t selected);

/* Handles an event; picker->open says whether the picker stays open.  On a choice calls `choose` and closes. */
void picker_event(struct picker *picker, struct model *model, const struct event *event);
/* Draws the picker below the first `top` rows of the screen. */
void picker_draw(struct picker *picker, struct rect screen, int top);

#endif
