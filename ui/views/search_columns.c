#include "ui/draw/gauge.h"
#include "ui/draw/label.h"
#include "ui/model/filter.h"
#include "ui/model/marks.h"
#include "ui/model/ranks.h"
#include "ui/model/texts.h"
#include "ui/views/role.h"
#include "ui/views/search.h"

#include <math.h>
#include <stdio.h>

enum {
    RANK = 4, /* mark and rank */
    NARROW = 40,
    ROOM_FOR_PROBABILITY = 28,
    ROOM_FOR_WORD = 44, /* "hub" beside its glyph */
    ROOM_FOR_BAR = 52,
    TITLE = 256
};

/* Where the fields of a row go in a column of a given width; 0: left out. */
struct row_plan {
    int title_end;
    int hub_end;
    int bar, bar_columns;
    int probability_end;
    int shift_end;
};

static int digits(size_t number)
{
    int count = 1;
    for (; number >= 10; number /= 10)
        count++;
    return count;
}

static struct row_plan plan_row(int columns, bool shifts, size_t gallery)
{
    struct row_plan plan = {.title_end = 0};
    int end = columns;
    if (shifts) {
        plan.shift_end = end;
        end -= 1 + (gallery < 10 ? 2 : gallery < 10000 ? digits(gallery) : 5) + (columns >= NARROW);
    }
    if (columns >= ROOM_FOR_PROBABILITY) {
        plan.probability_end = end;
        end -= columns >= NARROW ? 6 : 5;
    }
    if (columns >= ROOM_FOR_BAR) {
        plan.bar_columns = columns / 5 < 16 ? columns / 5 : 16;
        plan.bar = end - plan.bar_columns;
        end = plan.bar - 1;
    }
    plan.hub_end = end;
    plan.title_end = end - (columns >= ROOM_FOR_WORD ? 6 : 2);
    return plan;
}

/* What a row is drawn with besides its item. */
struct row {
    size_t rank, other; /* under the column's rule and under the one it is compared with */
    uint32_t item;
    int emphasis; /* STYLE_SELECTED, STYLE_MARKED or 0 */
    bool pinned;
};

static void draw_row(struct rect column, int y, const struct row *row, const struct search_column *answer,
                     const struct search_state *state, struct model *model, double most)
{
    bool versus = pick_same(answer->pick, model->versus) && state->columns > 1;
    bool shifts = !versus || state->columns == 2;
    struct row_plan plan = plan_row(column.columns, shifts && !pick_same(answer->against, answer->pick),
                                    model_search(model, answer->of)->m);
    struct rect line = {column.y + y, column.x, 1, column.columns};
    bool target = row->item == model_target(model);
    if (row->emphasis)
        draw_fill(line, STYLE_TEXT | row->emphasis);

    char text[TITLE];
    if (target || row->pinned) {
        draw_text(line, 0, 0, (target ? STYLE_TARGET : STYLE_DIM) | row->emphasis,
                  glyph(target ? GLYPH_TARGET : GLYPH_ELLIPSIS));
    }
    snprintf(text, sizeof text, "%zu", row->rank);
    int rank_end = text_columns(text) < RANK ? RANK : text_columns(text) + 1;
    draw_right(line, 0, rank_end, STYLE_DIM | row->emphasis, "%s", text);

    draw_text(line, 0, rank_end, STYLE_STRONG | row->emphasis, model_mark_glyph(model, row->item));
    model_title(model, row->item, text, sizeof text);
    draw_text(rect_left(line, plan.title_end), 0, rank_end + 1, (target ? STYLE_TARGET : STYLE_TEXT) | row->emphasis,
              text);
    if (model_is_hub(model, row->item, answer->of)) {
        draw_right(line, 0, plan.hub_end, STYLE_HUB | row->emphasis, "%s%s", glyph(GLYPH_HUB),
                   column.columns >= ROOM_FOR_WORD ? " hub" : "");
    }
    if (plan.probability_end) {
        double probability = model_probability(model, answer->of, row->item);
        char number[LABEL_NUMBER];
        label_probability(probability, number);
        draw_right(line, 0, plan.probability_end, STYLE_TEXT | row->emphasis, "%s", number);
        /* no slivers: they would line up to look like a border */
        if (plan.bar && probability * plan.bar_columns * 2 >= most) {
            gauge_bar(line, 0, plan.bar, plan.bar_columns, probability, most,
                      role_style(model, answer->pick) | row->emphasis);
        }
    }
    if (!plan.shift_end)
        return;
    if (versus) { /* where the current rule takes it */
        if (row->other)
            draw_right(line, 0, plan.shift_end, STYLE_DIM | row->emphasis, "%s%zu", glyph(GLYPH_ARROW), row->other);
    } else {
        label_draw_shift(line, 0, plan.shift_end, row->emphasis, row->other, row->rank);
    }
}

