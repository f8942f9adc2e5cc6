/* FFmpeg's libraries, loaded when the first video is read: they and the hundred libraries they depend on would delay
 * every start of the program.  For video.c alone. */
#ifndef HUBSCOPE_ENGINE_VIDEO_LIBRARY_H
#define HUBSCOPE_ENGINE_VIDEO_LIBRARY_H

#include "engine/base/error.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/opt.h>
#include <libswscale/swscale.h>

/* F(function) for each function used of a library. */
#define AVUTIL_FUNCTIONS(F)                                                                                            \
    F(av_dict_free)                                                                                                    \
    F(av_dict_set_int)                                                                                                 \
    F(av_display_rotation_get)                                                                                         \
    F(av_frame_alloc)                                                                                                  \
    F(av_frame_free)                                                                                                   \
    F(av_frame_move_ref)                                                                                               \
    F(av_frame_unref)                                                                                                  \
    F(av_free)                                                                                                         \
    F(av_log_set_level)                                                                                                \
    F(av_malloc)                                                                                                       \
    F(av_max_alloc)                                                                                                    \
    F(av_rescale_q)                                                                                                    \
    F(av_strdup)                                                                                                       \
    F(av_strerror)

#define AVCODEC_FUNCTIONS(F)                                                                                           \
    F(av_packet_alloc)                                                                                                 \
    F(av_packet_free)                                                                                                  \
    F(av_packet_unref)                                                                                                 \
    F(avcodec_alloc_context3)                                                                                          \
    F(avcodec_flush_buffers)                                                                                           \
    F(avcodec_free_context)                                                                                            \
    F(avcodec_get_name)                                                                                                \
    F(avcodec_open2)                                                                                                   \
    F(avcodec_parameters_to_context)                                                                                   \
    F(avcodec_receive_frame)                                                                                           \
    F(avcodec_send_packet)

#define AVFORMAT_FUNCTIONS(F)                                                                                          \
    F(av_find_best_stream)                                                                                             \
    F(av_guess_sample_aspect_ratio)                                                                                    \
    F(av_read_frame)                                                                                                   \
    F(av_seek_frame)                                                                                                   \
    F(av_stream_get_side_data)                                                                                         \
    F(avformat_alloc_context)                                                                                          \
    F(avformat_close_input)                                                                                            \
    F(avformat_find_stream_info)                                                                                       \
    F(avformat_index_get_entries_count)                                                                                \
    F(avformat_index_get_entry)                                                                                        \
    F(avformat_index_get_entry_from_timestamp)                                                                         \
    F(avformat_open_input)                                                                                             \
    F(avio_alloc_context)                                                                                              \
    F(avio_context_free)

#define SWSCALE_FUNCTIONS(F)                                                                                           \
    F(sws_freeContext)                                                                                                 \
    F(sws_getCachedContext)                                                                                            \
    F(sws_getCoefficients)                                                                                             \
    F(sws_scale)                                                                                                       \
    F(sws_setColorspaceDetails)

struct video_library {
#define FIELD(function) __typeof__(function) *function;
    AVUTIL_FUNCTIONS(FIELD)
    AVCODEC_FUNCTIONS(FIELD)
    AVFORMAT_FUNCTIONS(FIELD)
    SWSCALE_FUNCTIONS(FIELD)
#undef FIELD
};

/* Loads the libraries at the first call, from any thread.  Null if one cannot be loaded. */
const struct video_library *video_library(struct error *error);

#endif
