/* Inputs that begin like a zip archive go to the .npz reader; checksums stop most of them early. */
#include "tests/fuzz/matrix.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    matrix_read(input_path(data, size));
    return 0;
}