static void draw_title(struct rect column, const struct search_column *answer, const struct search_state *state,
                       const struct model *model, bool focus)
{
    char parameters[96], text[320], label[FILTER_LABEL];
    const struct rule *rule = rules[answer->pick.rule];
    const struct rule_spec *asked = model_spec(model, answer->pick);
    bool waits = !pick_same(answer->of, answer->pick);
    const struct rule_spec *shown = answer->list && !waits ? &answer->list->fit->spec : asked;
    label_parameters(shown, parameters, sizeof parameters);
    const char *gate = "", *behind = "";
    for (size_t i = 0; i < rule->parameter_count; i++)
        if (shown->value[i] != asked->value[i])
            behind = " ..."; /* the new fit is under way */
    if (answer->list && !waits && answer->list->fit->active)
        gate = answer->list->open ? ", gate open" : ", gate shut";
    const struct pick_name title = pick_title(model, answer->pick);
    snprintf(text, sizeof text, "%s%s%s%s%s", title.text, parameters[0] ? "  " : "", parameters, gate, behind);
    double scale = rule_value(shown, "scale");
    if (text_columns(text) + 6 > column.columns && model_compares_models(model) && !isnan(scale))
        snprintf(text, sizeof text, "%s  scale %.3g%s%s", title.text, scale, gate, behind);
    if (waits)
        snprintf(text, sizeof text, "%s: fitting, as %s", title.text, pick_name(model, answer->of).text);
    if (text_columns(text) + 6 > column.columns)
        snprintf(text, sizeof text, "%s%s", title.text, gate);
    if (text_columns(text) + 6 > column.columns)
        snprintf(text, sizeof text, "%s%s", pick_name(model, answer->pick).text, gate);
    filter_label(model, answer->count, answer->list ? model_search(model, answer->of)->m : 0, label);
    int style = state->columns == 1 ? STYLE_RULE_B : role_style(model, answer->pick);
    draw_horizontal(rect_top(column, 1), 0, focus ? style : STYLE_DIM, NULL);
    int x =
        focus ? draw_format(column, 0, 1, style, " %s ", glyph(GLYPH_POINTER)) : draw_text(column, 0, 1, style, " ");
    if (model_narrows(model))
        x = draw_text(rect_left(column, column.columns - 2), 0, x, style, label);
    x = draw_text(rect_left(column, column.columns - 2), 0, x, style, text);
    draw_text(column, 0, x, style, " ");
}

bool search_awaits(const struct model *model, struct pick pick, char *text, size_t size)
{
    const struct model_side *side = model_side(model, T2V, pick);
    const char *note = model_source(model, pick)->search_note;
    const struct rule *rule = rules[pick.rule];
    if (side->unavailable[pick.rule])
        snprintf(text, size, "%s cannot be used here: %s", rule->title, side->unavailable[pick.rule]);
    else if (side->failed[pick.rule][0])
        snprintf(text, size, "%s", side->failed[pick.rule]);
    else if (*note)
        snprintf(text, size, "%s", note);
    else if (!side->fit[pick.rule] && (rule->needs & RULE_NEEDS_BANK))
        snprintf(text, size, "fitting %s to bank %s ...", rule->title, side->task ? side->task->bank_name : "");
    else
        snprintf(text, size, "ranking ...");
    return !side->unavailable[pick.rule] && !side->failed[pick.rule][0] && !*note;
}

static void draw_absence(struct rect column, const struct search_column *answer, const struct model *model)
{
    struct rect r = rect_inset(rect_below(column, 1), 1, 1);
    char text[320];
    search_awaits(model, answer->pick, text, sizeof text);
    draw_wrapped(r, 0, 0, r.rows, STYLE_DIM, text);
}

