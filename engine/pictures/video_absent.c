/* Replaces video.c and picture_library.c in a build without FFmpeg's libraries. */
#include "engine/pictures/picture_library.h"
#include "engine/pictures/video.h"

int video_available(struct error *error)
{
    return error_set(error, ERROR_INPUT,
                     "this hubscope was built without FFmpeg's libraries and reads no video files: "
                     "install Debian's libavformat-dev, libavcodec-dev and libswscale-dev and build "
                     "it again");
}

int video_read(const char *path, int frames, struct video *video, struct job *job, struct error *error)
{
    (void)path, (void)frames, (void)job;
    *video = (struct video){0};
    return video_available(error);
}

int picture_library_read(const void *bytes, size_t size, int *width, int *height, uint8_t **rgb, struct error *error)
{
    (void)bytes, (void)size, (void)width, (void)height, (void)rgb;
    return error_set(
        error, ERROR_INPUT,
        "the picture is of a kind that is read through FFmpeg's libraries, without which this hubscope was "
        "built");
}

void video_close(struct video *video)
{
    *video = (struct video){0};
}
