#include "engine/pictures/thumbnail.h"
#include "engine/base/memory.h"

#include <math.h>
#include <stb/stb_image_write.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { QUALITY = 90 };

struct output {
    char *bytes;
    size_t size, room;
    bool failed; /* out of memory */
};

static void append(void *context, void *bytes, int count)
{
    struct output *output = context;
    size_t size = (size_t)count;

    if (!output->failed && output->room - output->size < size) {
        size_t room = 2 * output->room + size + 4096;
        char *grown = memory_grow(output->bytes, room, 1);
        output->failed = !grown;
        output->bytes = grown ? grown : output->bytes;
        output->room = grown ? room : output->room;
    }
    if (output->failed)
        return;
    memcpy(output->bytes + output->size, bytes, size);
    output->size += size;
}

/* Fits a frame's size within the limits, keeping its aspect ratio. */
static void fit(int *width, int *height)
{
    double scale = fmin((double)THUMBNAIL_HEIGHT / *height, (double)THUMBNAIL_WIDTH / *width);

    if (scale >= 1)
        return;
    *width = (int)lround(*width * scale);
    *height = (int)lround(*height * scale);
    *width = *width < 1 ? 1 : *width;
    *height = *height < 1 ? 1 : *height;
}

/* Makes a scaled copy of all frames. */
static int scale(const struct picture *picture, struct picture *scaled, struct error *error)
{
    size_t row = (size_t)3 * (size_t)scaled->width;
    uint8_t *frame = memory_array((size_t)scaled->height, row);
    int failed = 0;

    scaled->rgb = memory_array((size_t)scaled->height * row, (size_t)scaled->frames);
    if (!frame || !scaled->rgb)
        failed = error_memory(error);
    for (int i = 0; !failed && i < scaled->frames; i++) {
        if (picture_scale(picture, i, scaled->width, scaled->height, frame))
            failed = error_memory(error);
        for (int y = 0; !failed && y < scaled->height; y++)
            memcpy(scaled->rgb + ((size_t)y * (size_t)scaled->frames + (size_t)i) * row, frame + (size_t)y * row, row);
    }
    free(frame);
    return failed;
}

int thumbnail_encode(const struct picture *picture, struct thumbnail *thumbnail, struct error *error)
{
    struct picture scaled = {.width = picture->width, .height = picture->height, .frames = picture->frames};
    struct output output = {0};
    const uint8_t *rgb = picture->rgb;

    *thumbnail = (struct thumbnail){0};
    fit(&scaled.width, &scaled.height);
    if (scaled.width != picture->width || scaled.height != picture->height) {
        if (scale(picture, &scaled, error)) {
            picture_close(&scaled);
            return -1;
        }
        rgb = scaled.rgb;
    }
    if (!stbi_write_jpg_to_func(append, &output, scaled.width * scaled.frames, scaled.height, 3, rgb, QUALITY))
        output.failed = true;
    picture_close(&scaled);
    if (output.failed) {
        free(output.bytes);
        return error_memory(error);
    }
    *thumbnail = (struct thumbnail){output.bytes, output.size, picture->frames};
    return 0;
}

/* Whether the file itself can be kept. */
static bool is_small(const void *bytes, size_t size, int frames)
{
    int width, height;

    return size <= THUMBNAIL_BYTES && picture_is_plain(bytes, size) &&
           picture_size(bytes, size, &width, &height, NULL) == 0 && height <= THUMBNAIL_HEIGHT &&
           width / frames <= THUMBNAIL_WIDTH;
}

int thumbnail_take(void *bytes, size_t size, int frames, struct thumbnail *thumbnail, struct error *error)
{
    struct picture picture;

    *thumbnail = (struct thumbnail){0};
    if (is_small(bytes, size, frames)) {
        *thumbnail = (struct thumbnail){bytes, size, frames};
        return 0;
    }
    int failed = picture_decode(bytes, size, frames, &picture, error);
    free(bytes);
    if (failed)
        return -1;
    failed = thumbnail_encode(&picture, thumbnail, error);
    picture_close(&picture);
    return failed;
}

void thumbnail_close(struct thumbnail *thumbnail)
{
    free(thumbnail->bytes);
    *thumbnail = (struct thumbnail){0};
}
