#include "engine/formats/csv.h"
#include "engine/text.h"
#include "tests/fuzz/input.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct csv *csv = csv_open(input_path(data, size), NULL);
    size_t line = 0;

    if (!csv)
        return 0;
    for (size_t row = 0; row < csv_rows(csv); row++) {
        if (csv_line(csv, row) <= line)
            abort();
        line = csv_line(csv, row);
        for (size_t column = 0; column < csv_columns(csv); column++) {
            const char *field = csv_field(csv, row, column);
            if (!text_is_utf8(field, strlen(field)))
                abort();
        }
    }
    csv_close(csv);
    return 0;
}
