/* Plain text: a caption a line, as many data loaders read them.  The only column is named "caption"; an empty line is
 * an empty caption, except at the end of the file. */
#include "engine/formats/table_line.h"
#include "engine/formats/table_make.h"
#include "engine/formats/table_reader.h"

#include <string.h>

static int read_text(struct table *table, char **bytes, size_t size, const char *member, struct error *error)
{
    static const char name[] = "caption";
    char *text = *bytes;
    size_t line = 0;

    if (member)
        return error_set(error, ERROR_INPUT, "%s: is not JSON, so it has no \"%.80s\" to read", table->path, member);
    while (size && strchr("\r\n", text[size - 1]))
        size--;
    if (!size)
        return error_set(error, ERROR_INPUT, "%s: is empty; one caption a line is needed", table->path);
    if (table_put(table, name, strlen(name), error) || table_end_row(table, 0, error))
        return -1;
    for (size_t start = table_skip_mark(text, size); start < size;) {
        size_t length = table_line_length(text + start, size - start), kept = length;
        line++;
        if (table_check_line(table->path, line, text + start, length, error))
            return -1;
        while (kept && strchr("\r\n", text[start + kept - 1]))
            kept--;
        if (table_put(table, text + start, kept, error) || table_end_row(table, line, error))
            return -1;
        start += length;
    }
    return 0;
}

/* Never recognised by content: any text would match. */
static bool recognise(const char *bytes, size_t size)
{
    (void)bytes;
    (void)size;
    return false;
}

const struct table_reader table_text = {
    .name = "text",
    .help = "one caption a line (for videos: one key)",
    .extensions = "txt",
    .recognise = recognise,
    .read = read_text,
};
