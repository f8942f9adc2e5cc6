#include "ui/lessons/lesson.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/formats/file.h"
#include "ui/keys/action.h"
#include "ui/lessons/value.h"

#include <stdlib.h>
#include <string.h>

struct lesson_reader {
    struct lesson *lesson;
    struct lesson_stop *stop; /* being read; null before the first */
    int line;
    struct error *error;
};

/* Lessons may only look: what writes files, quits or goes elsewhere is left out. */
static const char *const commands[] = {
    "query", "caption", "video", "rule", "versus", "model", "model-versus", "set", "columns", "bank", "filter", "train",
#define VIEW(id, name, key, help) #name,
#include "ui/keys/views.def"
#undef VIEW
};

const char *lesson_command(size_t index)
{
    return index < sizeof commands / sizeof *commands ? commands[index] : NULL;
}

static int refuse(const struct lesson_reader *reader, const char *what, const char *text)
{
    return error_set(reader->error, ERROR_INPUT, "%s:%d: %s%s%.60s%s", reader->lesson->path, reader->line, what,
                     *text ? " '" : "", text, *text ? "'" : "");
}

/* The text after "word:" and blanks; null if the line begins with another word. */
static const char *after(const char *text, const char *word)
{
    size_t length = strlen(word);

    if (strncmp(text, word, length) != 0 || text[length] != ':')
        return NULL;
    text += length + 1;
    return text + strspn(text, " ");
}

static int keep(const struct lesson_reader *reader, char *room, size_t size, const char *text)
{
    if (!*text)
        return refuse(reader, "nothing follows", "");
    if (strlen(text) >= size)
        return refuse(reader, "too long:", text);
    memcpy(room, text, strlen(text) + 1);
    return 0;
}

/* Every {...} must be closed and name a value. */
static int check_values(const struct lesson_reader *reader, const char *text)
{
    struct error cause;
    char name[VALUE_TEXT];

    while ((text += strcspn(text, "{}")) && *text) {
        size_t length = strcspn(text + 1, "{}");
        if (*text == '}' || text[1 + length] != '}')
            return refuse(reader, "a brace without its other one:", text);
        if (length >= sizeof name)
            return refuse(reader, "too long:", text);
        memcpy(name, text + 1, length);
        name[length] = 0;
        if (value_check(name, &cause) != 0)
            return refuse(reader, cause.text, "");
        text += length + 2;
    }
    return 0;
}

/* ---- the head of the file ---- */

static int read_head(struct lesson_reader *reader, const char *text)
{
    struct lesson *lesson = reader->lesson;
    const char *value;
    char *end;

    if ((value = after(text, "title")))
        return keep(reader, lesson->title, sizeof lesson->title, value);
    if ((value = after(text, "minutes"))) {
        long minutes = strtol(value, &end, 10);
        if (end == value || *end || minutes < 1 || minutes > 99)
            return refuse(reader, "minutes takes a number from 1 to 99, not", value);
        lesson->minutes = (int)minutes;
        return 0;
    }
    return refuse(reader, "before the first '== ' come only title: and minutes:, not", text);
}

/* ---- stops ---- */

static int begin_stop(struct lesson_reader *reader, const char *title)
{
    struct lesson *lesson = reader->lesson;

    if (reader->stop && !reader->stop->text[0])
        return refuse(reader, "the stop before has no text; it is", reader->stop->title);
    if (!lesson->title[0] || !lesson->minutes)
        return refuse(reader, lesson->title[0] ? "minutes: is missing above" : "title: is missing above", "");
    if (lesson->stops == LESSON_STOPS_MOST)
        return refuse(reader, "more stops than a lesson may have", "");
    struct lesson_stop *grown = memory_grow(lesson->stop, lesson->stops + 1, sizeof *grown);
    if (!grown)
        return error_memory(reader->error);
    lesson->stop = grown;
    reader->stop = &grown[lesson->stops++];
    *reader->stop = (struct lesson_stop){.line = reader->line};
    if (!(reader->stop->steps = script_new(lesson->path, reader->error)))
        return -1;
    return keep(reader, reader->stop->title, sizeof reader->stop->title, title);
}

static int add_command(struct lesson_reader *reader, const char *text)
{
    size_t length = strcspn(text + 1, " ");

    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strlen(commands[i]) == length && memcmp(commands[i], text + 1, length) == 0)
            return script_add(reader->stop->steps, reader->line, text, reader->error);
    return refuse(reader, "not a command of lessons:", text);
}

/* Keys that only look, as commands do. */
static int add_keys(struct lesson_reader *reader, const char *text)
{
    struct script *steps = reader->stop->steps;
    size_t before = steps->count;

    if (script_add(steps, reader->line, text, reader->error) != 0)
        return -1;
    for (size_t i = before; i < steps->count; i++) {
        const struct step *step = &steps->step[i];
        if (step->type != STEP_EVENT || step->event.type != EVENT_KEY || text_word(LESSON_KEYS, step->event.key) < 0)
            return refuse(reader, "a lesson presses only keys that look or select, not", text);
    }
    return 0;
}

