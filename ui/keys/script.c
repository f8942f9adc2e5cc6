#include "ui/keys/script.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct script *script;
    int line;
    struct error *error;
};

static int refuse(const struct reader *reader, const char *what, const char *text)
{
    return error_set(reader->error, ERROR_INPUT, "%s:%d: %s '%.60s'", reader->script->path, reader->line, what, text);
}

static struct step *add(struct reader *reader, enum step_type type)
{
    struct script *script = reader->script;

    if (script->count == script->room) {
        size_t room = script->room ? script->room * 2 : 64;
        struct step *grown = memory_grow(script->step, room, sizeof(*grown));
        if (!grown) {
            error_memory(reader->error);
            return NULL;
        }
        script->step = grown;
        script->room = room;
    }
    struct step *step = &script->step[script->count++];
    *step = (struct step){.type = type, .line = reader->line};
    return step;
}

static int add_key(struct reader *reader, const char *key)
{
    struct step *step = add(reader, STEP_EVENT);

    if (!step)
        return -1;
    step->event = event_of_key(key);
    return 0;
}

static int add_keys(struct reader *reader, const char *text)
{
    char key[KEY_NAME_SIZE];

    for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
        size_t length = strcspn(text, " ");
        if (!key_parse(text, length, key))
            return refuse(reader, "no such key or word", text);
        if (add_key(reader, key) != 0)
            return -1;
        text += length;
    }
    return 0;
}

static int add_characters(struct reader *reader, const char *text)
{
    char key[KEY_NAME_SIZE];

    while (*text) {
        const char *start = text;
        text_next(&text);
        snprintf(key, sizeof(key), "%.*s", (int)(text - start), start);
        if (add_key(reader, key) != 0)
            return -1;
    }
    return 0;
}

static int add_copy(struct reader *reader, enum step_type type, const char *text)
{
    struct step *step = add(reader, type);
    char *copy = step ? memory_text(text) : NULL;

    if (!copy)
        return step ? error_memory(reader->error) : -1;
    if (type == STEP_COMMAND) {
        step->command = copy;
    } else {
        step->event.type = EVENT_PASTE;
        step->event.text = copy;
    }
    return 0;
}

static int add_mouse(struct reader *reader, int y, int x, int wheel, bool twice)
{
    struct step *step = add(reader, STEP_EVENT);

    if (!step)
        return -1;
    step->event.type = EVENT_MOUSE;
    step->event.mouse = (struct mouse){.y = y, .x = x, .wheel = wheel, .twice = twice};
    return 0;
}

static int add_monkey(struct reader *reader, uint64_t seed, size_t count)
{
    struct step *step = add(reader, STEP_MONKEY);

    if (!step)
        return -1;
    step->seed = seed;
    step->count = count;
    return 0;
}

static int read_line(struct reader *reader, const char *text)
{
    unsigned long long seed;
    size_t count;
    int y, x, wheel, end = -1;

    if (!*text || *text == '#')
        return 0;
    if (*text == ':' && text[1])
        return add_copy(reader, STEP_COMMAND, text + 1);
    if (strncmp(text, "type ", 5) == 0)
        return add_characters(reader, text + 5);
    if (strncmp(text, "paste ", 6) == 0)
        return add_copy(reader, STEP_EVENT, text + 6);
    if (sscanf(text, "click %d %d %n", &y, &x, &end) == 2 && end > 0 && !text[end])
        return add_mouse(reader, y, x, 0, false);
    if (sscanf(text, "double %d %d %n", &y, &x, &end) == 2 && end > 0 && !text[end])
        return add_mouse(reader, y, x, 0, true);
    if (sscanf(text, "wheel %d %d %d %n", &y, &x, &wheel, &end) == 3 && end > 0 && !text[end] && wheel)
        return add_mouse(reader, y, x, wheel < 0 ? -1 : 1, false);
    if (sscanf(text, "monkey %llu %zu %n", &seed, &count, &end) == 2 && end > 0 && !text[end])
        return add_monkey(reader, seed, count);
    return add_keys(reader, text);
}

struct script *script_new(const char *path, struct error *error)
{
    struct script *script = memory_array(1, sizeof(*script));

    if (script && (script->path = memory_text(path)))
        return script;
    free(script);
    error_memory(error);
    return NULL;
}

int script_add(struct script *script, int line, const char *text, struct error *error)
{
    return read_line(&(struct reader){.script = script, .line = line, .error = error}, text);
}

struct script *script_open(const char *path, struct error *error)
{
    struct reader reader = {.error = error};
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    FILE *file = fopen(path, "re");

    if (!file) {
        error_system(error, "cannot read script %s", path);
        return NULL;
    }
    struct script *script = reader.script = script_new(path, error);
    if (!script)
        goto fail;
    while ((length = getline(&line, &size, file)) >= 0) {
        reader.line++;
        if (length > 0 && line[length - 1] == '\n')
            line[--length] = 0;
        if (strlen(line) != (size_t)length || !text_is_utf8(line, (size_t)length)) {
            refuse(&reader, "not UTF-8 text:", line);
            goto fail;
        }
        if (read_line(&reader, line) != 0)
            goto fail;
    }
    if (ferror(file)) {
        error_system(error, "cannot read script %s", path);
        goto fail;
    }
    free(line);
    fclose(file);
    return script;
fail:
    free(line);
    fclose(file);
    script_free(script);
    return NULL;
}

void script_free(struct script *script)
{
    if (!script)
        return;
    for (size_t i = 0; i < script->count; i++) {
        event_close(&script->step[i].event);
        free(script->step[i].command);
    }
    free(script->step);
    free(script->path);
    free(script);
}

struct step *script_next(struct script *script)
{
    return script->next < script->count ? &script->step[script->next++] : NULL;
}
