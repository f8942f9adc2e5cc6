#include "engine/layouts/lines.h"

#include "engine/formats/table.h"
#include "engine/formats/table_line.h"
#include "engine/formats/table_make.h"
#include "engine/formats/text_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int open_lines(struct lines *lines, const char *path, struct error *error)
{
    *lines = (struct lines){.path = path};
    lines->bytes = text_file_read(path, TABLE_BYTES_MAX, &lines->size, error);
    if (!lines->bytes)
        return -1;
    lines->at = table_skip_mark(lines->bytes, lines->size);
    return 0;
}

/* Stores the next line in *line, without its end, NUL-terminated.  Returns 1; 0 at the end; -1 if the line is not
 * text. */
static int next_line(struct lines *lines, char **line, struct error *error)
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
    start[length] = 0; /* the line's end, or the NUL after the last line */
    *line = start;
    return 1;
}

struct table *lines_table(const char *path, const char *const *names, size_t columns, line_reader *read,
                          struct error *error)
{
    struct lines lines;
    char *line;
    int more = 0;

    if (open_lines(&lines, path, error))
        return NULL;
    struct table *table = table_make(path, names, columns, error);
    int failed = !table;
    while (!failed && (more = next_line(&lines, &line, error)) > 0)
        failed = read(table, &lines, line, error);
    free(lines.bytes);
    if (!failed && more == 0)
        return table;
    table_close(table);
    return NULL;
}

bool lines_begin(const char *path, const char *first)
{
    char bytes[256];
    FILE *file = fopen(path, "rb");
    size_t size = file ? fread(bytes, 1, sizeof bytes, file) : 0, start = table_skip_mark(bytes, size);
    size_t length = table_line_length(bytes + start, size - start), wanted = strlen(first);

    if (file)
        fclose(file);
    return length >= wanted && memcmp(bytes + start, first, wanted) == 0 &&
           (length == wanted || strchr("\r\n", bytes[start + wanted]));
}

int lines_refuse(const struct lines *lines, const char *what, struct error *error)
{
    return error_set(error, ERROR_INPUT, "%s:%zu: %s", lines->path, lines->number, what);
}
