/* What each query bank is good for: a table of the banks, and for the selected one a summary, how subsets of it do, and
 * the videos that bank and evaluation queries disagree about. */
#include "ui/views/banks.h"

#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/evaluation/hub_queries.h"
#include "ui/draw/gauge.h"
#include "ui/draw/label.h"
#include "ui/model/bank_reports.h"
#include "ui/model/export_job.h"
#include "ui/model/filter.h"
#include "ui/model/marks.h"
#include "ui/model/query.h"
#include "ui/model/selection.h"
#include "ui/model/texts.h"
#include "ui/model/work.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PARTS_ROWS = 6,  /* of the table of parts */
    PARTS_LEAST = 5, /* without the whole bank */
    LIST_ROWS = 4,   /* kept for the list of videos below that */
    LIST_LEAST = 3,
    READING_ROWS = 8,
    BRIEF_ROWS = 20, /* with fewer, the subsets of the bank take the place of what its table says, too */
    CURVE_MOST = 18,
    NUMBERS = 15 /* columns of a video's two shares */
};

static int by_difference(const void *a, const void *b, const void *model)
{
    const struct contrast *left = a, *right = b;

    (void)model;
    return sort_numbers(fabs(left->queries - left->bank), fabs(right->queries - right->bank));
}

static int by_bank(const void *a, const void *b, const void *model)
{
    (void)model;
    return sort_numbers(((const struct contrast *)a)->bank, ((const struct contrast *)b)->bank);
}

static int by_queries(const void *a, const void *b, const void *model)
{
    (void)model;
    return sort_numbers(((const struct contrast *)a)->queries, ((const struct contrast *)b)->queries);
}

static int by_title(const void *a, const void *b, const void *model)
{
    return strcmp(model_folded_title(model, ((const struct contrast *)a)->video),
                  model_folded_title(model, ((const struct contrast *)b)->video));
}

static const struct sort_column sort_columns[BANKS_ORDERS] = {
    [BANKS_BY_DIFFERENCE] = {by_difference, true},
    [BANKS_BY_BANK] = {by_bank, true},
    [BANKS_BY_QUERIES] = {by_queries, true},
    [BANKS_BY_TITLE] = {by_title, false},
};

/* Selects the video again, wherever it is now, else the first row. */
static void select_contrast(struct banks_state *state, uint32_t video)
{
    size_t row = 0;

    for (size_t i = 0; i < state->contrasts; i++)
        if (state->contrast[i].video == video)
            row = i;
    list_renew(&state->list[BANKS_VIDEOS], state->contrasts);
    list_select(&state->list[BANKS_VIDEOS], row);
}

static void take_contrasts(struct banks_state *state, const struct model *model, const struct bank_report *report,
                           size_t bank)
{
    size_t row = state->list[BANKS_VIDEOS].selected;
    bool keeps = row < state->contrasts &&
                 (state->focus == BANKS_VIDEOS || (row && state->contrast_bank == bank + 1)); /* else from the top */
    uint32_t kept = keeps ? state->contrast[row].video : NO_VIDEO;

    state->report = report;
    if (report && state->contrast_bank == bank + 1 && state->results == model->results)
        return;
    free(state->contrast);
    state->contrasts = state->contrast_bank = state->all = 0;
    state->contrast = report ? memory_array(report->gallery, sizeof *state->contrast) : NULL;
    if (!state->contrast)
        return;
    state->contrast_bank = bank + 1;
    state->results = model->results;
    for (size_t j = 0; j < report->gallery; j++) {
        if (!report->bank_count[j] && !report->query_count[j])
            continue;
        state->all++;
        if (model_lists_video(model, (uint32_t)j))
            state->contrast[state->contrasts++] =
                (struct contrast){(uint32_t)j, 100 * (double)report->bank_count[j] / (double)report->rows,
                                  100 * (double)report->query_count[j] / (double)report->queries};
    }
    sort_rows(&state->sort, sort_columns, state->contrast, state->contrasts, sizeof *state->contrast, model);
    select_contrast(state, kept);
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
    else if (worst->metrics.r1 == report->raw.r1 && best->metrics.r1 == report->raw.r1)
        snprintf(buffer, size, "R@1: no rule changes it");
    else if (worst->metrics.r1 < report->raw.r1)
        snprintf(buffer, size, "R@1: %s %+.1f, %s %+.1f: %s", best->spec.rule->title, best->metrics.r1 - report->raw.r1,
                 worst->spec.rule->title, worst->metrics.r1 - report->raw.r1,
                 worst->spec.rule->needs && worst->gate_rate != worst->gate_rate ? "it has no gate against this bank"
                                                                                 : "the gate did not save it");
    else
        snprintf(buffer, size, "R@1: every rule gains, %s most (%+.1f)", best->spec.rule->title,
                 best->metrics.r1 - report->raw.r1);
}

