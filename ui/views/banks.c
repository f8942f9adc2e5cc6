/* What each query bank is good for: a table of the banks, and of the selected one its reading, how parts of it do, and the
 * videos that bank and evaluation queries disagree about. */
#include "ui/chart.h"
#include "ui/label.h"
#include "ui/list.h"
#include "ui/view.h"

#include "engine/capture.h"
#include "engine/memory.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAME_SMALL = 11,
    NAME_LEAST = 12,
    NAME_MOST = 30,
    CELL = 8,                  /* R@1 of a rule */
    PARTS = 3,                 /* 1/8, 1/4 and 1/2 of the bank */
    PART_LEAST = 8,            /* bank queries of the smallest part */
    SEED = 1,
    BESIDE = 110,              /* columns from which on panes stand side by side */
    SMALL = 60,                /* columns up to which a table has the numbers only */
    READING_ROWS = 8,
    CURVE_ROWS = 8,
    CURVE_MOST = 18,
    NUMBERS = 15               /* columns of a video's two shares */
};

enum pane { BANKS, VIDEOS, PANES };

struct contrast { /* a video's share of the top-10 lists, in percent of lists */
    uint32_t video;
    double bank, queries;
};

struct bank_state {
    struct list list[PANES];
    struct rect rows[PANES]; /* where they were drawn, for clicks */
    enum pane focus;
    const struct bank_report *report; /* of the selected bank, at the last draw */
    struct contrast *contrast;        /* by difference, largest first */
    size_t contrast_bank;             /* whose they are, by number from 1: parameters of rules change nothing in them */
    size_t contrasts;
};

static struct bank_choice choice_of(const struct model *model, size_t bank)
{
    struct bank_choice choice = {0};

    snprintf(choice.name, sizeof choice.name, "%s", model->collection->bank[bank].name);
    return choice;
}

static int by_difference(const void *a, const void *b)
{
    const struct contrast *left = a, *right = b;
    double l = fabs(left->queries - left->bank), r = fabs(right->queries - right->bank);

    if (l != r)
        return l < r ? 1 : -1;
    return (left->video > right->video) - (left->video < right->video);
}

static void take_contrasts(struct bank_state *state, const struct bank_report *report, size_t bank)
{
    state->report = report;
    if (report && state->contrast_bank == bank + 1)
        return;
    free(state->contrast);
    state->contrasts = state->contrast_bank = 0;
    state->contrast = report ? memory_array(report->gallery, sizeof *state->contrast) : NULL;
    if (!state->contrast)
        return;
    state->contrast_bank = bank + 1;
    for (size_t j = 0; j < report->gallery; j++)
        if (report->bank_count[j] || report->query_count[j])
            state->contrast[state->contrasts++] =
                (struct contrast){(uint32_t)j, 100 * (double)report->bank_count[j] / (double)report->rows,
                                  100 * (double)report->query_count[j] / (double)report->queries};
    qsort(state->contrast, state->contrasts, sizeof *state->contrast, by_difference);
}

/* The columns of a table. */
struct columns {
    int name, cells; /* width of the name; rules shown */
    bool active, rho, hubs;
    bool raw;            /* R@1 of raw comes first */
    size_t current;      /* the current rule: in the last cell where it would have none */
};

static struct columns with_cells(const struct model *model, struct columns columns, struct rect r)
{
    int end = columns.name + 7 + 7 + 8 * columns.active + 7 * columns.rho + 8 * columns.hubs;

    columns.current = model->rule;
    columns.cells = r.columns > end ? (r.columns - end - 1) / CELL : 0;
    return columns;
}

static struct columns bank_columns(const struct model *model, struct rect r)
{
    return with_cells(model, (struct columns){.name = r.columns >= BESIDE  ? NAME_MOST
                                               : r.columns < SMALL ? NAME_SMALL
                                                                   : NAME_LEAST,
                                       .active = true,
                                       .rho = r.columns >= SMALL,
                                       .hubs = r.columns >= SMALL,
                                       .raw = true},
                      r);
}

