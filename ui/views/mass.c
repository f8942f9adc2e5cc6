/* Retrieval-probability mass of every video under the compared and the current rule, sorted, against the fair share
 * Q/M; which hold more than that and which less. */
#include "ui/views/mass.h"

#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "ui/draw/label.h"
#include "ui/draw/line_chart.h"
#include "ui/model/export_job.h"
#include "ui/model/filter.h"
#include "ui/model/marks.h"
#include "ui/model/query.h"
#include "ui/model/texts.h"
#include "ui/model/where.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WIDE = 112,
    SIDE_COLUMNS = 40,
    LIST_ROWS = 7,
    NUMBER_COLUMNS = 24,
    NARROW_NUMBER_COLUMNS = 17,
    NARROW = 48,
    NAME = 12,
    HEAD = 7,
    LEGEND_GAPS = 18, /* columns between a chart's title and what its legend names */
    BESIDE = 60,      /* columns from which the error over iterations is beside mass */
    STEPS_ROWS = 18   /* rows from which a bias is explained */
};

/* The row of the ordered list that a pane's row shows: the second pane counts from the end. */
static size_t place_of(const struct mass_state *state, enum mass_pane pane, size_t row)
{
    return pane == MASS_OVER ? row : state->count - 1 - row;
}

static void select_video(struct mass_state *state, uint32_t video)
{
    for (size_t i = 0; i < state->count; i++) {
        if (state->holder[i].video != video)
            continue;
        state->focus = i < state->count / 2 ? MASS_OVER : MASS_UNDER;
        list_pin(&state->list[state->focus], state->focus == MASS_OVER ? i : state->count - 1 - i);
    }
}

static uint32_t selected_video(const struct mass_state *state)
{
    size_t row = state->list[state->focus].selected;

    return row < state->count ? state->holder[place_of(state, state->focus, row)].video : NO_VIDEO;
}

/* The lists keep the selected video wherever its mass goes: under another rule or parameter, or while iterations play,
 * which explain its bias. */
static void refresh(struct mass_state *state, const struct model *model)
{
    mass_refresh(state, model);
    if (state->ready && model->video != NO_VIDEO && selected_video(state) != model->video)
        select_video(state, model->video);
}

/* Columns that a list's numbers take: masses, and if there is room how many times the fair share. */
static int number_columns(int columns)
{
    return columns < NARROW ? NARROW_NUMBER_COLUMNS : NUMBER_COLUMNS;
}

static void draw_holder(const struct mass_state *state, const struct model *model, struct rect r, enum mass_pane pane,
                        int y, size_t row)
{
    const struct holder *holder = &state->holder[place_of(state, pane, row)];
    bool chosen = row == state->list[pane].selected;
    int mark = holder->video != model->video ? 0 : chosen && pane == state->focus ? STYLE_SELECTED : STYLE_MARKED;
    int numbers = r.columns - number_columns(r.columns);
    struct rect line = rect_top(rect_below(r, y), 1);
    char title[CARD_TEXT], amount[LABEL_NUMBER];

    if (mark)
        draw_fill(line, STYLE_TEXT | mark);
    draw_text(line, 0, 0, mark | STYLE_STRONG, mark & STYLE_SELECTED ? glyph(GLYPH_POINTER) : " ");
    draw_text(line, 0, 1, mark | STYLE_STRONG, model_mark_glyph(model, holder->video));
    model_title(model, holder->video, title, sizeof title);
    draw_text(rect_left(line, numbers - 1), 0, 2, STYLE_TEXT | mark, title);
    label_amount(holder->before, amount);
    draw_right(line, 0, numbers + 6, STYLE_RULE_A | mark, "%s", amount);
    draw_text(line, 0, numbers + 7, STYLE_DIM | mark, glyph(GLYPH_ARROW));
    label_amount(holder->after, amount);
    draw_right(line, 0, numbers + 14, STYLE_RULE_B | mark, "%s", amount);
    double times = holder->after / state->fair;
    /* closer to the fair share is better, from whichever side */
    double nearer = fabs(holder->before - state->fair) - fabs(holder->after - state->fair);
    int end = fabs(nearer) < 0.005 ? STYLE_DIM : nearer > 0 ? STYLE_UP : STYLE_DOWN;
    if (r.columns >= NARROW)
        draw_right(line, 0, numbers + 21, end | mark, times >= 10 ? "%.0f x" : "%.1f x", times);
    draw_text(line, 0, r.columns - 2, end | mark, end == STYLE_DIM ? glyph(GLYPH_SAME) : nearer > 0 ? "+" : "-");
}

