#include "engine/base/item.h"
#include "ui/draw/gauge.h"
#include "ui/draw/image.h"
#include "ui/model/filter.h"
#include "ui/model/marks.h"
#include "ui/model/texts.h"
#include "ui/model/thumbnails.h"
#include "ui/views/hubs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { N_COLUMNS = 15, BAR_LEAST = 8, CELL_COLUMNS = 20, CELL_ROWS = 9, CELL_WORDS = 2, HEAD = 7, ARROW_HEAD = 5 };

/* By the column, and whether the largest comes first. */
static const char *const order_names[HUBS_ORDERS][2] = {{"fewest under", "most under"},
                                                        {"fewest under", "most under"},
                                                        {"changed least under", "changed most under"},
                                                        {"A to Z, hubs of", "Z to A, hubs of"}};

static void draw_mark(const struct hubs_state *state, struct rect line, int x, int mark, uint32_t n)
{
    if (n >= state->threshold)
        draw_text(line, 0, x, STYLE_HUB | mark, glyph(GLYPH_HUB));
    else if (n == 0)
        draw_text(line, 0, x, STYLE_ANTIHUB | mark, glyph(GLYPH_DOT));
}

int hubs_row_mark(const struct hubs_state *state, const struct model *model, enum hubs_pane pane, size_t row)
{
    if (pane == HUBS_VIDEOS ? state->hub[row].video != model->video : row != state->list[pane].selected)
        return 0;
    return pane == state->focus ? STYLE_SELECTED : STYLE_MARKED;
}

static void videos_title(const struct hubs_state *state, const struct model *model, struct rect r)
{
    char title[200], label[FILTER_LABEL];

    filter_label(model, state->count, state->all, label);
    snprintf(title, sizeof title, item_text("%svideos by N_%zu, %s %s"), label, analysis_k[state->k],
             order_names[state->sort.column][sort_falls(&state->sort, hubs_columns)],
             pick_name(model, hubs_named_rule(state, model)).text);
    draw_horizontal(r, 0, state->focus == HUBS_VIDEOS ? STYLE_STRONG : STYLE_DIM, title);
}

/* Columns of a row's number. */
static int number_columns(const struct hubs_state *state)
{
    int columns = 4;

    for (size_t count = state->count; count >= 10000; count /= 10)
        columns++;
    return columns;
}

static void draw_video(const struct hubs_state *state, const struct model *model, struct rect r, int y, size_t row)
{
    const struct hub *hub = &state->hub[row];
    int mark = hubs_row_mark(state, model, HUBS_VIDEOS, row);
    int bar = r.columns >= 56 ? r.columns / 4 : r.columns >= 44 ? BAR_LEAST : 0;
    int title_end = r.columns - N_COLUMNS - (bar ? bar + 1 : 0), number = number_columns(state);
    uint32_t named = state->of_versus ? hub->before : hub->after;
    struct rect line = rect_top(rect_below(r, y), 1);
    char title[CARD_TEXT];

    if (mark)
        draw_fill(line, STYLE_TEXT | mark);
    draw_right(line, 0, number, STYLE_DIM | mark, "%zu", row + 1);
    draw_text(line, 0, number, STYLE_STRONG | mark, model_mark_glyph(model, hub->video));
    draw_mark(state, line, number + 1, mark, named);
    model_title(model, hub->video, title, sizeof title);
    draw_text(rect_left(line, title_end), 0, number + 3, (named >= state->threshold ? STYLE_STRONG : STYLE_TEXT) | mark,
              title);
    draw_right(line, 0, title_end + 5, STYLE_RULE_A | mark, "%u", hub->before);
    draw_text(line, 0, title_end + 6, STYLE_DIM | mark, glyph(GLYPH_ARROW));
    draw_right(line, 0, title_end + 12, STYLE_RULE_B | mark, "%u", hub->after);
    if (bar)
        gauge_move(line, 0, title_end + 14, bar,
                   &(struct gauge_move){.from = hub->before,
                                        .to = hub->after,
                                        .most = state->most,
                                        .fair = state->fair,
                                        .from_style = STYLE_RULE_A | mark,
                                        .to_style = STYLE_RULE_B | mark});
}

