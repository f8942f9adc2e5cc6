#include "engine/pictures/video_reader.h"
#include "engine/base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    STREAMS_MAX = 64,
    BUFFER = 32 << 10,  /* bytes read at once */
    PACKETS_MAX = 3000, /* decoded on the way to one frame */
    SEEK_SECONDS = 10,  /* anything nearer is reached by decoding when the index does not help */
};

/* Containers that hold their pictures themselves.  Formats that open other files (playlists, image sequences, concat)
 * are excluded. */
static const char containers[] =
    "mov,mp4,matroska,webm,avi,asf,flv,mpeg,mpegts,mpegvideo,m4v,ogg,gif,apng,mjpeg,h264,hevc,av1,"
    "obu,ivf,nut,mxf,wtv,dv,rm,yuv4mpegpipe";

int video_reader_refuse(const struct video_reader *reader, const char *what, int code, struct error *error)
{
    char reason[AV_ERROR_MAX_STRING_SIZE] = "";

    if (job_cancelled(reader->job))
        return error_set(error, ERROR_CANCELLED, "cancelled");
    if (code == AVERROR(ENOMEM))
        return error_memory(error);
    if (code == 0 || code == AVERROR_EOF || code == AVERROR_INVALIDDATA)
        return error_set(error, ERROR_INPUT, "%s: %s", reader->path, what);
    reader->av->av_strerror(code, reason, sizeof reason);
    return error_set(error, ERROR_INPUT, "%s: %s (%s)", reader->path, what, reason);
}

static int read_bytes(void *opaque, uint8_t *buffer, int size)
{
    const struct video_reader *reader = opaque;
    ssize_t count;

    if (job_cancelled(reader->job))
        return AVERROR_EXIT;
    do
        count = read(reader->fd, buffer, (size_t)size);
    while (count < 0 && errno == EINTR);
    return count > 0 ? (int)count : count == 0 ? AVERROR_EOF : AVERROR(errno);
}

static int64_t seek_bytes(void *opaque, int64_t offset, int whence)
{
    const struct video_reader *reader = opaque;

    if (whence & AVSEEK_SIZE)
        return reader->size;
    off_t at = lseek(reader->fd, offset, whence & ~AVSEEK_FORCE);
    return at < 0 ? AVERROR(errno) : at;
}

/* libav calls this to open any further file: refuses all. */
static int open_nothing(AVFormatContext *format, AVIOContext **io, const char *url, int flags, AVDictionary **options)
{
    (void)format, (void)url, (void)flags, (void)options;
    *io = NULL;
    return AVERROR(EPERM);
}

static int is_interrupted(void *opaque)
{
    const struct video_reader *reader = opaque;

    return job_cancelled(reader->job);
}