static struct columns part_columns(const struct model *model, struct rect r)
{
    return with_cells(model, (struct columns){.name = 6, .rho = true}, r);
}

/* The rule in cell c, or null: raw, or beyond those of the report. */
static const struct bank_rule *rule_in(const struct columns *columns, const struct bank_report *report, int c)
{
    size_t place = (size_t)(c - columns->raw);

    if (c < columns->raw)
        return NULL;
    for (size_t i = place + 1; c + 1 == columns->cells && i < report->rules; i++)
        if (report->rule[i].spec.rule == rules[columns->current])
            place = i;
    return place < report->rules ? &report->rule[place] : NULL;
}

static bool is_cell(const struct columns *columns, const struct bank_report *report, int c)
{
    return c < columns->cells && (size_t)c < report->rules + columns->raw;
}

static void draw_heading(struct rect r, int y, const struct columns *columns, const struct bank_report *report,
                         const struct model *model)
{
    int end = columns->name + 7;

    draw_right(r, y, end, STYLE_DIM, "rows");
    if (columns->active)
        draw_right(r, y, end += 8, STYLE_DIM, "active");
    draw_right(r, y, end += 7, STYLE_DIM, "gate");
    if (columns->rho)
        draw_right(r, y, end += 7, STYLE_DIM, "rho");
    if (columns->hubs)
        draw_right(r, y, end += 8, STYLE_DIM, "hubs");
    for (int c = 0; report && is_cell(columns, report, c); c++) {
        const struct bank_rule *cell = rule_in(columns, report, c);
        const struct rule *rule = cell ? cell->spec.rule : rule_find("raw");
        int style = STYLE_DIM;
        for (size_t i = 0; i < rules_count; i++)
            if (rules[i] == rule)
                style = label_style(model, i);
        draw_right(r, y, end += CELL, style, "%s", rule->title);
    }
}

static void draw_numbers(struct rect line, int mark, const struct columns *columns, const struct bank_report *report)
{
    int end = columns->name + 7;

    draw_right(line, 0, end, STYLE_TEXT | mark, "%zu", report->rows);
    if (columns->active)
        draw_right(line, 0, end += 8, STYLE_TEXT | mark, "%.1f", 100 * report->coverage);
    draw_right(line, 0, end += 7, STYLE_TEXT | mark, "%.1f", 100 * report->gate_rate);
    int tone_of_rho = report->correlation >= 0.5 ? STYLE_UP : report->correlation >= 0.2 ? STYLE_TEXT : STYLE_DOWN;
    if (columns->rho)
        draw_right(line, 0, end += 7, tone_of_rho | mark, "%.2f", report->correlation);
    if (columns->hubs)
        draw_right(line, 0, end += 8, STYLE_TEXT | mark, "%zu/%zu", report->shared_hubs, report->query_hubs);
    for (int c = 0; is_cell(columns, report, c); c++) {
        const struct bank_rule *cell = rule_in(columns, report, c);
        double r1 = cell ? cell->metrics.r1 : report->raw.r1, change = r1 - report->raw.r1;
        int tone = change >= 0.05 ? STYLE_UP : change <= -0.05 ? STYLE_DOWN : STYLE_TEXT;
        draw_right(line, 0, end += CELL, tone | mark, "%.1f", r1);
    }
}

static void draw_bank(struct bank_state *state, struct model *model, struct rect line, const struct columns *columns,
                      size_t bank)
{
    const struct bank_choice choice = choice_of(model, bank);
    bool chosen = bank == state->list[BANKS].selected, used = bank == model->bank;
    int mark = !chosen ? 0 : state->focus == BANKS ? STYLE_SELECTED : STYLE_MARKED;
    const char *why;
    const struct bank_report *report = model_bank_report(model, &choice, &why);

    if (mark)
        draw_fill(line, STYLE_TEXT | mark);
    draw_text(line, 0, 1, STYLE_STRONG | mark, used ? glyph(GLYPH_BULLET) : " ");
    draw_text(rect_left(line, columns->name), 0, 3, (used ? STYLE_STRONG : STYLE_TEXT) | mark, choice.name);
    if (report)
        draw_numbers(line, mark | (why ? STYLE_DIM : 0), columns, report);
    else
        draw_text(line, 0, columns->name + 2, STYLE_DIM | mark, why);
}