/* What the columns of the table say, and how far bank and queries are apart. */
static int draw_particulars(struct rect r, const struct bank_report *report)
{
    bool gated = false;
    char text[256];
    int y = 0;

    for (size_t i = 0; i < report->rules; i++)
        gated = gated || !isnan(report->rule[i].gate_rate);
    snprintf(text, sizeof text, item_text("%.0f %% of the videos are active: the best of some bank query"),
             100 * report->coverage);
    y += draw_wrapped(r, y, 0, 2, STYLE_DIM, text);
    if (gated) {
        snprintf(text, sizeof text, item_text("the gate opens for %.0f %% of the queries: their best video is active"),
                 100 * report->gate_rate);
        y += draw_wrapped(r, y, 0, 2, STYLE_DIM, text);
    }
    if (isnan(report->distance))
        snprintf(text, sizeof text, "no distance: stored similarities have no embeddings");
    else
        snprintf(text, sizeof text, "mean embeddings %.3f apart; best similarity %.3f, of queries %.3f",
                 report->distance, report->bank_top1, report->query_top1);
    y += draw_wrapped(r, y, 0, 2, STYLE_DIM, text);
    return y;
}

/* The report in words, one line each; when brief without what the table says, too. */
static int draw_reading(const struct model *model, struct rect r, size_t bank, const struct bank_report *report,
                        bool brief)
{
    char text[256], parameters[96];
    int y = 0;

    bank_report_reading(report, text, sizeof text);
    text[0] = (char)toupper((unsigned char)text[0]);
    y += draw_wrapped(r, y, 0, 3, STYLE_STRONG, text);
    gains(report, text, sizeof text);
    y += draw_wrapped(r, y, 0, 2, STYLE_TEXT, text);
    if (!brief)
        y += draw_particulars(rect_below(r, y), report);
    if (bank != model->bank)
        y += draw_wrapped(r, y, 0, 1, STYLE_TEXT, "Enter uses this bank everywhere");
    label_parameters(model_spec(model, model->current), parameters, sizeof parameters);
    if (bank == model->bank && parameters[0]) {
        snprintf(text, sizeof text, "in use; %s has %s: [ and ] change it", pick_name(model, model->current).text,
                 parameters);
        y += draw_wrapped(r, y, 0, 2, STYLE_TEXT, text);
    }
    return y;
}

