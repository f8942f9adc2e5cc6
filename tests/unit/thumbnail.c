/* Thumbnails: small pictures are stored unchanged, large ones scaled down. */
#include "engine/pictures/thumbnail.h"

#include "engine/base/memory.h"
#include "engine/formats/file.h"
#include "tests/unit/folder.h"

#define STRIP TESTS_DIR "/../sample_data/strips/1f300.jpg"

/* A PPM file with frames of a single colour each: red, green, blue, red, ... */
static char *pattern(int width, int height, int frames, size_t *size)
{
    char *bytes = malloc((size_t)(width * frames) * (size_t)height * 3 + 64);
    assert_non_null(bytes);
    int head = sprintf(bytes, "P6\n%d %d\n255\n", width * frames, height);

    for (int y = 0; y < height; y++)
        for (int x = 0; x < width * frames; x++)
            for (int channel = 0; channel < 3; channel++)
                bytes[head + 3 * (y * width * frames + x) + channel] = (char)(x / width % 3 == channel ? 255 : 0);
    *size = (size_t)head + (size_t)(width * frames) * (size_t)height * 3;
    return bytes;
}

static void assert_pattern(const struct thumbnail *thumbnail, int width, int height, int frames)
{
    struct error error = {0};
    struct picture picture;

    assert_int_equal(thumbnail->frames, frames);
    if (picture_decode(thumbnail->bytes, thumbnail->size, frames, &picture, &error))
        fail_msg("%s", error.text);
    assert_int_equal(picture.width, width);
    assert_int_equal(picture.height, height);
    for (int frame = 0; frame < frames; frame++) {
        const uint8_t *pixel =
            picture.rgb + 3 * ((size_t)(height / 2 * frames + frame) * (size_t)width + (size_t)(width / 2));
        for (int channel = 0; channel < 3; channel++)
            assert_in_range(pixel[channel] + 6, frame % 3 == channel ? 255 : 0, frame % 3 == channel ? 267 : 12);
    }
    picture_close(&picture);
}

static void test_small_is_kept(void **state)
{
    (void)state;
    struct error error = {0};
    struct thumbnail thumbnail;
    size_t size;
    char *bytes = file_read(STRIP, 1 << 20, &size, &error);

    assert_non_null(bytes);
    char *copy = malloc(size);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    assert_int_equal(thumbnail_take(bytes, size, 8, &thumbnail, &error), 0);
    assert_int_equal(thumbnail.size, size);
    assert_int_equal(thumbnail.frames, 8);
    assert_memory_equal(thumbnail.bytes, copy, size);
    free(copy);
    thumbnail_close(&thumbnail);
    assert_null(thumbnail.bytes);
}

static void test_large_is_scaled(void **state)
{
    static const struct {
        int width, height, frames, to_width, to_height;
    } cases[] = {
        {1000, 1000, 1, 256, 256}, {2000, 400, 1, 512, 102}, {300, 600, 4, 128, 256},
        {1024, 8, 3, 512, 4},      {10, 5000, 1, 1, 256},    {4000, 1, 1, 512, 1},
        {12000, 600, 1, 512, 26},  {1500, 300, 8, 512, 102}, {340, 256, 2, 340, 256}}; /* small, but many bytes */
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = {0};
        struct thumbnail thumbnail;
        size_t size;
        char *bytes = pattern(cases[i].width, cases[i].height, cases[i].frames, &size);
        if (thumbnail_take(bytes, size, cases[i].frames, &thumbnail, &error))
            fail_msg("%s", error.text);
        assert_true(thumbnail.size < 32 << 10);
        assert_memory_equal(thumbnail.bytes, "\xff\xd8\xff", 3);
        assert_pattern(&thumbnail, cases[i].to_width, cases[i].to_height, cases[i].frames);
        thumbnail_close(&thumbnail);
    }
}

static void test_refused(void **state)
{
    (void)state;
    struct error error = {0};
    struct thumbnail thumbnail;
    size_t size;
    char *bytes = pattern(600, 600, 1, &size);

    assert_int_equal(thumbnail_take(bytes, size / 2, 1, &thumbnail, &error), -1);
    assert_non_null(strstr(error.text, "damaged"));
    assert_null(thumbnail.bytes);
    bytes = pattern(601, 600, 1, &size);
    assert_int_equal(thumbnail_take(bytes, size, 2, &thumbnail, &error), -1);
    assert_non_null(strstr(error.text, "601 pixels wide"));
    assert_int_equal(thumbnail_take(calloc(1, 8), 8, 1, &thumbnail, &error), -1);
    assert_non_null(strstr(error.text, "is not a JPEG"));
}

static void test_out_of_memory(void **state)
{
    (void)state;
    int failed = -1;

    for (long n = 0; failed; n++) {
        struct error error = {0};
        struct thumbnail thumbnail;
        size_t size;
        char *bytes = pattern(600, 300, 2, &size);
        memory_fail_after(n);
        failed = thumbnail_take(bytes, size, 2, &thumbnail, &error);
        memory_fail_after(-1);
        assert_true(failed ? error.kind == ERROR_MEMORY && !thumbnail.bytes : n > 2);
        thumbnail_close(&thumbnail);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_is_kept),
        cmocka_unit_test(test_large_is_scaled),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
