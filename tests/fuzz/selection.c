/* Statements that select vectors from SQLite files: the input is a statement on a line, then the file. */
#include "tests/fuzz/matrix.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
    size_t length = end ? (size_t)(end - data) : 0;
    char spec[2048];

    if (!end || length > 1024)
        return 0;
    const char *path = input_path(end + 1, size - length - 1);
    snprintf(spec, sizeof spec, "%s?%.*s", path, (int)length, (const char *)data);
    matrix_read(spec);
    return 0;
}
