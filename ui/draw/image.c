#include "ui/draw/image.h"

#include "engine/base/memory.h"
#include "ui/terminal/screen.h"
#include "ui/terminal/terminal.h"

#include <stdlib.h>
#include <string.h>

/* Scaled frames drawn recently, so that a redraw need not scale them again. */
enum { KEPT = 96, PROBES = 64 };
static struct frame {
    const struct picture *picture;
    unsigned long content; /* a digest of some of its pixels, as another picture may get the same address */
    int frame, width, height;
    unsigned long used;
    uint8_t *rgb; /* (height, width, 3) */
} kept[KEPT];
static unsigned long uses;

struct rect image_fit(struct rect r, int width, int height)
{
    if (width < 1 || height < 1 || r.rows < 1 || r.columns < 1) {
        r.rows = r.columns = 0;
        return r;
    }
    double scale = (double)r.columns / width, aspect = terminal_cell_aspect();
    if (aspect * r.rows / height < scale)
        scale = aspect * r.rows / height;
    int columns = (int)(width * scale + 0.5), rows = (int)(height * scale / aspect + 0.5);
    columns = columns < 1 ? 1 : columns > r.columns ? r.columns : columns;
    rows = rows < 1 ? 1 : rows > r.rows ? r.rows : rows;
    return (struct rect){r.y + (r.rows - rows) / 2, r.x + (r.columns - columns) / 2, rows, columns};
}

static unsigned long digest(const struct picture *picture)
{
    size_t size = (size_t)picture->height * (size_t)picture->width * (size_t)picture->frames * 3;
    unsigned long hash = 1469598103934665603ul ^ size;

    for (size_t i = 0; i < PROBES; i++)
        hash = (hash ^ picture->rgb[(size - 1) / PROBES * i + i % 3 % size]) * 1099511628211ul;
    return hash;
}

/* The pixels of a scaled frame, borrowed until the next call; null when out of memory. */
static const uint8_t *scaled(const struct picture *picture, int frame, int width, int height)
{
    unsigned long content = digest(picture);
    struct frame *oldest = &kept[0];

    for (struct frame *f = kept; f < kept + KEPT; f++) {
        if (f->rgb && f->picture == picture && f->content == content && f->frame == frame && f->width == width &&
            f->height == height) {
            f->used = ++uses;
            return f->rgb;
        }
        if (f->used < oldest->used)
            oldest = f;
    }
    free(oldest->rgb);
    *oldest = (struct frame){.picture = picture, .content = content, .frame = frame, .width = width, .height = height};
    oldest->rgb = memory_array((size_t)width * (size_t)height, 3);
    if (oldest->rgb && picture_scale(picture, frame, width, height, oldest->rgb)) {
        free(oldest->rgb);
        oldest->rgb = NULL;
    }
    oldest->used = oldest->rgb ? ++uses : 0;
    return oldest->rgb;
}

static int rgb_at(const uint8_t *pixel)
{
    return pixel[0] << 16 | pixel[1] << 8 | pixel[2];
}

/* Ordered dithering over 4 x 4 pixels, so that eight colours can suggest more. */
static int dithered(int rgb, int y, int x)
{
    static const int threshold[4][4] = {{0, 8, 2, 10}, {12, 4, 14, 6}, {3, 11, 1, 9}, {15, 7, 13, 5}};
    int level = threshold[y & 3][x & 3] * 16 + 8, out = 0;

    for (int shift = 0; shift <= 16; shift += 8)
        if ((rgb >> shift & 255) > level)
            out |= (shift == 0 ? 0xee : 0xcd) << shift;
    return out == 0xcdcdee ? 0xe5e5e5 : out;
}

static void draw_blocks(struct rect r, const uint8_t *rgb)
{
    bool few = terminal_tier() == TIER_8;

    for (int y = 0; y < r.rows; y++)
        for (int x = 0; x < r.columns; x++) {
            int top = rgb_at(rgb + 3 * (2 * y * r.columns + x));
            int bottom = rgb_at(rgb + 3 * ((2 * y + 1) * r.columns + x));
            if (few) {
                top = dithered(top, 2 * y, x);
                bottom = dithered(bottom, 2 * y + 1, x);
            }
            screen_put_coloured(r.y + y, r.x + x, L'▀', top, bottom, false);
        }
}

enum { SEXTANT_ROWS = 3, SEXTANT_COLUMNS = 2, SEXTANTS = SEXTANT_ROWS * SEXTANT_COLUMNS };

/* The block of the sextants in `mask`, by rows from the upper left; the halves have characters of their own. */
static wchar_t sextant(unsigned mask)
{
    enum { LEFT = 0x15, RIGHT = 0x2a, ALL = 0x3f };

    switch (mask) {
    case 0:
        return L' ';
    case LEFT:
        return L'▌';
    case RIGHT:
        return L'▐';
    case ALL:
        return L'█';
    default:
        return (wchar_t)(0x1fb00 + mask - 1 - (mask > LEFT) - (mask > RIGHT));
    }
}

