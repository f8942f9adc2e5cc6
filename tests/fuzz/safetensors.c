#include "engine/formats/safetensors.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct matrix matrix;

    if (safetensors_open(input_path(data, size), "embeddings", &matrix, NULL))
        return 0;
    float *buffer = malloc(matrix.cols * sizeof *buffer);
    volatile float sum = 0;
    for (size_t row = 0; buffer && row < matrix.rows; row++) {
        const float *cells = matrix_rows(&matrix, row, 1, buffer);
        for (size_t i = 0; i < matrix.cols; i++)
            sum = sum + cells[i];
    }
    free(buffer);
    matrix_close(&matrix);
    return 0;
}
