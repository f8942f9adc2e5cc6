/* Video files, and pictures that FFmpeg's libraries decode: our side is instrumented, theirs is as installed. */
#include "engine/pictures/video.h"
#include "engine/pictures/picture_library.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct video video;
    uint8_t *pixels = NULL;
    int width, height;

    if (video_read(input_path(data, size), 2, &video, NULL, NULL) == 0)
        video_close(&video);
    if (picture_library_read(data, size, &width, &height, NULL, NULL) == 0 && (long)width * height <= 1 << 16 &&
        picture_library_read(data, size, &width, &height, &pixels, NULL) == 0)
        free(pixels);
    return 0;
}
