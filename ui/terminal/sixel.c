#include "ui/terminal/sixel.h"

#include <sixel.h>
#include <stdio.h>
#include <stdlib.h>

enum { COLOURS = 64 }; /* 128 take a third more bytes and are hardly told apart at this size */

bool sixel_built_in(void)
{
    return true;
}

static int put(char *bytes, int size, void *out)
{
    return fwrite(bytes, 1, (size_t)size, out) == (size_t)size ? size : -1;
}

static bool encode(uint8_t *rgb, int width, int height, FILE *out)
{
    sixel_output_t *output = NULL;
    sixel_dither_t *dither = NULL;
    bool done = SIXEL_SUCCEEDED(sixel_output_new(&output, put, out, NULL)) &&
                SIXEL_SUCCEEDED(sixel_dither_new(&dither, COLOURS, NULL)) &&
                SIXEL_SUCCEEDED(sixel_dither_initialize(dither, rgb, width, height, SIXEL_PIXELFORMAT_RGB888,
                                                        SIXEL_LARGE_AUTO, SIXEL_REP_AUTO, SIXEL_QUALITY_AUTO)) &&
                (sixel_dither_set_diffusion_type(dither, SIXEL_DIFFUSE_NONE),
                 sixel_output_set_encode_policy(output, SIXEL_ENCODEPOLICY_SIZE), true) &&
                SIXEL_SUCCEEDED(sixel_encode(rgb, width, height, 3, dither, output));

    if (dither)
        sixel_dither_unref(dither);
    if (output)
        sixel_output_unref(output);
    return done;
}

char *sixel_encoded(const uint8_t *rgb, int width, int height, size_t *size)
{
    char *bytes = NULL;
    FILE *out = open_memstream(&bytes, size);

    if (!out)
        return NULL;
    bool done = encode((uint8_t *)rgb, width, height, out); /* it only reads them */
    if (fclose(out) == 0 && done)
        return bytes;
    free(bytes);
    return NULL;
}
