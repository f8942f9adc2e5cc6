/* One video file open for decoding: the container, its stream of pictures, and the frame at a
 * moment. For video.c alone. */
#ifndef HUBSCOPE_ENGINE_VIDEO_READER_H
#define HUBSCOPE_ENGINE_VIDEO_READER_H

#include "engine/base/job.h"
#include "engine/pictures/video_library.h"

#include <stdbool.h>

enum { VIDEO_PIXELS_MAX = 36 << 20 }; /* of one picture: 8192 x 4320 or the like */

/* Moments in a stream's time base; those beyond could overflow and are treated as unknown. */
#define VIDEO_TIME_MAX (INT64_MAX / 8)
static inline bool video_reader_is_time(int64_t time)
{
    return time >= -VIDEO_TIME_MAX && time <= VIDEO_TIME_MAX; /* AV_NOPTS_VALUE is not */
}

struct video_reader {
    const struct video_library *av;
    const char *path;
    const char *containers; /* the demuxers allowed; null: those of videos */
    bool still;             /* its first frame alone is wanted: what only decoding would tell is not known before */
    struct job *job;
    int fd;
    int64_t size; /* of the file, in bytes */
    AVIOContext *io;
    AVFormatContext *format;
    AVStream *stream;
    AVCodecContext *decoder;
    AVPacket *packet;
    AVFrame *shown, *coming; /* the frame at or before the target, and the one after */
    bool has_shown, has_coming, ended;
    bool unseekable;         /* seeking led nowhere */
    int64_t start, duration; /* in the stream's time base */
    int64_t declared;        /* the number of pictures according to the header, or 0 */
    int64_t missing;         /* of the file's declared duration, as a scan found */
    int64_t position;        /* of the last frame decoded; AV_NOPTS_VALUE after a seek */
    int64_t reached;         /* the end of the latest frame ever decoded */
    int64_t target;          /* the moment looked for */
    int64_t margin;          /* how long before the target every frame counts */
    int packets;             /* how long before the target no frame may be skipped */
    int failure;             /* the last error of libav while reading or decoding, or 0 */
    struct SwsContext *scaler;
    int turns; /* quarter turns clockwise from the coded picture to the one shown */
};

/* Opens the file of reader->path with reader->av and reader->job, everything else zero and fd -1.  The caller sets the
 * times: start, duration, margin.  Must be closed in either case. */
int video_reader_open(struct video_reader *reader, struct error *error);
void video_reader_close(struct video_reader *reader);
/* Begins again after packets were read: few demuxers come back from a file's end as they were.  The times are kept. */
int video_reader_reopen(struct video_reader *reader, struct error *error);

/* Returns the frame shown at that moment, borrowed until the next call; the nearest one available if the file ends or
 * begins elsewhere than it declares, or its key frames are thousands of frames apart.  Null if none can be decoded. */
const AVFrame *video_reader_frame_at(struct video_reader *reader, int64_t time);

/* "FILE: WHAT (libav's reason for `code`)", or that the job was cancelled; returns -1. */
int video_reader_refuse(const struct video_reader *reader, const char *what, int code, struct error *error);

#endif
