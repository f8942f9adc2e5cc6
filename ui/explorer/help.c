#include "ui/explorer/help.h"

#include "engine/base/item.h"
#include "ui/explorer/favourite.h"

#include <stdio.h>
#include <string.h>

static bool holds(const struct help *help, const char *text)
{
    return strcasestr(text, help->filter.text) != NULL;
}

/* What the action does; a rule's digit names the rule that it chooses. */
static const char *help_of(enum action action, char text[64])
{
    const struct favourite *favourite = favourite_of_action(action);

    if (!favourite)
        return action_table[action].help;
    snprintf(text, 64, "rule %.50s", *favourite->name ? favourite->name : "(none)");
    return text;
}

static bool matches(const struct help *help, enum action action)
{
    const struct action_entry *entry = &action_table[action];
    char keys[ACTION_KEYS], text[64];

    return !help->filter.length || holds(help, item_text(help_of(action, text))) ||
           holds(help, action_keys(action, keys)) || holds(help, entry->name);
}

/* Adds a row to a group, preceded by the group's heading if it is the first. */
static void add_row(struct help *help, struct help_row row, const char *heading, bool *headed)
{
    if (!*headed)
        help->row[help->list.count++] = (struct help_row){.heading = heading};
    *headed = true;
    help->row[help->list.count++] = row;
}

static void add_group(struct help *help, unsigned scope, unsigned but, const char *title)
{
    bool headed = false;

    for (int i = 1; i < ACTIONS; i++)
        if (action_table[i].scope & scope && !(action_table[i].scope & but) && matches(help, (enum action)i))
            add_row(help, (struct help_row){.action = (enum action)i}, title, &headed);
}

static void add_signs(struct help *help)
{
    bool headed = false;

    for (size_t i = 0; i < help->sign_count && i < VIEW_SIGNS; i++)
        if (!help->filter.length || holds(help, item_text(help->signs[i].meaning)))
            add_row(help, (struct help_row){.sign = &help->signs[i]}, "Signs", &headed);
}

static void fill(struct help *help)
{
    unsigned own = help->scope & ~(unsigned)(SCOPE_LISTS | SCOPE_GLOBAL);

    help->list.count = 0;
    add_group(help, own, 0, help->title);
    add_signs(help);
    if (help->scope & SCOPE_LISTS)
        add_group(help, SCOPE_LISTS, own, "Lists");
    add_group(help, SCOPE_GLOBAL, own, "Everywhere");
    list_select(&help->list, help->list.count > 1 ? 1 : 0);
}

void help_open(struct help *help, const struct view *view)
{
    *help = (struct help){
        .open = true, .scope = view->scope, .title = view->title, .signs = view->signs, .sign_count = view->sign_count};
    fill(help);
}

static enum action choose(struct help *help)
{
    enum action action = help->list.selected < help->list.count ? help->row[help->list.selected].action : ACTION_NONE;

    if (action != ACTION_NONE)
        help->open = false;
    return action;
}

static enum action mouse(struct help *help, const struct mouse *mouse)
{
    if (mouse->wheel) {
        list_act(&help->list, mouse->wheel < 0 ? ACTION_UP : ACTION_DOWN);
        return ACTION_NONE;
    }
    if (!rect_holds(help->inside, mouse->y, mouse->x)) {
        help->open = false;
        return ACTION_NONE;
    }
    list_select(&help->list, help->list.first + (size_t)(mouse->y - help->inside.y));
    return mouse->twice ? choose(help) : ACTION_NONE;
}

static void filter_key(struct help *help, const char *key)
{
    if (strcmp(key, "Esc") == 0) {
        help->filtering = false;
        lineedit_set(&help->filter, "");
        fill(help);
    } else if (lineedit_key(&help->filter, key) == LINEEDIT_CHANGED) {
        fill(help);
    }
}

enum action help_event(struct help *help, const struct event *event)
{
    const char *key = event->key;

    if (event->type == EVENT_MOUSE)
        return mouse(help, &event->mouse);
    if (event->type != EVENT_KEY)
        return ACTION_NONE;
    if (strcmp(key, "Enter") == 0)
        return choose(help);
    bool arrow = strcmp(key, "Up") == 0 || strcmp(key, "Down") == 0 || strncmp(key, "Page", 4) == 0;
    if (help->filtering && !arrow) {
        filter_key(help, key);
        return ACTION_NONE;
    }
    enum action action = action_of_key(key, SCOPE_LISTS);
    if (action == ACTION_BACK || action == ACTION_HELP || action == ACTION_QUIT || action == ACTION_CANCEL)
        help->open = false;
    else if (action == ACTION_QUERY)
        help->filtering = true;
    else
        list_act(&help->list, action);
    return ACTION_NONE;
}

void help_draw(struct help *help, struct rect screen)
{
    int width = screen.columns < 84 ? screen.columns : 84, rows = screen.rows - 2, key_column = 18;
    struct rect box = {screen.y + 1, screen.x + (screen.columns - width) / 2, rows, width};
    char title[96], text[64], keys[ACTION_KEYS];

    if (help->list.count && (int)help->list.count + 2 < rows && !help->filtering)
        box.rows = (int)help->list.count + 2;
    draw_fill(box, STYLE_TEXT);
    if (help->filtering || help->filter.length)
        snprintf(title, sizeof(title), "keys with: %.60s", help->filter.text);
    else
        snprintf(title, sizeof(title), "keys: Enter runs one, / filters, Esc closes");
    draw_box(box, STYLE_STRONG, title);
    help->inside = rect_inset(box, 1, 1);
    list_fit(&help->list, help->list.count, (size_t)help->inside.rows);
    for (size_t i = 0; i < (size_t)help->inside.rows && help->list.first + i < help->list.count; i++) {
        size_t at = help->list.first + i;
        const struct help_row *entry = &help->row[at];
        const struct view_sign *sign = entry->sign;
        struct rect row = {help->inside.y + (int)i, help->inside.x, 1, help->inside.columns};
        int selected = at == help->list.selected ? STYLE_SELECTED : 0;
        if (selected)
            draw_fill(row, STYLE_TEXT | selected);
        if (entry->heading) {
            draw_text(row, 0, 1, STYLE_STRONG | selected, entry->heading);
            continue;
        }
        const char *name = !sign ? action_keys(entry->action, keys) : sign->text ? sign->text : glyph(sign->glyph);
        draw_text(rect_left(row, key_column), 0, 2, STYLE_KEY | selected, name);
        draw_text(rect_right_of(rect_left(row, row.columns - 1), key_column), 0, 0, STYLE_TEXT | selected,
                  item_text(sign ? sign->meaning : help_of(entry->action, text)));
    }
    if (help->list.count == 0)
        draw_text(help->inside, 0, 1, STYLE_DIM, "no key matches these words");
    draw_scrollbar(help->inside, help->list.first, (size_t)help->inside.rows, help->list.count);
}
