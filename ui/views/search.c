#include "ui/views/search.h"

#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/evaluation/hub_queries.h"
#include "ui/draw/label.h"
#include "ui/model/export_job.h"
#include "ui/model/filter.h"
#include "ui/model/query.h"
#include "ui/model/ranks.h"
#include "ui/model/texts.h"
#include "ui/views/role.h"
#include "ui/views/view.h"

#include <stdio.h>
#include <string.h>

enum { WHEEL_ROWS = 3, NOTE = 256 };

static unsigned columns_of(const struct model *model)
{
    struct pick picks[PICKS_MAX];
    size_t usable = model_picks(model, picks);
    unsigned columns = model->columns;
    if (usable < columns)
        columns = usable ? (unsigned)usable : 1;
    return columns < 1 ? 1 : columns > MODEL_COLUMNS ? MODEL_COLUMNS : columns;
}

static void make_column(struct search_column *column, unsigned index, const struct model *model)
{
    memset(column, 0, sizeof *column);
    column->pick = model_column(model, index);
    column->against = pick_same(column->pick, model->versus) ? model->current : model->versus;
    column->of = column->pick;
    column->list = model_list(model, column->pick);
    if (!column->list && search_awaits(model, column->pick, NULL, 0)) {
        column->of = column->against;
        column->list = model_list(model, column->of);
    }
    if (!column->list)
        return;
    uint32_t target = model_target(model);
    if (model->video != NO_VIDEO)
        column->selected_rank = model_rank(model, column->of, model->video);
    if (target != NO_VIDEO)
        column->target_rank = model_rank(model, column->of, target);
    search_list_items(column, model);
}

void search_refresh(struct search_state *state, struct model *model)
{
    if (state->made && state->changes == model->changes)
        return;
    state->made = true;
    state->changes = model->changes;
    unsigned columns = columns_of(model);
    if (columns != state->columns)
        state->focus = columns - 1; /* the current rule's */
    state->columns = columns;
    for (unsigned i = 0; i < state->columns; i++)
        make_column(&state->column[i], i, model);
    video_card_fill(&state->card, model, model->video);
    search_why_make(&state->why, model);
}

/* Keeps the list at the selected video, wherever it is in the focused column. */
static void follow_selection(struct search_state *state, const struct model *model, int rows)
{
    const struct search_column *column = &state->column[state->focus];
    int shown = rows - (model_target(model) != NO_VIDEO); /* the target may be pinned below */
    list_fit(&state->list, column->count, shown > 0 ? (size_t)shown : 0);
    if (column->selected_place && column->selected_place <= column->count)
        list_select(&state->list, column->selected_place - 1);
}

/* What emoji and other symbols were read as. */
static int draw_symbols(struct rect r, int x, const struct model *model)
{
    const char *names = model_reader(model)->typed.names;
    return *names ? draw_text(r, 0, draw_text(r, 0, x, STYLE_DIM, "read "), STYLE_TEXT, names) + 2 : x;
}

/* Words that the encoder does not know, and what it did with them. */
static int draw_unknown(struct rect r, int x, bool guessed, const struct model *model)
{
    const struct encoding *encoding = &model_reader(model)->typed.encoding;
    const char *why = encoding->cut ? "left out, too long: " : "ignored, not known: ";
    int listed = 0;
    for (size_t i = 0; i < encoding->words; i++) {
        const struct encoding_word *word = &encoding->word[i];
        if (word->known || word->begun || word->guessed != guessed || word->start + word->length > strlen(model->text))
            continue;
        x = draw_text(r, 0, x, STYLE_DIM, listed ? ", " : guessed ? "guessed from its parts: " : why);
        listed++;
        x = draw_format(r, 0, x, guessed ? STYLE_GUESSED : STYLE_UNKNOWN, "%.*s", (int)word->length,
                        model->text + word->start);
    }
    return listed && guessed ? x + 2 : x;
}

