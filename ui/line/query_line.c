#include "ui/line/query_line.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "ui/draw/list.h"
#include "ui/line/lineedit.h"
#include "ui/line/query_note.h"
#include "ui/model/caption_finder.h"
#include "ui/model/query.h"
#include "ui/model/texts.h"
#include "ui/terminal/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POPUP_ROWS = 10 };

struct query_line {
    struct model *model;
    enum query_mode mode;
    bool fresh; /* no key yet: typing or pasting replaces the text, moving the cursor keeps it */
    struct lineedit edit;
    struct history history;
    char *history_path; /* or null */
    struct list list;   /* of found captions */
    /* what Esc returns to */
    char text_before[MODEL_TEXT];
    size_t query_before;
    uint32_t video_before;
    struct rect field, popup; /* where they were drawn; 0 rows: hidden */
    int cursor;
};

struct query_line *query_line_new(struct model *model, const char *history)
{
    struct query_line *line = memory_array(1, sizeof(*line));

    if (!line)
        return NULL;
    line->model = model;
    line->edit.history = &line->history;
    if (history && (line->history_path = memory_text(history)))
        history_load(&line->history, history);
    return line;
}

void query_line_free(struct query_line *line)
{
    if (!line)
        return;
    if (line->history_path)
        history_save(&line->history, line->history_path);
    history_close(&line->history);
    free(line->history_path);
    free(line);
}

enum query_mode query_line_mode(const struct query_line *line)
{
    return line->mode;
}

void query_line_begin(struct query_line *line, enum query_mode mode)
{
    struct model *model = line->model;

    if (model->collection->wordless) {
        model_say(model, false, MODEL_WORDLESS);
        return;
    }
    if (mode == QUERY_TYPING && !model_can_type(model)) {
        model_say(model, false,
                  model_source(model, model->current)->model->stored
                      ? "stored similarities take no typed query: words find stored captions"
                      : "no text encoder in this collection: words find stored captions instead");
        mode = QUERY_CAPTIONS;
    }
    if (mode == QUERY_CAPTIONS && (!model->collection->catalog || !model->collection->queries)) {
        model_say(model, true, "there are no stored captions to find");
        return;
    }
    if (line->mode == QUERY_REST) {
        memcpy(line->text_before, model->text, sizeof(line->text_before));
        line->query_before = model->query;
        line->video_before = model->video;
    }
    line->mode = mode;
    line->edit.history = mode == QUERY_TYPING ? &line->history : NULL;
    lineedit_set(&line->edit, mode == QUERY_TYPING ? model->text : "");
    line->fresh = true;
    if (mode == QUERY_CAPTIONS) {
        line->list = (struct list){0};
        model_find_captions(model, "");
    }
    line->history.at = line->history.count;
}

void query_line_leave(struct query_line *line)
{
    if (line->mode == QUERY_TYPING && line->model->query == NO_QUERY)
        history_add(&line->history, line->edit.text);
    line->mode = QUERY_REST;
}

static void go_back(struct query_line *line)
{
    struct model *model = line->model;

    line->mode = QUERY_REST;
    if (model->query == line->query_before && strcmp(model->text, line->text_before) == 0)
        return;
    if (line->query_before != NO_QUERY)
        model_set_query(model, line->query_before);
    else
        model_set_text(model, line->text_before);
    model_set_video(model, line->video_before);
}

static void choose_caption(struct query_line *line)
{
    struct model *model = line->model;

    if (line->list.selected >= model->found_count) {
        model_say(model, true, "no caption matches these words");
        return;
    }
    line->mode = QUERY_REST;
    model_set_query(model, model->found[line->list.selected]);
}

static void changed(struct query_line *line)
{
    if (line->mode == QUERY_TYPING) {
        model_set_text(line->model, line->edit.text);
    } else {
        line->list.selected = 0;
        model_find_captions(line->model, line->edit.text);
    }
}

/* Cuts the old text, so that Ctrl-Y brings it back. */
static void replace_fresh(struct query_line *line)
{
    if (line->fresh)
        lineedit_key(&line->edit, "Ctrl-U");
    line->fresh = false;
}

/* Whether it is a character, not the name of a key. */
static bool is_character(const char *key)
{
    const char *end = key;

    return text_next(&end) >= ' ' && !*end;
}

static bool is_one_of(const char *key, const char *const *keys)
{
    for (; *keys; keys++)
        if (strcmp(*keys, key) == 0)
            return true;
    return false;
}

