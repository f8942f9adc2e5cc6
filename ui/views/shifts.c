/* What the current rule changes against the compared one, query by query: the rank of each evaluation query's own video
 * under both, biggest change first, and how many were helped and hurt. */
#include "ui/views/shifts.h"

#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "ui/draw/gauge.h"
#include "ui/draw/interval.h"
#include "ui/model/differences.h"
#include "ui/model/export_job.h"
#include "ui/model/filter.h"
#include "ui/model/marks.h"
#include "ui/model/query.h"
#include "ui/model/texts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* By the column, and whether it is reversed. */
static const char *const order_names[SHIFTS_ORDERS][2] = {
    {"biggest change first", "smallest change first"}, {"helped most first", "hurt most first"},
    {"hurt most first", "helped most first"},          {"worst rank first", "best rank first"},
    {"worst rank first", "best rank first"},           {"in order of the queries", "from the last query"}};

enum { WIDE = 116, SIDE_COLUMNS = 48, RANK_COLUMNS = 22, SURENESS_ROWS = 14, HEAD = 7 };
static const char *const step_names[SHIFTS_STEPS] = {"up to 3", "4 to 10", "11 to 30", "31 to 100", "over 100"};

static void draw_rank(struct rect r, int y, int end, int style, double rank)
{
    draw_right(r, y, end, style, rank == floor(rank) ? "%.0f" : "%.1f", rank);
}

static void draw_row(const struct shifts_state *state, const struct model *model, struct rect r, int y, size_t index)
{
    const struct shift *shift = &state->shift[index];
    int mark = index == state->list.selected ? STYLE_SELECTED : 0;
    int ranks = r.columns - RANK_COLUMNS;
    char caption[512];

    struct rect line = rect_top(rect_below(r, y), 1);
    if (mark)
        draw_fill(line, STYLE_TEXT | mark);
    draw_text(line, 0, 0, mark | STYLE_STRONG, mark ? glyph(GLYPH_POINTER) : " ");
    draw_text(line, 0, 1, mark | STYLE_STRONG, model_mark_glyph(model, model->collection->target[shift->query]));
    model_caption(model, shift->query, caption, sizeof caption);
    draw_text(rect_left(line, ranks - 1), 0, 2, STYLE_TEXT | mark, caption);
    draw_rank(line, 0, ranks + 6, STYLE_RULE_A | mark, shift->before);
    draw_text(line, 0, ranks + 7, STYLE_DIM | mark, glyph(GLYPH_ARROW));
    draw_rank(line, 0, ranks + 14, STYLE_RULE_B | mark, shift->after);
    double change = shift_gain(shift);
    if (change == 0)
        draw_text(line, 0, ranks + 16, STYLE_DIM | mark, glyph(GLYPH_SAME));
    else
        draw_format(line, 0, ranks + 16, (change > 0 ? STYLE_UP : STYLE_DOWN) | mark, "%s%g",
                    glyph(change > 0 ? GLYPH_UP : GLYPH_DOWN), fabs(change));
}

static void draw_list(struct shifts_state *state, const struct model *model, struct rect r)
{
    struct rect head = rect_top(r, 2), rows = rect_below(r, 2);
    int ranks = rows.columns - 1 - RANK_COLUMNS;
    char title[160], label[FILTER_LABEL];

    filter_label(model, state->count, state->all, label);
    snprintf(title, sizeof title, "%s%zu queries, %s", label, state->measured,
             order_names[state->sort.column][state->sort.reverse]);
    draw_horizontal(head, 0, STYLE_STRONG, title);
    struct sort *sort = &state->sort;
    sort_head(sort, shifts_columns, SHIFTS_BY_QUERY, rect_left(head, ranks - 1), 1, 2, STYLE_DIM, "query");
    sort_head_right(sort, shifts_columns, SHIFTS_BY_VERSUS, head, 1, ranks + 6, HEAD, STYLE_RULE_A,
                    pick_short_name(model, model->versus).text);
    sort_head_right(sort, shifts_columns, SHIFTS_BY_RANK, head, 1, ranks + 14, HEAD, STYLE_RULE_B,
                    pick_short_name(model, model->current).text);
    size_t gain = sort->column == SHIFTS_BY_HELP || sort->column == SHIFTS_BY_HURT ? sort->column : SHIFTS_BY_CHANGE;
    sort_head(sort, shifts_columns, gain, head, 1, ranks + 16, STYLE_DIM, "shift");
    list_fit(&state->list, state->count, rows.rows > 0 ? (size_t)rows.rows : 1);
    state->rows = rows;
    struct rect cells = rect_left(rows, rows.columns - 1);
    for (int y = 0; y < rows.rows; y++) {
        size_t row = list_row(&state->list, (size_t)y);
        if (row == LIST_GAP)
            draw_gap(cells, y);
        else if (row < state->count)
            draw_row(state, model, cells, y, row);
    }
    if (!state->count)
        draw_text(rows, 0, 2, STYLE_DIM, FILTER_NOTHING);
    draw_scrollbar(rows, state->list.first, state->list.shown, state->count);
}

