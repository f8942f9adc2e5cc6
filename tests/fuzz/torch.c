/* Feature dumps: PyTorch's files of both formats, FAISS indexes and columns of vectors, with seeds of each. */
#include "tests/fuzz/matrix.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    matrix_read(input_path(data, size));
    return 0;
}