static void draw_contrast(const struct banks_state *state, const struct model *model, struct rect line, size_t row,
                          double most)
{
    const struct contrast *contrast = &state->contrast[row];
    const struct bank_report *report = state->report;
    bool chosen = row == state->list[BANKS_VIDEOS].selected;
    int mark = chosen && state->focus == BANKS_VIDEOS ? STYLE_SELECTED : 0;
    int bar = line.columns / 3, name = line.columns - bar - NUMBERS - 2;
    char title[160];

    if (mark)
        draw_fill(line, STYLE_TEXT | mark);
    uint32_t bank_count = report->bank_count[contrast->video], query_count = report->query_count[contrast->video];
    bool bank_hub = bank_count >= hub_threshold(BANK_REPORT_K, report->rows, report->gallery);
    bool query_hub = query_count >= hub_threshold(BANK_REPORT_K, report->queries, report->gallery);
    draw_text(line, 0, 1, STYLE_HUB | mark, bank_hub || query_hub ? glyph(GLYPH_HUB) : " ");
    draw_text(line, 0, 2, STYLE_STRONG | mark, model_mark_glyph(model, contrast->video));
    model_title(model, contrast->video, title, sizeof title);
    draw_text(rect_left(line, name), 0, 3, STYLE_TEXT | mark, title);
    const struct gauge_move move = {.from = contrast->bank,
                                    .to = contrast->queries,
                                    .most = most,
                                    .fair = NAN,
                                    .from_style = STYLE_BANK | mark,
                                    .to_style = STYLE_ASKED | mark};
    if (bar >= 8)
        gauge_move(line, 0, name + 1, bar, &move);
    draw_right(line, 0, line.columns - 8, STYLE_BANK | mark, "%.1f", contrast->bank);
    draw_right(line, 0, line.columns - 1, STYLE_ASKED | mark, "%.1f", contrast->queries);
}

/* What the marks mean, at the end of the heading where there is room behind the title. */
static void draw_legend(struct rect r, const char *title)
{
    char hub[32];
    int width = snprintf(NULL, 0, " o bank  o queries  o hub ");

    if (text_columns(title) + width + 8 > r.columns)
        return;
    int x = draw_text(r, 0, r.columns - width - 2, STYLE_BANK, gauge_dot(false));
    x = draw_text(r, 0, draw_text(r, 0, x, STYLE_DIM, " bank  "), STYLE_ASKED, gauge_dot(true));
    snprintf(hub, sizeof hub, "%s", glyph(GLYPH_HUB));
    x = draw_text(r, 0, draw_text(r, 0, x, STYLE_DIM, " queries  "), STYLE_HUB, hub);
    draw_text(r, 0, x, STYLE_DIM, " hub ");
}

static void draw_videos(struct banks_state *state, const struct model *model, struct rect r)
{
    struct list *list = &state->list[BANKS_VIDEOS];
    struct rect rows = rect_below(r, 2);
    char title[200], label[FILTER_LABEL];
    double most = 0;

    if (r.rows < 3)
        return;
    filter_label(model, state->contrasts, state->all, label);
    snprintf(title, sizeof title, "%swhat bank and queries disagree about", label);
    draw_horizontal(r, 0, state->focus == BANKS_VIDEOS ? STYLE_STRONG : STYLE_DIM, title);
    struct sort *sort = &state->sort;
    sort_head(sort, sort_columns, BANKS_BY_TITLE, r, 1, 3, STYLE_DIM, item_text("video"));
    int bar = (r.columns - 1) / 3, from = r.columns - 1 - NUMBERS - 1 - bar;
    if (bar >= 8)
        sort_head(sort, sort_columns, BANKS_BY_DIFFERENCE, r, 1, from, STYLE_DIM, "% of top-10 lists");
    draw_legend(r, title);
    sort_head_right(sort, sort_columns, BANKS_BY_BANK, r, 1, r.columns - 8, 6, STYLE_BANK, "bank");
    sort_head_right(sort, sort_columns, BANKS_BY_QUERIES, r, 1, r.columns - 1, 6, STYLE_ASKED, "query");
    list_fit(list, state->contrasts, (size_t)rows.rows);
    state->rows[BANKS_VIDEOS] = rows;
    for (size_t i = 0; i < state->contrasts; i++)
        most = fmax(most, fmax(state->contrast[i].bank, state->contrast[i].queries));
    for (int y = 0; y < rows.rows && list->first + (size_t)y < state->contrasts; y++)
        draw_contrast(state, model, rect_left(rect_top(rect_below(rows, y), 1), r.columns - 1), list->first + (size_t)y,
                      most);
    draw_scrollbar(rows, list->first, list->shown, list->count);
}

