#include "ui/explorer/picker.h"

#include <stdio.h>
#include <string.h>

enum {
    WIDTH = 84,
    KEY = 1,        /* columns of a row: the key, */
    TITLE = 4,      /* the title, a mark on either side */
    NOTE_FROM = 64, /* columns of a box with room for notes */
    DETAIL_ROWS = 6,
    LIST_LEAST = 6 /* a list with fewer rows takes those of the details too */
};

/* ---- filtering ---- */

/* Whether every word of the text occurs somewhere in the line. */
static bool has_words(const struct picker_line *line, const char *text)
{
    const char *const field[] = {line->key, line->name, line->title, line->brief, line->note};
    char word[MODEL_TEXT];

    while (*(text += strspn(text, " "))) {
        size_t length = strcspn(text, " ");
        bool found = false;
        memcpy(word, text, length);
        word[length] = 0;
        for (size_t i = 0; i < sizeof field / sizeof *field; i++)
            found = found || strcasestr(field[i], word);
        if (!found)
            return false;
        text += length;
    }
    return true;
}

static bool begins_with(const struct picker_line *line, const char *text)
{
    size_t length = strlen(text);

    return strncasecmp(line->name, text, length) == 0 || strncasecmp(line->title, text, length) == 0;
}

/* Lines whose name begins with the typed text come before those that only contain it: "is" finds IS before DualIS. */
static void filter(struct picker *picker)
{
    const char *text = picker->filter.text;
    size_t count = 0;

    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < picker->lines; i++) {
            const struct picker_line *line = &picker->line[i];
            if (has_words(line, text) && begins_with(line, text) == (pass == 0))
                picker->shown[count++] = i;
        }
    }
    picker->list.count = count;
    list_select(&picker->list, 0);
}

void picker_begin(struct picker *picker, const char *title, void (*choose)(struct model *model, size_t value))
{
    *picker = (struct picker){.title = title, .choose = choose};
}

const char *picker_text(struct picker *picker, const char *text)
{
    if (picker->texts == PICKER_TEXTS)
        return "";
    char *copy = picker->text[picker->texts++];
    snprintf(copy, PICKER_TEXT, "%s", text);
    return copy;
}

void picker_add(struct picker *picker, const struct picker_line *line)
{
    if (picker->lines < PICKER_LINES)
        picker->line[picker->lines++] = *line;
}

void picker_show(struct picker *picker, size_t selected)
{
    picker->open = true;
    filter(picker);
    for (size_t i = 0; i < picker->list.count; i++)
        if (picker->line[picker->shown[i]].value == selected)
            list_select(&picker->list, i);
}

static const struct picker_line *selected(const struct picker *picker)
{
    size_t row = picker->list.selected;

    return row < picker->list.count ? &picker->line[picker->shown[row]] : NULL;
}

/* ---- events ---- */

static void choose(struct picker *picker, struct model *model)
{
    const struct picker_line *line = selected(picker);

    if (!line || line->refusal)
        return;
    picker->open = false;
    picker->choose(model, line->value);
}

static void mouse(struct picker *picker, struct model *model, const struct mouse *mouse)
{
    if (mouse->wheel) {
        list_act(&picker->list, mouse->wheel < 0 ? ACTION_UP : ACTION_DOWN);
    } else if (!rect_holds(picker->box, mouse->y, mouse->x)) {
        picker->open = false;
    } else if (rect_holds(picker->rows, mouse->y, mouse->x)) {
        size_t row = list_row(&picker->list, (size_t)(mouse->y - picker->rows.y));
        if (row >= picker->list.count)
            return;
        bool again = row == picker->list.selected;
        list_select(&picker->list, row);
        if (again || mouse->twice)
            choose(picker, model);
    }
}

static void key(struct picker *picker, struct model *model, const char *name)
{
    if (strcmp(name, "Esc") == 0 || strcmp(name, "Ctrl-C") == 0)
        picker->open = false;
    else if (strcmp(name, "Enter") == 0)
        choose(picker, model);
    else if (strcmp(name, "Up") == 0 || strcmp(name, "Down") == 0 || strncmp(name, "Page", 4) == 0)
        list_act(&picker->list, action_of_key(name, SCOPE_LISTS));
    else if (lineedit_key(&picker->filter, name) == LINEEDIT_CHANGED)
        filter(picker);
}

