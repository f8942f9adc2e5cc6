#include "engine/pictures/video.h"
#include "engine/base/memory.h"
#include "engine/pictures/video_reader.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    PASSED_FRAMES = 4,         /* before the target that are all decoded */
    SCANNED_MAX = 1 << 20,     /* packets scanned for what the header lacks */
    SCANNED_BYTES = 256 << 20, /* larger files are scanned only if they declare no duration */
    FAILURES_MAX = 16,         /* to read a packet */
    SIDES_RATIO_MAX = 16,      /* of a pixel's aspect */
};

struct span { /* of packets, in the time base of the pictures */
    int64_t first, last;
};

static void extend(struct span *span, const struct video_reader *reader)
{
    const AVPacket *packet = reader->packet;
    const AVStream *stream = reader->format->streams[packet->stream_index];
    int64_t time = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;

    if (!video_reader_is_time(time))
        return;
    int64_t end = time + (video_reader_is_time(packet->duration) ? packet->duration : 0);
    time = reader->av->av_rescale_q(time, stream->time_base, reader->stream->time_base);
    end = reader->av->av_rescale_q(end, stream->time_base, reader->stream->time_base);
    span->first = time < span->first ? time : span->first;
    span->last = end > span->last ? end : span->last;
}

/* Reads all packets: the first and last moment of the pictures, which other streams may begin before and outlast, and
 * their number.  `whole` is the duration that the header gives the file, or 0: `reader->missing` is what no stream
 * reaches of it. */
static int scan(struct video_reader *reader, struct video *video, int64_t whole, struct error *error)
{
    const struct video_library *av = reader->av;
    struct span pictures = {INT64_MAX, INT64_MIN}, all = pictures;
    bool begun = false;
    int failures = 0; /* in turn: where a file is cut short, another stream may go on */

    for (unsigned i = 0; i < reader->format->nb_streams; i++)
        reader->format->streams[i]->discard = AVDISCARD_DEFAULT;
    while (video->frames < SCANNED_MAX && failures < FAILURES_MAX && !job_cancelled(reader->job)) {
        if (av->av_read_frame(reader->format, reader->packet) < 0) {
            failures++;
            continue;
        }
        const AVPacket *packet = reader->packet;
        bool ours = packet->stream_index == reader->stream->index;
        begun = begun || (ours && packet->flags & AV_PKT_FLAG_KEY); /* what precedes a key frame is not shown */
        if (ours && begun && !(packet->flags & (AV_PKT_FLAG_DISCARD | AV_PKT_FLAG_CORRUPT))) {
            video->frames++;
            extend(&pictures, reader);
        }
        extend(&all, reader);
        failures = 0;
        av->av_packet_unref(reader->packet);
    }
    if (pictures.first < pictures.last) {
        reader->start = pictures.first;
        reader->duration = pictures.last - pictures.first;
    }
    if (all.first < all.last)
        reader->missing = whole - (all.first < 0 ? all.last - all.first : all.last);
    return video_reader_reopen(reader, error);
}

/* How many pictures the index lists, without those that an edit list leaves out and empty ones; 0 if there is no whole
 * index, or the file ends before some of them. */
static int64_t count_listed(const struct video_reader *reader)
{
    const struct video_library *av = reader->av;
    int entries = av->avformat_index_get_entries_count(reader->stream);
    int64_t count = 0;

    if (entries < reader->stream->nb_frames)
        return 0;
    for (int i = 0; i < entries; i++) {
        const AVIndexEntry *entry = av->avformat_index_get_entry(reader->stream, i);
        if (entry->pos > reader->size - entry->size)
            return 0;
        count += entry->size > 0 && !(entry->flags & AVINDEX_DISCARD_FRAME);
    }
    return count;
}

