/* Video files, read through FFmpeg's libraries: what a video is, and a strip of frames that shows
 * it.
 *
 * The files are hostile: they are read as plain local files only, containers that name other files
 * are not known, and size, streams and the pictures decoded are bounded.  Functions here may be
 * called from several threads at once, each call uses one. */
#ifndef HUBSCOPE_ENGINE_VIDEO_H
#define HUBSCOPE_ENGINE_VIDEO_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/pictures/picture.h"

enum {
    VIDEO_STRIP_FRAMES = 8,
    VIDEO_STRIP_HEIGHT = 96,     /* of a strip; smaller videos keep their height */
    VIDEO_STRIP_WIDTH = 256,     /* of a frame of it at most: wider videos have lower strips */
};

struct video {
    int width, height;    /* as it is shown: turned if the file says so */
    int duration_ms;      /* at least 1 */
    int frames;           /* 0: the file does not tell */
    struct picture strip; /* frames at the middles of equal parts of the duration */
};

/* Whether video files can be read here: 0, or -1 with the line that says what is missing. */
int video_available(struct error *error);

/* Reads a file and makes a strip of `frames` frames; 0 frames only sees to it that the first
 * picture can be decoded.  Fails with a line that names the file when it is not a video, is damaged or
 * cut short, or the job is cancelled; *video is zeroed then.  video_close() releases. */
int video_read(const char *path, int frames, struct video *video, struct job *job,
               struct error *error);
void video_close(struct video *video);

#endif
