/* Decoding and scaling pictures: known pixels, the sample's strips, and damaged bytes. */
#include "engine/pictures/picture.h"
#include "engine/pictures/orientation.h"

#include "engine/base/memory.h"
#include "engine/formats/file.h"
#include "tests/unit/folder.h"
#include <stb/stb_image_write.h>

#define STRIP TESTS_DIR "/../sample_data/strips/1f300.jpg"

struct bytes {
    unsigned char *data;
    size_t size;
};

static void append(void *context, void *data, int size)
{
    struct bytes *bytes = context;

    bytes->data = memory_grow(bytes->data, bytes->size + (size_t)size, 1);
    assert_non_null(bytes->data);
    memcpy(bytes->data + bytes->size, data, (size_t)size);
    bytes->size += (size_t)size;
}

static struct bytes png(const uint8_t *pixels, int width, int height, int channels)
{
    struct bytes bytes = {0};

    assert_true(stbi_write_png_to_func(append, &bytes, width, height, channels, pixels, width * channels));
    return bytes;
}

static void test_pixels(void **state)
{
    (void)state;
    static const uint8_t rgb[2 * 2 * 3] = {255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30};
    struct bytes bytes = png(rgb, 2, 2, 3);
    struct error error = {0};
    struct picture picture;
    int width, height;

    assert_int_equal(picture_size(bytes.data, bytes.size, &width, &height, &error), 0);
    assert_int_equal(width, 2);
    assert_int_equal(height, 2);
    assert_int_equal(picture_decode(bytes.data, bytes.size, 1, &picture, &error), 0);
    assert_int_equal(picture.width, 2);
    assert_memory_equal(picture.rgb, rgb, sizeof rgb);
    uint8_t scaled[12];
    assert_int_equal(picture_scale(&picture, 0, 2, 2, scaled), 0);
    assert_memory_equal(scaled, rgb, sizeof rgb);
    picture_close(&picture);
    assert_null(picture.rgb);
    picture_close(&picture);
    free(bytes.data);
}

static void test_transparency_lies_over_black(void **state)
{
    (void)state;
    static const uint8_t rgba[3 * 4] = {255, 200, 100, 255, 255, 200, 100, 0, 255, 200, 100, 128};
    static const uint8_t expected[3 * 3] = {255, 200, 100, 0, 0, 0, 128, 100, 50};
    static const uint8_t grey[2 * 2] = {90, 255, 90, 0};
    struct picture picture;
    struct error error = {0};
    struct bytes bytes = png(rgba, 3, 1, 4);

    assert_int_equal(picture_decode(bytes.data, bytes.size, 1, &picture, &error), 0);
    assert_memory_equal(picture.rgb, expected, sizeof expected);
    picture_close(&picture);
    free(bytes.data);
    bytes = png(grey, 2, 1, 2);
    assert_int_equal(picture_decode(bytes.data, bytes.size, 1, &picture, &error), 0);
    assert_memory_equal(picture.rgb, ((const uint8_t[]){90, 90, 90, 0, 0, 0}), 6);
    picture_close(&picture);
    free(bytes.data);
}

/* Black and white average to the grey that emits half the light, not to 128. */
static void test_scaling_is_linear_in_light(void **state)
{
    (void)state;
    uint8_t board[8 * 8 * 3], out[4 * 4 * 3];

    for (int i = 0; i < 8 * 8; i++)
        memset(board + 3 * i, (i + i / 8) % 2 ? 255 : 0, 3);
    struct picture picture = {.width = 8, .height = 8, .frames = 1, .rgb = board};
    assert_int_equal(picture_scale(&picture, 0, 4, 4, out), 0);
    for (size_t i = 0; i < sizeof out; i++)
        assert_in_range(out[i], 186, 190); /* 188 */
}

