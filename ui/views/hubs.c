/* Videos by k-occurrence under two rules, the histogram of N_k, and the queries that the selected video captures: which
 * of them it takes from their own video, and what happens to each under the other rule. */
#include "ui/views/hubs.h"

#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "ui/draw/histogram.h"
#include "ui/model/export_job.h"
#include "ui/model/filter.h"
#include "ui/model/query.h"
#include "ui/model/texts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDE = 112, WIDE_ROWS = 26, LIST_COLUMNS = 60, BINS = 40, SUMMARY_COLUMNS = 75, NAME = 11 };

/* One line per rule: how uneven the lists are. */
static void draw_summary(const struct hubs_state *state, const struct model *model, struct rect r)
{
    const struct pick pick[2] = {model->versus, model->current};
    const struct pick_name name[2] = {pick_name(model, pick[0]), pick_name(model, pick[1])};
    int longest = text_columns(name[0].text) > text_columns(name[1].text) ? 0 : 1;
    int from = text_columns(name[longest].text) + 3 > NAME ? text_columns(name[longest].text) + 3 : NAME;

    for (int side = 0; side < 2 && side < r.rows; side++) {
        const struct analysis *analysis = model_analysis(model, pick[side]);
        size_t hubs = 0, held = 0;
        draw_text(rect_left(r, from), side, 1, side ? STYLE_RULE_B : STYLE_RULE_A, name[side].text);
        if (!analysis) {
            draw_text(r, side, from, STYLE_DIM, "being fitted ...");
            continue;
        }
        const struct hubness *hubness = &analysis->hubness[state->k];
        const size_t *tally = state->tally + (side ? (size_t)state->most + 1 : 0);
        for (size_t n = state->threshold; n <= state->most; n++) {
            hubs += tally[n];
            held += n * tally[n];
        }
        int at = draw_text(r, side, from, STYLE_DIM, "skewness ");
        at = draw_format(r, side, at, STYLE_STRONG, "%.2f", hubness->skewness);
        const char *more = hubs == 1 ? "" : "s", *verb = hubs == 1 ? "holds" : "hold";
        at = draw_format(r, side, at + 2, STYLE_HUB, "%s %zu hub%s", glyph(GLYPH_HUB), hubs, more);
        if (r.columns < SUMMARY_COLUMNS + from - NAME)
            continue;
        at = draw_format(r, side, at, STYLE_DIM, " %s %.1f %%", verb,
                         100.0 * (double)held / (double)(hubness->k * analysis->queries));
        at = draw_format(r, side, at + 2, STYLE_DIM, "max %u", hubness->max);
        draw_format(r, side, at + 2, STYLE_ANTIHUB, "%.1f %% never found", 100 * hubness->antihub_rate);
    }
}

static void draw_histogram(const struct hubs_state *state, const struct model *model, struct rect r)
{
    static double counts[2][BINS]; /* refilled at every draw */
    const struct pick pick[2] = {hubs_before(model), hubs_after(model)};
    const struct pick_name name[2] = {pick_name(model, pick[0]), pick_name(model, pick[1])};
    /* as many bins as leave room for two bars each, all of the same number of whole counts */
    size_t room = r.columns > 6 * 3 ? (size_t)(r.columns - 6) / 3 : 3, room_or_all = room < BINS ? room : BINS;
    size_t width = (state->most + room_or_all) / room_or_all, bins = state->most / width + 1;
    double selected = NAN;
    char title[80];

    if (r.rows < 4 || !state->all)
        return;
    memset(counts, 0, sizeof counts);
    for (int side = 0; side < 2; side++)
        for (size_t n = 0; n <= state->most; n++)
            counts[side][n / width] += (double)state->tally[(side ? (size_t)state->most + 1 : 0) + n];
    if (model->video < state->all)
        selected = model_analysis(model, pick[!state->of_versus])->occurrence[state->k][model->video];
    struct chart_series series[2] = {{counts[0], STYLE_RULE_A, name[0].text}, {counts[1], STYLE_RULE_B, name[1].text}};
    struct chart chart = {.series = series,
                          .series_count = pick_same(pick[0], pick[1]) ? 1 : 2,
                          .count = bins,
                          .x_first = 0,
                          .x_last = (double)(bins * width - 1),
                          .y_title = item_text("videos"),
                          .line = NAN,
                          .mark = isnan(selected) ? SIZE_MAX : (size_t)selected / width};
    snprintf(title, sizeof title, "N_%zu: in how many top-%zu lists", analysis_k[state->k], analysis_k[state->k]);
    chart.x_title = title;
    histogram_draw(r, &chart);
}