void picker_event(struct picker *picker, struct model *model, const struct event *event)
{
    if (event->type == EVENT_MOUSE) {
        mouse(picker, model, &event->mouse);
    } else if (event->type == EVENT_KEY) {
        key(picker, model, event->key);
    } else if (event->type == EVENT_PASTE) {
        lineedit_insert(&picker->filter, event->text);
        filter(picker);
    }
}

/* ---- drawing ---- */

static int widest_title(const struct picker *picker)
{
    int widest = 0;

    for (size_t i = 0; i < picker->lines; i++) {
        int columns = text_columns(picker->line[i].title);
        widest = columns > widest ? columns : widest;
    }
    return widest;
}

static void draw_line(const struct picker_line *line, struct rect row, int brief_at, bool chosen)
{
    int ground = chosen ? STYLE_SELECTED : 0;
    struct rect left = row;

    draw_fill(row, STYLE_TEXT | ground);
    draw_text(row, 0, KEY, STYLE_KEY | ground, line->key);
    draw_format(row, 0, TITLE - 1, (line->refusal ? STYLE_DIM : line->style) | ground, "%c%s%c", line->mark[0],
                line->title, line->mark[1]);
    if (row.columns >= NOTE_FROM) {
        draw_right(row, 0, row.columns - 1, STYLE_DIM | ground, "%s", line->note);
        left.columns -= text_columns(line->note) + 2;
    }
    draw_text(left, 0, brief_at, (line->refusal ? STYLE_DIM : STYLE_TEXT) | ground,
              line->refusal ? line->refusal : line->brief);
}

static void draw_list(struct picker *picker, struct rect r)
{
    int brief_at = TITLE + widest_title(picker) + 3;

    picker->rows = r;
    list_fit(&picker->list, picker->list.count, (size_t)r.rows);
    for (size_t i = 0; i < (size_t)r.rows && picker->list.first + i < picker->list.count; i++) {
        size_t at = picker->list.first + i;
        draw_line(&picker->line[picker->shown[at]], (struct rect){r.y + (int)i, r.x, 1, r.columns - 1}, brief_at,
                  at == picker->list.selected);
    }
    if (picker->list.count == 0)
        draw_text(r, 0, TITLE, STYLE_DIM, "nothing matches these words");
    draw_scrollbar(r, picker->list.first, (size_t)r.rows, picker->list.count);
}

static void draw_details(const struct picker_line *line, struct rect r)
{
    int y = 0;

    for (size_t i = 0; line && i < PICKER_DETAILS && y < r.rows; i++)
        if (line->detail[i])
            y += draw_wrapped(r, y, 0, r.rows - y, i ? STYLE_TEXT : STYLE_STRONG, line->detail[i]);
}

static void draw_filter(struct picker *picker, struct rect row)
{
    struct rect field = rect_inset(row, 0, 1);

    draw_fill(row, STYLE_INPUT);
    if (picker->filter.length == 0)
        draw_text(field, 0, 2, STYLE_DIM, "type to filter; Enter chooses, Esc closes");
    picker->cursor_y = row.y;
    picker->cursor_x = field.x + lineedit_scroll(&picker->filter, field.columns);
    draw_text(field, 0, 0, STYLE_INPUT, picker->filter.text + picker->filter.first);
}

void picker_draw(struct picker *picker, struct rect screen, int top)
{
    int width = screen.columns < WIDTH ? screen.columns : WIDTH, most = screen.rows - top - 1;
    int wanted = (int)picker->lines + 3, rows = wanted + 1 + DETAIL_ROWS;
    bool details = rows <= most || most - 4 - DETAIL_ROWS >= LIST_LEAST;

    rows = details ? rows : wanted;
    if (rows > most)
        rows = most;
    picker->box = (struct rect){screen.y + top, screen.x + (screen.columns - width) / 2, rows, width};
    draw_fill(picker->box, STYLE_TEXT);
    draw_box(picker->box, STYLE_STRONG, picker->title);
    struct rect inside = rect_inset(picker->box, 1, 1);
    draw_filter(picker, rect_top(inside, 1));
    struct rect list = rect_below(inside, 1);
    if (details) {
        struct rect below = rect_below(list, list.rows - DETAIL_ROWS - 1);
        list.rows -= DETAIL_ROWS + 1;
        draw_horizontal(below, 0, STYLE_LINE, NULL);
        draw_details(selected(picker), rect_inset(rect_below(below, 1), 0, 1));
    }
    draw_list(picker, list);
}
