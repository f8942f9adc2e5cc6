#include "engine/results/format.h"
#include "engine/base/text.h"
#include "engine/results/name.h"
#include <string.h>

#define FORMAT(id)
#define BESIDE(id, title, ends, words, contents)                                                                       \
    const struct format format_##id = {.name = title, .endings = ends, .help = words, .made_beside = contents};
#define PAGE(id, title, ends, words) BESIDE(id, title, ends, words, FORMAT_PAGE)
#define SCREEN(id, title, ends, words) BESIDE(id, title, ends, words, FORMAT_SCREEN)
#include "engine/results/formats.def"
#undef FORMAT
#undef PAGE
#undef SCREEN

static const struct format *const formats[] = {
#define FORMAT(id) &format_##id,
#define PAGE(id, ...) &format_##id,
#define SCREEN(id, ...) &format_##id,
#include "engine/results/formats.def"
};

enum { FORMATS = sizeof formats / sizeof *formats };

unsigned format_holds(const struct format *format)
{
    return format->made_beside | (format->report ? FORMAT_REPORT : 0) | (format->lists ? FORMAT_LISTS : 0) |
           (format->vector ? FORMAT_VECTOR : 0);
}

const struct format *format_at(unsigned contents, size_t index)
{
    for (size_t i = 0; i < FORMATS; i++)
        if (format_holds(formats[i]) & contents && index-- == 0)
            return formats[i];
    return NULL;
}

const struct format *format_named(unsigned contents, const char *name)
{
    const struct format *format;
    for (size_t i = 0; (format = format_at(contents, i)); i++)
        if (strcmp(format->name, name) == 0)
            return format;
    return NULL;
}

const struct format *format_of_path(unsigned contents, const char *path)
{
    const struct format *format;
    for (size_t i = 0; (format = format_at(contents, i)); i++)
        if (text_word(format->endings, name_ending(path)) >= 0)
            return format;
    return NULL;
}

const char *format_ending(const struct format *format, char buffer[FORMAT_ENDING])
{
    snprintf(buffer, FORMAT_ENDING, "%.*s", (int)strcspn(format->endings, " "), format->endings);
    return buffer;
}

const char *format_names(unsigned contents, const char *between, char buffer[FORMAT_LIST])
{
    const struct format *format;
    buffer[0] = 0;
    for (size_t i = 0; (format = format_at(contents, i)); i++)
        text_append(buffer, FORMAT_LIST, between, format->name);
    return buffer;
}

const char *format_endings(unsigned contents, char buffer[FORMAT_LIST])
{
    const struct format *format;
    char ending[FORMAT_ENDING], pointed[FORMAT_ENDING + 1];
    buffer[0] = 0;
    for (size_t i = 0; (format = format_at(contents, i)); i++) {
        snprintf(pointed, sizeof pointed, ".%s", format_ending(format, ending));
        text_append(buffer, FORMAT_LIST, format_at(contents, i + 1) ? ", " : " or ", pointed);
    }
    return buffer;
}

const struct format *format_choose(unsigned contents, const char *what, const char *name, struct error *error)
{
    const struct format *format = format_named(contents, name);
    char names[FORMAT_LIST];
    if (!format)
        error_set(error, ERROR_INPUT, "%s has no format '%.60s': %s", what, name, format_names(contents, ", ", names));
    return format;
}

const struct format *format_choose_path(unsigned contents, const char *what, const char *path, struct error *error)
{
    const struct format *format = format_of_path(contents, path), *other = format_of_path(FORMAT_ANY, path);
    char endings[FORMAT_LIST];
    if (format)
        return format;
    if (!other && !format_at(contents, 1))
        return format_at(contents, 0);
    format_endings(contents, endings);
    if (other)
        error_set(error, ERROR_INPUT, "%s has no format '.%s': %s", what, name_ending(path), endings);
    else
        error_set(error, ERROR_INPUT, "the format of '%.200s' is unknown: name it %s", path, endings);
    return NULL;
}
