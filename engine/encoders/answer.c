#include "engine/encoders/answer.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

size_t answer_length(const char *output, size_t size)
{
    size_t open = 0;
    bool numbers = true;

    for (size_t i = 0; i < size; i++) {
        open += output[i] == '[';
        open -= output[i] == ']' && open;
        numbers = numbers && output[i] && strchr("0123456789+-.eE,[] \t\r\n", output[i]);
        if (output[i] == '\n' && !(open && numbers))
            return i + 1;
    }
    return 0;
}

static bool is_separator(char c)
{
    return c && strchr(" \t\r\n,;[]()", c);
}

size_t answer_read(char *text, float *vector, size_t dimension, char **garbage)
{
    size_t count = 0;

    for (*garbage = NULL; *text;) {
        if (is_separator(*text)) {
            text++;
            continue;
        }
        char *after;
        double value = strtod(text, &after);
        if (after == text || (*after && !is_separator(*after))) {
            *garbage = text;
            return count;
        }
        if (count < dimension)
            vector[count] = (float)value;
        count++;
        text = after;
    }
    return count;
}

void answer_read_float32(const char *bytes, float *vector, size_t dimension)
{
    for (size_t i = 0; i < dimension; i++) {
        const unsigned char *b = (const unsigned char *)bytes + i * sizeof(float);
        uint32_t bits = b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
        memcpy(&vector[i], &bits, sizeof bits);
    }
}
