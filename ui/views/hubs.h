/* Shared by hubs*.c only: state, the list of videos, the captured queries. */
#ifndef HUBSCOPE_UI_VIEWS_HUBS_H
#define HUBSCOPE_UI_VIEWS_HUBS_H

#include "engine/evaluation/hub_queries.h"
#include "ui/draw/list.h"
#include "ui/draw/sort.h"
#include "ui/views/video_card.h"
#include "ui/views/view.h"

enum hubs_order { HUBS_BY_VERSUS, HUBS_BY_RULE, HUBS_BY_CHANGE, HUBS_BY_TITLE, HUBS_ORDERS };
/* Of the captured queries: places and ranks are of the rule named first and of the other one. */
enum captures_order {
    CAPTURES_BY_PLACE,
    CAPTURES_BY_OTHER_PLACE,
    CAPTURES_BY_QUERY,
    CAPTURES_BY_RANK,
    CAPTURES_BY_OTHER_RANK,
    CAPTURES_BY_SHIFT,
    CAPTURES_ORDERS
};
enum hubs_pane { HUBS_VIDEOS, HUBS_QUERIES, HUBS_PANES };

struct hub {
    uint32_t video, before, after; /* N_k under the compared and the current rule */
};

struct hubs_state {
    struct hub *hub;             /* (count), in the order shown */
    size_t count, all, capacity; /* listed of all videos */
    size_t k;                    /* index in analysis_k */
    struct sort sort;            /* by enum hubs_order */
    bool of_versus;              /* the hubs named are the compared rule's, not the current one's */
    double fair;                 /* k Q / M */
    uint32_t most;               /* largest N_k under either rule */
    size_t *tally;               /* (2, most + 1) videos with each N_k, under the compared and the current rule */
    uint32_t threshold;          /* N_k from which a video is marked a hub */

    struct hub_query *capture; /* queries of the selected video, in the order shown */
    struct sort captures_sort; /* by enum captures_order */
    size_t captures, capture_room, stolen;
    struct pick capture_rule; /* under which they were captured: the rule the list is ordered by */

    bool begun; /* what is not zero at first was set */
    bool ready;
    unsigned long results; /* what the lists were made from */
    size_t made_k;
    uint32_t made_video;

    bool grid;
    int grid_columns;
    enum hubs_pane focus;
    struct list list[HUBS_PANES];
    struct rect rows[HUBS_PANES];
    struct video_card card;
};

extern const struct sort_column hubs_columns[HUBS_ORDERS];

/* The compared and the current rule; while one of them has no analysis yet, the other for both. */
struct pick hubs_before(const struct model *model);
struct pick hubs_after(const struct model *model);

/* The rule whose hubs are listed, and the other one of the pair. */
struct pick hubs_named_rule(const struct hubs_state *state, const struct model *model);
struct pick hubs_other_rule(const struct hubs_state *state, const struct model *model);

/* Rebuilds both lists when what they depend on has changed. */
void hubs_refresh(struct hubs_state *state, const struct model *model);
void hubs_refresh_queries(struct hubs_state *state, const struct model *model); /* of the selected video */

/* How the view shows that a row is selected: a style to or. */
int hubs_row_mark(const struct hubs_state *state, const struct model *model, enum hubs_pane pane, size_t row);
void hubs_draw_videos(struct hubs_state *state, const struct model *model, struct rect r);
void hubs_draw_grid(struct hubs_state *state, struct model *model, struct rect r);
void hubs_draw_queries(struct hubs_state *state, const struct model *model, struct rect r);

#endif