/* "VALUE > VALUE", "VALUE < 3", "VALUE = text". */
static int add_check(struct lesson_reader *reader, const char *text)
{
    struct lesson_stop *stop = reader->stop;
    struct lesson_check *check = &stop->check[stop->checks];
    struct error cause;
    size_t length = strcspn(text, "<>=");
    char *end;

    if (stop->checks == LESSON_CHECKS)
        return refuse(reader, "more checks than a stop may have", "");
    if (!text[length] || length < 2 || text[length - 1] != ' ' || text[length + 1] != ' ' ||
        length > sizeof check->left)
        return refuse(reader, "check: takes VALUE > VALUE, VALUE < VALUE or VALUE = TEXT, not", text);
    check->line = reader->line;
    check->sign = text[length];
    memcpy(check->left, text, length - 1);
    check->left[length - 1] = 0;
    if (keep(reader, check->right, sizeof check->right, text + length + 2) != 0)
        return -1;
    if (value_check(check->left, &cause) != 0)
        return refuse(reader, cause.text, "");
    if (check->sign != '=' && (strtod(check->right, &end), *end) && value_check(check->right, &cause) != 0)
        return refuse(reader, cause.text, "");
    stop->checks++;
    return 0;
}

static int add_point(struct lesson_reader *reader, const char *text)
{
    struct lesson_stop *stop = reader->stop;

    if (stop->points == LESSON_POINTS)
        return refuse(reader, "more places than a stop may point at", "");
    struct lesson_point *point = &stop->point[stop->points++];
    point->line = reader->line;
    return keep(reader, point->text, sizeof point->text, text) != 0 ? -1 : check_values(reader, text);
}

static int add_text(struct lesson_reader *reader, const char *text)
{
    struct lesson_stop *stop = reader->stop;
    size_t used = strlen(stop->text), word = strspn(text, "abcdefghijklmnopqrstuvwxyz");

    if (word && text[word] == ':')
        return refuse(reader, "a stop has keys:, point: and check:, not", text);
    if (used + 1 + strlen(text) >= sizeof stop->text)
        return refuse(reader, "more text than a stop may have:", text);
    text_append(stop->text, sizeof stop->text, " ", text);
    return check_values(reader, text);
}

static int read_stop(struct lesson_reader *reader, const char *text)
{
    const char *value;

    if (*text == ':')
        return add_command(reader, text);
    if ((value = after(text, "keys")))
        return add_keys(reader, value);
    if ((value = after(text, "point")))
        return add_point(reader, value);
    if ((value = after(text, "check")))
        return add_check(reader, value);
    return add_text(reader, text);
}

static int read_line(struct lesson_reader *reader, char *text)
{
    for (size_t end = strlen(text); end && (text[end - 1] == ' ' || text[end - 1] == '\r'); text[--end] = 0)
        ;
    if (!*text || *text == '#')
        return 0;
    if (strncmp(text, "==", 2) == 0)
        return begin_stop(reader, text + 2 + strspn(text + 2, " "));
    return reader->stop ? read_stop(reader, text) : read_head(reader, text);
}

struct lesson *lesson_read(const char *path, char *text, struct error *error)
{
    struct lesson *lesson = memory_array(1, sizeof *lesson);
    struct lesson_reader reader = {.lesson = lesson, .error = error};

    if (!lesson || !(lesson->path = memory_text(path))) {
        error_memory(error);
        goto fail;
    }
    for (char *next; text; text = next) {
        next = strchr(text, '\n');
        if (next)
            *next++ = 0;
        reader.line++;
        if (!text_is_utf8(text, strlen(text))) {
            refuse(&reader, "not UTF-8 text", "");
            goto fail;
        }
        if (read_line(&reader, text) != 0)
            goto fail;
    }
    if (!reader.stop || !reader.stop->text[0]) {
        refuse(&reader, reader.stop ? "the last stop has no text" : "the lesson has no stop: '== TITLE' begins one",
               "");
        goto fail;
    }
    return lesson;
fail:
    lesson_free(lesson);
    return NULL;
}

struct lesson *lesson_open(const char *path, struct error *error)
{
    size_t size;
    char *text = file_read_regular(path, LESSON_BYTES_MOST, &size, error);
    struct lesson *lesson = NULL;

    if (text && strlen(text) != size)
        error_set(error, ERROR_INPUT, "%s: not text", path);
    else if (text)
        lesson = lesson_read(path, text, error);
    free(text);
    return lesson;
}

void lesson_free(struct lesson *lesson)
{
    if (!lesson)
        return;
    for (size_t i = 0; i < lesson->stops; i++)
        script_free(lesson->stop[i].steps);
    free(lesson->stop);
    free(lesson->path);
    free(lesson);
}