static int open_file(struct video_reader *reader, struct error *error)
{
    struct stat status;

    /* non-blocking, so that a pipe is refused instead of waited for */
    reader->fd = open(reader->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (reader->fd < 0 || fstat(reader->fd, &status))
        return error_system(error, "%s", reader->path);
    if (!S_ISREG(status.st_mode))
        return error_set(error, ERROR_INPUT, "%s: is not a regular file", reader->path);
    if (status.st_size == 0)
        return error_set(error, ERROR_INPUT, "%s: is empty", reader->path);
    reader->size = status.st_size;
    return 0;
}

static int open_container(struct video_reader *reader, struct error *error)
{
    const struct video_library *av = reader->av;
    unsigned char *buffer = av->av_malloc(BUFFER);

    reader->io = buffer ? av->avio_alloc_context(buffer, BUFFER, 0, reader, read_bytes, NULL, seek_bytes) : NULL;
    if (!reader->io) {
        av->av_free(buffer);
        return error_memory(error);
    }
    AVFormatContext *format = av->avformat_alloc_context();
    if (!format)
        return error_memory(error);
    format->pb = reader->io;
    format->io_open = open_nothing;
    format->interrupt_callback = (AVIOInterruptCB){is_interrupted, reader};
    format->max_streams = STREAMS_MAX;
    format->format_whitelist = av->av_strdup(reader->containers ? reader->containers : containers);
    format->protocol_whitelist = av->av_strdup("file");
    reader->format = format;
    /* the name only helps to guess the format; on failure the context is freed */
    int code = av->avformat_open_input(&reader->format, reader->path, NULL, NULL);
    if (code < 0)
        return video_reader_refuse(reader, "is not a video file of a known kind, or its header is damaged", code,
                                   error);
    return 0;
}

/* Inspects the streams; the decoders used for that are bounded as well. */
static int inspect(struct video_reader *reader, struct error *error)
{
    const struct video_library *av = reader->av;
    AVFormatContext *format = reader->format;
    unsigned streams = format->nb_streams; /* more may appear */
    AVDictionary **options = memory_array(streams, sizeof(AVDictionary *));

    if (!options)
        return error_memory(error);
    for (unsigned i = 0; i < streams; i++)
        av->av_dict_set_int(&options[i], "max_pixels", VIDEO_PIXELS_MAX, 0);
    int code = av->avformat_find_stream_info(format, streams ? options : NULL);
    for (unsigned i = 0; i < streams; i++)
        av->av_dict_free(&options[i]);
    free(options);
    return code < 0 ? video_reader_refuse(reader, "its header is damaged", code, error) : 0;
}

/* Chooses the stream of moving pictures: cover art does not count. */
static int choose_stream(struct video_reader *reader, struct error *error)
{
    const struct video_library *av = reader->av;
    AVFormatContext *format = reader->format;
    const AVCodec *codec = NULL;

    int found = av->av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
    if (found >= 0 && format->streams[found]->disposition & AV_DISPOSITION_ATTACHED_PIC)
        found = AVERROR_STREAM_NOT_FOUND;
    if (found == AVERROR_DECODER_NOT_FOUND)
        return video_reader_refuse(reader, "its pictures use an unknown codec", 0, error);
    if (found < 0)
        return video_reader_refuse(reader, "has no moving pictures", 0, error);
    reader->stream = format->streams[found];
    for (unsigned i = 0; i < format->nb_streams; i++)
        format->streams[i]->discard = (int)i == found ? AVDISCARD_DEFAULT : AVDISCARD_ALL;

    const AVCodecParameters *parameters = reader->stream->codecpar;
    AVRational base = reader->stream->time_base;
    if (base.num < 1 || base.den < 1)
        return video_reader_refuse(reader, "has no time base", 0, error);
    if (!reader->still && (parameters->width < 1 || parameters->height < 1))
        return video_reader_refuse(reader, "does not give the size of its pictures", 0, error);
    if ((int64_t)parameters->width * parameters->height > VIDEO_PIXELS_MAX)
        return error_set(error, ERROR_INPUT, "%s: its pictures have %d x %d pixels; at most %d are accepted",
                         reader->path, parameters->width, parameters->height, VIDEO_PIXELS_MAX);
    const uint8_t *matrix = av->av_stream_get_side_data(reader->stream, AV_PKT_DATA_DISPLAYMATRIX, NULL);
    double angle = matrix ? av->av_display_rotation_get((const int32_t *)matrix) : 0;
    if (isfinite(angle))
        reader->turns = (int)lround(-angle / 90) & 3;
    reader->decoder = av->avcodec_alloc_context3(codec);
    if (!reader->decoder)
        return error_memory(error);
    return 0;
}

static int open_decoder(struct video_reader *reader, struct error *error)
{
    const struct video_library *av = reader->av;
    AVCodecContext *decoder = reader->decoder;

    int code = av->avcodec_parameters_to_context(decoder, reader->stream->codecpar);
    decoder->thread_count = 1; /* every worker has a decoder of its own */
    decoder->max_pixels = VIDEO_PIXELS_MAX;
    decoder->pkt_timebase = reader->stream->time_base;
    if (code >= 0)
        code = av->avcodec_open2(decoder, NULL, NULL);
    if (code < 0)
        return video_reader_refuse(reader, "its pictures cannot be decoded", code, error);
    reader->packet = av->av_packet_alloc();
    reader->shown = av->av_frame_alloc();
    reader->coming = av->av_frame_alloc();
    return reader->packet && reader->shown && reader->coming ? 0 : error_memory(error);
}

/* Sends a packet to the decoder.  Frames that no other refers to are dropped if they would only be skipped. */
static void send(struct video_reader *reader)
{
    const AVPacket *packet = reader->packet;
    int64_t time = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
    bool passing = video_reader_is_time(time) && time < reader->target - reader->margin;

    reader->decoder->skip_frame = passing ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
    reader->packets++;
    int code = reader->av->avcodec_send_packet(reader->decoder, packet);
    if (code < 0)
        reader->failure = code;
}

/* Decodes the next frame into reader->coming; false if there is none, or none within reach. */
static bool decode(struct video_reader *reader)
{
    const struct video_library *av = reader->av;

    while (!reader->ended) {
        int code = av->avcodec_receive_frame(reader->decoder, reader->coming);
        if (code == 0) {
            AVFrame *frame = reader->coming;
            int64_t time = frame->best_effort_timestamp;
            if (!video_reader_is_time(time))
                time = reader->position == AV_NOPTS_VALUE ? reader->start : reader->position + 1;
            frame->pts = reader->position = time;
            time += video_reader_is_time(frame->pkt_duration) ? frame->pkt_duration : 0;
            reader->reached = time > reader->reached ? time : reader->reached;
            return reader->has_coming = true;
        }
        if (code == AVERROR_EOF)
            break;
        if (code != AVERROR(EAGAIN))
            reader->failure = code;
        if (reader->packets >= PACKETS_MAX)
            return false; /* the next target continues from here */
        code = av->av_read_frame(reader->format, reader->packet);
        if (code < 0) {
            if (code != AVERROR_EOF)
                reader->failure = code;
            if (av->avcodec_send_packet(reader->decoder, NULL) < 0)
                break;
            continue;
        }
        if (reader->packet->stream_index == reader->stream->index)
            send(reader);
        av->av_packet_unref(reader->packet);
    }
    reader->ended = true;
    return false;
}

static void forget_frames(struct video_reader *reader)
{
    reader->av->av_frame_unref(reader->shown);
    reader->av->av_frame_unref(reader->coming);
    reader->has_shown = reader->has_coming = reader->ended = false;
    reader->position = AV_NOPTS_VALUE;
}

static void seek(struct video_reader *reader, int64_t time)
{
    const struct video_library *av = reader->av;

    if (av->av_seek_frame(reader->format, reader->stream->index, time, AVSEEK_FLAG_BACKWARD) < 0)
        return;
    av->avcodec_flush_buffers(reader->decoder);
    forget_frames(reader);
}

/* Whether a key frame lies between the last decoded frames and that moment, so that seeking to it saves decoding. */
static bool is_worth_seeking(struct video_reader *reader, int64_t time)
{
    const struct video_library *av = reader->av;
    int64_t from = reader->has_coming ? reader->coming->pts : reader->has_shown ? reader->shown->pts : reader->start;

    if (time <= from)
        return false;
    const AVIndexEntry *entry = av->avformat_index_get_entry_from_timestamp(reader->stream, time, AVSEEK_FLAG_BACKWARD);
    if (entry && entry->timestamp > from)
        return true;
    if (reader->stream->nb_frames > 0 &&
        av->avformat_index_get_entries_count(reader->stream) >= reader->stream->nb_frames)
        return false; /* the index lists every frame: there is none */
    return (double)(time - from) * av_q2d(reader->stream->time_base) > SEEK_SECONDS;
}

int video_reader_open(struct video_reader *reader, struct error *error)
{
    reader->position = AV_NOPTS_VALUE;
    if (open_file(reader, error) || open_container(reader, error) || (!reader->still && inspect(reader, error)))
        return -1;
    return choose_stream(reader, error) || open_decoder(reader, error) ? -1 : 0;
}

void video_reader_close(struct video_reader *reader)
{
    const struct video_library *av = reader->av;

    av->sws_freeContext(reader->scaler);
    av->av_frame_free(&reader->shown);
    av->av_frame_free(&reader->coming);
    av->av_packet_free(&reader->packet);
    av->avcodec_free_context(&reader->decoder);
    av->avformat_close_input(&reader->format);
    if (reader->io)
        av->av_free(reader->io->buffer);
    av->avio_context_free(&reader->io);
    if (reader->fd >= 0)
        close(reader->fd);
    reader->fd = -1;
    reader->scaler = NULL;
}

int video_reader_reopen(struct video_reader *reader, struct error *error)
{
    video_reader_close(reader);
    reader->has_shown = reader->has_coming = reader->ended = false;
    reader->packets = reader->failure = 0;
    return video_reader_open(reader, error);
}

/* Decodes up to that moment. */
static void advance(struct video_reader *reader, int64_t time)
{
    while (!reader->has_coming || reader->coming->pts <= time) {
        if (reader->has_coming) {
            reader->av->av_frame_unref(reader->shown);
            reader->av->av_frame_move_ref(reader->shown, reader->coming);
            reader->has_shown = true;
            reader->has_coming = false;
        }
        if (job_cancelled(reader->job) || !decode(reader))
            break;
    }
}

const AVFrame *video_reader_frame_at(struct video_reader *reader, int64_t time)
{
    bool sought = !reader->unseekable && is_worth_seeking(reader, time);

    reader->target = time;
    reader->packets = 0;
    if (sought)
        seek(reader, time);
    advance(reader, time);
    if (sought && !reader->has_shown && !reader->has_coming && reader->ended && !job_cancelled(reader->job)) {
        /* the index led behind the last frame: FLV's marks its end as a key frame */
        reader->unseekable = true;
        if (video_reader_reopen(reader, NULL))
            return NULL;
        advance(reader, time);
    }
    return reader->has_shown ? reader->shown : reader->has_coming ? reader->coming : NULL;
}
