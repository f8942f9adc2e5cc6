#include "ui/explorer/rule_bar.h"

#include "ui/draw/label.h"
#include "ui/views/role.h"

#include <stdio.h>
#include <string.h>

enum { GAP = 2 };

static void add(struct rule_bar *bar, size_t rule)
{
    const struct favourite *favourite = favourite_of_rule(rule);
    char *text = bar->entry[bar->count].text;

    snprintf(text, sizeof bar->entry->text, "%s%s%.32s", favourite ? favourite->key : "", favourite ? " " : "",
             rules[rule]->title);
    bar->entry[bar->count++].rule = rule;
}

static void list_rules(struct rule_bar *bar, const struct model *model)
{
    for (size_t i = 0; i < FAVOURITES; i++) {
        size_t rule = favourite_rule(&favourites[i]);
        if (rule != SIZE_MAX && !model->left_out[rule])
            add(bar, rule);
    }
    if (!favourite_of_rule(model->versus))
        add(bar, model->versus);
    if (!favourite_of_rule(model->rule) && model->rule != model->versus)
        add(bar, model->rule);
}

/* Every rule has a column on either side for its brackets.  Neighbours have separate margins (wide) or share one, with
 * a blank beside every bracket.  Returns the columns used. */
static int place(struct rule_bar *bar, const struct model *model, bool wide)
{
    bool marked = false;
    int x = 0;

    for (size_t i = 0; i < bar->count; i++) {
        bool next = role_is_marked(model, bar->entry[i].rule);
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

    while (last > 0 && role_is_marked(model, bar->entry[last].rule))
        last--;
    bar->count--;
    memmove(&bar->entry[last], &bar->entry[last + 1], (bar->count - last) * sizeof *bar->entry);
}

void rule_bar_lay_out(struct rule_bar *bar, const struct model *model, int columns)
{
    const struct collection *collection = model->collection;
    char values[96];

    *bar = (struct rule_bar){0};
    if (model->bank < collection->model[0]->banks)
        snprintf(bar->bank, sizeof bar->bank, "bank %.64s %zu", collection->model[0]->bank[model->bank].name,
                 collection->model[0]->bank[model->bank].matrix.rows);
    else
        snprintf(bar->bank, sizeof bar->bank, "no query bank");
    label_parameters(&model->spec[model->rule], values, sizeof values);
    snprintf(bar->parameters, sizeof bar->parameters, "%.24s%s%s", rules[model->rule]->title, *values ? " " : "",
             values);

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
    for (size_t i = 0; i < bar->count; i++) {
        size_t rule = bar->entry[i].rule;
        const struct favourite *favourite = favourite_of_rule(rule);
        const char *mark = role_mark(model, rule);
        int x = bar->entry[i].x, style = role_is_marked(model, rule) ? role_style(model, rule) : STYLE_TEXT;
        if (model->side[T2V].unavailable[rule])
            style = STYLE_DIM;
        if (role_is_marked(model, rule))
            draw_format(row, 0, x, style, "%c%s%c", mark[0], bar->entry[i].text, mark[1]);
        else
            draw_text(row, 0, x + 1, style, bar->entry[i].text);
        enum action action = rule == model->rule     ? ACTION_RULE
                             : rule == model->versus ? ACTION_VERSUS
                             : favourite             ? favourite->action
                                                     : ACTION_NONE;
        zones_add(zones, row, x, x + 2 + text_columns(bar->entry[i].text), action);
    }
    draw_right_end(bar, zones, row);
}