static bool typing_key(struct query_line *line, const char *key)
{
    static const char *const keep_focus[] = {"PageUp", "PageDown", "Ctrl-C", "Ctrl-L", "Ctrl-Z", NULL};

    if (line->mode == QUERY_CAPTIONS) {
        enum action action = strcmp(key, "Up") == 0         ? ACTION_UP
                             : strcmp(key, "Down") == 0     ? ACTION_DOWN
                             : strcmp(key, "PageUp") == 0   ? ACTION_PAGE_UP
                             : strcmp(key, "PageDown") == 0 ? ACTION_PAGE_DOWN
                                                            : ACTION_NONE;
        if (list_act(&line->list, action))
            return true;
    }
    if (is_character(key))
        replace_fresh(line);
    line->fresh = false;
    switch (lineedit_key(&line->edit, key)) {
    case LINEEDIT_CHANGED:
        changed(line);
        return true;
    case LINEEDIT_MOVED:
        return true;
    case LINEEDIT_NOT_MINE:
        break;
    }
    if (is_one_of(key, keep_focus))
        return false;
    query_line_leave(line);
    return false;
}

/* Takes the suggestion while it is shown: the text then goes on from it. */
static bool take_suggestion(struct query_line *line)
{
    struct model *model = line->model;
    char text[MODEL_TEXT];

    if (line->mode == QUERY_CAPTIONS || line->field.rows == 0 || !*model_suggestion(model))
        return false;
    snprintf(text, sizeof text, "%s", model_suggestion(model));
    if (line->mode == QUERY_TYPING)
        lineedit_set(&line->edit, text);
    line->fresh = false;
    model_set_text(model, text);
    return true;
}

static bool key_event(struct query_line *line, const char *key)
{
    if (strcmp(key, "Tab") == 0 && take_suggestion(line))
        return true;
    if (line->mode == QUERY_REST)
        return false;
    if (strcmp(key, "Esc") == 0) {
        go_back(line);
    } else if (strcmp(key, "Enter") == 0) {
        if (line->mode == QUERY_CAPTIONS)
            choose_caption(line);
        else if (line->edit.text[strspn(line->edit.text, " ")])
            query_line_leave(line);
        else
            go_back(line);
    } else {
        return typing_key(line, key);
    }
    return true;
}

static bool mouse_event(struct query_line *line, const struct mouse *mouse)
{
    if (line->mode == QUERY_CAPTIONS && rect_holds(line->popup, mouse->y, mouse->x)) {
        if (mouse->wheel) {
            list_act(&line->list, mouse->wheel < 0 ? ACTION_UP : ACTION_DOWN);
        } else {
            size_t row = line->list.first + (size_t)(mouse->y - line->popup.y);
            if (row < line->model->found_count) {
                line->list.selected = row;
                choose_caption(line);
            }
        }
        return true;
    }
    if (!mouse->wheel && rect_holds(line->field, mouse->y, mouse->x)) {
        if (line->mode == QUERY_REST)
            query_line_begin(line, QUERY_TYPING);
        line->fresh = false;
        if (line->mode != QUERY_REST)
            lineedit_click(&line->edit, mouse->x - line->field.x);
        return true;
    }
    if (line->mode != QUERY_REST && !mouse->wheel)
        query_line_leave(line);
    return false;
}

bool query_line_event(struct query_line *line, const struct event *event)
{
    if (event->type == EVENT_KEY)
        return key_event(line, event->key);
    if (event->type == EVENT_MOUSE)
        return mouse_event(line, &event->mouse);
    if (event->type == EVENT_PASTE && line->mode != QUERY_REST) {
        replace_fresh(line);
        lineedit_insert(&line->edit, event->text);
        changed(line);
        return true;
    }
    return false;
}

static int style_of(const struct model *model, size_t at, int style, size_t *end)
{
    const struct encoding *encoding = &model_reader(model)->typed.encoding;

    *end = strlen(model->text);
    for (size_t w = 0; model->query == NO_QUERY && w < encoding->words && w < ENCODING_WORDS; w++) {
        const struct encoding_word *word = &encoding->word[w];
        if (word->known || word->start + word->length <= at)
            continue;
        if (word->start <= at) {
            if (word->start + word->length < *end)
                *end = word->start + word->length;
            return word->guessed || word->begun ? STYLE_GUESSED : STYLE_UNKNOWN;
        }
        if (word->start < *end)
            *end = word->start;
        break;
    }
    return style;
}

