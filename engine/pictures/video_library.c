#include "engine/pictures/video_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

/* The largest block that a video may request: a picture of the largest size at 16 bits, with room to spare. */
enum { BLOCK_MAX = 512 << 20 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct video_library functions;
static struct error missing;

/* Loads the library of the version that the headers describe. */
static void *load_library(const char *name, int version)
{
    char file[64];

    snprintf(file, sizeof file, "lib%s.so.%d", name, version);
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        error_set(&missing, ERROR_SYSTEM, "video files cannot be read: %s; install Debian's lib%s%d or its equivalent",
                  dlerror(), name, version);
    return library;
}

static void load_libraries(void)
{
    void *avutil, *avcodec, *avformat, *swscale;

    if (!(avutil = load_library("avutil", LIBAVUTIL_VERSION_MAJOR)) ||
        !(avcodec = load_library("avcodec", LIBAVCODEC_VERSION_MAJOR)) ||
        !(avformat = load_library("avformat", LIBAVFORMAT_VERSION_MAJOR)) ||
        !(swscale = load_library("swscale", LIBSWSCALE_VERSION_MAJOR)))
        return;
#define FIND(library, function)                                                                                        \
    if (!(*(void **)&functions.function = dlsym(library, #function)))                                                  \
        error_set(&missing, ERROR_SYSTEM, "video files cannot be read: %s", dlerror());
    VIDEO_LIBRARY_FUNCTIONS(FIND)
#undef FIND
    if (missing.kind)
        return;
    functions.av_log_set_level(AV_LOG_QUIET); /* its messages would end up on the terminal */
    functions.av_max_alloc(BLOCK_MAX);
}

const struct video_library *video_library(struct error *error)
{
    pthread_once(&once, load_libraries);
    if (missing.kind) {
        error_set(error, missing.kind, "%s", missing.text);
        return NULL;
    }
    return &functions;
}
