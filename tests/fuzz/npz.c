/* Inputs that begin as a zip archive does go to the reader of .npz; checksums are why most end there early. */
#include "tests/fuzz/matrix.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    matrix_read(input_path(data, size));
    return 0;
}
