#include "engine/base/memory.h"
#include "engine/pictures/picture.h"

#include <stb/stb_image_write.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { QUALITY = 78, FIRST_ROOM = 8 << 10 };

struct written {
    unsigned char *bytes;
    size_t size, room;
    bool failed;
};

static void append(void *context, void *data, int size)
{
    struct written *written = context;
    size_t needed = written->size + (size_t)size;

    if (written->failed)
        return;
    if (needed > written->room) {
        size_t room = written->room ? written->room : FIRST_ROOM;
        while (room < needed)
            room *= 2;
        unsigned char *bytes = memory_grow(written->bytes, room, 1);
        if (!bytes) {
            written->failed = true;
            return;
        }
        written->bytes = bytes;
        written->room = room;
    }
    memcpy(written->bytes + written->size, data, (size_t)size);
    written->size = needed;
}

unsigned char *picture_jpeg(const struct picture *picture, int frame, int width, int height, size_t *size)
{
    struct written written = {0};
    uint8_t *rgb = NULL;

    *size = 0;
    if (width < 1 || height < 1 || width > PICTURE_SIDE_MAX || height > PICTURE_SIDE_MAX)
        return NULL;
    rgb = memory_array((size_t)width * (size_t)height, 3);
    if (!rgb || picture_scale(picture, frame, width, height, rgb) ||
        !stbi_write_jpg_to_func(append, &written, width, height, 3, rgb, QUALITY) || written.failed) {
        free(rgb);
        free(written.bytes);
        return NULL;
    }
    free(rgb);
    *size = written.size;
    return written.bytes;
}