static void draw_card(struct hubs_state *state, struct model *model, struct rect r)
{
    draw_horizontal(r, 0, STYLE_DIM, item_text("selected video"));
    if (model->video == NO_VIDEO)
        return;
    video_card_fill(&state->card, model, model->video);
    struct rect body = rect_inset(rect_below(r, 1), 0, 1);
    if (body.columns >= 70) {
        video_card_draw(rect_left(body, body.columns - 34), &state->card, model);
        video_card_shares(rect_right_of(body, body.columns - 32), model, model->video);
    } else {
        int shares = body.rows >= 16 ? 6 : 2;
        video_card_draw(rect_top(body, body.rows - shares), &state->card, model);
        video_card_shares(rect_below(body, body.rows - shares), model, model->video);
    }
}

static void draw_list(struct hubs_state *state, struct model *model, struct rect r)
{
    if (state->grid)
        hubs_draw_grid(state, model, r);
    else
        hubs_draw_videos(state, model, r);
}

static void draw_wide(struct hubs_state *state, struct model *model, struct rect r)
{
    int left = state->grid ? r.columns * 3 / 5 : LIST_COLUMNS + (r.columns - WIDE) / 5;
    struct rect side = rect_right_of(r, left + 1);
    int chart = side.rows / 4 < 7 ? 7 : side.rows / 4, card = side.rows / 3 > 18 ? 18 : side.rows / 3;

    draw_list(state, model, rect_left(r, left));
    draw_vertical(r, left, STYLE_DIM);
    draw_histogram(state, model, rect_top(side, chart));
    draw_card(state, model, rect_top(rect_below(side, chart), card));
    hubs_draw_queries(state, model, rect_below(side, chart + card));
}

/* List and histogram above, captured queries below; on the smallest screens only the one with the focus. */
static void draw_narrow(struct hubs_state *state, struct model *model, struct rect r)
{
    if (r.columns < 76 || r.rows < 13) {
        if (state->focus == HUBS_VIDEOS)
            draw_list(state, model, r);
        else
            hubs_draw_queries(state, model, r);
        return;
    }
    if (state->grid && state->focus == HUBS_VIDEOS) {
        draw_list(state, model, r);
        return;
    }
    int above = r.rows * 11 / 20, left = r.columns * 9 / 16;
    struct rect upper = rect_top(r, above), side = rect_right_of(upper, left + 1);
    hubs_draw_videos(state, model, rect_left(upper, left));
    draw_vertical(upper, left, STYLE_DIM);
    if (side.rows >= 10)
        draw_card(state, model, side);
    else
        draw_histogram(state, model, side);
    hubs_draw_queries(state, model, rect_below(r, above));
}

static void hubs_draw(void *opaque, struct model *model, struct rect r)
{
    struct hubs_state *state = opaque;

    hubs_refresh(state, model);
    state->card.plays = false;
    memset(state->rows, 0, sizeof state->rows);
    sort_no_heads(&state->sort);
    sort_no_heads(&state->captures_sort);
    if (!state->ready) {
        draw_format(r, 1, 2, STYLE_DIM, "%s and %s are being fitted ...", pick_name(model, model->versus).text,
                    pick_name(model, model->current).text);
        return;
    }
    draw_summary(state, model, r);
    struct rect body = rect_below(r, 2);
    if (body.columns >= WIDE && body.rows >= WIDE_ROWS)
        draw_wide(state, model, body);
    else
        draw_narrow(state, model, body);
}

static void show_selection(struct hubs_state *state, struct model *model)
{
    size_t row = state->list[HUBS_VIDEOS].selected;

    if (row < state->count)
        model_set_video(model, state->hub[row].video);
    hubs_refresh(state, model);
}

static bool move_in_grid(struct hubs_state *state, struct model *model, enum action action)
{
    struct list *list = &state->list[HUBS_VIDEOS];
    size_t across = (size_t)(state->grid_columns > 0 ? state->grid_columns : 1), to = list->selected;

    if (list->pinned && list->shown && (action == ACTION_LEFT || action == ACTION_UP))
        to = list->shown - 1; /* the cells before it belong to the top */
    switch (action) {
    case ACTION_LEFT:
        to -= to > 0;
        break;
    case ACTION_RIGHT:
        to++;
        break;
    case ACTION_UP:
        to -= to >= across ? across : 0;
        break;
    case ACTION_DOWN:
        to += to + across < state->count ? across : 0;
        break;
    default:
        return false;
    }
    to -= list_row(list, to) == LIST_GAP;
    list_select(list, to < state->count ? to : state->count - 1);
    show_selection(state, model);
    return true;
}