static void draw_selected(struct banks_state *state, struct model *model, struct rect r)
{
    size_t bank = state->list[BANKS_TABLE].selected;
    const struct bank_subset choice = banks_choice(model, bank);
    const char *why;
    const struct bank_report *report = model_bank_report(model, &choice, &why);
    char title[120];

    take_contrasts(state, model, report, bank);
    if (r.rows < 2)
        return;
    if (!report) {
        draw_horizontal(r, 0, STYLE_DIM, choice.name);
        draw_text(r, 1, 1, STYLE_DIM, why);
        return;
    }
    bool beside = r.columns >= BANKS_BESIDE, brief = r.rows < BRIEF_ROWS;
    struct rect left = beside ? rect_left(r, r.columns * 3 / 5) : r;
    snprintf(title, sizeof title, "%s: %zu captions for %zu queries", choice.name, report->rows, report->queries);
    draw_horizontal(left, 0, STYLE_STRONG, title);
    int y = 1 + draw_reading(model, rect_inset(rect_below(left, 1), 0, 1), bank, report, brief);
    struct rect rest = rect_below(left, y + (left.rows > y + READING_ROWS));
    if (beside) {
        rest = rect_below(rest, banks_draw_parts(model, rest, report) + 1);
        banks_draw_curve(model, rect_inset(rect_top(rest, CURVE_MOST), 0, 1), report);
        draw_vertical(r, left.columns, STYLE_LINE);
        draw_videos(state, model, rect_right_of(r, left.columns + 1));
        return;
    }
    if (rest.rows >= PARTS_LEAST + LIST_LEAST) {
        int parts = rest.rows >= PARTS_ROWS + LIST_ROWS ? PARTS_ROWS : PARTS_LEAST;
        rest = rect_below(rest, banks_draw_parts(model, rect_top(rest, parts), report));
    }
    draw_videos(state, model, rest);
}

static void banks_keep(void *opaque, struct keeper *keeper)
{
    struct banks_state *state = opaque;

    keep_sort(keeper, "order", &state->sort, BANKS_ORDERS);
}

static void banks_enter(void *opaque, struct model *model)
{
    struct banks_state *state = opaque;

    if (state->sort.column == BANKS_BY_TITLE)
        model_open_filter(model);
    state->list[BANKS_TABLE].count = model_banks(model);
    if (model->bank < model_banks(model))
        list_select(&state->list[BANKS_TABLE], model->bank);
    state->bank = model->bank;
    model_resume(model); /* it may have been cancelled */
}

static void banks_draw(void *opaque, struct model *model, struct rect r)
{
    struct banks_state *state = opaque;
    int banks = (int)model_banks(model);

    state->rows[BANKS_TABLE] = state->rows[BANKS_VIDEOS] = (struct rect){0};
    sort_no_heads(&state->sort);
    if (!banks) {
        draw_text(r, 1, 2, STYLE_TEXT, "This collection has no query bank.");
        draw_wrapped(
            rect_inset(r, 0, 2), 3, 0, 3, STYLE_DIM,
            item_text(
                "Rules that normalise need one: `hubscope import --bank NAME=FILE` stores captions of other videos "
                "as a bank."));
        return;
    }
    state->list[BANKS_TABLE].count = (size_t)banks;
    if (state->bank != model->bank) /* another one came into use */
        list_select(&state->list[BANKS_TABLE], model->bank);
    state->bank = model->bank;
    int most = r.rows / 3 < 3 ? 3 : r.rows / 3, table = 2 + (banks < most ? banks : most);
    banks_draw_table(state, model, rect_top(r, table));
    draw_selected(state, model, rect_below(r, table + (r.rows >= 20)));
}

static void open_row(struct banks_state *state, struct model *model)
{
    size_t row = state->list[state->focus].selected;

    if (state->focus == BANKS_TABLE && row < model_banks(model)) {
        model_set_bank(model, row);
    } else if (state->focus == BANKS_VIDEOS && row < state->contrasts) {
        model_set_video(model, state->contrast[row].video);
        view_open("hubs");
    }
}

/* After another column or direction was chosen. */
static void sort_again(struct banks_state *state, struct model *model)
{
    if (state->sort.column == BANKS_BY_TITLE)
        model_open_filter(model);
    state->contrasts = state->contrast_bank = 0; /* made again, and shown from the top */
    list_select(&state->list[BANKS_VIDEOS], 0);
}

