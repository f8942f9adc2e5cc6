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

/* F(library, function) for each function used. */
#define VIDEO_LIBRARY_FUNCTIONS(F)                                                                                     \
    F(avutil, av_dict_free)                                                                                            \
    F(avutil, av_dict_set_int)                                                                                         \
    F(avutil, av_display_rotation_get)                                                                                 \
    F(avutil, av_frame_alloc)                                                                                          \
    F(avutil, av_frame_free)                                                                                           \
    F(avutil, av_frame_move_ref)                                                                                       \
    F(avutil, av_frame_unref)                                                                                          \
    F(avutil, av_free)                                                                                                 \
    F(avutil, av_log_set_level)                                                                                        \
    F(avutil, av_malloc)                                                                                               \
    F(avutil, av_max_alloc)                                                                                            \
    F(avutil, av_rescale_q)                                                                                            \
    F(avutil, av_strdup)                                                                                               \
    F(avutil, av_strerror)                                                                                             \
    F(avcodec, av_packet_alloc)                                                                                        \
    F(avcodec, av_packet_free)                                                                                         \
    F(avcodec, av_packet_unref)                                                                                        \
    F(avcodec, avcodec_alloc_context3)                                                                                 \
    F(avcodec, avcodec_flush_buffers)                                                                                  \
    F(avcodec, avcodec_free_context)                                                                                   \
    F(avcodec, avcodec_get_name)                                                                                       \
    F(avcodec, avcodec_open2)                                                                                          \
    F(avcodec, avcodec_parameters_to_context)                                                                          \
    F(avcodec, avcodec_receive_frame)                                                                                  \
    F(avcodec, avcodec_send_packet)                                                                                    \
    F(avformat, av_find_best_stream)                                                                                   \
    F(avformat, av_guess_sample_aspect_ratio)                                                                          \
    F(avformat, av_read_frame)                                                                                         \
    F(avformat, av_seek_frame)                                                                                         \
    F(avformat, av_stream_get_side_data)                                                                               \
    F(avformat, avformat_alloc_context)                                                                                \
    F(avformat, avformat_close_input)                                                                                  \
    F(avformat, avformat_find_stream_info)                                                                             \
    F(avformat, avformat_index_get_entries_count)                                                                      \
    F(avformat, avformat_index_get_entry)                                                                              \
    F(avformat, avformat_index_get_entry_from_timestamp)                                                               \
    F(avformat, avformat_open_input)                                                                                   \
    F(avformat, avio_alloc_context)                                                                                    \
    F(avformat, avio_context_free)                                                                                     \
    F(swscale, sws_freeContext)                                                                                        \
    F(swscale, sws_getCachedContext)                                                                                   \
    F(swscale, sws_getCoefficients)                                                                                    \
    F(swscale, sws_scale)                                                                                              \
    F(swscale, sws_setColorspaceDetails)

struct video_library {
#define FIELD(library, function) __typeof__(function) *function;
    VIDEO_LIBRARY_FUNCTIONS(FIELD)
#undef FIELD
};

/* Loads the libraries at the first call, from any thread; later calls return the same result.  Null if one is
 * missing. */
const struct video_library *video_library(struct error *error);

#endif
