#include "ui/explorer/filter_line.h"

#include "ui/model/filter.h"

#include <string.h>

void filter_line_open(struct filter_line *line, struct model *model)
{
    line->open = true;
    line->line = (struct lineedit){0};
    lineedit_set(&line->line, model_filter(model));
    model_open_filter(model);
}

static bool is_one_of(const char *key, const char *const *keys)
{
    for (; *keys; keys++)
        if (strcmp(*keys, key) == 0)
            return true;
    return false;
}

static void close(struct filter_line *line, struct model *model, bool clear)
{
    line->open = false;
    if (clear)
        model_set_filter(model, "");
}

bool filter_line_event(struct filter_line *line, struct model *model, const struct event *event)
{
    static const char *const moves[] = {"Up", "Down", "PageUp", "PageDown", "Ctrl-L", "Ctrl-Z", NULL};
    const char *key = event->key;

    if (event->type == EVENT_PASTE) {
        lineedit_insert(&line->line, event->text);
        model_set_filter(model, line->line.text);
        return true;
    }
    if (event->type != EVENT_KEY)
        return false;
    if (strcmp(key, "Enter") == 0 || strcmp(key, "Esc") == 0 || strcmp(key, "Ctrl-C") == 0 ||
        (strcmp(key, "Backspace") == 0 && !line->line.length)) {
        close(line, model, strcmp(key, "Enter") != 0);
        return true;
    }
    switch (lineedit_key(&line->line, key)) {
    case LINEEDIT_CHANGED:
        model_set_filter(model, line->line.text);
        return true;
    case LINEEDIT_MOVED:
        return true;
    case LINEEDIT_NOT_MINE:
        break;
    }
    if (!is_one_of(key, moves))
        close(line, model, false);
    return false;
}

void filter_line_draw(struct filter_line *line, struct rect screen)
{
    static const char hint[] = "title, key, tags, caption   Enter keeps   Esc clears";
    struct rect row = {screen.y + screen.rows - 1, screen.x, 1, screen.columns};
    struct rect field = rect_right_of(row, 1);

    draw_fill(row, STYLE_INPUT);
    draw_text(row, 0, 0, STYLE_KEY, "\\");
    line->cursor = 1 + lineedit_scroll(&line->line, field.columns);
    int end = draw_text(field, 0, 0, STYLE_INPUT, line->line.text + line->line.first);
    if (end + 4 + text_columns(hint) < field.columns)
        draw_right(field, 0, field.columns - 1, STYLE_DIM, "%s", hint);
}