static int draw_evaluation(struct rect r, int x, struct model *model)
{
    char title[NOTE];
    uint32_t target = model_target(model);
    x = draw_format(r, 0, x, STYLE_DIM, "query %zu of %zu", model->query + 1, model->collection->queries);
    if (target == NO_VIDEO)
        return draw_text(r, 0, x, STYLE_DIM, item_text("   it has no video of its own"));
    model_title(model, target, title, sizeof title);
    size_t rank = model_rank(model, model->current, target);
    size_t other = model_rank(model, model->versus, target);
    /* cut a long title, to leave room for the ranks */
    struct rect left = rect_left(r, r.columns > 60 ? r.columns - 24 : r.columns);
    x = draw_format(left, 0, x + 3, STYLE_TARGET, "%s %s", glyph(GLYPH_TARGET), title);
    if (!rank)
        return x;
    x = draw_text(r, 0, x, STYLE_DIM, "   rank ");
    if (other && !pick_same(model->current, model->versus)) {
        x = draw_format(r, 0, x, STYLE_RULE_A, "%zu", other);
        x = draw_format(r, 0, x, STYLE_DIM, " %s ", glyph(GLYPH_ARROW));
        x = draw_format(r, 0, x, STYLE_RULE_B, "%zu  ", rank);
        struct shift_label shift = label_shift(other, rank);
        return draw_format(r, 0, x, shift.style, "%s%s", glyph(shift.glyph), shift.number);
    }
    return draw_format(r, 0, x, STYLE_RULE_B, "%zu", rank);
}

#define LEGEND "signs: "

/* What the signs in the columns mean, if the row has room for it. */
static void draw_legend(struct rect r, int used, const struct model *model)
{
    const struct pick_name rule = pick_name(model, model->current), versus = pick_name(model, model->versus);
    bool compares = !pick_same(model->current, model->versus);
    char ranks[96] = "", shifts[96] = "";
    if (compares && model->columns == 2)
        snprintf(ranks, sizeof ranks, "  %sn rank under %s", glyph(GLYPH_ARROW), rule.text);
    if (compares)
        snprintf(shifts, sizeof shifts, "  %sn up against %s", glyph(GLYPH_UP), versus.text);
    const struct analysis *analysis = model_analysis(model, model->current);
    char hub[64] = " hub";
    if (analysis)
        snprintf(hub, sizeof hub, " hub: N10 from %u",
                 hub_threshold(analysis->top_k, analysis->queries, analysis->gallery));
    int columns = text_columns(LEGEND) + 1 + text_columns(hub) + text_columns(ranks) + text_columns(shifts);
    if (used + 2 + columns > r.columns)
        return;
    int x = draw_text(r, 0, r.columns - columns, STYLE_DIM, LEGEND);
    x = draw_text(r, 0, x, STYLE_HUB, glyph(GLYPH_HUB));
    x = draw_text(r, 0, x, STYLE_DIM, hub);
    draw_format(r, 0, x, STYLE_DIM, "%s%s", ranks, shifts);
}

/* The panes of a small screen, of which it shows one. */
static void draw_tabs(struct rect r, const struct search_state *state, const struct model *model)
{
    int x = 1;
    for (unsigned i = 0; i < state->columns; i++) {
        bool here = state->pane == PANE_COLUMNS && state->focus == i;
        int style = role_style(model, state->column[i].pick);
        x = draw_format(r, 0, x, here ? style : STYLE_DIM, "%s%s ", here ? glyph(GLYPH_POINTER) : " ",
                        pick_name(model, state->column[i].pick).text);
    }
    static const char *const pages[] = {"why", "video"};
    for (int i = 0; i < 2; i++) {
        bool here = state->pane == (i ? PANE_CARD : PANE_DETAIL);
        x = draw_format(r, 0, x, here ? STYLE_STRONG : STYLE_DIM, "%s%s ", here ? glyph(GLYPH_POINTER) : " ",
                        item_text(pages[i]));
    }
    if (model->query != NO_QUERY)
        draw_right(r, 0, r.columns, STYLE_DIM, " %zu/%zu", model->query + 1, model->collection->queries);
}

static void draw_suggestion(struct rect r, int x, const char *suggestion)
{
    int length = (int)strlen(suggestion);

    for (; length > 1 && suggestion[length - 1] == ' '; length--)
        continue;
    x = draw_text(r, 0, x, STYLE_DIM, "did you mean ");
    x = draw_format(r, 0, x, STYLE_STRONG, "%.*s", length, suggestion);
    x = draw_text(r, 0, x, STYLE_DIM, "? ");
    x = draw_text(r, 0, x, STYLE_KEY, "Tab");
    draw_text(r, 0, x, STYLE_DIM, " takes it");
}

