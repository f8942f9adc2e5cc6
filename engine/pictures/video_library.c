#include "engine/pictures/video_library.h"

#include "engine/base/library.h"

/* The largest block that a video may request: a picture of the largest size at 16 bits, with room to spare. */
enum { BLOCK_MAX = 512 << 20 };

static struct video_library functions;

static int limit_utilities(struct error *error)
{
    (void)error;
    functions.av_log_set_level(AV_LOG_QUIET); /* its messages would end up on the terminal */
    functions.av_max_alloc(BLOCK_MAX);
    return 0;
}

#define SYMBOL(entry) {.name = #entry, .place = &functions.entry},
static const struct library_symbol avutil[] = {AVUTIL_FUNCTIONS(SYMBOL){0}};
static const struct library_symbol avcodec[] = {AVCODEC_FUNCTIONS(SYMBOL){0}};
static const struct library_symbol avformat[] = {AVFORMAT_FUNCTIONS(SYMBOL){0}};
static const struct library_symbol swscale[] = {SWSCALE_FUNCTIONS(SYMBOL){0}};

/* Each of the version that the headers describe. */
#define LIBRARY(name, version)                                                                                         \
    .file = "lib" #name ".so." AV_STRINGIFY(version), .without = "video files cannot be read",                         \
    .debian = "lib" #name AV_STRINGIFY(version), .symbols = (name)
static struct library libraries[] = {
    {LIBRARY(avutil, LIBAVUTIL_VERSION_MAJOR), .prepare = limit_utilities},
    {LIBRARY(avcodec, LIBAVCODEC_VERSION_MAJOR)},
    {LIBRARY(avformat, LIBAVFORMAT_VERSION_MAJOR)},
    {LIBRARY(swscale, LIBSWSCALE_VERSION_MAJOR)},
};

const struct video_library *video_library(struct error *error)
{
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++)
        if (library_load(&libraries[i], error))
            return NULL;
    return &functions;
}
