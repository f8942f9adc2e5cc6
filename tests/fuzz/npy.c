#include "engine/formats/npy.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = input_path(data, size);
    struct matrix matrix;
    int64_t *values;
    size_t count;

    if (npy_open(path, &matrix, NULL) == 0) {
        float *buffer = malloc(matrix.cols * sizeof *buffer);
        volatile float sum = 0;
        for (size_t row = 0; buffer && row < matrix.rows; row++) {
            const float *cells = matrix_rows(&matrix, row, 1, buffer);
            for (size_t i = 0; i < matrix.cols; i++)
                sum = sum + cells[i];
        }
        free(buffer);
        matrix_close(&matrix);
    }
    if (npy_read_integers(path, &values, &count, NULL) == 0)
        free(values);
    return 0;
}
