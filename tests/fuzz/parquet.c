/* Parquet files, as matrices and as tables. */
#include "engine/formats/table.h"
#include "tests/fuzz/matrix.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = input_path(data, size);

    matrix_read(path);
    table_close(table_open(path, NULL));
    return 0;
}
