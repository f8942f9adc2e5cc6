/* FAISS's flat indexes, with and without ids. */
#include "tests/fuzz/matrix.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    matrix_read(input_path(data, size));
    return 0;
}
