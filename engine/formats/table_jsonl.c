/* JSON lines: objects one after another, each mostly on a line of its own. */
#include "engine/formats/json_cursor.h"
#include "engine/formats/json_rows.h"
#include "engine/formats/table_data.h"
#include "engine/formats/table_line.h"
#include "engine/formats/table_reader.h"

static int read_jsonl(struct table *table, char **bytes, size_t size, const char *member, struct error *error)
{
    size_t start = table_skip_mark(*bytes, size);
    struct json_cursor cursor = {.at = *bytes + start, .end = *bytes + size, .line = 1};

    if (member)
        return error_set(error, ERROR_INPUT, "%s: holds JSON lines, which have no \"%.80s\" to read", table->path,
                         member);
    return json_rows(table, &cursor, false, 0, error);
}

/* Two objects in a row. */
static bool recognise(const char *bytes, size_t size)
{
    size_t start = table_skip_mark(bytes, size);
    struct json_cursor cursor = {.at = bytes + start, .end = bytes + size, .line = 1};

    return json_peek(&cursor) == '{' && json_skip(&cursor) && json_peek(&cursor) == '{';
}

const struct table_reader table_jsonl = {
    .name = "JSON lines",
    .help = "objects one after another",
    .extensions = "jsonl ndjson",
    .recognise = recognise,
    .read = read_jsonl,
};
