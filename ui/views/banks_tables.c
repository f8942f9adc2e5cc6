/* The tables of the Banks view: all banks, and subsets of one. */
#include "ui/draw/line_chart.h"
#include "ui/model/bank_reports.h"
#include "ui/views/banks.h"
#include "ui/views/role.h"

#include <math.h>
#include <stdio.h>

enum {
    NAME_SMALL = 11,
    NAME_LEAST = 12,
    NAME_MOST = 30,
    CELL = 8,       /* R@1 of a rule */
    SKEW = 6,       /* and behind it the skewness of N_10 */
    SMALL = 60,     /* at most this wide, a table has only the numbers */
    PARTS = 3,      /* 1/8, 1/4 and 1/2 of the bank */
    PART_LEAST = 8, /* bank queries of the smallest part */
    SEED = 1,
    CURVE_ROWS = 8
};

struct bank_subset banks_choice(const struct model *model, size_t bank)
{
    struct bank_subset choice = {0};

    snprintf(choice.name, sizeof choice.name, "%s", model_bank_name(model, bank));
    return choice;
}

/* The columns of a table. */
struct columns {
    int name, cells; /* width of the name; rules shown */
    bool skew;       /* with both their columns */
    bool active, rho, hubs;
    bool raw;       /* R@1 of raw comes first */
    size_t current; /* the current rule, an index in rules[]: in the last cell if it would have none */
};

static struct columns with_cells(const struct model *model, struct columns columns, struct rect r)
{
    int end = columns.name + 7 + 7 + 8 * columns.active + 7 * columns.rho + 8 * columns.hubs;

    int room = r.columns > end ? r.columns - end - 1 : 0;

    columns.current = model->current.rule;
    columns.skew = room >= 2 * (CELL + SKEW);
    columns.cells = room / (columns.skew ? CELL + SKEW : CELL);
    return columns;
}