static void draw_status(struct rect r, const struct search_state *state, struct model *model)
{
    int used = 2;
    if (state->shape == SHAPE_SMALL) {
        if (*model_suggestion(model))
            draw_suggestion(r, 1, model_suggestion(model));
        else
            draw_tabs(r, state, model);
        return;
    }
    bool failed = model->query == NO_QUERY && model->search_note[0] && !model_reader(model)->typed.encoding.words;
    if (failed) { /* what is below answers an earlier query */
        draw_text(r, 0, used, STYLE_STRONG, model->search_note);
        return;
    }
    if (model->query != NO_QUERY)
        used = draw_evaluation(r, used, model);
    else if (model_answered(model))
        used = draw_unknown(r, draw_unknown(r, draw_symbols(r, used, model), true, model), false, model);
    if (*model_suggestion(model))
        draw_suggestion(r, used + 2, model_suggestion(model));
    else if (model_answered(model))
        draw_legend(r, used, model);
}

/* What to do when there is no answer. */
static void draw_absence(struct rect r, const struct model *model)
{
    const char *says = model->search_note,
               *next = model->collection->wordless ? "n selects an evaluation query"
                       : model->typing             ? "type other words, or Esc to go back"
                       : model_can_type(model)     ? "press / to type another query, or f to find a stored caption"
                                                   : "press f to find a stored caption, or n for an evaluation query";
    const struct encoding *encoding = &model_reader(model)->typed.encoding;
    if (encoding->words && !encoding->known && model->query == NO_QUERY && says[0])
        says = "No word of this query is known to the encoder.";
    if (!says[0]) {
        bool typed = model->text[0] != '\0';
        says = typed ? "ranking ..." : item_text("Which videos does a query find, and what does each rule make of it?");
        next = typed                         ? ""
               : model->collection->wordless ? "n select an evaluation query    :caption NUMBER any of them"
               : !model_can_type(model)      ? "n select an evaluation query    f find a stored caption"
                                        : "/ type a query    n select an evaluation query    f find a stored caption";
    }
    int y = r.rows / 3;
    struct rect lines = rect_inset(r, 0, 2);
    y += draw_wrapped(lines, y, 0, 6, STYLE_STRONG, says) + 1;
    draw_wrapped(lines, y, 0, 3, STYLE_DIM, next);
}

static void lay_out(const struct search_state *state, struct rect r, struct search_layout *layout)
{
    search_lay_out(r, state->columns, state->focus, state->pane != PANE_COLUMNS, layout);
}

static void draw(void *private, struct model *model, struct rect r)
{
    struct search_state *state = private;
    struct search_layout layout;
    search_refresh(state, model);
    lay_out(state, r, &layout);
    state->shape = layout.shape;
    if (state->pane == PANE_CARD && layout.shape != SHAPE_SMALL)
        state->pane = PANE_DETAIL;
    draw_status(layout.status, state, model);
    if (!model_answered(model)) {
        state->card.plays = false;
        draw_absence(rect_below(r, 2), model);
        return;
    }
    if (layout.columns) {
        follow_selection(state, model, layout.column[state->focus].rows - 1);
        search_draw_columns(state, model, &layout);
    }
    if (layout.detail.rows) {
        theme_dim(model_list_lags(model, model->current));
        search_draw_detail(state, model, &layout);
        theme_dim(false);
    }
}

static void select_row(struct search_state *state, struct model *model)
{
    const struct search_column *column = &state->column[state->focus];
    if (column->list && state->list.selected < column->count)
        model_set_video(model, column->item[state->list.selected]);
}

static void select_first(void *private, struct model *model)
{
    struct search_state *state = private;
    search_refresh(state, model);
    list_act(&state->list, ACTION_FIRST);
    select_row(state, model);
}

/* Panes from left to right: the columns, then the detail. */
static void move_focus(struct search_state *state, int by, bool around)
{
    int columns = (int)state->columns, panes = columns + (state->shape == SHAPE_SMALL ? 2 : 1);
    int pane = state->pane == PANE_COLUMNS ? (int)state->focus : columns + (state->pane == PANE_CARD);
    pane += by;
    if (around)
        pane = (pane + panes) % panes;
    if (pane < 0 || pane >= panes)
        return;
    if (pane < columns) {
        state->pane = PANE_COLUMNS;
        state->focus = (unsigned)pane;
    } else {
        state->pane = pane == columns ? PANE_DETAIL : PANE_CARD;
    }
}

