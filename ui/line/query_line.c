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
    char *history_path;                  /* or null */
    struct list list;                    /* of what was found */
    bool choosing;                       /* while typing: a caption of the list is chosen */
    size_t found[HISTORY_LINES], founds; /* earlier queries */
    char typed[MODEL_TEXT];              /* what the search in the history returns to, if `resumes` */
    bool resumes;
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
    if ((mode == QUERY_TYPING || mode == QUERY_HISTORY) && !model_can_type(model)) {
        model_say(model, false,
                  model_source(model, model->current)->model->stored
                      ? "stored similarities take no typed query: words find stored captions"
                      : "no text encoder in this collection: words find stored captions instead");
        mode = QUERY_CAPTIONS;
    }
    if (mode == QUERY_HISTORY && !line->history.count) {
        model_say(model, false, "no query was typed yet");
        return;
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
    line->resumes = mode == QUERY_HISTORY && line->mode == QUERY_TYPING;
    memcpy(line->typed, line->edit.text, sizeof(line->typed));
    line->mode = mode;
    line->edit.history = mode == QUERY_TYPING ? &line->history : NULL;
    lineedit_set(&line->edit, mode == QUERY_TYPING ? model->text : "");
    line->fresh = true;
    line->choosing = false;
    line->list = (struct list){0};
    if (mode == QUERY_CAPTIONS)
        model_find_captions(model, "");
    if (mode == QUERY_HISTORY)
        line->founds = history_find(&line->history, "", line->found);
    line->history.at = line->history.count;
}

/* At once: the terminal may go away at any time. */
static void remember(struct query_line *line, const char *text)
{
    struct error error;

    history_add(&line->history, text);
    if (line->history_path && history_save(&line->history, line->history_path, &error))
        model_say(line->model, true, "%s", error.text);
}

void query_line_leave(struct query_line *line)
{
    if (line->mode == QUERY_TYPING && line->model->query == NO_QUERY)
        remember(line, line->edit.text);
    line->mode = QUERY_REST;
}

/* Whether there is an answer to what was typed, or may be one soon. */
static bool is_found(const struct model *model)
{
    return model->query != NO_QUERY || (model->text[strspn(model->text, " ")] && !model->search_note[0]);
}

/* Returns to the query before. */
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

/* Types on with a text. */
static void resume(struct query_line *line, const char *text)
{
    line->mode = QUERY_TYPING;
    line->edit.history = &line->history;
    line->history.at = line->history.count;
    line->resumes = line->fresh = line->choosing = false;
    lineedit_set(&line->edit, text);
    model_set_text(line->model, text);
}

/* Leaves the line, or first the search in the history, or the captions below.  Nothing that was found is lost, and what
 * found nothing gives way to the query before. */
static void step_out(struct query_line *line)
{
    if (line->choosing)
        line->choosing = false;
    else if (line->mode == QUERY_HISTORY && line->resumes)
        resume(line, line->typed);
    else if (line->mode == QUERY_TYPING && is_found(line->model))
        query_line_leave(line);
    else
        go_back(line);
}

/* The length of the list below the line, while it is shown. */
static size_t choices(const struct query_line *line)
{
    return line->mode == QUERY_HISTORY ? line->founds : line->model->found_count;
}

static void choose(struct query_line *line)
{
    struct model *model = line->model;
    size_t row = line->list.selected;

    if (row >= choices(line)) {
        model_say(model, true,
                  line->mode == QUERY_HISTORY ? "no query has these words" : "no caption matches these words");
        return;
    }
    const bool typed = line->mode == QUERY_HISTORY;
    line->mode = QUERY_REST;
    if (typed) {
        model_set_text(model, line->history.line[line->found[row]]);
        remember(line, model->text);
    } else {
        model_set_query(model, model->found[row]);
    }
}

static void changed(struct query_line *line)
{
    line->list.selected = 0;
    line->choosing = false;
    if (line->mode == QUERY_TYPING)
        model_set_text(line->model, line->edit.text);
    else if (line->mode == QUERY_HISTORY)
        line->founds = history_find(&line->history, line->edit.text, line->found);
    else
        model_find_captions(line->model, line->edit.text);
}

