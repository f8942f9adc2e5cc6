/* The tables of the Metrics view: one row per rule, one column per measure. */
#include "engine/base/item.h"
#include "engine/base/text.h"
#include "engine/collection/collection.h"
#include "ui/draw/interval.h"
#include "ui/model/differences.h"
#include "ui/model/first_look.h"
#include "ui/model/narrowing.h"
#include "ui/views/metrics.h"
#include "ui/views/role.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    CELL_COLUMNS = 7, /* one measure */
    LEGEND = 110      /* columns from which there is room for it in a table's heading */
};

static size_t cells_that_fit(const struct metrics_state *state, struct rect r)
{
    int cells = (r.columns - METRICS_NAME_COLUMNS - 1) / CELL_COLUMNS;
    size_t most = measures_count - state->least;

    return cells < 1 ? 1 : (size_t)cells < most ? (size_t)cells : most;
}

void metrics_keep_in_sight(struct metrics_state *state, struct rect r)
{
    size_t shown = cells_that_fit(state, r);

    if (state->first < state->least)
        state->first = state->least;
    if (state->measure < state->first)
        state->first = state->measure;
    if (state->measure >= state->first + shown)
        state->first = state->measure - shown + 1;
    if (state->first + shown > measures_count)
        state->first = measures_count - shown;
}

size_t metrics_measure_at(const struct metrics_state *state, int column)
{
    int cell = column - METRICS_NAME_COLUMNS;
    size_t measure = state->first + (size_t)(cell > 0 ? cell / CELL_COLUMNS : 0);

    return cell >= 0 && measure < measures_count ? measure : state->measure;
}

double metrics_value(const struct model *model, enum direction direction, struct pick pick,
                     const struct measure *measure)
{
    const struct analysis *analysis = model_analysis_of(model, direction, pick);

    if (!analysis)
        return NAN;
    struct measured measured = measured_of(analysis, direction);
    return measure_shown(measure, &measured);
}

const struct bootstrap *metrics_difference(const struct metrics_state *state, struct model *model,
                                           enum direction direction, struct pick pick)
{
    const struct measure *measure = &measure_table[state->measure];
    bool mass = measure->group == MEASURE_MASS && measure->interval && direction == state->direction;

    return (mass ? model_difference_in_mass : model_difference)(model, direction, pick);
}

/* The best value of a measure among the rules, as it is printed; NAN when none is better than another. */
static double best_of(const struct model *model, enum direction direction, const struct measure *measure)
{
    struct pick picks[PICKS_MAX];
    size_t count = model_picks(model, picks);
    double best = NAN, worst = NAN;

    for (size_t i = 0; i < count; i++) {
        double value = metrics_value(model, direction, picks[i], measure) * measure->better;
        if (isnan(value))
            continue;
        best = isnan(best) || value > best ? value : best;
        worst = isnan(worst) || value < worst ? value : worst;
    }
    return measure->better && best > worst ? best * measure->better : NAN;
}

static void draw_headings(const struct metrics_state *state, struct rect r, bool focused)
{
    size_t shown = cells_that_fit(state, r);
    bool listed = state->order == METRICS_AS_LISTED;

    draw_text(r, 2, 3, listed ? STYLE_STRONG : STYLE_DIM, "rule");
    if (listed)
        metrics_order_draw(state, r, 2, 2);
    for (size_t i = 0; i < shown; i++) {
        const struct measure *measure = &measure_table[state->first + i];
        int end = METRICS_NAME_COLUMNS + (int)(i + 1) * CELL_COLUMNS;
        bool chosen = state->first + i == state->measure;
        bool begins = i == 0 || measure->group != measure_table[state->first + i - 1].group;
        size_t members = 0;

        while (i + members < shown && measure_table[state->first + i + members].group == measure->group)
            members++;
        if (begins) {
            struct rect title = rect_left(r, METRICS_NAME_COLUMNS + (int)(i + members) * CELL_COLUMNS);
            const char *words = measure_group_title(measure->group);
            int from = end - CELL_COLUMNS + 2, room = title.columns - from;
            int length = text_columns(words) <= room ? (int)strlen(words) : (int)strcspn(words, ",");
            int at = draw_format(title, 1, from, STYLE_DIM, "%.*s", length, words);
            for (at++; at < title.columns; at++)
                draw_text(title, 1, at, STYLE_DIM, glyph(GLYPH_HORIZONTAL));
        }
        if (!listed && state->ordered == state->first + i)
            metrics_order_draw(state, r, 2, end - text_columns(measure->name) - 1);
        draw_right(r, 2, end, chosen ? STYLE_STRONG | (focused ? STYLE_SELECTED : STYLE_MARKED) : STYLE_DIM, "%s",
                   measure->name);
    }
    if (state->first > state->least)
        draw_text(r, 2, METRICS_NAME_COLUMNS - 1, STYLE_KEY, glyph(GLYPH_MORE));
    if (state->first + shown < measures_count)
        draw_text(r, 2, METRICS_NAME_COLUMNS + (int)shown * CELL_COLUMNS, STYLE_KEY, glyph(GLYPH_MORE));
}