/* Finds when the pictures start, how long they last and how many there are. */
static int measure(struct video_reader *reader, struct video *video, struct error *error)
{
    const AVFormatContext *format = reader->format;
    const AVStream *stream = reader->stream;
    double second = av_q2d(stream->time_base), rate = av_q2d(stream->avg_frame_rate);
    int64_t container = reader->av->av_rescale_q(format->duration, AV_TIME_BASE_Q, stream->time_base);

    reader->start = video_reader_is_time(stream->start_time) ? stream->start_time : 0;
    if (format->duration_estimation_method != AVFMT_DURATION_FROM_BITRATE) /* a mere guess */
        reader->duration = stream->duration > 0 ? stream->duration : container;
    if (!video_reader_is_time(reader->duration) || reader->duration < 0)
        reader->duration = 0;
    reader->declared = stream->nb_frames;
    int64_t listed = stream->nb_frames > 0 ? count_listed(reader) : 0;
    if (reader->duration && (listed || reader->size > SCANNED_BYTES)) {
        double frames = listed ? (double)listed : (double)reader->duration * second * rate;
        video->frames = frames >= 1 && frames < INT_MAX ? (int)lround(frames) : 0;
    } else {
        bool known = format->duration_estimation_method == AVFMT_DURATION_FROM_STREAM;
        if (scan(reader, video, known ? reader->duration : 0, error))
            return -1;
        stream = reader->stream;
    }
    reader->reached = reader->start;
    double margin = PASSED_FRAMES / rate / second;
    reader->margin = margin > 0 && margin < (double)VIDEO_TIME_MAX ? (int64_t)margin : VIDEO_TIME_MAX;

    double milliseconds = (double)reader->duration * second * 1000;
    video->duration_ms = milliseconds >= INT_MAX ? INT_MAX : milliseconds < 1 ? 1 : (int)lround(milliseconds);
    video->width = reader->turns & 1 ? stream->codecpar->height : stream->codecpar->width;
    video->height = reader->turns & 1 ? stream->codecpar->width : stream->codecpar->height;
    return 0;
}

/* The size of a frame of the strip, as shown. */
static void fit_frame(const struct video_reader *reader, const struct video *video, int *width, int *height)
{
    AVRational pixel = reader->av->av_guess_sample_aspect_ratio(reader->format, reader->stream, NULL);
    double shape = pixel.num > 0 && pixel.den > 0 ? av_q2d(pixel) : 1;

    if (shape > SIDES_RATIO_MAX || shape < 1.0 / SIDES_RATIO_MAX)
        shape = 1;
    double aspect = reader->turns & 1 ? video->width / (video->height * shape) : video->width * shape / video->height;
    *height = video->height < VIDEO_STRIP_HEIGHT ? video->height : VIDEO_STRIP_HEIGHT;
    *width = (int)lround(fmin(*height * aspect, VIDEO_STRIP_WIDTH));
    if (*height * aspect > VIDEO_STRIP_WIDTH) {
        *width = VIDEO_STRIP_WIDTH;
        *height = (int)lround(VIDEO_STRIP_WIDTH / aspect);
    }
    *width = *width < 1 ? 1 : *width;
    *height = *height < 1 ? 1 : *height;
}

/* Sets the colour space that the video declares; undeclared means standard definition up to 576 rows. */
static void set_colours(struct video_reader *reader, const AVFrame *frame)
{
    const struct video_library *av = reader->av;
    int space = frame->colorspace;

    if (space == AVCOL_SPC_UNSPECIFIED || space == AVCOL_SPC_RGB)
        space = frame->height > 576 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
    av->sws_setColorspaceDetails(reader->scaler, av->sws_getCoefficients(space), frame->color_range == AVCOL_RANGE_JPEG,
                                 av->sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16);
}

/* Copies (rows, columns) pixels, turned clockwise by quarter turns, into a frame of the strip. */
static void place(struct picture *strip, int number, int turns, const uint8_t *pixels, size_t stride, int columns,
                  int rows)
{
    uint8_t *frame = strip->rgb + (size_t)3 * (size_t)(number * strip->width);
    size_t row_size = (size_t)3 * (size_t)(strip->width * strip->frames);

    for (int y = 0; y < rows; y++)
        for (int x = 0; x < columns; x++) {
            int to_x = turns == 0 ? x : turns == 1 ? rows - 1 - y : turns == 2 ? columns - 1 - x : y;
            int to_y = turns == 0 ? y : turns == 1 ? x : turns == 2 ? rows - 1 - y : columns - 1 - x;
            memcpy(frame + (size_t)to_y * row_size + (size_t)3 * (size_t)to_x,
                   pixels + (size_t)y * stride + (size_t)3 * (size_t)x, 3);
        }
}

