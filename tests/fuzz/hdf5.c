/* Inputs that begin as an HDF5 file does go to its reader, which is libhdf5: run it with -detect_leaks=0, as the
 * library keeps some memory of files that it finds damaged. */
#include "tests/fuzz/matrix.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    matrix_read(input_path(data, size));
    return 0;
}