/* Above a model's rules: its name, and what its probabilities are scaled by. */
static void draw_model(const struct model *model, enum direction direction, struct rect r, int y, struct pick pick)
{
    const struct collection_model *of = model_source(model, pick)->model;
    const char *lacks = model_side(model, direction, pick)->lacks;
    bool current = pick.model == model->current.model;

    int at = draw_text(r, y, 1, current ? STYLE_RULE_B : STYLE_RULE_A, model_name(model, pick.model).text);
    at = draw_format(r, y, at, STYLE_DIM, "  logit scale %.4g", of->logit_scale);
    draw_format(r, y, at, STYLE_DIM, "%s%s", *lacks ? "; " : "", lacks);
}

static bool begins_model(const struct pick *picks, size_t i)
{
    return i == 0 || picks[i].model != picks[i - 1].model;
}

size_t metrics_lines(const struct model *model)
{
    struct pick picks[PICKS_MAX];

    return model_picks(model, picks) + (model_compares_models(model) ? MODEL_SHOWN : 0);
}

size_t metrics_line(const struct model *model, size_t row)
{
    struct pick picks[PICKS_MAX];
    size_t count = model_picks(model, picks), line = row;

    for (size_t i = 0; i <= row && i < count && model_compares_models(model); i++)
        line += begins_model(picks, i);
    return line;
}

static void draw_row(const struct metrics_state *state, struct model *model, enum direction direction, struct rect r,
                     int y, struct pick pick)
{
    bool focused = direction == state->direction, chosen = focused && pick_same(pick, state->chosen);
    int mark = chosen ? STYLE_SELECTED : 0;
    const struct model_side *side = model_side(model, direction, pick);
    struct rect line = rect_top(rect_below(r, y), 1);

    if (chosen)
        draw_fill(line, STYLE_TEXT | mark);
    int role = role_style(model, pick);
    draw_text(line, 0, 1, mark | role, chosen ? glyph(GLYPH_POINTER) : " ");
    draw_text(rect_left(line, METRICS_NAME_COLUMNS), 0, 3, mark | (role == STYLE_DIM ? STYLE_TEXT : role),
              rules[pick.rule]->title);
    if (!model_analysis_of(model, direction, pick)) {
        const char *why = side->unavailable[pick.rule] ? side->unavailable[pick.rule]
                          : side->failed[pick.rule][0] ? side->failed[pick.rule]
                                                       : "being fitted ...";
        draw_text(line, 0, METRICS_NAME_COLUMNS + 2, mark | STYLE_DIM, why);
        return;
    }
    const struct bootstrap *difference = metrics_difference(state, model, direction, pick);
    bool was_dim = theme_dim(model_analysis_lags(model, direction, pick));
    for (size_t i = 0; i < cells_that_fit(state, r); i++) {
        const struct measure *measure = &measure_table[state->first + i];
        int end = METRICS_NAME_COLUMNS + (int)(i + 1) * CELL_COLUMNS;
        double value = metrics_value(model, direction, pick, measure), best = best_of(model, direction, measure);
        int style = isnan(value) ? STYLE_DIM : value == best ? STYLE_UP : STYLE_TEXT;
        bool column = focused && state->first + i == state->measure;
        char number[24];

        measure_print(measure, value, number, sizeof number);
        int ground = mark ? mark : column ? STYLE_MARKED : 0, before = end - text_columns(number) - 1;
        draw_right(line, 0, end, style | ground, "%s", number);
        bool room = before > end - CELL_COLUMNS || (before == end - CELL_COLUMNS && i > 0 && !measure[-1].interval);
        if (style == STYLE_UP && room) /* beside the verdict of the cell before */
            draw_text(line, 0, before, style | ground, glyph(GLYPH_BULLET));
        const struct interval *interval = difference ? measure_interval(measure, difference) : NULL;
        if (interval)
            interval_mark(line, 0, end, mark, interval_verdict(measure, interval));
    }
    theme_dim(was_dim);
}

