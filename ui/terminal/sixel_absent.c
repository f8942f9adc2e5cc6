/* In place of sixel.c where libsixel was not found. */
#include "ui/terminal/sixel.h"

bool sixel_built_in(void)
{
    return false;
}

int sixel_open(struct error *error)
{
    return error_set(error, ERROR_INPUT, "this hubscope was built without libsixel");
}

char *sixel_encoded(const uint8_t *rgb, int width, int height, size_t *size)
{
    (void)rgb;
    (void)width;
    (void)height;
    *size = 0;
    return NULL;
}