static int draw_frame(struct video_reader *reader, const AVFrame *frame, struct picture *strip, int number,
                      struct error *error)
{
    enum { ALIGNMENT = 64 }; /* swscale writes in whole vectors */
    const struct video_library *av = reader->av;
    int columns = reader->turns & 1 ? strip->height : strip->width;
    int rows = reader->turns & 1 ? strip->width : strip->height;
    bool grows = columns > frame->width || rows > frame->height;
    size_t stride = ((size_t)3 * (size_t)columns + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;

    reader->scaler =
        av->sws_getCachedContext(reader->scaler, frame->width, frame->height, (enum AVPixelFormat)frame->format,
                                 columns, rows, AV_PIX_FMT_RGB24, grows ? SWS_BICUBIC : SWS_AREA, NULL, NULL, NULL);
    if (!reader->scaler)
        return video_reader_refuse(reader, "its pictures have an unknown pixel format", 0, error);
    set_colours(reader, frame);
    uint8_t *pixels = memory_array((size_t)rows * stride + ALIGNMENT, 1);
    if (!pixels)
        return error_memory(error);
    int drawn = av->sws_scale(reader->scaler, (const uint8_t *const *)frame->data, frame->linesize, 0, frame->height,
                              (uint8_t *const[4]){pixels}, (const int[4]){(int)stride});
    if (drawn == rows)
        place(strip, number, reader->turns, pixels, stride, columns, rows);
    free(pixels);
    return drawn == rows ? 0 : video_reader_refuse(reader, "its pictures cannot be scaled", drawn, error);
}

static int cut_short(const struct video_reader *reader, int64_t end, int64_t duration, struct error *error)
{
    double second = av_q2d(reader->stream->time_base);

    return error_set(error, ERROR_INPUT, "%s: is cut short: its pictures end after %.1f of %.1f s", reader->path,
                     (double)end * second, (double)duration * second);
}

/* Of a truncated file the header gives the whole: the duration or, where libav reports the remaining one as for AVI,
 * the number of pictures. */
static int check_whole(const struct video_reader *reader, int slack, struct error *error)
{
    const AVStream *stream = reader->stream;
    double rate = av_q2d(stream->avg_frame_rate), second = av_q2d(av_inv_q(stream->time_base));
    int64_t whole = reader->duration + (reader->missing > 0 ? reader->missing : 0);

    if (rate > 0 && reader->declared > 1 && (double)reader->declared / rate <= INT_MAX) {
        int64_t counted = (int64_t)((double)reader->declared / rate * second);
        whole = counted > whole ? counted : whole;
    }
    return whole - reader->duration > whole / slack ? cut_short(reader, reader->duration, whole, error) : 0;
}

static int make_strip(struct video_reader *reader, int frames, struct video *video, struct error *error)
{
    struct picture *strip = &video->strip;

    if (check_whole(reader, frames, error))
        return -1;
    fit_frame(reader, video, &strip->width, &strip->height);
    strip->frames = frames;
    strip->rgb = memory_array((size_t)strip->height * (size_t)strip->width * (size_t)frames, 3);
    if (!strip->rgb)
        return error_memory(error);
    for (int i = 0; i < frames; i++) {
        int64_t time = reader->start + (int64_t)((double)reader->duration * (2 * i + 1) / (2 * frames));
        const AVFrame *frame = video_reader_frame_at(reader, time);
        if (job_cancelled(reader->job))
            return error_set(error, ERROR_CANCELLED, "cancelled");
        if (!frame && i == 0)
            return video_reader_refuse(reader, "none of its pictures can be decoded", reader->failure, error);
        /* a truncated file still declares its whole duration, but its pictures end earlier */
        if (!frame || (reader->ended && time - reader->reached > reader->duration / frames))
            return cut_short(reader, reader->reached - reader->start, reader->duration, error);
        if (draw_frame(reader, frame, strip, i, error))
            return -1;
    }
    return 0;
}

int video_available(struct error *error)
{
    return video_library(error) ? 0 : -1;
}

int video_read(const char *path, int frames, struct video *video, struct job *job, struct error *error)
{
    struct video_reader reader = {.av = video_library(error), .path = path, .job = job, .fd = -1};

    *video = (struct video){0};
    if (!reader.av)
        return -1;
    int failed = video_reader_open(&reader, error) || measure(&reader, video, error);
    if (!failed) {
        if (frames > 0)
            failed = make_strip(&reader, frames, video, error);
        else if (!video_reader_frame_at(&reader, reader.start))
            failed = video_reader_refuse(&reader, "none of its pictures can be decoded", reader.failure, error);
    }
    video_reader_close(&reader);
    if (failed)
        video_close(video);
    return failed ? -1 : 0;
}

void video_close(struct video *video)
{
    picture_close(&video->strip);
    *video = (struct video){0};
}
