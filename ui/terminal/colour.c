#include "ui/terminal/colour.h"

#include <math.h>
#include <stdbool.h>

struct lab {
    float l, a, b;
};

static const int basic[16] = {
    0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
    0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
};

static double linear(int channel)
{
    double c = channel / 255.0;

    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double linear_channel(int rgb, int shift)
{
    static double table[256];
    static bool filled;

    if (!filled) {
        for (int i = 0; i < 256; i++)
            table[i] = linear(i);
        filled = true;
    }
    return table[rgb >> shift & 0xff];
}

/* Oklab, where distance approximates how different colours look. */
static struct lab lab_of(int rgb)
{
    double r = linear_channel(rgb, 16), g = linear_channel(rgb, 8), b = linear_channel(rgb, 0);
    double l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    double m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    double s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);

    return (struct lab){
        (float)(0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s),
        (float)(1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s),
        (float)(0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s),
    };
}

static int nearest(const struct lab *palette, int first, int count, int rgb)
{
    struct lab want = lab_of(rgb);
    float best = INFINITY;
    int index = first;

    for (int i = 0; i < count; i++) {
        float l = palette[i].l - want.l, a = palette[i].a - want.a, b = palette[i].b - want.b;
        float distance = l * l + a * a + b * b;
        if (distance < best) {
            best = distance;
            index = first + i;
        }
    }
    return index;
}

int colour_of_256(int index)
{
    static const int level[6] = {0x00, 0x5f, 0x87, 0xaf, 0xd7, 0xff};

    if (index < 16)
        return basic[index];
    if (index >= 232) {
        int grey = 8 + 10 * (index - 232);
        return grey << 16 | grey << 8 | grey;
    }
    index -= 16;
    return level[index / 36] << 16 | level[index / 6 % 6] << 8 | level[index % 6];
}

int colour_nearest_256(int rgb)
{
    static struct lab palette[240];
    static bool filled;
    enum { SLOTS = 4096 };
    static struct {
        int rgb;
        int index; /* 0: empty */
    } known[SLOTS];

    if (!filled) {
        for (int i = 0; i < 240; i++)
            palette[i] = lab_of(colour_of_256(16 + i));
        filled = true;
    }
    unsigned slot = ((unsigned)rgb * 2654435761u) >> 20;
    if (known[slot].index == 0 || known[slot].rgb != rgb) {
        known[slot].rgb = rgb;
        known[slot].index = nearest(palette, 16, 240, rgb);
    }
    return known[slot].index;
}

int colour_nearest_8(int rgb)
{
    static struct lab palette[8];
    static bool filled;

    if (!filled) {
        for (int i = 0; i < 8; i++)
            palette[i] = lab_of(basic[i]);
        filled = true;
    }
    return nearest(palette, 0, 8, rgb);
}

int colour_quantised(int rgb)
{
    int top = rgb & 0xf8f8f8;

    return top | (top >> 5 & 0x070707);
}

int colour_mix(int a, int b, double share)
{
    int mixed = 0;

    for (int shift = 0; shift <= 16; shift += 8) {
        int from = a >> shift & 0xff, to = b >> shift & 0xff;
        mixed |= (int)lround(from + (to - from) * share) << shift;
    }
    return mixed;
}

static double luminance(int rgb)
{
    return 0.2126 * linear_channel(rgb, 16) + 0.7152 * linear_channel(rgb, 8) + 0.0722 * linear_channel(rgb, 0);
}

double colour_contrast(int a, int b)
{
    double la = luminance(a), lb = luminance(b);

    return (fmax(la, lb) + 0.05) / (fmin(la, lb) + 0.05);
}

int colour_number(enum colour_tier tier, int rgb)
{
    if (rgb < 0)
        return -1;
    switch (tier) {
    case TIER_8:
        return colour_nearest_8(rgb);
    case TIER_256:
        return colour_nearest_256(rgb);
    case TIER_DIRECT:
        return rgb < 8 ? 0x010101 : rgb; /* the first eight are the user's palette */
    default:
        return -1;
    }
}

int colour_shown(enum colour_tier tier, int rgb)
{
    int number = colour_number(tier, rgb);

    return number < 0 || tier == TIER_DIRECT ? number : colour_of_256(number);
}