static void draw_banks(struct bank_state *state, struct model *model, struct rect r)
{
    const struct bank_choice first = choice_of(model, 0);
    struct rect rows = rect_below(r, 2);
    struct columns columns = bank_columns(model, r);
    struct list *list = &state->list[BANKS];
    const char *why;

    draw_horizontal(r, 0, state->focus == BANKS ? STYLE_STRONG : STYLE_DIM,
                    r.columns >= SMALL ? "query banks: what they activate, whether their hubs are the queries', R@1"
                                       : "query banks");
    draw_heading(r, 1, &columns, model_bank_report(model, &first, &why), model);
    list_fit(list, model->collection->banks, rows.rows > 0 ? (size_t)rows.rows : 1);
    state->rows[BANKS] = rows;
    for (int y = 0; y < rows.rows && list->first + (size_t)y < list->count; y++)
        draw_bank(state, model, rect_top(rect_below(rows, y), 1), &columns, list->first + (size_t)y);
    draw_scrollbar(rows, list->first, list->shown, list->count);
}

/* The rule that gains most and the one that loses most on the evaluation queries. */
static void gains(const struct bank_report *report, char *buffer, size_t size)
{
    const struct bank_rule *best = NULL, *worst = NULL;

    for (size_t i = 0; i < report->rules; i++) {
        const struct bank_rule *rule = &report->rule[i];
        best = !best || rule->metrics.r1 > best->metrics.r1 ? rule : best;
        worst = !worst || rule->metrics.r1 < worst->metrics.r1 ? rule : worst;
    }
    if (!best)
        snprintf(buffer, size, "no rule can use it here");
    else if (worst->metrics.r1 < report->raw.r1)
        snprintf(buffer, size, "R@1: %s %+.1f, %s %+.1f: %s", best->spec.rule->title,
                 best->metrics.r1 - report->raw.r1, worst->spec.rule->title, worst->metrics.r1 - report->raw.r1,
                 worst->spec.rule->needs && worst->gate_rate != worst->gate_rate ? "it has no gate against this bank"
                                                                                 : "the gate did not save it");
    else
        snprintf(buffer, size, "R@1: every rule gains, %s most (%+.1f)", best->spec.rule->title,
                 best->metrics.r1 - report->raw.r1);
}

/* The report in words, a line each. */
static int draw_reading(const struct model *model, struct rect r, size_t bank, const struct bank_report *report)
{
    bool gated = false;
    char text[256], parameters[96];
    int y = 0;

    bank_report_reading(report, text, sizeof text);
    text[0] = (char)toupper((unsigned char)text[0]);
    y += draw_wrapped(r, y, 0, 3, STYLE_STRONG, text);
    gains(report, text, sizeof text);
    y += draw_wrapped(r, y, 0, 2, STYLE_TEXT, text);
    for (size_t i = 0; i < report->rules; i++)
        gated = gated || !isnan(report->rule[i].gate_rate);
    snprintf(text, sizeof text, "%.0f %% of the videos are active: the best of some bank query",
             100 * report->coverage);
    y += draw_wrapped(r, y, 0, 2, STYLE_DIM, text);
    if (gated) {
        snprintf(text, sizeof text, "the gate opens for %.0f %% of the queries: their best video is active",
                 100 * report->gate_rate);
        y += draw_wrapped(r, y, 0, 2, STYLE_DIM, text);
    }
    if (isnan(report->distance))
        snprintf(text, sizeof text, "no distance: stored similarities have no embeddings");
    else
        snprintf(text, sizeof text, "mean embeddings %.3f apart; best similarity %.3f, of queries %.3f",
                 report->distance, report->bank_top1, report->query_top1);
    y += draw_wrapped(r, y, 0, 2, STYLE_DIM, text);
    if (bank != model->bank)
        y += draw_wrapped(r, y, 0, 1, STYLE_TEXT, "Enter uses this bank everywhere");
    label_parameters(&model->spec[model->rule], parameters, sizeof parameters);
    if (bank == model->bank && parameters[0]) {
        snprintf(text, sizeof text, "in use; %s has %s: [ and ] change it", rules[model->rule]->title, parameters);
        y += draw_wrapped(r, y, 0, 2, STYLE_TEXT, text);
    }
    return y;
}