static void test_frames_do_not_mix(void **state)
{
    (void)state;
    enum { FRAMES = 3, SIDE = 6 };
    uint8_t strip[SIDE * FRAMES * SIDE * 3], out[20 * 20 * 3];
    static const int sides[][2] = {{1, 1}, {4, 2}, {6, 6}, {5, 3}, {20, 20}, {3, 20}, {20, 1}};

    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < FRAMES * SIDE; x++)
            memset(strip + 3 * (y * FRAMES * SIDE + x), 50 * (1 + x / SIDE), 3);
    struct picture picture = {.width = SIDE, .height = SIDE, .frames = FRAMES, .rgb = strip};
    for (int frame = 0; frame < FRAMES; frame++)
        for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
            int width = sides[i][0], height = sides[i][1];
            assert_int_equal(picture_scale(&picture, frame, width, height, out), 0);
            for (int j = 0; j < width * height * 3; j++)
                assert_in_range(out[j], 50 * (1 + frame) - 1, 50 * (1 + frame) + 1);
        }
    assert_int_equal(picture_scale(&picture, 3, 2, 2, out), -1);
    assert_int_equal(picture_scale(&picture, -1, 2, 2, out), -1);
    assert_int_equal(picture_scale(&picture, 0, 0, 2, out), -1);
    assert_int_equal(picture_scale(&picture, 0, 2, PICTURE_SIDE_MAX + 1, out), -1);
}

/* Extreme ratios, where a resampler's buffers are most at risk. */
static void test_extreme_ratios(void **state)
{
    (void)state;
    static const int sides[] = {1, 7, 8192};
    uint8_t *pixels = memory_array((size_t)PICTURE_SIDE_MAX * 7, 3);
    uint8_t *out = memory_array((size_t)PICTURE_SIDE_MAX * 7, 3);

    memset(pixels, 77, (size_t)PICTURE_SIDE_MAX * 7 * 3);
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 2; j++)
            for (size_t k = 0; k < 3; k++)
                for (size_t l = 0; l < 2; l++)
                    for (int turned = 0; turned < 2; turned++) {
                        int long_from = sides[i], short_from = sides[j], long_to = sides[k], short_to = sides[l];
                        struct picture picture = {.width = turned ? short_from : long_from,
                                                  .height = turned ? long_from : short_from,
                                                  .frames = 1,
                                                  .rgb = pixels};
                        int width = turned ? short_to : long_to, height = turned ? long_to : short_to;
                        assert_int_equal(picture_scale(&picture, 0, width, height, out), 0);
                        assert_in_range(out[0], 76, 78);
                        assert_in_range(out[width * height * 3 - 1], 76, 78);
                    }
    free(pixels);
    free(out);
}

static void test_sample_strip(void **state)
{
    (void)state;
    struct error error = {0};
    struct picture picture;
    uint8_t out[40 * 40 * 3];
    size_t size;
    char *bytes = file_read(STRIP, PICTURE_BYTES_MAX, &size, &error);

    assert_non_null(bytes);
    assert_int_equal(picture_decode(bytes, size, 8, &picture, &error), 0);
    assert_int_equal(picture.width, 96);
    assert_int_equal(picture.height, 96);
    assert_int_equal(picture.frames, 8);
    for (int frame = 0; frame < 8; frame++)
        assert_int_equal(picture_scale(&picture, frame, 40, 40, out), 0);
    picture_close(&picture);
    assert_int_equal(picture_decode(bytes, size, 7, &picture, &error), -1);
    assert_non_null(strstr(error.text, "768 pixels wide, which 7 frames cannot share"));
    assert_int_equal(picture_decode(bytes, size, 0, &picture, &error), -1);
    assert_int_equal(picture_decode(bytes, size, -8, &picture, &error), -1);
    free(bytes);
}

