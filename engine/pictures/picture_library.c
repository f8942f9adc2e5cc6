#include "engine/pictures/picture_library.h"
#include "engine/base/memory.h"
#include "engine/pictures/video_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char containers[] = "webp_pipe,tiff_pipe,mov";

/* Scales to RGBA of the same size, blended over black and packed to RGB in place. */
static uint8_t *convert(struct video_reader *reader, const AVFrame *frame)
{
    const struct video_library *av = reader->av;
    size_t width = (size_t)frame->width, height = (size_t)frame->height, stride = (4 * width + 63) / 64 * 64;
    uint8_t *pixels = memory_array(height * stride + 64, 1); /* swscale writes in whole vectors */

    reader->scaler =
        av->sws_getCachedContext(reader->scaler, frame->width, frame->height, (enum AVPixelFormat)frame->format,
                                 frame->width, frame->height, AV_PIX_FMT_RGBA, SWS_BICUBIC, NULL, NULL, NULL);
    if (!pixels || !reader->scaler ||
        av->sws_scale(reader->scaler, (const uint8_t *const *)frame->data, frame->linesize, 0, frame->height,
                      (uint8_t *const[4]){pixels}, (const int[4]){(int)stride}) != frame->height) {
        free(pixels);
        return NULL;
    }
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            const uint8_t *from = pixels + y * stride + 4 * x;
            uint8_t *to = pixels + 3 * (y * width + x), alpha = from[3];
            for (size_t channel = 0; channel < 3; channel++)
                to[channel] = (uint8_t)((from[channel] * alpha + 127) / 255);
        }
    return pixels;
}

/* Libav does not say which. */
static int refuse_frame(struct error *error)
{
    return error_set(error, ERROR_INPUT, "the picture is damaged, or has more than %d million pixels",
                     VIDEO_PIXELS_MAX / 1000000);
}

static int read_pixels(struct video_reader *reader, int *width, int *height, uint8_t **rgb, struct error *error)
{
    reader->start = reader->target = 0;
    const AVFrame *frame = video_reader_frame_at(reader, 0);

    if (!frame)
        return reader->failure == AVERROR(ENOMEM) ? error_memory(error) : refuse_frame(error);
    *width = frame->width;
    *height = frame->height;
    *rgb = convert(reader, frame);
    return *rgb ? 0 : error_memory(error);
}

/* Passes on an error of the reader, which speaks of videos and of the file. */
static int refuse(const struct error *reason, struct error *error)
{
    if (reason->kind == ERROR_MEMORY)
        return error_memory(error);
    if (strstr(reason->text, "unknown codec"))
        return error_set(error, ERROR_INPUT, "the picture's codec is unknown to FFmpeg's libraries here");
    return refuse_frame(error);
}

static int read_from(struct video_reader *reader, int *width, int *height, uint8_t **rgb, struct error *error)
{
    struct error reason = {0};

    if (video_reader_open(reader, &reason))
        return refuse(&reason, error);
    if (rgb)
        return read_pixels(reader, width, height, rgb, error);
    *width = reader->stream->codecpar->width;
    *height = reader->stream->codecpar->height;
    return 0;
}

int picture_library_read(const void *bytes, size_t size, int *width, int *height, uint8_t **rgb, struct error *error)
{
    char path[64];
    struct error reason = {0};
    struct video_reader reader = {
        .av = video_library(&reason), .path = path, .containers = containers, .still = rgb, .fd = -1};
    int failed;

    if (!reader.av)
        return error_set(error, ERROR_INPUT, "the picture needs FFmpeg's libraries: %s", reason.text);
    int file = memfd_create("picture", MFD_CLOEXEC);
    if (file < 0)
        return error_system(error, "the picture cannot be read");
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    failed = write(file, bytes, size) == (ssize_t)size ? read_from(&reader, width, height, rgb, error)
                                                       : error_system(error, "the picture cannot be read");
    video_reader_close(&reader);
    close(file);
    return failed;
}