static struct bank_choice part_choice(const struct bank_report *whole, int part)
{
    struct bank_choice choice = {.size = whole->rows >> part, .seed = SEED};

    snprintf(choice.name, sizeof choice.name, "%s", whole->choice.name);
    return choice;
}

static bool has_parts(const struct bank_report *whole)
{
    return whole->rows >> PARTS >= PART_LEAST;
}

/* How well parts of the bank do: how large it must be. */
static int draw_parts(struct model *model, struct rect r, const struct bank_report *whole)
{
    struct columns columns = part_columns(model, r);
    int y = 2;

    if (r.rows < 3 || !has_parts(whole))
        return 0;
    draw_horizontal(r, 0, STYLE_DIM, "R@1 with fewer of its queries, drawn at random");
    draw_heading(r, 1, &columns, whole, model);
    for (int part = PARTS; part >= 1 && y < r.rows; part--, y++) {
        const struct bank_choice choice = part_choice(whole, part);
        struct rect line = rect_top(rect_below(r, y), 1);
        const char *why;
        const struct bank_report *report = model_bank_report(model, &choice, &why);
        draw_format(rect_left(line, columns.name), 0, 3, STYLE_TEXT, "1/%d", 1 << part);
        if (report)
            draw_numbers(line, why ? STYLE_DIM : 0, &columns, report);
        else
            draw_text(line, 0, columns.name + 2, STYLE_DIM, why);
    }
    if (y < r.rows) {
        struct rect line = rect_top(rect_below(r, y++), 1);
        draw_text(line, 0, 3, STYLE_TEXT, "all");
        draw_numbers(line, 0, &columns, whole);
    }
    return y;
}

/* R@1 of the current rule by the size of the bank. */
static void draw_size_curve(struct model *model, struct rect r, const struct bank_report *whole)
{
    double size[PARTS + 1], value[PARTS + 1];
    size_t count = 0, rule = 0;
    const char *why;

    while (rule < whole->rules && whole->rule[rule].spec.rule != rules[model->rule])
        rule++;
    if (r.rows < CURVE_ROWS || rule == whole->rules || !has_parts(whole))
        return;
    for (int part = PARTS; part >= 0; part--) {
        const struct bank_choice choice = part_choice(whole, part);
        const struct bank_report *report = part ? model_bank_report(model, &choice, &why) : whole;
        if (!report)
            continue;
        size[count] = (double)report->rows;
        value[count++] = report->rule[rule].metrics.r1;
    }
    if (count < 2)
        return;
    struct chart_series series = {value, STYLE_RULE_B, rules[model->rule]->title};
    struct chart chart = {.series = &series, .series_count = 1, .count = count, .x_first = size[0],
                          .x_last = size[count - 1], .x_title = "bank queries", .y_title = "R@1",
                          .line = whole->raw.r1, .line_name = "raw", .mark = SIZE_MAX, .x = size, .log_x = 1,
                          .close_y = 1};
    chart_curve(r, &chart);
}