static bool act(void *private, struct model *model, enum action action)
{
    struct search_state *state = private;
    search_refresh(state, model);
    if (list_act(&state->list, action)) {
        select_row(state, model);
        return true;
    }
    switch (action) {
    case ACTION_LEFT:
        move_focus(state, -1, false);
        return true;
    case ACTION_RIGHT:
        move_focus(state, 1, false);
        return true;
    case ACTION_NEXT_PANE:
        move_focus(state, 1, true);
        return true;
    case ACTION_PREVIOUS_PANE:
        move_focus(state, -1, true);
        return true;
    case ACTION_OPEN:
        if (model->video == NO_VIDEO)
            model_say(model, false, item_text("no video is selected yet: press / to type a query"));
        else if (state->pane != PANE_COLUMNS)
            view_open("hubs");
        else
            state->pane = PANE_DETAIL;
        return true;
    case ACTION_BACK:
        if (state->pane == PANE_COLUMNS)
            return false;
        state->pane = PANE_COLUMNS;
        return true;
    default:
        return false;
    }
}

static bool click(void *private, struct model *model, struct rect r, const struct mouse *mouse)
{
    struct search_state *state = private;
    struct search_layout layout;
    search_refresh(state, model);
    if (mouse->wheel) {
        for (int i = 0; i < WHEEL_ROWS; i++)
            list_act(&state->list, mouse->wheel < 0 ? ACTION_UP : ACTION_DOWN);
        select_row(state, model);
        return true;
    }
    lay_out(state, r, &layout);
    if (rect_holds(layout.detail, mouse->y, mouse->x)) {
        state->pane = PANE_DETAIL;
        return true;
    }
    for (unsigned i = layout.first; i < layout.first + layout.columns; i++) {
        struct rect column = layout.column[i], body = rect_below(column, 1);
        if (!rect_holds(column, mouse->y, mouse->x))
            continue;
        state->focus = i;
        state->pane = mouse->twice ? PANE_DETAIL : PANE_COLUMNS;
        const struct search_column *answer = &state->column[i];
        struct search_rows rows =
            search_rows_of(state->list.first, answer->count, body.rows, answer->selected_place, answer->target_place);
        int y = mouse->y - body.y;
        if (!answer->list || y < 0)
            return true;
        size_t row = state->list.first + (size_t)y;
        if (y < rows.listed && row < answer->count)
            model_set_video(model, answer->item[row]);
        else if (y == rows.target && model_target(model) != NO_VIDEO)
            model_set_video(model, model_target(model));
        return true;
    }
    return false;
}

static bool animated(const void *private, const struct model *model)
{
    const struct search_state *state = private;
    (void)model;
    return state->card.plays;
}

/* The videos that are listed, ascending; null when out of memory. */
static uint32_t *listed_videos(const struct model *model, size_t *count)
{
    size_t videos = model->collection->videos;
    uint32_t *video = memory_array(videos, sizeof *video);

    *count = 0;
    for (size_t v = 0; video && v < videos; v++)
        if (model_lists_video(model, (uint32_t)v))
            video[(*count)++] = (uint32_t)v;
    return video;
}

static bool exhibit_answers(void *opaque, struct model *model, struct exhibit *exhibit)
{
    (void)opaque;
    exhibit->kind = &export_answers;
    if (model_narrows(model) && !(exhibit->order = listed_videos(model, &exhibit->shown)))
        return false;
    return model_answered(model) && !model_found(model, model->current).old && !model_found(model, model->versus).old;
}

static const char *const headings[] = {"rank",  "title", "prob %", "shift", "similarity", "bias",
                                       "logit", "score", "mass",   "N10",   "gate",       NULL};

static const char *heading_of(const void *opaque, const struct model *model)
{
    const struct search_state *state = opaque;

    (void)model;
    return state->pane == PANE_COLUMNS ? "rank" : state->why.rule && state->why.rule->order_only ? "score" : "logit";
}

const struct view search_view = {
    .name = "search",
    .title = "Search",
    .open = ACTION_VIEW_SEARCH,
    .scope = SCOPE_SEARCH | SCOPE_LISTS,
    .asks = true,
    .state_size = sizeof(struct search_state),
    .draw = draw,
    .act = act,
    .select_first = select_first,
    .exhibit = exhibit_answers,
    .click = click,
    .animated = animated,
    .heading = heading_of,
    .headings = headings,
};