static void draw_pane(struct mass_state *state, const struct model *model, struct rect r, enum mass_pane pane)
{
    static const char *const titles[MASS_ORDERS][MASS_PANES] = {{"most under", "least under"},
                                                                {"most under", "least under"},
                                                                {"gained most under", "lost most under"},
                                                                {"A to Z", "Z to A"}};
    struct sort *sort = &state->sort[pane];
    const size_t column = state->sort[MASS_OVER].column;
    bool upside_down = state->sort[MASS_OVER].reverse; /* the least come first */
    struct rect head = rect_top(r, 2), rows = rect_below(r, 2);
    int numbers = r.columns - 1 - number_columns(r.columns - 1);
    int cells_columns = r.columns - 1;
    struct pick named = column == MASS_BY_VERSUS ? model->versus : model->current;
    char title[200], label[FILTER_LABEL];

    filter_label(model, state->count, state->all, label);
    snprintf(title, sizeof title, "%s%s %s", label, titles[column][upside_down ? !pane : pane],
             column == MASS_BY_TITLE ? "" : pick_name(model, named).text);
    draw_horizontal(head, 0, pane == state->focus ? STYLE_STRONG : STYLE_DIM, title);
    sort->column = column;
    sort->reverse = upside_down;
    sort_head(sort, mass_columns, MASS_BY_TITLE, rect_left(head, numbers), 1, 2, STYLE_DIM, item_text("video"));
    draw_text(rect_left(head, numbers), 1, 9, STYLE_DIM, numbers > 22 ? "+ nearer fair" : "+ fairer");
    sort_head_right(sort, mass_columns, MASS_BY_VERSUS, head, 1, numbers + 6, HEAD - 1, STYLE_RULE_A,
                    pick_short_name(model, model->versus).text);
    const struct pick_name current = pick_short_name(model, model->current);
    int most = column == MASS_BY_CHANGE ? HEAD - 1 : HEAD;
    sort_head_right(sort, mass_columns, MASS_BY_RULE, head, 1, numbers + 14, most, STYLE_RULE_B, current.text);
    if (most < HEAD || text_columns(current.text) < most)
        sort_head_arrow(sort, mass_columns, MASS_BY_CHANGE, head, 1, numbers + 7);
    if (cells_columns >= NARROW)
        draw_right(head, 1, numbers + 21, STYLE_DIM, "fair");
    struct list *list = &state->list[pane];
    list_fit(list, state->count, rows.rows > 0 ? (size_t)rows.rows : 1);
    state->rows[pane] = rows;
    struct rect cells = rect_left(rows, cells_columns);
    for (int y = 0; y < rows.rows; y++) {
        size_t row = list_row(list, (size_t)y);
        if (row == LIST_GAP)
            draw_gap(cells, y);
        else if (row < state->count)
            draw_holder(state, model, cells, pane, y, row);
    }
    if (!state->count)
        draw_text(rows, 0, 2, STYLE_DIM, FILTER_NOTHING);
    draw_scrollbar(rows, list->first, list->shown, list->count);
}

/* Two lines: how unfairly the mass is spread under each rule. */
static int draw_summary(const struct mass_state *state, const struct model *model, struct rect r)
{
    const struct pick pick[2] = {model->versus, model->current};
    const struct pick_name name[2] = {pick_name(model, pick[0]), pick_name(model, pick[1])};
    int longest = text_columns(name[0].text) > text_columns(name[1].text) ? 0 : 1;
    int from = text_columns(name[longest].text) + 2 > NAME ? text_columns(name[longest].text) + 2 : NAME;

    for (int side = 0; side < 2; side++) {
        const struct analysis *analysis = model_analysis(model, pick[side]);
        int style = side ? STYLE_RULE_B : STYLE_RULE_A;
        draw_text(rect_left(r, from - 1), side, 1, style, name[side].text);
        int at = draw_text(r, side, from, STYLE_DIM, r.columns < 48 ? "norm. error " : "normalisation error ");
        at = draw_format(r, side, at, STYLE_STRONG, "%.3f", analysis->mass_summary.normalization_error);
        if (side) {
            double base = model_analysis(model, pick[0])->mass_summary.normalization_error;
            double change = base > 0 ? 100 * (analysis->mass_summary.normalization_error / base - 1) : 0;
            at = draw_format(r, side, at + 1,
                             change < 0   ? STYLE_UP
                             : change > 0 ? STYLE_DOWN
                                          : STYLE_DIM,
                             "%+.0f %%", change);
        } else {
            at += 6;
        }
        struct rect rest = rect_right_of(r, at < from + 33 ? from + 33 : at + 2);
        if (rest.columns > 24)
            draw_format(rest, side, 0, STYLE_DIM, item_text("%zu videos above fair hold %.0f %%"), state->over[side],
                        state->held[side]);
    }
    return 2;
}