static int luma(const uint8_t *p)
{
    return (299 * p[0] + 587 * p[1] + 114 * p[2]) / 1000;
}

/* The mean of the pixels that `mask` holds; 0 if it holds none. */
static int mean_colour(const uint8_t *const pixel[SEXTANTS], unsigned mask)
{
    int sum[3] = {0}, count = 0;

    for (int i = 0; i < SEXTANTS; i++)
        if (mask >> i & 1) {
            for (int c = 0; c < 3; c++)
                sum[c] += pixel[i][c];
            count++;
        }
    return count ? sum[0] / count << 16 | sum[1] / count << 8 | sum[2] / count : 0;
}

/* Two colours a cell: the means of its lighter and its darker pixels. */
static void draw_sextants(struct rect r, const uint8_t *rgb)
{
    for (int y = 0; y < r.rows; y++)
        for (int x = 0; x < r.columns; x++) {
            const uint8_t *pixel[SEXTANTS];
            int total = 0;
            unsigned light = 0;
            for (int i = 0; i < SEXTANTS; i++) {
                int row = SEXTANT_ROWS * y + i / SEXTANT_COLUMNS, column = SEXTANT_COLUMNS * x + i % SEXTANT_COLUMNS;
                pixel[i] = rgb + 3 * (row * SEXTANT_COLUMNS * r.columns + column);
                total += luma(pixel[i]);
            }
            for (int i = 0; i < SEXTANTS; i++)
                light |= (unsigned)(SEXTANTS * luma(pixel[i]) > total) << i;
            screen_put_coloured(r.y + y, r.x + x, sextant(light), mean_colour(pixel, light), mean_colour(pixel, ~light),
                                false);
        }
}

/* The pixel's hue at full brightness; the ramp's characters carry the brightness. */
static int hue_of(const uint8_t *p)
{
    int most = p[0] > p[1] ? p[0] : p[1];

    most = p[2] > most ? p[2] : most;
    if (most < 24)
        return 0xffffff;
    return p[0] * 255 / most << 16 | p[1] * 255 / most << 8 | p[2] * 255 / most;
}

static void draw_ramp(struct rect r, const uint8_t *rgb)
{
    static const char ramp[] = " .:-=+*#%@";
    enum { STEPS = sizeof ramp - 1 };
    bool dark = terminal_dark();

    for (int y = 0; y < r.rows; y++)
        for (int x = 0; x < r.columns; x++) {
            const uint8_t *p = rgb + 3 * (y * r.columns + x);
            int light = luma(p), step = light * STEPS / 256;
            bool bold = dark ? light >= 216 : light < 40;
            wchar_t symbol = (wchar_t)ramp[dark ? step : STEPS - 1 - step];
            screen_put_coloured(r.y + y, r.x + x, symbol, dark ? hue_of(p) : -1, -1, bold);
        }
}

/* Draws a dotted frame for a picture still to come. */
static void draw_waiting(struct rect r)
{
    const char *dot = glyph(GLYPH_DOT);

    draw_clear(r);
    for (int y = 0; y < r.rows; y++)
        for (int x = 0; x < r.columns; x++)
            if ((y == 0 || y == r.rows - 1) ? x % 2 == 0 : x == 0 || x == (r.columns - 1) / 2 * 2)
                draw_text(r, y, x, STYLE_DIM, dot);
}

void image_draw(struct rect r, const struct picture *picture, int frame)
{
    enum image_choice choice = terminal_images();
    const uint8_t *rgb = NULL;

    if (r.rows < 1 || r.columns < 1)
        return;
    if (choice == IMAGES_OFF) {
        draw_clear(r);
        return;
    }
    if (picture && picture->rgb && picture->frames > 0) {
        frame = (frame % picture->frames + picture->frames) % picture->frames;
        if (terminal_pixels()) {
            if (terminal_put_pixels(r.y, r.x, r.rows, r.columns, picture, frame))
                return;
            choice = IMAGES_BLOCKS;
        }
        int across = choice == IMAGES_SEXTANTS ? SEXTANT_COLUMNS : 1;
        int down = choice == IMAGES_SEXTANTS ? SEXTANT_ROWS : choice == IMAGES_BLOCKS ? 2 : 1;
        rgb = scaled(picture, frame, across * r.columns, down * r.rows);
    }
    if (!rgb)
        draw_waiting(r);
    else if (choice == IMAGES_SEXTANTS)
        draw_sextants(r, rgb);
    else if (choice == IMAGES_BLOCKS)
        draw_blocks(r, rgb);
    else
        draw_ramp(r, rgb);
}
