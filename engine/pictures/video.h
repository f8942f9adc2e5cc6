/* Video files, read through FFmpeg's libraries: what a video is, and a strip of frames that shows it.  The files are
 * hostile: they are opened only as plain local files, container formats that refer to other files are not supported,
 * and size, streams and decoded pictures are bounded.  Functions may be called from several threads at once; each call
 * uses one thread. */
#ifndef HUBSCOPE_ENGINE_VIDEO_H
#define HUBSCOPE_ENGINE_VIDEO_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/pictures/picture.h"

enum {
    VIDEO_STRIP_FRAMES = 8,
    VIDEO_STRIP_HEIGHT = 96, /* of a strip; smaller videos keep their height */
    VIDEO_STRIP_WIDTH = 256, /* of a frame at most: wider videos have lower strips */
};

struct video {
    int width, height;    /* as displayed: rotated if the file asks for it */
    int duration_ms;      /* at least 1 */
    int frames;           /* 0: unknown */
    struct picture strip; /* frames from the middles of equal sections of the duration */
};

/* Whether video files can be read: 0, or -1 with an error that says what is missing. */
int video_available(struct error *error);

/* Reads a file and makes a strip of `frames` frames; 0 only checks that the first picture can be decoded.  Fails with
 * an error that names the file if it is not a video, is damaged or truncated, or the job is cancelled; *video is then
 * zeroed.  Release with video_close(). */
int video_read(const char *path, int frames, struct video *video, struct job *job, struct error *error);
void video_close(struct video *video);

#endif