static void open_selected(struct hubs_state *state, struct model *model)
{
    size_t row = state->list[HUBS_QUERIES].selected;

    if (state->focus == HUBS_VIDEOS) {
        state->focus = HUBS_QUERIES;
    } else if (row < state->captures) {
        uint32_t video = model->video;
        model_set_query(model, state->capture[row].query);
        model_set_video(model, video); /* the hub stays the selected video, to show in the query's list */
        view_open("search");
    }
}

static void begin_at_top(struct hubs_state *state, struct model *model)
{
    hubs_refresh(state, model);
    list_act(&state->list[HUBS_VIDEOS], ACTION_FIRST);
    show_selection(state, model);
}

static void hubs_select_first(void *opaque, struct model *model)
{
    struct hubs_state *state = opaque;

    hubs_refresh(state, model);
    if (state->ready)
        begin_at_top(state, model);
}

/* After another column or direction was chosen. */
static void sort_again(struct hubs_state *state, struct model *model)
{
    if (state->sort.column == HUBS_BY_TITLE)
        model_open_filter(model);
    else
        state->of_versus = state->sort.column == HUBS_BY_VERSUS;
    state->ready = false;
    begin_at_top(state, model);
}

static void sort_queries_again(struct hubs_state *state, struct model *model)
{
    state->focus = HUBS_QUERIES;
    hubs_refresh_queries(state, model);
}

static bool hubs_act(void *opaque, struct model *model, enum action action)
{
    struct hubs_state *state = opaque;

    hubs_refresh(state, model);
    if (!state->ready)
        return false;
    if (state->grid && state->focus == HUBS_VIDEOS && move_in_grid(state, model, action))
        return true;
    if (list_act(&state->list[state->focus], action)) {
        if (state->focus == HUBS_VIDEOS)
            show_selection(state, model);
        return true;
    }
    if (state->focus == HUBS_QUERIES && sort_act(&state->captures_sort, CAPTURES_ORDERS, action)) {
        sort_queries_again(state, model);
        return true;
    }
    if (sort_act(&state->sort, HUBS_ORDERS, action)) {
        sort_again(state, model);
        return true;
    }
    switch (action) {
    case ACTION_NEXT_PANE:
    case ACTION_PREVIOUS_PANE:
        state->focus = !state->focus;
        return true;
    case ACTION_LEFT:
    case ACTION_RIGHT:
        state->focus = action == ACTION_RIGHT ? HUBS_QUERIES : HUBS_VIDEOS;
        return true;
    case ACTION_HUB_K:
        state->k = (state->k + ANALYSIS_KS - 1) % ANALYSIS_KS;
        break;
    case ACTION_GRID:
        state->grid = !state->grid;
        state->focus = HUBS_VIDEOS;
        return true;
    case ACTION_OPEN:
        open_selected(state, model);
        return true;
    case ACTION_BACK:
        if (state->focus != HUBS_QUERIES)
            return false;
        state->focus = HUBS_VIDEOS;
        return true;
    default:
        return false;
    }
    begin_at_top(state, model); /* of another k */
    return true;
}

static void begin(struct hubs_state *state)
{
    if (state->begun)
        return;
    state->k = ANALYSIS_KS - 1;
    state->of_versus = true;
    state->begun = true;
}

static void hubs_keep(void *opaque, struct keeper *keeper)
{
    struct hubs_state *state = opaque;

    begin(state);
    keep_number(keeper, "k", &state->k, ANALYSIS_KS);
    keep_flag(keeper, "grid", &state->grid);
    keep_flag(keeper, "of-compared", &state->of_versus);
    keep_sort(keeper, "order", &state->sort, HUBS_ORDERS);
    keep_sort(keeper, "queries", &state->captures_sort, CAPTURES_ORDERS);
}

static void hubs_enter(void *opaque, struct model *model)
{
    struct hubs_state *state = opaque;

    begin(state);
    if (state->sort.column == HUBS_BY_TITLE)
        model_open_filter(model);
    state->ready = false; /* find the selected video again */
    hubs_refresh(state, model);
}

/* Which of the shown rows, or cells of the grid, lies there. */
static size_t place_at(const struct hubs_state *state, enum hubs_pane pane, const struct mouse *mouse)
{
    struct rect rows = state->rows[pane];
    int y = mouse->y - rows.y, x = mouse->x - rows.x;

    if (pane == HUBS_VIDEOS && state->grid && state->grid_columns > 0) {
        int down = (int)state->list[pane].shown / state->grid_columns;
        int row = down > 0 ? y / (rows.rows / down) : 0, column = x / ((rows.columns - 1) / state->grid_columns);
        return (size_t)row * (size_t)state->grid_columns + (size_t)column;
    }
    return (size_t)y;
}