/* A picture in a segment of Exif data, which precedes the rest of a JPEG. */
static struct bytes with_orientation(const struct bytes *jpeg, int orientation, bool big)
{
    unsigned char segment[] = {0xff, 0xe1, 0,    34, 'E', 'x', 'i', 'f', 0, 0, 'I', 'I', 42, 0, 8, 0, 0, 0,
                               1,    0,    0x12, 1,  3,   0,   1,   0,   0, 0, 0,   0,   0,  0, 0, 0, 0, 0};
    static const unsigned char motorola[] = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1};
    struct bytes bytes = {0};

    if (big)
        memcpy(segment + 10, motorola, sizeof motorola);
    segment[big ? 29 : 28] = (unsigned char)orientation;
    append(&bytes, jpeg->data, 2);
    append(&bytes, segment, sizeof segment);
    append(&bytes, jpeg->data + 2, (int)jpeg->size - 2);
    return bytes;
}

/* The corners of the picture are shown where Exif's table says: row 0 and column 0 as stored are at its 8 places. */
static void test_orientation(void **state)
{
    (void)state;
    enum { WIDTH = 32, HEIGHT = 16 };
    static const char shown[8][5] = {/* red, green, blue, white: clockwise from the top left */
                                     "rgwb", "grbw", "wbrg", "bwgr", "rbwg", "brgw", "wgrb", "gwbr"};
    uint8_t rgb[HEIGHT][WIDTH][3];
    struct bytes jpeg = {0};

    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            int corner = 2 * (y >= HEIGHT / 2) + (x >= WIDTH / 2); /* red green, blue white */
            rgb[y][x][0] = corner == 0 || corner == 3 ? 255 : 0;
            rgb[y][x][1] = corner == 1 || corner == 3 ? 255 : 0;
            rgb[y][x][2] = corner >= 2 ? 255 : 0;
        }
    assert_true(stbi_write_jpg_to_func(append, &jpeg, WIDTH, HEIGHT, 3, rgb, 95));
    for (int orientation = 0; orientation <= 9; orientation++) {
        const char *expected = shown[orientation >= 1 && orientation <= 8 ? orientation - 1 : 0];
        struct bytes bytes = with_orientation(&jpeg, orientation, orientation % 2);
        bool swaps = orientation >= 5 && orientation <= 8;
        struct error error = {0};
        struct picture picture;
        int width, height;
        assert_int_equal(picture_size(bytes.data, bytes.size, &width, &height, &error), 0);
        assert_int_equal(width, swaps ? HEIGHT : WIDTH);
        assert_int_equal(height, swaps ? WIDTH : HEIGHT);
        assert_int_equal(picture_is_plain(bytes.data, bytes.size), expected == shown[0]);
        assert_int_equal(picture_decode(bytes.data, bytes.size, 1, &picture, &error), 0);
        for (int i = 0; i < 4; i++) { /* clockwise */
            int x = i == 1 || i == 2 ? width - 3 : 2, y = i >= 2 ? height - 3 : 2;
            const uint8_t *pixel = picture.rgb + 3 * (y * width + x);
            char colour = pixel[0] > 128 ? (pixel[1] > 128 ? 'w' : 'r') : pixel[1] > 128 ? 'g' : 'b';
            if (colour != expected[i])
                fail_msg("orientation %d: corner %d is %c, not %c", orientation, i, colour, expected[i]);
        }
        picture_close(&picture);
        for (size_t cut = 0; cut < 40; cut++) /* whatever is cut off: a picture or a reason */
            if (picture_decode(bytes.data, cut, 1, &picture, &error) == 0)
                picture_close(&picture);
        free(bytes.data);
    }
    free(jpeg.data);
}

static void expect_refusal(const void *bytes, size_t size, const char *part)
{
    struct error error = {0};
    struct picture picture;

    assert_int_equal(picture_decode(bytes, size, 1, &picture, &error), -1);
    assert_null(picture.rgb);
    if (!strstr(error.text, part))
        fail_msg("\"%s\" does not say \"%s\"", error.text, part);
}