static void draw_contrast(const struct bank_state *state, const struct model *model, struct rect line, size_t row,
                          double most)
{
    const struct contrast *contrast = &state->contrast[row];
    const struct bank_report *report = state->report;
    bool chosen = row == state->list[VIDEOS].selected;
    int mark = chosen && state->focus == VIDEOS ? STYLE_SELECTED : 0;
    int bar = line.columns / 3, name = line.columns - bar - NUMBERS - 2;
    char title[160];

    if (mark)
        draw_fill(line, STYLE_TEXT | mark);
    uint32_t bank_count = report->bank_count[contrast->video], query_count = report->query_count[contrast->video];
    bool bank_hub = bank_count >= hub_threshold(BANK_REPORT_K, report->rows, report->gallery);
    bool query_hub = query_count >= hub_threshold(BANK_REPORT_K, report->queries, report->gallery);
    draw_text(line, 0, 1, STYLE_HUB | mark, bank_hub || query_hub ? glyph(GLYPH_HUB) : " ");
    model_title(model, contrast->video, title, sizeof title);
    draw_text(rect_left(line, name), 0, 3, STYLE_TEXT | mark, title);
    const struct chart_move move = {.from = contrast->bank, .to = contrast->queries, .most = most, .fair = NAN,
                                    .from_style = STYLE_RULE_A | mark, .to_style = STYLE_RULE_B | mark};
    if (bar >= 8)
        chart_move(line, 0, name + 1, bar, &move);
    draw_right(line, 0, line.columns - 8, STYLE_RULE_A | mark, "%.1f", contrast->bank);
    draw_right(line, 0, line.columns - 1, STYLE_RULE_B | mark, "%.1f", contrast->queries);
}

static void draw_videos(struct bank_state *state, const struct model *model, struct rect r)
{
    struct list *list = &state->list[VIDEOS];
    struct rect rows = rect_below(r, 2);
    double most = 0;

    if (r.rows < 3)
        return;
    draw_horizontal(r, 0, state->focus == VIDEOS ? STYLE_STRONG : STYLE_DIM,
                    "what bank and queries disagree about");
    draw_text(r, 1, 3, STYLE_DIM, "% of top-10 lists");
    draw_right(r, 1, r.columns - 8, STYLE_RULE_A, "bank");
    draw_right(r, 1, r.columns - 1, STYLE_RULE_B, "query");
    list_fit(list, state->contrasts, (size_t)rows.rows);
    state->rows[VIDEOS] = rows;
    for (size_t i = 0; i < state->contrasts; i++)
        most = fmax(most, fmax(state->contrast[i].bank, state->contrast[i].queries));
    for (int y = 0; y < rows.rows && list->first + (size_t)y < state->contrasts; y++)
        draw_contrast(state, model, rect_left(rect_top(rect_below(rows, y), 1), r.columns - 1),
                      list->first + (size_t)y, most);
    draw_scrollbar(rows, list->first, list->shown, list->count);
}

static void draw_selected(struct bank_state *state, struct model *model, struct rect r)
{
    size_t bank = state->list[BANKS].selected;
    const struct bank_choice choice = choice_of(model, bank);
    const char *why;
    const struct bank_report *report = model_bank_report(model, &choice, &why);
    char title[120];

    take_contrasts(state, report, bank);
    if (r.rows < 2)
        return;
    if (!report) {
        draw_horizontal(r, 0, STYLE_DIM, choice.name);
        draw_text(r, 1, 1, STYLE_DIM, why);
        return;
    }
    bool beside = r.columns >= BESIDE;
    struct rect left = beside ? rect_left(r, r.columns * 3 / 5) : r;
    snprintf(title, sizeof title, "%s: %zu captions for %zu queries", choice.name, report->rows, report->queries);
    draw_horizontal(left, 0, STYLE_STRONG, title);
    int y = 1 + draw_reading(model, rect_inset(rect_below(left, 1), 0, 1), bank, report);
    struct rect rest = rect_below(left, y + (left.rows > y + READING_ROWS));
    if (beside) {
        rest = rect_below(rest, draw_parts(model, rest, report) + 1);
        draw_size_curve(model, rect_inset(rect_top(rest, CURVE_MOST), 0, 1), report);
        draw_vertical(r, left.columns, STYLE_LINE);
        draw_videos(state, model, rect_right_of(r, left.columns + 1));
        return;
    }
    if (rest.rows >= PARTS + 3 + 4)
        rest = rect_below(rest, draw_parts(model, rect_top(rest, PARTS + 3), report));
    draw_videos(state, model, rest);
}