static bool hubs_click(void *opaque, struct model *model, struct rect r, const struct mouse *mouse)
{
    struct hubs_state *state = opaque;

    (void)r;
    if (sort_click(&state->sort, HUBS_ORDERS, mouse)) {
        sort_again(state, model);
        return true;
    }
    if (sort_click(&state->captures_sort, CAPTURES_ORDERS, mouse)) {
        sort_queries_again(state, model);
        return true;
    }
    for (int pane = 0; pane < HUBS_PANES; pane++) {
        if (!rect_holds(state->rows[pane], mouse->y, mouse->x))
            continue;
        state->focus = pane;
        if (mouse->wheel)
            list_act(&state->list[pane], mouse->wheel < 0 ? ACTION_UP : ACTION_DOWN);
        else
            list_click(&state->list[pane], place_at(state, pane, mouse));
        if (pane == HUBS_VIDEOS)
            show_selection(state, model);
        if (mouse->twice)
            open_selected(state, model);
        return true;
    }
    return false;
}

static bool hubs_animated(const void *opaque, const struct model *model)
{
    (void)model;
    return ((const struct hubs_state *)opaque)->card.plays;
}

static void hubs_close(void *opaque)
{
    struct hubs_state *state = opaque;

    free(state->hub);
    free(state->tally);
    free(state->capture);
}

static bool hubs_exhibit(void *opaque, struct model *model, struct exhibit *exhibit)
{
    struct hubs_state *state = opaque;

    hubs_refresh(state, model);
    if (!state->ready)
        return false;
    exhibit->kind = &export_hubs;
    exhibit->k = analysis_k[state->k];
    exhibit->shown = state->count;
    if ((exhibit->order = memory_array(state->count, sizeof *exhibit->order)))
        for (size_t i = 0; i < state->count; i++)
            exhibit->order[i] = state->hub[i].video;
    return exhibit->order;
}

static uint32_t hubs_row_video(const void *opaque, const struct model *model)
{
    const struct hubs_state *state = opaque;
    size_t row = state->list[HUBS_QUERIES].selected;

    if (state->focus == HUBS_VIDEOS)
        return model->video;
    return row < state->captures ? model->collection->target[state->capture[row].query] : NO_VIDEO;
}

static bool hubs_copies(void *opaque, struct model *model, char *text, size_t size)
{
    const struct hubs_state *state = opaque;
    size_t row = state->list[HUBS_QUERIES].selected;

    if (state->focus == HUBS_QUERIES && row < state->captures)
        model_caption(model, state->capture[row].query, text, size);
    else if (state->focus == HUBS_VIDEOS && model->video != NO_VIDEO)
        model_video_key(model, model->video, text, size);
    else
        return false;
    return true;
}

static const char *const headings[] = {"video", "N_k", "hub", "place", "query", "rank", "shift", NULL};

/* What heads the column by which the list is sorted. */
static const char *heading_of(const void *opaque, const struct model *model)
{
    static const char *const of_column[] = {
        [HUBS_BY_VERSUS] = "N_k", [HUBS_BY_RULE] = "N_k", [HUBS_BY_CHANGE] = "hub", [HUBS_BY_TITLE] = "video"};
    static const char *const of_captures[] = {
        [CAPTURES_BY_PLACE] = "place", [CAPTURES_BY_OTHER_PLACE] = "place", [CAPTURES_BY_QUERY] = "query",
        [CAPTURES_BY_RANK] = "rank",   [CAPTURES_BY_OTHER_RANK] = "rank",   [CAPTURES_BY_SHIFT] = "shift"};
    const struct hubs_state *state = opaque;

    (void)model;
    return state->focus == HUBS_QUERIES ? of_captures[state->captures_sort.column] : of_column[state->sort.column];
}

const struct view hubs_view = {
    .name = "hubs",
    .title = "Hubs",
    .open = ACTION_VIEW_HUBS,
    .scope = SCOPE_HUBS | SCOPE_LISTS,
    .compares = true,
    .state_size = sizeof(struct hubs_state),
    .enter = hubs_enter,
    .draw = hubs_draw,
    .act = hubs_act,
    .select_first = hubs_select_first,
    .exhibit = hubs_exhibit,
    .copies = hubs_copies,
    .row_video = hubs_row_video,
    .click = hubs_click,
    .animated = hubs_animated,
    .keep = hubs_keep,
    .close = hubs_close,
    .heading = heading_of,
    .headings = headings,
};
