/* The queries that have the selected video among their first results. */
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "ui/model/marks.h"
#include "ui/model/texts.h"
#include "ui/views/hubs.h"

#include <math.h>
#include <stdio.h>

enum { RANKS_COLUMNS = 26 };

struct rules_of { /* what a captured query is compared by */
    const struct analysis *named, *other;
    uint32_t video;
};

static uint32_t query_of(const void *capture)
{
    return ((const struct hub_query *)capture)->query;
}

/* Those without a rank are below all that have one. */
static double rank_of(const struct analysis *analysis, const void *capture)
{
    double rank = analysis_rank(analysis, query_of(capture));

    return isnan(rank) ? 0 : rank;
}

static int by_place(const void *a, const void *b, const void *context)
{
    (void)context;
    return sort_numbers(((const struct hub_query *)a)->place, ((const struct hub_query *)b)->place);
}

/* A list that does not have the video comes after all that do. */
static double other_place(const struct rules_of *of, const void *capture)
{
    uint32_t place = hub_queries_place(of->other, query_of(capture), of->video);

    return place ? place : INFINITY;
}

static int by_other_place(const void *a, const void *b, const void *context)
{
    return sort_numbers(other_place(context, a), other_place(context, b));
}

static int by_query(const void *a, const void *b, const void *context)
{
    (void)context;
    return sort_numbers(query_of(a), query_of(b));
}

static int by_rank(const void *a, const void *b, const void *context)
{
    const struct rules_of *of = context;

    return sort_numbers(rank_of(of->named, a), rank_of(of->named, b));
}

static int by_other_rank(const void *a, const void *b, const void *context)
{
    const struct rules_of *of = context;

    return sort_numbers(rank_of(of->other, a), rank_of(of->other, b));
}

static int by_shift(const void *a, const void *b, const void *context)
{
    const struct rules_of *of = context;

    return sort_numbers(rank_of(of->named, a) - rank_of(of->other, a), rank_of(of->named, b) - rank_of(of->other, b));
}

static const struct sort_column captures_columns[CAPTURES_ORDERS] = {
    [CAPTURES_BY_PLACE] = {by_place, false},          [CAPTURES_BY_OTHER_PLACE] = {by_other_place, false},
    [CAPTURES_BY_QUERY] = {by_query, false},          [CAPTURES_BY_RANK] = {by_rank, true},
    [CAPTURES_BY_OTHER_RANK] = {by_other_rank, true}, [CAPTURES_BY_SHIFT] = {by_shift, true},
};

static void sort_captures(struct hubs_state *state, const struct model *model)
{
    const struct rules_of of = {model_whole_analysis(model, state->capture_rule),
                                model_whole_analysis(model, hubs_other_rule(state, model)), model->video};

    if (of.other)
        sort_rows(&state->captures_sort, captures_columns, state->capture, state->captures, sizeof *state->capture,
                  &of);
}

void hubs_refresh_queries(struct hubs_state *state, const struct model *model)
{
    struct pick rule = hubs_named_rule(state, model);
    const struct analysis *analysis = model_whole_analysis(model, rule); /* queries of any video */
    const struct task *task = model_side(model, T2V, rule)->task;
    size_t k = analysis_k[state->k];

    state->captures = state->stolen = 0;
    state->made_video = model->video;
    state->capture_rule = rule;
    if (!analysis || !task || model->video >= analysis->gallery)
        return;
    size_t count = analysis->occurrence[state->k][model->video];
    if (count > state->capture_room) {
        struct hub_query *grown = memory_grow(state->capture, count, sizeof *grown);
        if (!grown)
            return;
        state->capture = grown;
        state->capture_room = count;
    }
    if (count)
        state->captures = hub_queries_list(task, analysis, model->video, k, state->capture, count);
    if (state->captures > count)
        state->captures = count;
    sort_captures(state, model);
    for (size_t i = 0; i < state->captures; i++)
        state->stolen += state->capture[i].stolen;
    list_fit(&state->list[HUBS_QUERIES], state->captures, state->list[HUBS_QUERIES].shown);
    list_select(&state->list[HUBS_QUERIES], 0);
}

static void draw_rank(struct rect r, int end, int style, double rank)
{
    draw_right(r, 0, end, style, rank == floor(rank) ? "%.0f" : "%.1f", rank);
}