/* Formats that FFmpeg's libraries read: red on the left, blue on the right. */
static void test_library(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int width, height;
    } files[] = {{"halves.webp", 48, 16}, {"halves.tiff", 48, 16}, {"halves.avif", 48, 16}, {"turned.avif", 16, 48}};

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct error error = {0};
        struct picture picture;
        size_t size;
        char path[512];
        snprintf(path, sizeof path, TESTS_DIR "/pictures/%s", files[i].name);
        char *bytes = file_read(path, 1 << 20, &size, &error);
        assert_non_null(bytes);
        assert_false(picture_is_plain(bytes, size));
        if (picture_decode(bytes, size, 1, &picture, &error)) {
            if (!strstr(error.text, "FFmpeg's libraries")) /* they are missing, or what decodes AVIF is */
                fail_msg("%s: %s", files[i].name, error.text);
            free(bytes);
            continue;
        }
        assert_int_equal(picture.width, files[i].width);
        assert_int_equal(picture.height, files[i].height);
        const uint8_t *last = picture.rgb + 3 * (picture.width * picture.height - 1);
        assert_true(picture.rgb[0] > 230 && picture.rgb[1] < 25 && picture.rgb[2] < 25);
        assert_true(last[0] < 25 && last[1] < 25 && last[2] > 230);
        assert_int_equal(picture_split(&picture, 5, &error), -1);
        assert_non_null(strstr(error.text, "which 5 frames cannot share"));
        assert_int_equal(picture_split(&picture, 2, &error), 0);
        assert_int_equal(picture.width, files[i].width / 2);
        assert_int_equal(picture_split(&picture, 1, &error), 0);
        assert_int_equal(picture.width, files[i].width);
        picture_close(&picture);
        expect_refusal(bytes, size / 2, "the picture");
        free(bytes);
    }
}

/* AVIF's boxes for turns against the clock and mirroring, as Exif numbers the results. */
static void test_avif_boxes(void **state)
{
    (void)state;
    static const int expected[4][3] = {{1, 4, 2}, {8, 5, 7}, {3, 2, 4}, {6, 7, 5}};

    for (int turned = 0; turned < 4; turned++)
        for (int mirrored = 0; mirrored < 3; mirrored++) {
            char bytes[] = "\0\0\0\x10"
                           "ftypavif\0\0\0\0"
                           "\0\0\0\x09irot0"
                           "\0\0\0\x09imir0";
            bytes[24] = (char)turned;
            bytes[33] = (char)(mirrored - 1);
            size_t size = sizeof bytes - 1 - (mirrored ? 0 : 9);
            assert_int_equal(orientation_of(bytes, size), expected[turned][mirrored]);
            assert_int_equal(orientation_of(bytes, size - 1), expected[mirrored ? turned : 0][0]);
        }
}

/* Ten by ten pixels whose eight kilobytes inflate to eight megabytes. */
static void test_oversized(void **state)
{
    size_t size;
    char *bytes = file_read(TESTS_DIR "/pictures/oversized.png", 1 << 20, &size, NULL);

    (void)state;
    assert_non_null(bytes);
    expect_refusal(bytes, size, "more pixels than its size takes");
    free(bytes);
}