static void bank_enter(void *opaque, struct model *model)
{
    struct bank_state *state = opaque;

    if (model->bank < model->collection->banks)
        list_select(&state->list[BANKS], model->bank);
    model_resume(model); /* it may have been cancelled */
}

static void bank_draw(void *opaque, struct model *model, struct rect r)
{
    struct bank_state *state = opaque;
    int banks = (int)model->collection->banks;

    state->rows[BANKS] = state->rows[VIDEOS] = (struct rect){0};
    if (!banks) {
        draw_text(r, 1, 2, STYLE_TEXT, "This collection has no query bank.");
        draw_wrapped(rect_inset(r, 0, 2), 3, 0, 3, STYLE_DIM,
                     "Rules that normalise need one: `hubscope import --bank NAME=FILE` stores captions of other videos "
                     "as a bank.");
        return;
    }
    state->list[BANKS].count = (size_t)banks;
    int most = r.rows / 3 < 3 ? 3 : r.rows / 3, table = 2 + (banks < most ? banks : most);
    draw_banks(state, model, rect_top(r, table));
    draw_selected(state, model, rect_below(r, table + (r.rows >= 20)));
}

static void open_row(struct bank_state *state, struct model *model)
{
    size_t row = state->list[state->focus].selected;

    if (state->focus == BANKS && row < model->collection->banks) {
        model_set_bank(model, row);
    } else if (state->focus == VIDEOS && row < state->contrasts) {
        model_set_video(model, state->contrast[row].video);
        view_open("hubs");
    }
}

static bool bank_act(void *opaque, struct model *model, enum action action)
{
    struct bank_state *state = opaque;

    switch (action) {
    case ACTION_NEXT_PANE:
    case ACTION_PREVIOUS_PANE:
        if (state->rows[VIDEOS].rows > 0)
            state->focus = !state->focus;
        return true;
    case ACTION_OPEN:
        open_row(state, model);
        return true;
    case ACTION_BANK: /* the next bank is the one under the pointer, too */
        if (model->collection->banks)
            list_select(&state->list[BANKS], (model->bank + 1) % model->collection->banks);
        return false;
    default:
        return list_act(&state->list[state->focus], action);
    }
}

static bool bank_click(void *opaque, struct model *model, struct rect r, const struct mouse *mouse)
{
    struct bank_state *state = opaque;

    (void)r;
    for (int pane = BANKS; pane < PANES; pane++) {
        if (!rect_holds(state->rows[pane], mouse->y, mouse->x))
            continue;
        struct list *list = &state->list[pane];
        state->focus = pane;
        if (mouse->wheel)
            return list_act(list, mouse->wheel < 0 ? ACTION_UP : ACTION_DOWN);
        size_t row = list_row(list, (size_t)(mouse->y - state->rows[pane].y));
        if (row < list->count)
            list_select(list, row);
        if (mouse->twice)
            open_row(state, model);
        return true;
    }
    return false;
}

static void bank_close(void *opaque)
{
    free(((struct bank_state *)opaque)->contrast);
}

static const struct view_sign signs[] = {
    {GLYPH_BULLET, NULL, "the bank in use: Enter uses the one under the pointer"},
    {GLYPHS, "active", "% of videos that are the best of some bank query"},
    {GLYPHS, "gate", "% of queries whose best video is active"},
    {GLYPHS, "rho", "rank correlation of N_10 over bank and queries"},
    {GLYPHS, "hubs", "hubs of the queries that are hubs of the bank, too"},
};

const struct view banks_view = {
    .name = "banks",
    .title = "Banks",
    .open = ACTION_VIEW_BANK,
    .scope = SCOPE_LISTS,
    .state_size = sizeof(struct bank_state),
    .enter = bank_enter,
    .draw = bank_draw,
    .act = bank_act,
    .click = bank_click,
    .close = bank_close,
    .signs = signs,
    .sign_count = sizeof signs / sizeof *signs,
};
