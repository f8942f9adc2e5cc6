#include "engine/formats/text_file.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/formats/file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static uint32_t unit_at(const unsigned char *bytes, size_t index, bool big)
{
    const unsigned char *at = bytes + 2 * index;

    return big ? (uint32_t)at[0] << 8 | at[1] : (uint32_t)at[1] << 8 | at[0];
}

/* Stores `count` units of UTF-16 as UTF-8 and returns its size; SIZE_MAX for half a surrogate pair. */
static size_t decode(const unsigned char *bytes, size_t count, bool big, char *out)
{
    size_t used = 0;

    for (size_t i = 0; i < count; i++) {
        uint32_t point = unit_at(bytes, i, big);
        if (point >= 0xd800 && point < 0xe000) {
            uint32_t low = i + 1 < count ? unit_at(bytes, ++i, big) : 0;
            if (point >= 0xdc00 || low < 0xdc00 || low >= 0xe000)
                return SIZE_MAX;
            point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
        }
        if (!point) {
            out[used++] = '\0';
            continue;
        }
        char text[TEXT_POINT];
        text_put(point, text);
        size_t length = strlen(text);
        memcpy(out + used, text, length);
        used += length;
    }
    return used;
}

char *text_file_read(const char *path, size_t limit, size_t *size, struct error *error)
{
    char *bytes = file_read(path, limit, size, error);
    const unsigned char *first = (const unsigned char *)bytes;

    if (!bytes || *size < 2 || *size % 2 ||
        !((first[0] == 0xff && first[1] == 0xfe) || (first[0] == 0xfe && first[1] == 0xff)))
        return bytes;
    size_t units = (*size - 2) / 2; /* at most three bytes each */
    char *text = memory_array(3 * units + 1, 1);
    if (!text)
        error_memory(error);
    size_t used = text ? decode(first + 2, units, first[0] == 0xfe, text) : 0;
    if (text && used == SIZE_MAX) {
        error_set(error, ERROR_INPUT, "%s: is damaged UTF-16: it holds half a character; save the file as UTF-8", path);
        free(text);
        text = NULL;
    }
    free(bytes);
    *size = text ? used : 0;
    return text;
}
