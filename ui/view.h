/* A view is one file in ui/views/ and one entry of the table in ui/views/table.c. */
#ifndef HUBSCOPE_UI_VIEW_H
#define HUBSCOPE_UI_VIEW_H

#include "ui/action.h"
#include "ui/draw.h"
#include "ui/model.h"
#include <stdbool.h>

struct mouse {
    int y, x;      /* screen position */
    int wheel;     /* -1 up, +1 down, 0 a click */
    bool twice;    /* double click */
};

struct view {
    const char *name;   /* "search": :commands and tests */
    const char *title;  /* "Search": the tab */
    enum action open;   /* the action that opens it */
    unsigned scope;     /* its own keys: enum scope */
    size_t state_size;  /* zeroed private state handed to every call */

    void (*enter)(void *state, struct model *model); /* it becomes visible; may be null */
    void (*draw)(void *state, struct model *model, struct rect r); /* pure reading of state and model, but for layout */
    bool (*act)(void *state, struct model *model, enum action action); /* false: not mine */
    bool (*click)(void *state, struct model *model, struct rect r, const struct mouse *mouse); /* may be null */
    bool (*animated)(const void *state, const struct model *model); /* film strip on screen; may be null */
    void (*close)(void *state); /* frees what the state owns; may be null */
};

extern const struct view *const views[];
extern const size_t views_count;

/* Frame counter of playing film strips; stands still under --script. */
int view_frame(void);

#endif