/* "video to text   500 queries, 500 videos by their best captions, bank train": how it is counted, too. */
static void print_title(const struct model *model, const struct task *task, char *title, size_t size)
{
    const struct collection *collection = task->collection;
    size_t without = task_without_captions(task);
    struct first_look look;
    char text[64];

    const struct subset *subset = narrowing_subset(model->narrowing, task->direction);
    const char *direction = task->direction == T2V ? item_text("text to video") : item_text("video to text");
    const char *items = task_items_are_videos(task) ? item_text("videos") : "captions";
    if (subset)
        snprintf(title, size, "%s   %s: %zu of %zu queries, %zu of %zu %s", direction, subset->name, subset->queries,
                 subset->all_queries, subset->items, subset->all_items, items);
    else if (task->direction == T2V && model_first_look(model, &look) && look.queries)
        snprintf(title, size, "%s   %zu of %zu queries, %zu %s", direction, look.queries, look.all_queries,
                 task_items(task), items);
    else
        snprintf(title, size, "%s   %zu queries, %zu %s", direction, task_queries(task), task_items(task), items);
    if (task->videos)
        text_append(title, size, " ", "by their best captions");
    if (task->bank_name[0])
        text_append(title, size, ", bank ", task->bank_name);
    if (without) {
        snprintf(text, sizeof text, "%zu without captions %s", without,
                 task->conventions.keep_masked ? "at infinite rank" : "dropped");
        text_append(title, size, ", ", text);
    }
    if (collection->judged)
        text_append(title, size, ", ", "targets of --qrels");
}

/* What the marks in the table mean, at the end of its heading where there is room behind the title. */
static void draw_legend(const struct model *model, struct rect r, int left)
{
    char text[120];

    snprintf(text, sizeof text, " %s best, %s better, %s worse than %s beyond chance ", glyph(GLYPH_BULLET),
             glyph(GLYPH_UP), glyph(GLYPH_DOWN), pick_name(model, model->versus).text);
    if (r.columns >= LEGEND && text_columns(text) <= left)
        draw_right(r, 0, r.columns - 2, STYLE_DIM, "%s", text);
}

void metrics_draw_table(const struct metrics_state *state, struct model *model, enum direction direction, struct rect r)
{
    struct pick picks[PICKS_MAX];
    size_t count = metrics_picks(state, model, direction, picks);
    const struct task *task = model_side(model, direction, model->current)->task;
    char title[200];

    if (!task) {
        draw_horizontal(r, 0, STYLE_DIM, direction == T2V ? item_text("text to video") : item_text("video to text"));
        draw_text(r, 2, 2, STYLE_DIM, item_text("not possible here: no captions belong to the videos"));
        return;
    }
    print_title(model, task, title, sizeof title);
    draw_horizontal(r, 0, direction == state->direction ? STYLE_STRONG : STYLE_DIM, title);
    draw_legend(model, r, r.columns - text_columns(title) - 8);
    draw_headings(state, r, direction == state->direction);
    struct rect lines = rect_below(r, METRICS_HEAD);
    for (size_t i = 0; i < count; i++) {
        int y = (int)metrics_line(model, i) - (int)state->top;
        if (model_compares_models(model) && y > 0 && y <= lines.rows && begins_model(picks, i))
            draw_model(model, direction, lines, y - 1, picks[i]);
        if (y >= 0 && y < lines.rows)
            draw_row(state, model, direction, lines, y, picks[i]);
    }
    if (model_compares_models(model) && metrics_lines(model) > (size_t)lines.rows)
        draw_scrollbar(lines, state->top, (size_t)lines.rows, metrics_lines(model));
}
