#include "ui/terminal/sixel.h"

#include "engine/base/library.h"
#include <sixel.h>
#include <stdio.h>
#include <stdlib.h>

enum { COLOURS = 64 }; /* 128 take a third more bytes and are hardly told apart at this size */

/* F(function) for each function used of libsixel, which is loaded when the first picture is to become sixels. */
#define SIXEL_FUNCTIONS(F)                                                                                             \
    F(sixel_dither_initialize)                                                                                         \
    F(sixel_dither_new)                                                                                                \
    F(sixel_dither_set_diffusion_type)                                                                                 \
    F(sixel_dither_unref)                                                                                              \
    F(sixel_encode)                                                                                                    \
    F(sixel_output_new)                                                                                                \
    F(sixel_output_set_encode_policy)                                                                                  \
    F(sixel_output_unref)

static struct {
#define FIELD(function) __typeof__(function) *function;
    SIXEL_FUNCTIONS(FIELD)
#undef FIELD
} sixel;

#define SYMBOL(entry) {.name = #entry, .place = &sixel.entry},
static const struct library_symbol symbols[] = {SIXEL_FUNCTIONS(SYMBOL){0}};
static struct library library = {
    .file = HUBSCOPE_SIXEL_SONAME, .without = "no sixels can be made", .debian = "libsixel1", .symbols = symbols};

bool sixel_built_in(void)
{
    return true;
}

int sixel_open(struct error *error)
{
    return library_load(&library, error);
}

static int put(char *bytes, int size, void *out)
{
    return fwrite(bytes, 1, (size_t)size, out) == (size_t)size ? size : -1;
}

static bool encode(uint8_t *rgb, int width, int height, FILE *out)
{
    sixel_output_t *output = NULL;
    sixel_dither_t *dither = NULL;
    bool done = SIXEL_SUCCEEDED(sixel.sixel_output_new(&output, put, out, NULL)) &&
                SIXEL_SUCCEEDED(sixel.sixel_dither_new(&dither, COLOURS, NULL)) &&
                SIXEL_SUCCEEDED(sixel.sixel_dither_initialize(dither, rgb, width, height, SIXEL_PIXELFORMAT_RGB888,
                                                              SIXEL_LARGE_AUTO, SIXEL_REP_AUTO, SIXEL_QUALITY_AUTO)) &&
                (sixel.sixel_dither_set_diffusion_type(dither, SIXEL_DIFFUSE_NONE),
                 sixel.sixel_output_set_encode_policy(output, SIXEL_ENCODEPOLICY_SIZE), true) &&
                SIXEL_SUCCEEDED(sixel.sixel_encode(rgb, width, height, 3, dither, output));

    if (dither)
        sixel.sixel_dither_unref(dither);
    if (output)
        sixel.sixel_output_unref(output);
    return done;
}

char *sixel_encoded(const uint8_t *rgb, int width, int height, size_t *size)
{
    char *bytes = NULL;
    FILE *out = sixel_open(NULL) ? NULL : open_memstream(&bytes, size);

    if (!out)
        return NULL;
    bool done = encode((uint8_t *)rgb, width, height, out); /* it only reads them */
    if (fclose(out) == 0 && done)
        return bytes;
    free(bytes);
    return NULL;
}