/* Draws model->text from byte `from` on, with known, guessed and unknown words in their styles. */
static void draw_words(const struct model *model, struct rect field, size_t from, int style)
{
    char piece[MODEL_TEXT];
    size_t length = strlen(model->text), end;
    int x = 0;

    for (size_t at = from; at < length && x < field.columns; at = end) {
        int piece_style = style_of(model, at, style, &end);
        if (end <= at)
            break;
        memcpy(piece, model->text + at, end - at);
        piece[end - at] = 0;
        x = draw_text(field, 0, x, piece_style, piece);
    }
}

void query_line_draw(struct query_line *line, struct rect r)
{
    const struct model *model = line->model;
    enum query_mode mode = line->mode;
    char info[QUERY_NOTE] = "";

    if (r.rows < 1 || r.columns < 4)
        return;
    int start = draw_text(r, 0, 0, STYLE_KEY,
                          mode == QUERY_CAPTIONS        ? "find caption "
                          : model->collection->wordless ? "  "
                                                        : "/ ");
    int half = (r.columns - start) / 2;
    if (mode != QUERY_CAPTIONS)
        query_note(model, half, info);
    double waits;
    bool waiting = model_waits(model, &waits);
    bool wrong = model->search_note[0] && model->query == NO_QUERY && !waiting;
    int width = text_columns(info);
    char *hint = waiting && width > half ? strstr(info, "  ") : NULL;
    if (hint) {
        *hint = 0;
        width = text_columns(info);
    }
    if (width > half && model->query == NO_QUERY && model_reader(model)->typed.encoding.cut && !wrong && !waiting)
        width = snprintf(info, sizeof(info), "too long");
    if (width > half) /* the words take precedence */
        width = wrong || waiting ? half : 0;
    struct rect field = {r.y, r.x + start, 1, r.columns - start - (width ? width + 1 : 0)};
    if (mode == QUERY_REST) {
        draw_words(model, field, 0, STYLE_TEXT);
    } else {
        draw_fill(field, STYLE_INPUT);
        line->cursor = lineedit_scroll(&line->edit, field.columns);
        if (strcmp(line->edit.text, model->text) == 0)
            draw_words(model, field, line->edit.first, STYLE_INPUT | (line->fresh ? STYLE_MARKED : 0));
        else
            draw_text(field, 0, 0, STYLE_INPUT, line->edit.text + line->edit.first);
    }
    if (width)
        draw_text((struct rect){r.y, r.x + r.columns - width, 1, width}, 0, 0, wrong ? STYLE_ERROR : STYLE_DIM, info);
    line->field = field;
}

void query_line_draw_candidates(struct query_line *line, struct rect screen)
{
    const struct model *model = line->model;
    char caption[MODEL_TEXT];

    if (line->mode != QUERY_CAPTIONS || line->field.rows == 0)
        return;
    int rows = screen.y + screen.rows - line->field.y - 4;
    rows = rows < POPUP_ROWS ? rows : POPUP_ROWS;
    rows = (size_t)rows < model->found_count || rows < 1 ? rows : (int)model->found_count;
    if (rows < 1)
        rows = 1;
    struct rect box = {line->field.y + 1, screen.x, rows + 2, screen.columns};
    draw_fill(box, STYLE_TEXT);
    draw_box(box, STYLE_DIM, "captions: Up Down choose, Enter uses it as the query");
    struct rect inside = rect_inset(box, 1, 1);
    list_fit(&line->list, model->found_count, (size_t)rows);
    for (size_t i = 0; i < (size_t)rows && line->list.first + i < model->found_count; i++) {
        size_t row = line->list.first + i;
        int style = STYLE_TEXT | (row == line->list.selected ? STYLE_SELECTED : 0);
        model_caption(model, model->found[row], caption, sizeof(caption));
        struct rect place = {inside.y + (int)i, inside.x, 1, inside.columns};
        draw_fill(place, style);
        draw_text(place, 0, 1, style, caption);
    }
    if (model->found_count == 0)
        draw_text(inside, 0, 1, STYLE_DIM, "no caption matches these words");
    draw_scrollbar(inside, line->list.first, (size_t)rows, model->found_count);
    line->popup = inside;
}

bool query_line_cursor(const struct query_line *line, int *y, int *x)
{
    if (line->mode == QUERY_REST || line->field.rows == 0)
        return false;
    *y = line->field.y;
    *x = line->field.x + line->cursor;
    return true;
}

void query_line_hidden(struct query_line *line)
{
    line->field = line->popup = (struct rect){0};
}
