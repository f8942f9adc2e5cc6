/* Inputs that begin like an HDF5 file go to its reader, which uses libhdf5: run with -detect_leaks=0, as the library
 * leaks some memory on damaged files. */
#include "tests/fuzz/matrix.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    matrix_read(input_path(data, size));
    return 0;
}