/* Says what the probabilities of each model are scaled by, as models differ in that too. */
static void name_chart(const struct mass_state *state, const struct model *model, char *buffer, size_t size)
{
    char scales[80] = "";

    if (model_compares_models(model))
        snprintf(scales, sizeof scales, ", at scale %.3g and %.3g", model_analysis(model, model->versus)->fit->scale,
                 model_analysis(model, model->current)->fit->scale);
    const char *where = model_where(model);
    snprintf(buffer, size, item_text("mass of every video%s%s%s%s"), *where ? " of " : "", where,
             state->ratio ? " / fair share" : "", scales);
    if (!mass_steps_possible(model) || mass_steps_shown(model))
        return;
    char iteration[64];
    mass_steps_name(&state->steps, model, iteration, sizeof iteration);
    size_t used = strlen(buffer);
    snprintf(buffer + used, size - used, ", %s", iteration);
}

/* The line at the fair share: with the numbers that make it, if the legend has room for them. */
static void name_line(const struct mass_state *state, const struct analysis *analysis, int room, char *buffer,
                      size_t size)
{
    if (state->ratio)
        snprintf(buffer, size, "1 = the fair share");
    else
        snprintf(buffer, size, "fair share %zu/%zu = %.3g", analysis->queries, analysis->gallery, state->fair);
    if (text_columns(buffer) > room)
        snprintf(buffer, size, "fair share Q/M");
}

static void draw_curves(const struct mass_state *state, const struct model *model, struct rect r)
{
    const struct pick_name name[2] = {pick_name(model, model->versus), pick_name(model, model->current)};
    char line[80];

    name_line(state, model_analysis(model, model->current),
              r.columns - text_columns(name[0].text) - text_columns(name[1].text) - LEGEND_GAPS, line, sizeof line);
    struct chart_series series[2] = {{state->before, STYLE_RULE_A, name[0].text},
                                     {state->after, STYLE_RULE_B, name[1].text}};
    struct chart chart = {.series = series,
                          .series_count = pick_same(model->current, model->versus) ? 1 : 2,
                          .count = state->measured,
                          .x_first = 1,
                          .x_last = (double)state->measured,
                          .x_title = item_text("videos, most mass first"),
                          .y_title = state->ratio ? "x fair share" : "mass",
                          .line = state->fair,
                          .line_name = line,
                          .ratio_y = state->ratio,
                          .tight_y = 1,
                          .filled = 1,
                          .mark = SIZE_MAX};

    line_chart_draw(r, &chart);
}

/* Mass, and beside it the error over Sinkhorn's iterations while these are shown. */
static void draw_charts(const struct mass_state *state, struct model *model, struct rect r)
{
    bool beside = mass_steps_shown(model) && r.columns >= BESIDE;
    int columns = beside ? r.columns * 2 / 3 : r.columns;
    struct rect left = rect_left(r, columns), right = rect_right_of(r, columns + 1);
    char title[160];

    name_chart(state, model, title, sizeof title);
    draw_horizontal(left, 0, STYLE_DIM, title);
    draw_curves(state, model, rect_below(left, 1));
    if (mass_steps_shown(model))
        mass_steps_draw_number(model, rect_below(left, 2));
    if (!beside)
        return;
    draw_vertical(r, columns, STYLE_DIM);
    draw_horizontal(right, 0, STYLE_DIM, "normalisation error");
    mass_steps_draw_errors(&state->steps, model, rect_below(right, 1));
}

static void draw_side(struct mass_state *state, struct model *model, struct rect r)
{
    draw_horizontal(r, 0, STYLE_STRONG, item_text("selected video"));
    if (model->video == NO_VIDEO)
        return;
    video_card_fill(&state->card, model, model->video);
    struct rect body = rect_inset(rect_below(r, 1), 0, 1);
    int shares = body.rows >= 20 ? 6 : 2;
    struct rect card = rect_top(body, body.rows - shares - 1);
    int used = video_card_draw(card, &state->card, model);
    video_card_shares(rect_top(rect_below(body, used + 1), shares), model, model->video);
}