static void test_refusals(void **state)
{
    (void)state;
    static const uint8_t rgb[3] = {1, 2, 3};
    struct bytes bytes = png(rgb, 1, 1, 3);

    expect_refusal("", 0, "is not a JPEG, PNG, GIF, BMP");
    expect_refusal("B", 1, "is not a JPEG, PNG, GIF, BMP");
    expect_refusal("P3 1 1 255 1 2 3", 16, "is not a JPEG, PNG, GIF, BMP");
    expect_refusal("#?RADIANCE\n", 11, "is not a JPEG, PNG, GIF, BMP");
    expect_refusal("\0\0\0\x18"
                   "ftypheic\0\0\0\0",
                   16, "is a HEIC picture, which is not read: convert it");
    expect_refusal("<?xml version='1.0'?><svg xmlns=''/>", 36, "is a SVG picture, which is not read");
    expect_refusal("GIF89a", 6, "the picture is 0 x 0 pixels");
    expect_refusal("P5 2 1 65535\n\x10\x80\xf0\x80", 17, "is a PNM picture of 16 bits, which is not read");
    expect_refusal("\xff\xd8\xff", 3, "header is damaged");
    expect_refusal(bytes.data, (size_t)PICTURE_BYTES_MAX + 1, "at most 33554432 are accepted");
    expect_refusal(bytes.data, bytes.size - 20, "the picture is damaged");
    /* a small file that claims 9000 x 9000 pixels: 240 megabytes */
    static const uint8_t side[4] = {0, 0, 0x23, 0x28};
    memcpy(bytes.data + 16, side, 4);
    memcpy(bytes.data + 20, side, 4);
    expect_refusal(bytes.data, bytes.size, "the picture is 9000 x 9000 pixels; at most 67 million");
    memset(bytes.data + 16, 0, 4);
    expect_refusal(bytes.data, bytes.size, "header is damaged");
    free(bytes.data);
}

/* Damaged bytes of every format give an error or a picture. */
static void test_mutations(void **state)
{
    (void)state;
    uint8_t rgba[12 * 9 * 4];
    struct bytes originals[4] = {{0}};
    uint32_t seed = 20261121;
    size_t accepted = 0;
    /* a GIF of 2 x 2 pixels in 4 colours */
    static unsigned char gif[] = {'G', 'I', 'F', '8', '9', 'a', 2,   0, 2, 0,    0x91, 0,    0, 0,
                                  0,   0,   255, 0,   0,   0,   255, 0, 0, 0,    255,  0x2c, 0, 0,
                                  0,   0,   2,   0,   2,   0,   0,   2, 3, 0x44, 0x34, 0x05, 0, 0x3b};

    for (size_t i = 0; i < sizeof rgba; i++)
        rgba[i] = (uint8_t)folder_random(&seed);
    originals[0] = png(rgba, 12, 9, 4);
    assert_true(stbi_write_jpg_to_func(append, &originals[1], 12, 9, 4, rgba, 80));
    assert_true(stbi_write_bmp_to_func(append, &originals[2], 12, 9, 3, rgba));
    originals[3] = (struct bytes){gif, sizeof gif};
    for (int i = 0; i < 4; i++) {
        struct picture picture;
        struct error error = {0};
        if (picture_decode(originals[i].data, originals[i].size, 1, &picture, &error))
            fail_msg("original %d: %s", i, error.text);
        picture_close(&picture);
    }
    for (int i = 0; i < folder_mutations(4000); i++) {
        const struct bytes *original = &originals[i % 4];
        unsigned char *damaged = memory_array(original->size + 16, 1);
        size_t size = folder_mutate(original->data, original->size, damaged, &seed);
        unsigned char *exact = memory_array(size, 1); /* so that reads beyond the end are detected */
        memcpy(exact, damaged, size);
        struct picture picture;
        uint8_t out[3 * 5 * 5];
        if (picture_decode(exact, size, 1, &picture, NULL) == 0) {
            assert_int_equal(picture_scale(&picture, 0, 5, 5, out), 0);
            accepted++;
        }
        picture_close(&picture);
        free(exact);
        free(damaged);
    }
    assert_in_range(accepted, 1, folder_mutations(4000) - 1);
    for (int i = 0; i < 3; i++)
        free(originals[i].data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pixels),
        cmocka_unit_test(test_transparency_lies_over_black),
        cmocka_unit_test(test_scaling_is_linear_in_light),
        cmocka_unit_test(test_frames_do_not_mix),
        cmocka_unit_test(test_extreme_ratios),
        cmocka_unit_test(test_sample_strip),
        cmocka_unit_test(test_orientation),
        cmocka_unit_test(test_library),
        cmocka_unit_test(test_avif_boxes),
        cmocka_unit_test(test_oversized),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_mutations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
