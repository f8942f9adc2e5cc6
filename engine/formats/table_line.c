#include "engine/formats/table_line.h"

#include "engine/base/text.h"

#include <stdbool.h>
#include <string.h>

size_t table_line_length(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] == '\n' || (bytes[i] == '\r' && (i + 1 == size || bytes[i + 1] != '\n')))
            return i + 1;
    return size;
}

int table_check_line(const char *path, size_t line, const char *bytes, size_t size, struct error *error)
{
    if (memchr(bytes, 0, size))
        return error_set(error, ERROR_INPUT, "%s:%zu: holds a zero byte; it is not a text file", path, line);
    if (!text_is_utf8(bytes, size))
        return error_set(error, ERROR_INPUT, "%s:%zu: is not UTF-8; save the file as UTF-8", path, line);
    return 0;
}

char table_separator(const char *bytes, size_t size)
{
    size_t length = table_line_length(bytes, size), commas = 0, semicolons = 0, tabs = 0;
    bool quoted = false;

    for (size_t i = 0; i < length; i++) {
        quoted = quoted != (bytes[i] == '"');
        commas += !quoted && bytes[i] == ',';
        semicolons += !quoted && bytes[i] == ';';
        tabs += !quoted && bytes[i] == '\t';
    }
    return tabs > commas && tabs >= semicolons ? '\t' : semicolons > commas ? ';' : ',';
}

size_t table_skip_mark(const char *bytes, size_t size)
{
    return size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}