/* Helped, hurt, unchanged in one line; what it means for R@1 and R@10 in the next. Returns the rows used. */
static int draw_counts(const struct shifts_state *state, struct rect r)
{
    int at = draw_format(r, 0, 1, STYLE_UP, "%s %zu helped", glyph(GLYPH_UP), state->helped);

    at = draw_format(r, 0, at + 2, STYLE_DOWN, "%s %zu hurt", glyph(GLYPH_DOWN), state->hurt);
    draw_format(r, 0, at + 2, STYLE_DIM, "%s %zu same", glyph(GLYPH_SAME), state->same);
    at = draw_text(r, 1, 1, STYLE_DIM, "first place ");
    at = draw_format(r, 1, at, STYLE_UP, "+%zu", state->into_first);
    at = draw_format(r, 1, at, STYLE_DOWN, " -%zu", state->out_of_first);
    at = draw_text(r, 1, at, STYLE_DIM, "   top ten ");
    at = draw_format(r, 1, at, STYLE_UP, "+%zu", state->into_ten);
    draw_format(r, 1, at, STYLE_DOWN, " -%zu", state->out_of_ten);
    return 2;
}

/* How certain the differences are; returns the rows reserved for this, so that nothing moves when it arrives. */
static int draw_sureness(struct model *model, struct rect r, bool p)
{
    const struct bootstrap *difference = model_difference(model, T2V, model->current);
    int rows = 1 + interval_rows(r.columns - 2, p);
    char text[INTERVAL_SENTENCE];

    if (!difference)
        return rows;
    interval_sentence(difference, pick_name(model, model->versus).text, text);
    draw_text(r, 0, 1, STYLE_STRONG, text);
    interval_draw_all(rect_right_of(rect_below(r, 1), 1), difference, p);
    return rows;
}

static void draw_sizes(const struct shifts_state *state, struct rect r)
{
    double most = 0;

    for (size_t i = 0; i < SHIFTS_BINS; i++)
        most = fmax(most, (double)state->bin[i]);
    for (int i = 0; i < SHIFTS_BINS && i < r.rows; i++) {
        int style = i < SHIFTS_STEPS ? STYLE_UP : i > SHIFTS_STEPS ? STYLE_DOWN : STYLE_DIM;
        const char *name = i < SHIFTS_STEPS   ? step_names[SHIFTS_STEPS - 1 - i]
                           : i > SHIFTS_STEPS ? step_names[i - SHIFTS_STEPS - 1]
                                              : "no change";
        draw_text(r, i, 1, style, glyph(i < SHIFTS_STEPS ? GLYPH_UP : i > SHIFTS_STEPS ? GLYPH_DOWN : GLYPH_SAME));
        draw_text(r, i, 3, STYLE_DIM, name);
        draw_right(r, i, 18, STYLE_TEXT, "%zu", state->bin[i]);
        gauge_bar(r, i, 19, r.columns - 20, (double)state->bin[i], most, style);
    }
}

/* The video in first place for the selected query under a rule. */
static void draw_first(const struct model *model, struct rect r, int y, struct pick pick, int style, uint32_t query,
                       uint32_t target)
{
    const struct analysis *analysis = model_analysis(model, pick);
    char title[CARD_TEXT];

    size_t place = analysis ? analysis_place(analysis, query) : SIZE_MAX;
    if (place == SIZE_MAX)
        return;
    uint32_t first = analysis->top[place * analysis->top_k];
    model_title(model, first, title, sizeof title);
    int at = draw_format(r, y, 1, style, "%s", pick_name(model, pick).text);
    at = draw_text(r, y, at + 1, STYLE_DIM, "puts first");
    if (first == target)
        at = draw_text(r, y, at + 1, STYLE_TARGET, glyph(GLYPH_TARGET));
    else if (model_is_hub(model, first, pick))
        at = draw_text(r, y, at + 1, STYLE_HUB, glyph(GLYPH_HUB));
    draw_text(r, y, at + 1, first == target ? STYLE_TARGET : STYLE_TEXT, title);
}