static struct columns bank_columns(const struct model *model, struct rect r)
{
    return with_cells(model,
                      (struct columns){.name = r.columns >= BANKS_BESIDE ? NAME_MOST
                                               : r.columns < SMALL       ? NAME_SMALL
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
                style = role_style(model, (struct pick){model->current.model, i});
        draw_right(r, y, end += CELL, style, "%s", rule->title);
        if (columns->skew)
            draw_right(r, y, end += SKEW, STYLE_DIM, "skew");
    }
}

/* A number that ends before `end`, followed by the sign of its tone, as colour alone says nothing.  Arrows would claim
 * that it is beyond chance. */
static void draw_toned(struct rect line, int end, int tone, int mark, const char *number)
{
    draw_right(line, 0, end, tone | mark, "%s", number);
    if (tone != STYLE_TEXT)
        draw_text(line, 0, end, tone | mark, tone == STYLE_UP ? "+" : "-");
}

/* Of a gain, where it is large enough to show. */
static int tone_of(double gain, double least)
{
    return gain >= least ? STYLE_UP : gain <= -least ? STYLE_DOWN : STYLE_TEXT;
}

static void draw_numbers(struct rect line, int mark, const struct columns *columns, const struct bank_report *report)
{
    int end = columns->name + 7;

    draw_right(line, 0, end, STYLE_TEXT | mark, "%zu", report->rows);
    if (columns->active)
        draw_right(line, 0, end += 8, STYLE_TEXT | mark, "%.1f", 100 * report->coverage);
    draw_right(line, 0, end += 7, STYLE_TEXT | mark, "%.1f", 100 * report->gate_rate);
    double rho = report->correlation; /* NaN where every count is the same */
    int tone_of_rho = rho >= 0.5 ? STYLE_UP : rho < 0.2 ? STYLE_DOWN : STYLE_TEXT;
    char number[24] = "-";
    if (!isnan(rho))
        snprintf(number, sizeof number, "%.2f", rho);
    if (columns->rho)
        draw_toned(line, end += 7, tone_of_rho, mark, number);
    if (columns->hubs)
        draw_right(line, 0, end += 8, STYLE_TEXT | mark, "%zu/%zu", report->shared_hubs, report->query_hubs);
    for (int c = 0; is_cell(columns, report, c); c++) {
        const struct bank_rule *cell = rule_in(columns, report, c);
        double r1 = cell ? cell->metrics.r1 : report->raw.r1, skewness = cell ? cell->skewness : report->raw_skewness;
        snprintf(number, sizeof number, "%.1f", r1);
        draw_toned(line, end += CELL, tone_of(r1 - report->raw.r1, 0.05), mark, number);
        snprintf(number, sizeof number, "%.2f", skewness);
        if (columns->skew)
            draw_toned(line, end += SKEW, tone_of(report->raw_skewness - skewness, 0.005), mark, number);
    }
}

static void draw_bank(struct banks_state *state, struct model *model, struct rect line, const struct columns *columns,
                      size_t bank)
{
    const struct bank_subset choice = banks_choice(model, bank);
    bool chosen = bank == state->list[BANKS_TABLE].selected, used = bank == model->bank;
    int mark = !chosen ? 0 : state->focus == BANKS_TABLE ? STYLE_SELECTED : STYLE_MARKED;
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

void banks_draw_table(struct banks_state *state, struct model *model, struct rect r)
{
    const struct bank_subset first = banks_choice(model, 0);
    struct rect rows = rect_below(r, 2);
    struct columns columns = bank_columns(model, r);
    struct list *list = &state->list[BANKS_TABLE];
    bool of = model_compares_models(model); /* which of them must be said */
    struct pick_name name = {""};
    char title[160];
    const char *why;

    if (of)
        name = model_name(model, model->current.model);
    snprintf(title, sizeof title, "query banks%s%s%s", of ? " under " : "", name.text,
             r.columns < SMALL ? ""
             : of              ? ": + better, - worse than raw"
                               : ": which hubs they know, + better, - worse than raw");
    draw_horizontal(r, 0, state->focus == BANKS_TABLE ? STYLE_STRONG : STYLE_DIM, title);
    draw_heading(r, 1, &columns, model_bank_report(model, &first, &why), model);
    list_fit(list, model_banks(model), rows.rows > 0 ? (size_t)rows.rows : 1);
    state->rows[BANKS_TABLE] = rows;
    for (int y = 0; y < rows.rows && list->first + (size_t)y < list->count; y++)
        draw_bank(state, model, rect_top(rect_below(rows, y), 1), &columns, list->first + (size_t)y);
    draw_scrollbar(rows, list->first, list->shown, list->count);
}

static struct bank_subset part_choice(const struct bank_report *whole, int part)
{
    struct bank_subset choice = {.size = whole->rows >> part, .seed = SEED};

    snprintf(choice.name, sizeof choice.name, "%s", whole->subset.name);
    return choice;
}

static bool has_parts(const struct bank_report *whole)
{
    return whole->rows >> PARTS >= PART_LEAST;
}

int banks_draw_parts(struct model *model, struct rect r, const struct bank_report *whole)
{
    struct columns columns = part_columns(model, r);
    int y = 2;

    if (r.rows < 3 || !has_parts(whole))
        return 0;
    draw_horizontal(r, 0, STYLE_DIM,
                    columns.skew ? "R@1 and skewness with fewer of its queries, drawn at random"
                                 : "R@1 with fewer of its queries, drawn at random");
    draw_heading(r, 1, &columns, whole, model);
    for (int part = PARTS; part >= 1 && y < r.rows; part--, y++) {
        const struct bank_subset choice = part_choice(whole, part);
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

void banks_draw_curve(struct model *model, struct rect r, const struct bank_report *whole)
{
    double size[PARTS + 1], value[PARTS + 1];
    size_t count = 0, rule = 0;
    const char *why;

    while (rule < whole->rules && whole->rule[rule].spec.rule != rules[model->current.rule])
        rule++;
    if (r.rows < CURVE_ROWS || rule == whole->rules || !has_parts(whole))
        return;
    for (int part = PARTS; part >= 0; part--) {
        const struct bank_subset choice = part_choice(whole, part);
        const struct bank_report *report = part ? model_bank_report(model, &choice, &why) : whole;
        if (!report)
            continue;
        size[count] = (double)report->rows;
        value[count++] = report->rule[rule].metrics.r1;
    }
    if (count < 2)
        return;
    const struct pick_name name = pick_name(model, model->current);
    struct chart_series series = {value, STYLE_RULE_B, name.text};
    struct chart chart = {.series = &series,
                          .series_count = 1,
                          .count = count,
                          .x_first = size[0],
                          .x_last = size[count - 1],
                          .x_title = "bank queries",
                          .y_title = "R@1",
                          .line = whole->raw.r1,
                          .line_name = "raw",
                          .mark = SIZE_MAX,
                          .x = size,
                          .log_x = 1,
                          .close_y = 1};
    line_chart_draw(r, &chart);
}
