#include "engine/layouts/lines.h"

#include "engine/formats/file.h"
#include "engine/formats/table.h"
#include "engine/formats/table_line.h"

#include <stdlib.h>

int lines_open(struct lines *lines, const char *path, struct error *error)
{
    *lines = (struct lines){.path = path};
    lines->bytes = file_read(path, TABLE_BYTES_MAX, &lines->size, error);
    if (!lines->bytes)
        return -1;
    lines->at = table_skip_mark(lines->bytes, lines->size);
    return 0;
}

void lines_close(struct lines *lines)
{
    free(lines->bytes);
    *lines = (struct lines){0};
}

int lines_next(struct lines *lines, char **line, struct error *error)
{
    if (lines->at == lines->size)
        return 0;
    char *start = lines->bytes + lines->at;
    size_t length = table_line_length(start, lines->size - lines->at);

    lines->at += length;
    lines->number++;
    if (table_check_line(lines->path, lines->number, start, length, error))
        return -1;
    while (length && (start[length - 1] == '\n' || start[length - 1] == '\r'))
        length--;
    start[length] = 0; /* the line's end, or the zero byte that follows the last */
    *line = start;
    return 1;
}

int lines_refuse(const struct lines *lines, const char *what, struct error *error)
{
    return error_set(error, ERROR_INPUT, "%s:%zu: %s", lines->path, lines->number, what);
}
