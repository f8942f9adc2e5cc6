#include "engine/heads/head_file.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct head head;

    if (head_read(&head, input_path(data, size), NULL))
        return 0;
    float *x = calloc(head.dimension, sizeof *x), *y = calloc(head.dimension, sizeof *y);
    const struct matrix matrix = matrix_view(x, 1, head.dimension);
    if (x && y)
        head_apply(&head, &matrix, y, NULL, NULL);
    free(x);
    free(y);
    head_close(&head);
    return 0;
}