static void draw_column(struct rect column, unsigned index, const struct search_state *state, struct model *model,
                        double most)
{
    const struct search_column *answer = &state->column[index];
    bool focus = index == state->focus && state->pane == PANE_COLUMNS;
    draw_title(column, answer, state, model, focus);
    if (!answer->list) {
        draw_absence(column, answer, model);
        return;
    }
    struct rect body = rect_below(column, 1);
    struct search_rows rows =
        search_rows_of(state->list.first, answer->count, body.rows, answer->selected_place, answer->target_place);
    bool waits = !pick_same(answer->of, answer->pick);
    bool before = theme_dim(waits || model_list_lags(model, answer->pick));
    int emphasis = focus ? STYLE_SELECTED : STYLE_MARKED;
    for (int y = 0; y < rows.listed && state->list.first + (size_t)y < answer->count; y++) {
        size_t i = state->list.first + (size_t)y;
        uint32_t item = answer->item[i];
        struct row row = {answer->rank[i], waits ? 0 : model_rank(model, answer->against, item), item,
                          item == model->video ? emphasis : 0, false};
        draw_row(body, y, &row, answer, state, model, most);
    }
    if (!answer->count)
        draw_text(body, 0, RANK + 1, STYLE_DIM, FILTER_NOTHING);
    if (rows.selected >= rows.listed && rows.selected < body.rows) {
        struct row row = {answer->selected_rank, waits ? 0 : model_rank(model, answer->against, model->video),
                          model->video, emphasis, true};
        draw_row(body, rows.selected, &row, answer, state, model, most);
    }
    if (rows.target >= rows.listed && rows.target != rows.selected && rows.target < body.rows) {
        struct row row = {answer->target_rank, waits ? 0 : model_rank(model, answer->against, model_target(model)),
                          model_target(model), 0, true};
        draw_row(body, rows.target, &row, answer, state, model, most);
    }
    if (index == state->columns - 1) {
        struct rect bar = {body.y, body.x + body.columns, rows.listed, 1};
        draw_scrollbar(bar, state->list.first, (size_t)rows.listed, answer->count);
    }
    theme_dim(before);
}

/* Draws a line in the gutter from row `from` of the left column to row `to` of the right one. */
static void draw_connector(struct rect gutter, int from, int to, int style)
{
    if (gutter.columns < 3 || from < 0 || to < 0 || from >= gutter.rows || to >= gutter.rows)
        return;
    int bend = gutter.columns / 2;
    for (int x = gutter.columns > 3; x < bend; x++)
        draw_text(gutter, from, x, style, glyph(GLYPH_HORIZONTAL));
    for (int x = bend + 1; x < gutter.columns - 1; x++)
        draw_text(gutter, to, x, style, glyph(GLYPH_HORIZONTAL));
    draw_text(gutter, to, gutter.columns - 1, style, glyph(GLYPH_POINTER));
    if (from == to) {
        draw_text(gutter, from, bend, style, glyph(GLYPH_HORIZONTAL));
        return;
    }
    bool down = to > from;
    draw_text(gutter, from, bend, style, glyph(down ? GLYPH_TOP_RIGHT : GLYPH_BOTTOM_RIGHT));
    draw_text(gutter, to, bend, style, glyph(down ? GLYPH_BOTTOM_LEFT : GLYPH_TOP_LEFT));
    for (int y = (down ? from : to) + 1; y < (down ? to : from); y++)
        draw_text(gutter, y, bend, style, glyph(GLYPH_VERTICAL));
}

static void draw_connectors(const struct search_state *state, const struct search_layout *layout)
{
    for (unsigned i = layout->first; i + 1 < layout->first + layout->columns; i++) {
        const struct search_column *left = &state->column[i], *right = &state->column[i + 1];
        if (!left->list || !right->list)
            continue;
        struct rect a = rect_below(layout->column[i], 1), b = rect_below(layout->column[i + 1], 1);
        struct rect gutter = {a.y, a.x + a.columns, a.rows, b.x - a.x - a.columns};
        struct search_rows rows_a =
            search_rows_of(state->list.first, left->count, a.rows, left->selected_place, left->target_place);
        struct search_rows rows_b =
            search_rows_of(state->list.first, right->count, b.rows, right->selected_place, right->target_place);
        draw_connector(gutter, rows_a.selected, rows_b.selected,
                       label_shift(left->selected_rank, right->selected_rank).style);
    }
}

void search_draw_columns(const struct search_state *state, struct model *model, const struct search_layout *layout)
{
    double most = 0;
    for (unsigned i = 0; i < state->columns; i++) {
        const struct search_column *answer = &state->column[i];
        if (!answer->list || !answer->count)
            continue;
        double first = model_probability(model, answer->of, answer->list->item[0]);
        if (first > most)
            most = first;
    }
    for (unsigned i = layout->first; i < layout->first + layout->columns; i++)
        draw_column(layout->column[i], i, state, model, most);
    draw_connectors(state, layout);
}