static void draw_query(struct shifts_state *state, struct model *model, struct rect r)
{
    if (state->list.selected >= state->count || r.rows < 3)
        return;
    const struct shift *shift = &state->shift[state->list.selected];
    uint32_t target = model->collection->target[shift->query];
    char caption[512];

    video_card_fill(&state->card, model, target);
    draw_horizontal(r, 0, STYLE_STRONG, "selected query");
    if (r.rows < 9 && r.columns >= 60) { /* beside the words, as there are no rows left below */
        struct rect shown;
        video_card_picture(rect_right_of(rect_below(r, 1), r.columns - 2 * (r.rows - 1)), &state->card, model, &shown);
        r.columns -= shown.columns ? 2 * (r.rows - 1) + 2 : 0;
    }
    model_caption(model, shift->query, caption, sizeof caption);
    int y = 1 + draw_wrapped(rect_right_of(r, 1), 1, 0, 3, STYLE_TEXT, caption);
    draw_first(model, r, y++, model->versus, STYLE_RULE_A, shift->query, target);
    draw_first(model, r, y++, model->current, STYLE_RULE_B, shift->query, target);
    int at = draw_text(r, y, 1, STYLE_DIM, "its own:");
    at = draw_text(r, y, at + 1, STYLE_TARGET, glyph(GLYPH_TARGET));
    draw_text(r, y++, at + 1, STYLE_TARGET, state->card.title);
    if (r.rows - y < 4)
        return;
    draw_horizontal(rect_below(r, y), 0, STYLE_DIM, item_text("its own video"));
    video_card_draw(rect_inset(rect_below(r, y + 1), 0, 1), &state->card, model);
}

static void shifts_draw(void *opaque, struct model *model, struct rect r)
{
    struct shifts_state *state = opaque;

    shifts_refresh(state, model);
    sort_no_heads(&state->sort);
    state->card.plays = false;
    if (!state->ready) {
        draw_format(r, 1, 2, STYLE_DIM, "%s and %s are being compared ...", pick_name(model, model->versus).text,
                    pick_name(model, model->current).text);
        return;
    }
    if (pick_same(model->current, model->versus)) {
        draw_text(r, 1, 2, STYLE_DIM, "only one rule can be used here, so there is nothing to compare it with");
        return;
    }
    if (r.columns >= WIDE) {
        struct rect left = rect_left(r, r.columns - SIDE_COLUMNS - 1);
        struct rect side = rect_right_of(r, r.columns - SIDE_COLUMNS);
        draw_list(state, model, left);
        draw_vertical(r, left.columns, STYLE_DIM);
        char title[160];
        snprintf(title, sizeof title, "what %s changes against %s", pick_title(model, model->current).text,
                 pick_name(model, model->versus).text);
        draw_horizontal(side, 0, STYLE_STRONG, title);
        int y = 1 + draw_counts(state, rect_below(side, 1));
        y += draw_sureness(model, rect_below(side, y), true);
        if (side.rows - y > SHIFTS_BINS + 8) {
            draw_sizes(state, rect_below(side, y + 1));
            y += SHIFTS_BINS + 2;
        }
        draw_query(state, model, rect_below(side, y));
        return;
    }
    int counts = draw_counts(state, r);
    if (r.rows >= SURENESS_ROWS)
        counts += draw_sureness(model, rect_below(r, counts), false);
    int below = r.rows >= 18 ? 7 : 0;
    draw_list(state, model, rect_top(rect_below(r, counts), r.rows - counts - below));
    if (below)
        draw_query(state, model, rect_below(r, r.rows - below));
}

/* After another column or direction was chosen: at the top. */
static void sort_again(struct shifts_state *state, struct model *model)
{
    state->ready = false;
    shifts_refresh(state, model);
    list_act(&state->list, ACTION_FIRST);
}

static bool shifts_act(void *opaque, struct model *model, enum action action)
{
    struct shifts_state *state = opaque;

    shifts_refresh(state, model);
    size_t query = shifts_selected(state);
    if (list_act(&state->list, action))
        return true;
    if (sort_act(&state->sort, SHIFTS_ORDERS, action)) {
        sort_again(state, model);
        return true;
    }
    switch (action) {
    case ACTION_OPEN:
        if (query == NO_QUERY)
            return true;
        model_set_query(model, query);
        model_set_video(model, model->collection->target[query]);
        view_open("search");
        return true;
    default:
        return false;
    }
}

