#include "engine/formats/table.h"
#include "engine/base/text.h"
#include "engine/formats/table_lists.h"
#include "engine/formats/table_reader.h"
#include "tests/fuzz/input.h"
#include <string.h>

static void walk(struct table *table)
{
    char names[64];
    size_t line = 0;

    if (!table)
        return;
    table_names(table, names, sizeof names);
    for (size_t row = 0; row < table_rows(table); row++) {
        if (table_line(table, row) < line)
            abort();
        line = table_line(table, row);
        for (size_t column = 0; column < table_columns(table); column++) {
            const char *field = table_field(table, row, column);
            if (!text_is_utf8(field, strlen(field)))
                abort();
        }
    }
    table_close(table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = input_path(data, size);

    walk(table_open(path, NULL));
    for (size_t i = 0; table_readers[i]; i++)
        walk(table_open_as(table_readers[i], path, NULL, NULL));
    walk(table_open_as(&table_json, path, "a", NULL));
    walk(table_open_as(&table_json_named, path, "a", NULL));
    walk(table_open_headless(path, NULL));
    struct table *table = table_open(path, NULL);
    for (size_t i = 0; table && i < table_columns(table); i++)
        if (table_spread_lists(table, i, NULL, NULL) || table_join(table, i, i, NULL))
            break;
    if (table && !table_spread_columns(table, "a", NULL, NULL))
        walk(table);
    else
        table_close(table);
    return 0;
}