static void draw_waiting(const struct model *model, struct rect r)
{
    const struct analysis *before = model_analysis(model, model->versus),
                          *after = model_analysis(model, model->current);
    const struct analysis *without = before && !before->mass ? before : after && !after->mass ? after : NULL;

    if (without)
        draw_format(r, 1, 2, STYLE_DIM, item_text("%s orders videos without probabilities, so it has no mass to show"),
                    without->fit->spec.rule->title);
    else if (before || after)
        draw_format(r, 1, 2, STYLE_DIM, "%s is being fitted ...",
                    pick_name(model, before ? model->current : model->versus).text);
    else
        draw_format(r, 1, 2, STYLE_DIM, "%s and %s are being fitted ...", pick_name(model, model->versus).text,
                    pick_name(model, model->current).text);
}

/* Rows of the charts, above the lists; 0 where there is no room for them.  With iterations to look at, small screens
 * keep the lists short. */
static int chart_rows(int rows, bool steps)
{
    if (rows - 2 >= 2 * LIST_ROWS)
        return steps && rows < 3 * LIST_ROWS ? rows - LIST_ROWS + 1 : rows * 3 / 5;
    return rows >= LIST_ROWS + 6 ? rows - LIST_ROWS + 1 : 0;
}

static void mass_draw(void *opaque, struct model *model, struct rect r)
{
    struct mass_state *state = opaque;

    refresh(state, model);
    mass_steps_follow(&state->steps, model);
    state->card.plays = false;
    if (!state->ready) {
        draw_waiting(model, r);
        return;
    }
    memset(state->rows, 0, sizeof state->rows);
    for (int pane = 0; pane < MASS_PANES; pane++)
        sort_no_heads(&state->sort[pane]);
    bool wide = r.columns >= WIDE && r.rows >= 20;
    struct rect left = wide ? rect_left(r, r.columns - SIDE_COLUMNS - 1) : r;
    if (wide) {
        draw_vertical(r, left.columns, STYLE_DIM);
        draw_side(state, model, rect_right_of(r, left.columns + 1));
    }
    bool steps = mass_steps_shown(model);
    int y = 1;
    if (steps)
        mass_steps_draw_head(&state->steps, model, left);
    else
        y = draw_summary(state, model, left);
    if (steps && left.rows >= STEPS_ROWS) {
        left.rows -= MASS_SUM_ROWS;
        mass_steps_draw_sum(model, (struct rect){left.y + left.rows, left.x, MASS_SUM_ROWS, left.columns});
    }
    int chart = chart_rows(left.rows - y, steps);
    if (chart)
        draw_charts(state, model, rect_top(rect_below(left, y), chart));
    y += chart;
    struct rect lists = rect_below(left, y);
    if (lists.columns >= 70) { /* both ends side by side */
        int half = (lists.columns - 1) / 2;
        draw_pane(state, model, rect_left(lists, half), MASS_OVER);
        draw_vertical(lists, half, STYLE_DIM);
        draw_pane(state, model, rect_right_of(lists, half + 1), MASS_UNDER);
    } else {
        draw_pane(state, model, lists, state->focus);
    }
}

static void show_selection(struct mass_state *state, struct model *model)
{
    uint32_t video = selected_video(state);

    if (video != NO_VIDEO)
        model_set_video(model, video);
}

static void mass_select_first(void *opaque, struct model *model)
{
    struct mass_state *state = opaque;

    refresh(state, model);
    if (!state->ready)
        return;
    list_act(&state->list[state->focus], ACTION_FIRST);
    show_selection(state, model);
}

/* After another column or direction was chosen: at the top. */
static void sort_again(struct mass_state *state, struct model *model)
{
    if (state->sort[MASS_OVER].column == MASS_BY_TITLE)
        model_open_filter(model);
    state->ready = false;
    mass_refresh(state, model);
    list_act(&state->list[MASS_OVER], ACTION_FIRST);
    list_act(&state->list[MASS_UNDER], ACTION_FIRST);
    show_selection(state, model);
}

