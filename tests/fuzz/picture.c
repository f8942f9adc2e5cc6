/* With clang the decoder is compiled here instead of linked from its library, so that it is instrumented too.  Its
 * integer arithmetic is not under test: it shifts negative numbers by design. */
#ifdef __clang__
#pragma clang attribute push(__attribute__((no_sanitize("undefined"))), apply_to = function)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#define STB_IMAGE_IMPLEMENTATION
#include <stb/stb_image.h>
#define STB_IMAGE_RESIZE_IMPLEMENTATION
#include <stb/stb_image_resize.h>
#pragma clang diagnostic pop
#pragma clang attribute pop
#endif

#include "engine/pictures/picture.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct picture picture;
    uint8_t out[16 * 9 * 3];
    int width, height;

    /* small pictures only: large ones take time without covering more code */
    if (picture_size(data, size, &width, &height, NULL) || (long)width * height > 1 << 16)
        return 0;
    if (picture_decode(data, size, 1, &picture, NULL) == 0 && picture_scale(&picture, 0, 16, 9, out))
        abort();
    picture_close(&picture);
    return 0;
}