void hubs_draw_videos(struct hubs_state *state, const struct model *model, struct rect r)
{
    struct list *list = &state->list[HUBS_VIDEOS];
    struct rect head = rect_top(r, 2), rows = rect_below(r, 2);
    int width = r.columns - 1, bar = width >= 56 ? width / 4 : width >= 44 ? BAR_LEAST : 0;
    int title_end = width - N_COLUMNS - (bar ? bar + 1 : 0);

    videos_title(state, model, r);
    sort_head(&state->sort, hubs_columns, HUBS_BY_TITLE, rect_left(head, title_end - 4), 1, number_columns(state) + 3,
              STYLE_DIM, item_text("video"));
    const struct pick_name versus = pick_short_name(model, hubs_before(model));
    const struct pick_name current = pick_short_name(model, hubs_after(model));
    bool full = text_columns(current.text) >= HEAD; /* the other one makes room for it */
    sort_head_right(&state->sort, hubs_columns, HUBS_BY_VERSUS, head, 1, title_end + 5 - full, HEAD, STYLE_RULE_A,
                    versus.text);
    bool arrow = bar < BAR_LEAST && (state->sort.column == HUBS_BY_CHANGE || text_columns(current.text) < ARROW_HEAD);
    sort_head_right(&state->sort, hubs_columns, HUBS_BY_RULE, head, 1, title_end + 12, arrow ? ARROW_HEAD : HEAD,
                    STYLE_RULE_B, current.text);
    if (arrow)
        sort_head_arrow(&state->sort, hubs_columns, HUBS_BY_CHANGE, head, 1, title_end + 6);
    if (bar >= 8 && state->sort.column == HUBS_BY_CHANGE)
        sort_head(&state->sort, hubs_columns, HUBS_BY_CHANGE, head, 1, title_end + 14, STYLE_FAIR, "change");
    else if (bar >= 8)
        draw_format(head, 1, title_end + 14, STYLE_FAIR, "%s fair %.3g", glyph(GLYPH_VERTICAL), state->fair);
    if (bar >= 8)
        state->sort.head[HUBS_BY_CHANGE] = (struct rect){head.y + 1, head.x + title_end + 14, 1, bar};
    list_fit(list, state->count, rows.rows > 0 ? (size_t)rows.rows : 1);
    state->rows[HUBS_VIDEOS] = rows;
    for (int y = 0; y < rows.rows; y++) {
        size_t row = list_row(list, (size_t)y);
        if (row == LIST_GAP)
            draw_gap(rows, y);
        else if (row < state->count)
            draw_video(state, model, rect_left(rows, width), y, row);
    }
    if (!state->count)
        draw_text(rows, 0, 7, STYLE_DIM, FILTER_NOTHING);
    draw_scrollbar(rows, list->first, list->shown, list->count);
}

static void draw_cell(struct hubs_state *state, struct model *model, struct rect cell, size_t row, bool pictured)
{
    const struct hub *hub = &state->hub[row];
    int mark = hubs_row_mark(state, model, HUBS_VIDEOS, row);
    uint32_t named = state->of_versus ? hub->before : hub->after;
    struct rect words = rect_below(cell, pictured ? cell.rows - CELL_WORDS : 0);
    char title[CARD_TEXT];
    bool none = true;

    const struct picture *picture = model->pictures ? model_thumbnail(model, hub->video, &none) : NULL;
    if (!none) {
        struct rect frame = rect_inset(rect_top(cell, cell.rows - CELL_WORDS), 0, 1);
        struct rect place = picture ? image_fit(frame, picture->width, picture->height) : frame;
        place.x += (frame.columns - place.columns) / 2;
        image_draw(place, picture, mark ? view_frame() : 0);
        state->card.plays |= mark && picture && picture->frames > 1;
    }
    if (mark)
        draw_fill(words, STYLE_TEXT | mark);
    model_title(model, hub->video, title, sizeof title);
    draw_text(words, 0, 0, STYLE_STRONG | mark, model_mark_glyph(model, hub->video));
    draw_text(rect_left(words, words.columns - 1), 0, 1, STYLE_STRONG | mark, title);
    int at = draw_format(words, 1, 1, STYLE_RULE_A | mark, "%u", hub->before);
    at = draw_format(words, 1, at, STYLE_DIM | mark, " %s ", glyph(GLYPH_ARROW));
    at = draw_format(words, 1, at, STYLE_RULE_B | mark, "%u", hub->after);
    draw_mark(state, rect_below(words, 1), at + 1, mark, named);
}

/* Whether one of the rows in view has a picture, or may have one. */
static bool has_pictures(struct hubs_state *state, struct model *model)
{
    struct list *list = &state->list[HUBS_VIDEOS];
    bool none = !model->pictures;

    for (size_t i = 0; model->pictures && i < list->shown; i++) {
        size_t row = list_row(list, i);
        if (row == LIST_GAP || row >= state->count)
            continue;
        model_thumbnail(model, state->hub[row].video, &none);
        if (!none)
            break;
    }
    return !none;
}

static void fit_grid(struct hubs_state *state, int across, int down)
{
    struct list *list = &state->list[HUBS_VIDEOS];

    list_fit(list, state->count, (size_t)across * (size_t)down);
    list->first -= list->first % (size_t)across; /* whole rows of the grid */
    if (!list->pinned && list->selected >= list->first + (size_t)across * (size_t)down)
        list->first += (size_t)across;
}

void hubs_draw_grid(struct hubs_state *state, struct model *model, struct rect r)
{
    struct list *list = &state->list[HUBS_VIDEOS];
    struct rect rows = rect_below(r, 1);
    int across = (rows.columns - 1) / CELL_COLUMNS, down = rows.rows / CELL_ROWS;

    across = across < 1 ? 1 : across;
    down = down < 1 ? 1 : down;
    videos_title(state, model, r);
    state->grid_columns = across;
    state->rows[HUBS_VIDEOS] = rows;
    fit_grid(state, across, down);
    bool pictured = has_pictures(state, model);
    if (!pictured) {
        down = rows.rows < CELL_WORDS + 1 ? 1 : rows.rows / (CELL_WORDS + 1);
        fit_grid(state, across, down);
    }
    int width = (rows.columns - 1) / across, height = rows.rows / down;
    for (int i = 0; i < across * down; i++) {
        struct rect cell = {rows.y + i / across * height, rows.x + i % across * width, height, width - 1};
        size_t row = list_row(list, (size_t)i);
        if (row == LIST_GAP)
            draw_gap(cell, height / 2);
        else if (row < state->count)
            draw_cell(state, model, cell, row, pictured);
    }
    draw_scrollbar(rows, list->first, list->shown, list->count);
}