/* Whether captions are listed because they contain a text of which the encoder knows no word. */
static bool offers_captions(const struct query_line *line)
{
    const struct model *model = line->model;
    const struct encoding *encoding = &model_reader(model)->typed.encoding;

    return line->mode == QUERY_TYPING && model->query == NO_QUERY && model->search_note[0] && encoding->words &&
           model->found_count && strcmp(model->found_words, model->text) == 0;
}

static bool lists(const struct query_line *line)
{
    return line->mode == QUERY_CAPTIONS || line->mode == QUERY_HISTORY || offers_captions(line);
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

/* Moves in the list below the line.  While typing, the first Down enters it and Up leaves it. */
static bool list_key(struct query_line *line, const char *key)
{
    const bool older = line->mode == QUERY_HISTORY && strcmp(key, "Ctrl-R") == 0;
    enum action action = strcmp(key, "Up") == 0              ? ACTION_UP
                         : strcmp(key, "Down") == 0 || older ? ACTION_DOWN
                         : strcmp(key, "PageUp") == 0        ? ACTION_PAGE_UP
                         : strcmp(key, "PageDown") == 0      ? ACTION_PAGE_DOWN
                                                             : ACTION_NONE;

    if (!lists(line))
        return false;
    list_fit(&line->list, choices(line), line->list.shown ? line->list.shown : POPUP_ROWS); /* before it is drawn */
    if (line->mode != QUERY_TYPING)
        return list_act(&line->list, action);
    if (!line->choosing) {
        line->choosing = action == ACTION_DOWN;
        return line->choosing;
    }
    if (action == ACTION_UP && line->list.selected == 0) {
        line->choosing = false;
        return true;
    }
    return list_act(&line->list, action);
}

static bool typing_key(struct query_line *line, const char *key)
{
    static const char *const keep_focus[] = {"PageUp", "PageDown", "Ctrl-C", "Ctrl-L", "Ctrl-Z", NULL};

    if (list_key(line, key))
        return true;
    if (strcmp(key, "Ctrl-R") == 0) {
        query_line_begin(line, QUERY_HISTORY);
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

    if (line->mode == QUERY_CAPTIONS || line->mode == QUERY_HISTORY || line->field.rows == 0 ||
        !*model_suggestion(model))
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
        step_out(line);
    } else if (strcmp(key, "Tab") == 0 && line->mode == QUERY_HISTORY) {
        if (line->list.selected < line->founds)
            resume(line, line->history.line[line->found[line->list.selected]]);
    } else if (strcmp(key, "Enter") == 0) {
        if (line->mode != QUERY_TYPING || (line->choosing && lists(line)))
            choose(line);
        else if (line->edit.text[strspn(line->edit.text, " ")])
            query_line_leave(line);
        else
            go_back(line);
    } else {
        return typing_key(line, key);
    }
    return true;
}

/* What Enter and Esc do with what is typed; nothing that was found is lost, and what finds nothing is left. */
static size_t typing_ends(const struct query_line *line, const char *keys[4])
{
    const bool blank = !line->edit.text[strspn(line->edit.text, " ")];
    const bool same = line->choosing || blank || is_found(line->model);

    keys[0] = same && !line->choosing ? "Enter Esc" : "Enter";
    keys[1] = line->choosing ? "use it" : blank ? "undo" : "keep";
    if (same && !line->choosing)
        return 2;
    keys[2] = "Esc";
    keys[3] = line->choosing ? "to the words" : "undo";
    return 4;
}

void query_line_keys(const struct query_line *line, const char *keys[QUERY_LINE_KEYS])
{
    static const char *const captions[] = {"Enter", "use it", "Up Down", "choose", "Esc", "leave", NULL};
    static const char *const history[] = {"Enter", "take it", "Tab", "edit it", "Ctrl-R", "older", "Esc", NULL};
    size_t count = 0;

    if (line->mode == QUERY_CAPTIONS)
        for (; captions[count]; count++)
            keys[count] = captions[count];
    if (line->mode == QUERY_HISTORY) {
        for (; history[count]; count++)
            keys[count] = history[count];
        keys[count++] = line->resumes ? "type on" : "leave";
    }
    if (line->mode == QUERY_TYPING) {
        const bool listed = lists(line);
        const char *const typing[] = {"Tab",
                                      *model_suggestion(line->model) ? "take it" : "results",
                                      listed && !line->choosing ? "Down" : "Up Down",
                                      line->choosing ? "choose"
                                      : listed       ? "captions"
                                                     : "history",
                                      "Ctrl-U",
                                      "clear",
                                      "Ctrl-R",
                                      "search the history"};
        count = typing_ends(line, keys);
        for (size_t i = 0; i < sizeof typing / sizeof *typing; i++)
            keys[count++] = typing[i];
    }
    keys[count] = NULL;
}

static bool mouse_event(struct query_line *line, const struct mouse *mouse)
{
    if (lists(line) && rect_holds(line->popup, mouse->y, mouse->x)) {
        size_t row = line->list.first + (size_t)(mouse->y - line->popup.y);
        if (mouse->wheel) {
            list_act(&line->list, mouse->wheel < 0 ? ACTION_UP : ACTION_DOWN);
        } else if (row < choices(line)) {
            line->list.selected = row;
            choose(line);
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
                          : mode == QUERY_HISTORY       ? "earlier query "
                          : model->collection->wordless ? "  "
                                                        : "/ ");
    int half = (r.columns - start) / 2;
    if (mode == QUERY_REST || mode == QUERY_TYPING)
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
        if (mode == QUERY_TYPING && strcmp(line->edit.text, model->text) == 0)
            draw_words(model, field, line->edit.first, STYLE_INPUT | (line->fresh ? STYLE_MARKED : 0));
        else
            draw_text(field, 0, 0, STYLE_INPUT, line->edit.text + line->edit.first);
    }
    if (width)
        draw_text((struct rect){r.y, r.x + r.columns - width, 1, width}, 0, 0, wrong ? STYLE_ERROR : STYLE_DIM, info);
    line->field = field;
}

static void choice_text(const struct query_line *line, size_t row, char *buffer, size_t size)
{
    if (line->mode == QUERY_HISTORY)
        snprintf(buffer, size, "%s", line->history.line[line->found[row]]);
    else
        model_caption(line->model, line->model->found[row], buffer, size);
}

void query_line_draw_candidates(struct query_line *line, struct rect screen)
{
    static const char *const titles[] = {
        [QUERY_TYPING] = "captions with these words: Down chooses, Enter uses it as the query",
        [QUERY_CAPTIONS] = "captions: Up Down choose, Enter uses it as the query",
        [QUERY_HISTORY] = "earlier queries, the last first: Ctrl-R the next, Enter takes it, Tab edits it"};
    char text[MODEL_TEXT];

    if (line->field.rows == 0 || !lists(line))
        return;
    const size_t count = choices(line);
    int rows = screen.y + screen.rows - line->field.y - 4;
    rows = rows < POPUP_ROWS ? rows : POPUP_ROWS;
    rows = (size_t)rows < count || rows < 1 ? rows : (int)count;
    if (rows < 1)
        rows = 1;
    /* what was typed may have a suggestion in the row below it */
    struct rect box = {line->field.y + 1 + (line->mode == QUERY_TYPING), screen.x, rows + 2, screen.columns};
    draw_fill(box, STYLE_TEXT);
    draw_box(box, STYLE_DIM, titles[line->mode]);
    struct rect inside = rect_inset(box, 1, 1);
    list_fit(&line->list, count, (size_t)rows);
    for (size_t i = 0; i < (size_t)rows && line->list.first + i < count; i++) {
        size_t row = line->list.first + i;
        bool selected = row == line->list.selected && (line->mode != QUERY_TYPING || line->choosing);
        int style = STYLE_TEXT | (selected ? STYLE_SELECTED : 0);
        choice_text(line, row, text, sizeof(text));
        struct rect place = {inside.y + (int)i, inside.x, 1, inside.columns};
        draw_fill(place, style);
        draw_text(place, 0, 1, style, text);
    }
    if (count == 0)
        draw_text(inside, 0, 1, STYLE_DIM,
                  line->mode == QUERY_HISTORY ? "no query has these words" : "no caption matches these words");
    draw_scrollbar(inside, line->list.first, (size_t)rows, count);
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
