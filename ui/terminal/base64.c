#include "ui/terminal/base64.h"

#include <stdint.h>

void base64_put(char *out, const void *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *at = bytes;

    for (; size >= 3; size -= 3, at += 3) {
        uint32_t three = (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];
        for (int shift = 18; shift >= 0; shift -= 6)
            *out++ = digits[three >> shift & 63];
    }
    if (size == 0)
        return;
    uint32_t rest = (uint32_t)at[0] << 16 | (size == 2 ? (uint32_t)at[1] << 8 : 0);
    out[0] = digits[rest >> 18];
    out[1] = digits[rest >> 12 & 63];
    out[2] = size == 2 ? digits[rest >> 6 & 63] : '=';
    out[3] = '=';
}