/* One captured query: the video's place in its list under both rules, and the rank of its own video under both. */
static void draw_capture(const struct hubs_state *state, const struct model *model, struct rect r, int y, size_t row)
{
    const struct hub_query *capture = &state->capture[row];
    const struct analysis *named = model_whole_analysis(model, state->capture_rule);
    const struct analysis *other = model_whole_analysis(model, hubs_other_rule(state, model));
    int mark = hubs_row_mark(state, model, HUBS_QUERIES, row), end = r.columns;
    int first = state->of_versus ? STYLE_RULE_A : STYLE_RULE_B;
    int second = state->of_versus ? STYLE_RULE_B : STYLE_RULE_A;
    struct rect line = rect_top(rect_below(r, y), 1);
    char caption[512];

    if (mark)
        draw_fill(line, STYLE_TEXT | mark);
    draw_right(line, 0, 4, first | mark, "%u", capture->place);
    uint32_t place = hub_queries_place(other, capture->query, model->video);
    if (place)
        draw_right(line, 0, 8, second | mark, "%u", place);
    else
        draw_right(line, 0, 8, STYLE_DIM | mark, ">%zu", other->top_k);
    if (capture->own)
        draw_text(line, 0, 9, STYLE_TARGET | mark, glyph(GLYPH_TARGET));
    else if (capture->stolen)
        draw_text(line, 0, 9, STYLE_DOWN | mark, "!");
    draw_text(line, 0, 10, STYLE_STRONG | mark, model_mark_glyph(model, model->collection->target[capture->query]));
    model_caption(model, capture->query, caption, sizeof caption);
    draw_text(rect_left(line, end - RANKS_COLUMNS), 0, 11, STYLE_TEXT | mark, caption);
    double before = analysis_rank(named, capture->query), after = analysis_rank(other, capture->query);
    if (isnan(before) || isnan(after)) {
        draw_right(line, 0, end - 1, STYLE_DIM | mark, item_text("no own video"));
        return;
    }
    draw_rank(line, end - 18, first | mark, before);
    draw_text(line, 0, end - 17, STYLE_DIM | mark, glyph(GLYPH_ARROW));
    draw_rank(line, end - 10, second | mark, after);
    if (after == before)
        draw_text(line, 0, end - 8, STYLE_DIM | mark, glyph(GLYPH_SAME));
    else
        draw_format(line, 0, end - 8, (after < before ? STYLE_UP : STYLE_DOWN) | mark, "%s%g",
                    glyph(after < before ? GLYPH_UP : GLYPH_DOWN), fabs(after - before));
}

/* "place", and the rule of each of the two in a row; returns the column after it. */
static int draw_place_heads(struct sort *sort, struct rect head, const char *named, const char *other, bool of_versus)
{
    enum { FIRST = 7 };
    int second = FIRST + text_columns(named) + 1;

    draw_text(head, 1, 0, STYLE_DIM, "place");
    sort_head(sort, captures_columns, CAPTURES_BY_PLACE, head, 1, FIRST, of_versus ? STYLE_RULE_A : STYLE_RULE_B,
              named);
    struct rect *first = &sort->head[CAPTURES_BY_PLACE]; /* the word, too, can be clicked */
    first->columns += first->x - head.x;
    first->x = head.x;
    sort_head(sort, captures_columns, CAPTURES_BY_OTHER_PLACE, head, 1, second, of_versus ? STYLE_RULE_B : STYLE_RULE_A,
              other);
    return second + text_columns(other);
}

static void draw_heads(struct hubs_state *state, const struct model *model, struct rect head)
{
    static const char ranks[] = "rank of its own video: ";
    const struct pick_name named = pick_short_name(model, state->capture_rule);
    const struct pick_name other = pick_short_name(model, hubs_other_rule(state, model));
    struct sort *sort = &state->captures_sort;
    int end = head.columns, first = end - 18 - (text_columns(named.text) < 7 ? text_columns(named.text) : 7);
    const char *words = item_text(ranks);
    bool room = first - 1 - text_columns(words) > 18;

    struct rect left = rect_left(head, end - RANKS_COLUMNS);
    int places = draw_place_heads(sort, left, named.text, other.text, state->of_versus);
    sort_head(sort, captures_columns, CAPTURES_BY_QUERY, left, 1, places + 2, STYLE_DIM, "query");
    draw_right(head, 1, first - 1, STYLE_DIM, "%s", room ? words : "rank: ");
    sort_head_right(sort, captures_columns, CAPTURES_BY_RANK, head, 1, end - 18, 7,
                    state->of_versus ? STYLE_RULE_A : STYLE_RULE_B, named.text);
    sort_head_right(sort, captures_columns, CAPTURES_BY_OTHER_RANK, head, 1, end - 10, 7,
                    state->of_versus ? STYLE_RULE_B : STYLE_RULE_A, other.text);
    sort_head(sort, captures_columns, CAPTURES_BY_SHIFT, head, 1, end - 8, STYLE_DIM, "shift");
}

void hubs_draw_queries(struct hubs_state *state, const struct model *model, struct rect r)
{
    struct list *list = &state->list[HUBS_QUERIES];
    struct rect head = rect_top(r, 2), rows = rect_below(r, 2);
    int end = r.columns - 1;
    char title[160];

    snprintf(title, sizeof title, "%s: in %zu of %zu lists, ! above their own: %zu",
             pick_name(model, state->capture_rule).text, state->captures, model->collection->queries, state->stolen);
    draw_horizontal(head, 0, state->focus == HUBS_QUERIES ? STYLE_STRONG : STYLE_DIM, title);
    draw_heads(state, model, rect_left(head, end));
    list_fit(list, state->captures, rows.rows > 0 ? (size_t)rows.rows : 1);
    state->rows[HUBS_QUERIES] = rows;
    if (!state->captures && rows.rows > 0)
        draw_text(rows, 0, 1, STYLE_ANTIHUB, "an antihub: it is in no query's list");
    for (int y = 0; y < rows.rows && list->first + (size_t)y < state->captures; y++)
        draw_capture(state, model, rect_left(rows, end), y, list->first + (size_t)y);
    draw_scrollbar(rows, list->first, list->shown, list->count);
}
