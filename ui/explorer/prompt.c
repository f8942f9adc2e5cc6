#include "ui/explorer/prompt.h"

#include "ui/explorer/palette.h"

#include <stdio.h>
#include <string.h>

enum { SHOWN = 12, WIDTH = 76, BESIDE = 20 };

static void complete(struct prompt *prompt, const struct model *model)
{
    prompt->candidates = completion_find(model, prompt->line.text, prompt->candidate, COMPLETIONS);
    prompt->chosen = prompt->candidates;
}

void prompt_open(struct prompt *prompt, const struct model *model, const char *text)
{
    prompt->open = true;
    prompt->line.history = &prompt->history;
    prompt->history.at = prompt->history.count;
    lineedit_set(&prompt->line, text);
    complete(prompt, model);
}

void prompt_close(struct prompt *prompt)
{
    history_close(&prompt->history);
    prompt->open = false;
}

/* Extends the line to the candidates' common prefix; false if that adds nothing. */
static bool extend(struct prompt *prompt)
{
    char common[COMPLETION_TEXT];

    snprintf(common, sizeof(common), "%s", prompt->candidate[0]);
    for (size_t i = 1; i < prompt->candidates; i++) {
        size_t same = 0;
        while (common[same] && common[same] == prompt->candidate[i][same])
            same++;
        common[same] = 0;
    }
    if (strlen(common) <= prompt->line.length)
        return false;
    lineedit_set(&prompt->line, common);
    return true;
}

static void tab(struct prompt *prompt, const struct model *model, bool backwards)
{
    size_t count = prompt->candidates;

    if (count == 0)
        return;
    if (prompt->chosen == count && !backwards && extend(prompt)) {
        complete(prompt, model);
        return;
    }
    if (backwards)
        prompt->chosen = prompt->chosen == 0 || prompt->chosen == count ? count - 1 : prompt->chosen - 1;
    else
        prompt->chosen = prompt->chosen + 1 >= count ? 0 : prompt->chosen + 1;
    lineedit_set(&prompt->line, prompt->candidate[prompt->chosen]);
}

static enum prompt_result key(struct prompt *prompt, const struct model *model, const char *name)
{
    if (strcmp(name, "Esc") == 0 || strcmp(name, "Ctrl-C") == 0 ||
        (prompt->line.length == 0 && strcmp(name, "Backspace") == 0)) {
        prompt->open = false;
        return PROMPT_CLOSED;
    }
    if (strcmp(name, "Enter") == 0) {
        prompt->open = false;
        history_add(&prompt->history, prompt->line.text);
        return prompt->line.length ? PROMPT_RUN : PROMPT_CLOSED;
    }
    if (strcmp(name, "Tab") == 0 || strcmp(name, "Shift-Tab") == 0)
        tab(prompt, model, name[0] == 'S');
    else if (lineedit_key(&prompt->line, name) == LINEEDIT_CHANGED)
        complete(prompt, model);
    return PROMPT_STAYS;
}

enum prompt_result prompt_event(struct prompt *prompt, const struct model *model, const struct event *event)
{
    if (event->type == EVENT_KEY)
        return key(prompt, model, event->key);
    if (event->type == EVENT_PASTE) {
        lineedit_insert(&prompt->line, event->text);
        complete(prompt, model);
    } else if (event->type == EVENT_MOUSE && !event->mouse.wheel) {
        prompt->open = false;
        return PROMPT_CLOSED;
    }
    return PROMPT_STAYS;
}

static void draw_candidates(const struct prompt *prompt, struct rect screen)
{
    int room = screen.rows - 5 < SHOWN ? screen.rows - 5 : SHOWN;
    size_t shown = prompt->candidates < (size_t)room ? prompt->candidates : (size_t)room;
    size_t first = prompt->chosen < prompt->candidates && prompt->chosen >= shown ? prompt->chosen - shown + 1 : 0;
    /* the whole width if only a sliver of the view would show beside the box */
    int width = screen.columns < WIDTH + BESIDE ? screen.columns : WIDTH;
    struct rect box = {screen.y + screen.rows - 3 - (int)shown, screen.x, (int)shown + 2, width};

    draw_fill(box, STYLE_TEXT);
    draw_box(box, STYLE_DIM, "Tab completes, Enter runs, Esc closes");
    struct rect inside = rect_inset(box, 1, 1);
    for (size_t i = 0; i < shown; i++) {
        const char *text = prompt->candidate[first + i];
        const struct palette_entry *command = palette_entry_of(text);
        struct rect row = {inside.y + (int)i, inside.x, 1, inside.columns};
        int style = first + i == prompt->chosen ? STYLE_TEXT | STYLE_SELECTED : STYLE_TEXT;
        draw_fill(row, style);
        draw_text(row, 0, 1, style, text);
        const char *file = completion_file_help(text);
        if (*file && (int)strlen(text) + (int)strlen(file) + 4 < row.columns)
            draw_right(row, 0, row.columns - 1, style == STYLE_TEXT ? STYLE_DIM : style, "%s", file);
        /* the command's help while the command is being typed, not beside each of its values */
        if (command && (!text[strcspn(text, " ")] || !text[strcspn(text, " ") + 1]) && row.columns > 40) {
            struct rect help = rect_right_of(row, 26);
            char words[PALETTE_TEXT];
            draw_text(help, 0, 0, style == STYLE_TEXT ? STYLE_DIM : style, palette_help(command, words));
        }
    }
    draw_scrollbar(inside, first, shown, prompt->candidates);
}

void prompt_draw(struct prompt *prompt, struct rect screen)
{
    struct rect row = {screen.y + screen.rows - 1, screen.x, 1, screen.columns};
    struct rect field = rect_right_of(row, 1);
    const struct palette_entry *command = palette_entry_of(prompt->line.text);

    if (prompt->candidates)
        draw_candidates(prompt, screen);
    draw_fill(row, STYLE_INPUT);
    draw_text(row, 0, 0, STYLE_KEY, ":");
    prompt->cursor = 1 + lineedit_scroll(&prompt->line, field.columns);
    int end = draw_text(field, 0, 0, STYLE_INPUT, prompt->line.text + prompt->line.first);
    if (!command && !prompt->candidates && prompt->line.length && end + 30 < field.columns)
        draw_right(field, 0, field.columns - 1, STYLE_DIM, "no command begins so");
    if (command && command->argument[0] && !prompt->candidates && end + 30 < field.columns)
        draw_right(field, 0, field.columns, STYLE_DIM, "%s %s", command->name, command->argument);
}
