/* A view is one file in ui/views/ and one line of ui/keys/views.def. */
#ifndef HUBSCOPE_UI_VIEWS_VIEW_H
#define HUBSCOPE_UI_VIEWS_VIEW_H

#include "ui/draw/draw.h"
#include "ui/keys/action.h"
#include "ui/model/export_job.h"
#include "ui/model/model.h"
#include "ui/terminal/event.h"
#include "ui/views/keeper.h"
#include <stdbool.h>

enum { VIEW_SIGNS = 8 };

/* What a sign in a view means, for the help. */
struct view_sign {
    enum glyph glyph;
    const char *text; /* shown in place of the glyph, or null */
    const char *meaning;
};

struct view {
    const char *name;  /* "search": :commands and tests */
    const char *title; /* "Search": the tab */
    enum action open;  /* the action that opens it */
    unsigned scope;    /* its own keys: enum scope; or-ed with SCOPE_LISTS for those of lists */
    bool asks;         /* its first row is left to the query line */
    bool compares;     /* it shows analyses of the current and the compared rule: dimmed while these lag */
    size_t state_size; /* zeroed private state passed to every call */

    void (*enter)(void *state, struct model *model);               /* it becomes visible; may be null */
    void (*draw)(void *state, struct model *model, struct rect r); /* only reads state and model, except for layout */
    /* False if the action is not the view's.  Called before the explorer, which handles all SCOPE_GLOBAL actions except
     * panes, and COLUMNS, NEXT_QUERY, PREVIOUS_QUERY and TARGET.  If the view's own action is impossible now, it says
     * why (model_say). */
    bool (*act)(void *state, struct model *model, enum action action);
    /* Selects the video of the first row.  Null: the selected video is not a row of its list. */
    void (*select_first)(void *state, struct model *model);
    bool (*click)(void *state, struct model *model, struct rect r, const struct mouse *mouse); /* may be null */
    bool (*animated)(const void *state, const struct model *model); /* something on the screen moves; may be null */
    void (*tick)(void *state, struct model *model); /* the next frame of what moves has come; may be null */
    /* What an export of the view contains; false while there is nothing.  May be null. */
    bool (*exhibit)(void *state, struct model *model, struct exhibit *exhibit);
    /* What to copy of the selected row; false if none is.  Null: the key of the selected video. */
    bool (*copies)(void *state, struct model *model, char *text, size_t size);
    /* The video of the selected row, or NO_VIDEO.  Null: the selected video. */
    uint32_t (*row_video)(const void *state, const struct model *model);
    /* The heading of the column under the cursor, or by which the list is sorted; null if there is none.  May be
     * null. */
    const char *(*heading)(const void *state, const struct model *model);
    const char *const *headings; /* of the view's columns, null-terminated: the glossary explains each; or null */
    /* Names to the keeper what --resume brings back of the state, which may not have been entered.  May be null. */
    void (*keep)(void *state, struct keeper *keeper);
    void (*close)(void *state);    /* frees what the state owns; may be null */
    const struct view_sign *signs; /* may be null */
    size_t sign_count;             /* at most VIEW_SIGNS */
};

#define VIEW(id, name, key, help) extern const struct view name##_view;
#include "ui/keys/views.def"
#undef VIEW
extern const struct view *const views[VIEWS];

/* Shows another view (by name) once the current event is handled; Esc returns from it. */
void view_open(const char *name);
const char *view_wanted(void); /* the view requested since the last call, or null */

/* Frame counter of playing film strips; stays 0 under --script and --still. */
int view_frame(void);
void view_set_frame(int number);

#endif