static void shifts_keep(void *opaque, struct keeper *keeper)
{
    struct shifts_state *state = opaque;

    keep_sort(keeper, "order", &state->sort, SHIFTS_ORDERS);
}

static void shifts_enter(void *opaque, struct model *model)
{
    struct shifts_state *state = opaque;

    shifts_refresh(state, model);
    if (model->query != NO_QUERY)
        shifts_select(state, model->query);
}

static bool shifts_click(void *opaque, struct model *model, struct rect r, const struct mouse *mouse)
{
    struct shifts_state *state = opaque;

    (void)r;
    if (mouse->wheel)
        return list_act(&state->list, mouse->wheel < 0 ? ACTION_UP : ACTION_DOWN);
    if (sort_click(&state->sort, SHIFTS_ORDERS, mouse)) {
        sort_again(state, model);
        return true;
    }
    if (!rect_holds(state->rows, mouse->y, mouse->x))
        return false;
    list_click(&state->list, (size_t)(mouse->y - state->rows.y));
    return mouse->twice ? shifts_act(state, model, ACTION_OPEN) : true;
}

static bool shifts_animated(const void *opaque, const struct model *model)
{
    (void)model;
    return ((const struct shifts_state *)opaque)->card.plays;
}

static void shifts_close(void *opaque)
{
    free(((struct shifts_state *)opaque)->shift);
}

static bool shifts_exhibit(void *opaque, struct model *model, struct exhibit *exhibit)
{
    struct shifts_state *state = opaque;

    shifts_refresh(state, model);
    if (!state->ready)
        return false;
    exhibit->kind = &export_shifts;
    exhibit->shown = state->count;
    if ((exhibit->order = memory_array(state->count, sizeof *exhibit->order)))
        for (size_t i = 0; i < state->count; i++)
            exhibit->order[i] = state->shift[i].query;
    return exhibit->order;
}

static uint32_t shifts_row_video(const void *opaque, const struct model *model)
{
    size_t query = shifts_selected(opaque);

    return query == NO_QUERY ? NO_VIDEO : model->collection->target[query];
}

static bool shifts_copies(void *opaque, struct model *model, char *text, size_t size)
{
    size_t query = shifts_selected(opaque);

    if (query == NO_QUERY)
        return false;
    model_caption(model, query, text, size);
    return true;
}

static const struct view_sign signs[] = {
    {GLYPH_UP, NULL, "better: a query's own video rises; after an interval: beyond chance"},
    {GLYPH_DOWN, NULL, "worse: it falls; after an interval: beyond chance"},
    {GLYPHS, "[+0.5 +5.1]", "95 % interval of a difference: bootstrap over queries"},
    {GLYPHS, "p .015", "how often chance alone produces such a difference"},
};

static const char *const headings[] = {"query", "rank", "shift", "R@1", NULL};

/* What heads the column by which the list is sorted. */
static const char *heading_of(const void *opaque, const struct model *model)
{
    static const char *const of_column[] = {
        [SHIFTS_BY_CHANGE] = "shift", [SHIFTS_BY_HELP] = "helped", [SHIFTS_BY_HURT] = "hurt",
        [SHIFTS_BY_RANK] = "rank",    [SHIFTS_BY_VERSUS] = "rank", [SHIFTS_BY_QUERY] = "query"};
    const struct shifts_state *state = opaque;

    (void)model;
    return of_column[state->sort.column];
}

const struct view shifts_view = {
    .name = "shifts",
    .title = "Shifts",
    .open = ACTION_VIEW_SHIFTS,
    .scope = SCOPE_SHIFTS | SCOPE_LISTS,
    .compares = true,
    .state_size = sizeof(struct shifts_state),
    .enter = shifts_enter,
    .draw = shifts_draw,
    .act = shifts_act,
    .exhibit = shifts_exhibit,
    .copies = shifts_copies,
    .row_video = shifts_row_video,
    .click = shifts_click,
    .animated = shifts_animated,
    .keep = shifts_keep,
    .close = shifts_close,
    .signs = signs,
    .sign_count = sizeof signs / sizeof *signs,
    .heading = heading_of,
    .headings = headings,
};
