#include "engine/layouts/layout.h"
#include "engine/base/text.h"
#include "tests/fuzz/input.h"
#include <string.h>

static void walk(struct table *table)
{
    if (!table)
        return;
    for (size_t row = 0; row < table_rows(table); row++)
        for (size_t column = 0; column < table_columns(table); column++) {
            const char *field = table_field(table, row, column);
            if (!text_is_utf8(field, strlen(field)))
                abort();
        }
    table_close(table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct layout_request request = {.file = input_path(data, size)};

    layout_recognise(request.file);
    for (size_t i = 0; layouts[i]; i++) {
        walk(layouts[i]->texts(&request, NULL));
        walk(layouts[i]->videos(&request, NULL));
    }
    return 0;
}
