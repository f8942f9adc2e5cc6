#include "ui/explorer/rule_bar.h"

#include "ui/draw/label.h"
#include "ui/model/first_look.h"
#include "ui/views/role.h"

#include <stdio.h>
#include <string.h>

enum { GAP = 2 };

static void add(struct rule_bar *bar, const struct model *model, struct pick pick)
{
    const struct favourite *favourite = favourite_of_rule(pick.rule);
    bool named = model_compares_models(model) && role_is_marked(model, pick);
    char *text = bar->entry[bar->count].text;

    snprintf(text, sizeof bar->entry->text, "%s%s%.20s%s%.32s", favourite ? favourite->key : "", favourite ? " " : "",
             named ? model_name(model, pick.model).text : "", named ? "/" : "", rules[pick.rule]->title);
    bar->entry[bar->count++].pick = pick;
}

static bool has(const struct rule_bar *bar, struct pick pick)
{
    for (size_t i = 0; i < bar->count; i++)
        if (pick_same(bar->entry[i].pick, pick))
            return true;
    return false;
}

/* The favourites of the current rule's model, after each the same rule of the compared model if that is the compared
 * rule; the current and the compared rule in any case. */
static void list_rules(struct rule_bar *bar, const struct model *model)
{
    for (size_t i = 0; i < FAVOURITES; i++) {
        size_t rule = favourite_rule(&favourites[i]);
        struct pick pick = {model->current.model, rule};
        if (rule == SIZE_MAX || model_source(model, pick)->left_out[rule])
            continue;
        add(bar, model, pick);
        if (model->versus.rule == rule && !has(bar, model->versus))
            add(bar, model, model->versus);
    }
    if (!has(bar, model->versus))
        add(bar, model, model->versus);
    if (!has(bar, model->current))
        add(bar, model, model->current);
}

/* Every rule has a column on either side for its brackets.  Neighbours have separate margins (wide) or share one, with
 * a blank beside every bracket.  Returns the columns used. */
static int place(struct rule_bar *bar, const struct model *model, bool wide)
{
    bool marked = false;
    int x = text_columns(bar->model);

    x += x && bar->count && role_is_marked(model, bar->entry[0].pick);

    for (size_t i = 0; i < bar->count; i++) {
        bool next = role_is_marked(model, bar->entry[i].pick);
        if (i > 0)
            x += marked && next ? 1 : marked || next || wide ? 0 : -1;
        bar->entry[i].x = x;
        x += 2 + text_columns(bar->entry[i].text);
        marked = next;
    }
    return x;
}

static void remove_last_unmarked(struct rule_bar *bar, const struct model *model)
{
    size_t last = bar->count - 1;

    while (last > 0 && role_is_marked(model, bar->entry[last].pick))
        last--;
    bar->count--;
    memmove(&bar->entry[last], &bar->entry[last + 1], (bar->count - last) * sizeof *bar->entry);
}

void rule_bar_lay_out(struct rule_bar *bar, const struct model *model, int columns)
{
    const struct collection_model *of = model_source(model, model->current)->model;
    struct first_look look;
    char values[96];

    *bar = (struct rule_bar){0};
    if (model_side(model, T2V, model->current)->lacks[0])
        snprintf(bar->bank, sizeof bar->bank, "no bank %.64s", model_bank_name(model, model->bank));
    else if (model->bank < model_banks(model))
        snprintf(bar->bank, sizeof bar->bank, "bank %.64s %zu", model_bank_name(model, model->bank),
                 of->bank[model->bank].matrix.rows);
    else
        snprintf(bar->bank, sizeof bar->bank, "no query bank");
    if (model_first_look(model, &look) && look.rows)
        snprintf(bar->bank, sizeof bar->bank, "bank %.64s on %zu of %zu", model_bank_name(model, model->bank),
                 look.rows, look.all_rows);
    label_parameters(model_spec(model, model->current), values, sizeof values);
    snprintf(bar->parameters, sizeof bar->parameters, "%.24s%s%s", rules[model->current.rule]->title,
             *values ? " " : "", values);

    if (model->collection->models > 1 && !model_compares_models(model))
        snprintf(bar->model, sizeof bar->model, " %.18s:", model_name(model, model->current.model).text);
    list_rules(bar, model);
    int bank = 1 + text_columns(bar->bank), parameters = GAP + text_columns(bar->parameters);
    int wide = place(bar, model, true), tight = place(bar, model, false);
    bar->shows_bank = tight + bank <= columns;
    bar->shows_parameters = tight + bank + parameters <= columns;
    int room = columns - (bar->shows_bank ? bank : 0) - (bar->shows_parameters ? parameters : 0);
    bar->margin = tight < room;
    while (place(bar, model, wide < room) > columns && bar->count > 2)
        remove_last_unmarked(bar, model);
}

static void draw_right_end(const struct rule_bar *bar, struct zones *zones, struct rect row)
{
    int end = row.columns - bar->margin;

    if (bar->shows_parameters) {
        draw_right(row, 0, end, STYLE_DIM, "%s", bar->parameters);
        zones_add(zones, row, end - text_columns(bar->parameters), end, ACTION_RULE);
        end -= text_columns(bar->parameters) + GAP;
    }
    if (bar->shows_bank)
        draw_right(row, 0, end, STYLE_DIM, "%s", bar->bank);
}

void rule_bar_draw(const struct rule_bar *bar, const struct model *model, struct zones *zones, struct rect row)
{
    draw_text(row, 0, 0, STYLE_TEXT, bar->model);
    zones_add(zones, row, 0, text_columns(bar->model), ACTION_MODEL);
    for (size_t i = 0; i < bar->count; i++) {
        struct pick pick = bar->entry[i].pick;
        const struct favourite *favourite = favourite_of_rule(pick.rule);
        const char *mark = role_mark(model, pick);
        int x = bar->entry[i].x, style = role_is_marked(model, pick) ? role_style(model, pick) : STYLE_TEXT;
        if (model_side(model, T2V, pick)->unavailable[pick.rule])
            style = STYLE_DIM;
        if (role_is_marked(model, pick))
            draw_format(row, 0, x, style, "%c%s%c", mark[0], bar->entry[i].text, mark[1]);
        else
            draw_text(row, 0, x + 1, style, bar->entry[i].text);
        enum action action = pick_same(pick, model->current)  ? ACTION_RULE
                             : pick_same(pick, model->versus) ? ACTION_VERSUS
                             : favourite                      ? favourite->action
                                                              : ACTION_NONE;
        zones_add(zones, row, x, x + 2 + text_columns(bar->entry[i].text), action);
    }
    draw_right_end(bar, zones, row);
}