static bool mass_act(void *opaque, struct model *model, enum action action)
{
    struct mass_state *state = opaque;

    refresh(state, model);
    if (!state->ready)
        return false;
    if (list_act(&state->list[state->focus], action)) {
        show_selection(state, model);
        return true;
    }
    if (sort_act(&state->sort[MASS_OVER], MASS_ORDERS, action)) {
        sort_again(state, model);
        return true;
    }
    switch (action) {
    case ACTION_NEXT_PANE:
    case ACTION_PREVIOUS_PANE:
    case ACTION_LEFT:
    case ACTION_RIGHT:
        state->focus = action == ACTION_LEFT ? MASS_OVER : action == ACTION_RIGHT ? MASS_UNDER : !state->focus;
        show_selection(state, model);
        return true;
    case ACTION_PLAY:
        mass_steps_play(&state->steps, model);
        return true;
    case ACTION_RATIO:
        state->ratio = !state->ratio;
        return true;
    case ACTION_OPEN:
        view_open("hubs");
        return true;
    default:
        return false;
    }
}

static void mass_keep(void *opaque, struct keeper *keeper)
{
    struct mass_state *state = opaque;

    keep_flag(keeper, "ratio", &state->ratio);
    keep_sort(keeper, "order", &state->sort[MASS_OVER], MASS_ORDERS);
}

static void mass_enter(void *opaque, struct model *model)
{
    struct mass_state *state = opaque;

    if (state->sort[MASS_OVER].column == MASS_BY_TITLE)
        model_open_filter(model);
    state->steps.playing = false;
    refresh(state, model);
    if (state->ready && model->video != NO_VIDEO)
        select_video(state, model->video);
}

static bool mass_click(void *opaque, struct model *model, struct rect r, const struct mouse *mouse)
{
    struct mass_state *state = opaque;

    (void)r;
    for (int pane = 0; pane < MASS_PANES; pane++) {
        if (sort_click(&state->sort[pane], MASS_ORDERS, mouse)) {
            state->sort[MASS_OVER].column = state->sort[pane].column;
            state->sort[MASS_OVER].reverse = state->sort[pane].reverse;
            sort_again(state, model);
            return true;
        }
        if (!rect_holds(state->rows[pane], mouse->y, mouse->x))
            continue;
        state->focus = pane;
        if (mouse->wheel)
            list_act(&state->list[pane], mouse->wheel < 0 ? ACTION_UP : ACTION_DOWN);
        else
            list_click(&state->list[pane], (size_t)(mouse->y - state->rows[pane].y));
        show_selection(state, model);
        if (mouse->twice)
            view_open("hubs");
        return true;
    }
    return false;
}

static bool mass_animated(const void *opaque, const struct model *model)
{
    const struct mass_state *state = opaque;

    (void)model;
    return state->card.plays || state->steps.playing;
}

static void mass_tick(void *opaque, struct model *model)
{
    mass_steps_tick(&((struct mass_state *)opaque)->steps, model);
}

static void mass_close(void *opaque)
{
    struct mass_state *state = opaque;

    free(state->holder);
    free(state->before);
    free(state->after);
}

static bool mass_exhibit(void *opaque, struct model *model, struct exhibit *exhibit)
{
    struct mass_state *state = opaque;

    refresh(state, model);
    if (!state->ready)
        return false;
    exhibit->kind = &export_mass;
    exhibit->shown = state->count;
    if ((exhibit->order = memory_array(state->count, sizeof *exhibit->order)))
        for (size_t i = 0; i < state->count; i++)
            exhibit->order[i] = state->holder[i].video;
    return exhibit->order;
}

static const char *const headings[] = {"video", "mass", "fair share", "normalisation error", NULL};

/* What heads the column by which the list is sorted. */
static const char *heading_of(const void *opaque, const struct model *model)
{
    static const char *const of_column[] = {
        [MASS_BY_RULE] = "mass", [MASS_BY_VERSUS] = "mass", [MASS_BY_CHANGE] = "fair share", [MASS_BY_TITLE] = "video"};
    const struct mass_state *state = opaque;

    (void)model;
    return of_column[state->sort[MASS_OVER].column];
}

const struct view mass_view = {
    .name = "mass",
    .title = "Mass",
    .open = ACTION_VIEW_MASS,
    .scope = SCOPE_MASS | SCOPE_LISTS,
    .compares = true,
    .state_size = sizeof(struct mass_state),
    .enter = mass_enter,
    .draw = mass_draw,
    .act = mass_act,
    .select_first = mass_select_first,
    .exhibit = mass_exhibit,
    .click = mass_click,
    .animated = mass_animated,
    .tick = mass_tick,
    .keep = mass_keep,
    .close = mass_close,
    .heading = heading_of,
    .headings = headings,
};