static bool banks_act(void *opaque, struct model *model, enum action action)
{
    struct banks_state *state = opaque;

    if (sort_act(&state->sort, BANKS_ORDERS, action)) {
        sort_again(state, model);
        return true;
    }
    switch (action) {
    case ACTION_NEXT_PANE:
    case ACTION_PREVIOUS_PANE:
        if (state->rows[BANKS_VIDEOS].rows > 0)
            state->focus = !state->focus;
        return true;
    case ACTION_OPEN:
        open_row(state, model);
        return true;
    default:
        return list_act(&state->list[state->focus], action);
    }
}

static bool banks_click(void *opaque, struct model *model, struct rect r, const struct mouse *mouse)
{
    struct banks_state *state = opaque;

    (void)r;
    if (sort_click(&state->sort, BANKS_ORDERS, mouse)) {
        sort_again(state, model);
        return true;
    }
    for (int pane = BANKS_TABLE; pane < BANKS_PANES; pane++) {
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

static void banks_close(void *opaque)
{
    free(((struct banks_state *)opaque)->contrast);
}

static bool banks_exhibit(void *opaque, struct model *model, struct exhibit *exhibit)
{
    (void)opaque;
    exhibit->kind = &export_banks;
    return model_banks(model) > 0;
}

static uint32_t banks_row_video(const void *opaque, const struct model *model)
{
    const struct banks_state *state = opaque;
    size_t row = state->list[BANKS_VIDEOS].selected;

    (void)model;
    return state->focus == BANKS_VIDEOS && row < state->contrasts ? state->contrast[row].video : NO_VIDEO;
}

static bool banks_copies(void *opaque, struct model *model, char *text, size_t size)
{
    const struct banks_state *state = opaque;
    size_t row = state->list[state->focus].selected;

    if (state->focus == BANKS_TABLE && row < model_banks(model))
        snprintf(text, size, "%s", banks_choice(model, row).name);
    else if (state->focus == BANKS_VIDEOS && row < state->contrasts)
        model_video_key(model, state->contrast[row].video, text, size);
    else
        return false;
    return true;
}

static const struct view_sign signs[] = {
    {GLYPH_BULLET, NULL, "the bank in use: Enter uses the one under the pointer"},
    {GLYPHS, "active", "% of videos that are the best of some bank query"},
    {GLYPHS, "gate", "% of queries whose best video is active"},
    {GLYPHS, "rho", "rank correlation of N_10 over bank and queries"},
    {GLYPHS, "hubs", "hubs of the queries that are also hubs of the bank"},
    {GLYPHS, "skew", "skewness of N_10 under the rule before it"},
    {GLYPHS, "+", "better than raw (by chance or not), or a correlation of 0.5 and more"},
    {GLYPHS, "-", "worse than raw (by chance or not), or a correlation below 0.2"},
};

static const char *const headings[] = {
    "bank", "rows", "active", "gate", "rho", "hubs", "skew", "R@1", "video", "% of top-10 lists", "query", NULL};

static const char *heading_of(const void *opaque, const struct model *model)
{
    static const char *const of_column[] = {"% of top-10 lists", "bank", "query", "video"};
    const struct banks_state *state = opaque;

    (void)model;
    return state->focus == BANKS_TABLE ? "active" : of_column[state->sort.column];
}

const struct view banks_view = {
    .name = "banks",
    .title = "Banks",
    .open = ACTION_VIEW_BANKS,
    .scope = SCOPE_BANKS | SCOPE_LISTS,
    .state_size = sizeof(struct banks_state),
    .enter = banks_enter,
    .draw = banks_draw,
    .act = banks_act,
    .exhibit = banks_exhibit,
    .copies = banks_copies,
    .row_video = banks_row_video,
    .click = banks_click,
    .keep = banks_keep,
    .close = banks_close,
    .signs = signs,
    .sign_count = sizeof signs / sizeof *signs,
    .heading = heading_of,
    .headings = headings,
};
