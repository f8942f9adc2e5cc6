/* The first byte is the dimension; the rest is what a program printed. */
#include "engine/encoders/answer.h"
#include "tests/fuzz/input.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    size_t dimension = data[0], length = answer_length((const char *)data + 1, size - 1);
    if (length > size - 1 || (length && data[length] != '\n'))
        abort();
    float *vector = malloc(dimension * sizeof *vector + 1);
    char *text = strndup((const char *)data + 1, length), *garbage;
    size_t count = answer_read(text, vector, dimension, &garbage);
    if (count > length || (garbage && (garbage < text || !*garbage)))
        abort();
    if (size - 1 >= dimension * sizeof *vector)
        answer_read_float32((const char *)data + 1, vector, dimension);
    free(vector);
    free(text);
    return 0;
}
