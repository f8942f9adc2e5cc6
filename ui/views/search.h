/* Shared by search*.c only: state, layout, and drawing of the panes. */
#ifndef HUBSCOPE_UI_VIEWS_SEARCH_H
#define HUBSCOPE_UI_VIEWS_SEARCH_H

#include "ui/draw/draw.h"
#include "ui/draw/list.h"
#include "ui/model/model.h"
#include "ui/views/video_card.h"
#include <stdbool.h>

enum search_shape {
    SHAPE_SMALL,  /* one column or the detail pane */
    SHAPE_MEDIUM, /* columns above, detail below */
    SHAPE_WIDE    /* columns left, detail right */
};

enum search_pane {
    PANE_COLUMNS,
    PANE_DETAIL,
    PANE_CARD /* the detail pane's second page, on small screens */
};

struct search_layout {
    enum search_shape shape;
    struct rect status, detail; /* above them the explorer draws the query line */
    unsigned first, columns;    /* columns on the screen: first .. first + columns */
    struct rect column[MODEL_COLUMNS];
};

/* Lays out `wanted` columns; `focus` is the one that a small screen shows, `detail` whether the detail pane has the
 * focus (which makes it larger). */
void search_lay_out(struct rect r, unsigned wanted, unsigned focus, bool detail, struct search_layout *layout);

/* One rule's answer as a column shows it; rebuilt when the model changes. */
struct search_column {
    struct pick pick, against;      /* shifts are from the rank under `against` */
    struct pick of;                 /* whose list it shows: while the rule is being fitted, that of `against` */
    const struct search_list *list; /* null: nothing to show yet */
    uint32_t item[MODEL_TOP];       /* (count) those listed, best first, with their ranks */
    size_t rank[MODEL_TOP];
    size_t count;
    size_t selected_rank, target_rank;   /* 1 is best; 0: none */
    size_t selected_place, target_place; /* from 1 among those listed, beyond count if further below; 0: none */
};

/* Which of a column's screen rows show what. */
struct search_rows {
    int listed;           /* rows of the list */
    int selected, target; /* row that shows it, in the list or pinned below it; -1: none */
};
struct search_rows search_rows_of(size_t first, size_t count, int rows, size_t selected_rank, size_t target_rank);

/* Why the selected video is where it is under the current rule. */
struct search_why {
    bool known;
    size_t rank, rank_versus; /* 0 unknown */
    double probability;
    uint32_t video;
    const struct rule *rule;
    struct arithmetic arithmetic; /* of the video under the rule; no lines while they are unknown */
    bool pulled;                  /* by bank queries */
    bool has_bias;
    double bias;  /* minus the gallery's mean bias: above 0 lifts, below pushes down */
    double place; /* share of the other videos with a lower bias, 0..1 */
    bool gated, open;
};

struct search_state {
    bool made;
    unsigned long changes; /* of the model when the columns were made */
    struct search_column column[MODEL_COLUMNS];
    unsigned columns;
    unsigned focus;          /* column with the selection */
    enum search_pane pane;   /* has the focus */
    enum search_shape shape; /* of the last draw */
    struct list list;
    struct video_card card;
    struct search_why why;
};

/* Updates the state to the model's last change. */
void search_refresh(struct search_state *state, struct model *model);

/* Why a rule has no list; whether it will have one. */
bool search_awaits(const struct model *model, struct pick pick, char *text, size_t size);

/* Fills a column with the items that are listed. */
void search_list_items(struct search_column *column, const struct model *model);

void search_draw_columns(const struct search_state *state, struct model *model, const struct search_layout *layout);
void search_draw_detail(struct search_state *state, struct model *model, const struct search_layout *layout);

void search_why_make(struct search_why *why, const struct model *model);
/* Writes it as one sentence into buffer. */
void search_why_sentence(const struct search_why *why, const struct model *model, char *buffer, size_t size);
/* Draws as much as fits into r, the most important first, with N_10 and mass if `shares`.  Returns the rows used. */
int search_why_draw(struct rect r, const struct search_why *why, struct model *model, bool shares);

#endif
