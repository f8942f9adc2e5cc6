/* Reading video files: frames at given times, rotated, odd and damaged files.  See tests/videos/make.sh for what the
 * files show. */
#include "engine/pictures/video.h"

#include "engine/base/pool.h"
#include "engine/formats/file.h"
#include "tests/unit/folder.h"
#include <sys/stat.h>

#define VIDEOS TESTS_DIR "/videos"

/* The middle of each second of the pattern. */
static const uint8_t pattern[VIDEO_STRIP_FRAMES][3] = {{255, 0, 0},   {0, 255, 0},   {0, 0, 255},     {255, 255, 0},
                                                       {255, 0, 255}, {0, 255, 255}, {255, 255, 255}, {128, 128, 128}};

static const uint8_t *pixel(const struct picture *strip, int frame, int x, int y)
{
    return strip->rgb + 3 * ((size_t)y * (size_t)(strip->width * strip->frames) + (size_t)(frame * strip->width + x));
}

static void assert_colour(const uint8_t *found, const uint8_t *wanted)
{
    for (int channel = 0; channel < 3; channel++)
        assert_in_range(found[channel] + 6, wanted[channel], wanted[channel] + 12);
}

static struct video read_video(const char *name, int frames)
{
    struct error error = {0};
    struct video video;

    if (video_read(folder_path(VIDEOS, name), frames, &video, NULL, &error))
        fail_msg("%s", error.text);
    return video;
}

static void need_video(void)
{
    struct error error = {0};

    if (video_available(&error) == 0)
        return;
    assert_non_null(strstr(error.text, "built without FFmpeg's libraries"));
    skip();
}

static void test_frames_at_their_moments(void **state)
{
    (void)state;
    static const char *const files[] = {"h264.mp4",         "one_key_frame.mkv", "vp8.webm",
                                        "no_duration.webm", "mpeg4.avi",         "no_index.ts",
                                        "motion_jpeg.mov",  "b_frames.flv",      "late.mkv"};

    need_video();
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct video video = read_video(files[i], VIDEO_STRIP_FRAMES);
        assert_int_equal(video.width, 64);
        assert_int_equal(video.height, 48);
        assert_int_equal(video.duration_ms, 8000);
        assert_int_equal(video.frames, 80);
        assert_int_equal(video.strip.width, 64);
        assert_int_equal(video.strip.height, 48);
        assert_int_equal(video.strip.frames, VIDEO_STRIP_FRAMES);
        for (int frame = 0; frame < VIDEO_STRIP_FRAMES; frame++) {
            assert_colour(pixel(&video.strip, frame, 0, 0), pattern[frame]);
            assert_colour(pixel(&video.strip, frame, 63, 47), pattern[frame]);
        }
        video_close(&video);
        assert_null(video.strip.rgb);
    }
}

/* Clips cut without encoding again are whole: as long, and as many pictures, as decoding gives. */
static void test_cut_without_encoding(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int duration_ms, frames;
    } files[] = {{"cut.mp4", 3200, 32}, {"cut.flv", 3500, 35}};

    need_video();
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct video video = read_video(files[i].name, VIDEO_STRIP_FRAMES);
        assert_int_equal(video.duration_ms, files[i].duration_ms);
        assert_int_equal(video.frames, files[i].frames);
        assert_colour(pixel(&video.strip, 0, 32, 24), pattern[3]);
        assert_colour(pixel(&video.strip, VIDEO_STRIP_FRAMES - 1, 32, 24), pattern[6]);
        video_close(&video);
    }
}

static void test_turned(void **state)
{
    (void)state;
    static const uint8_t red[3] = {255, 0, 0}, blue[3] = {0, 0, 255};

    need_video();
    struct video video = read_video("turned_90.mp4", 2);
    assert_int_equal(video.width, 48);
    assert_int_equal(video.height, 64);
    assert_int_equal(video.strip.width, 48);
    assert_int_equal(video.strip.height, 64);
    assert_colour(pixel(&video.strip, 1, 24, 4), blue);
    assert_colour(pixel(&video.strip, 1, 24, 60), red);
    video_close(&video);
    video = read_video("turned_180.mp4", 2);
    assert_int_equal(video.strip.width, 64);
    assert_colour(pixel(&video.strip, 1, 4, 24), blue);
    assert_colour(pixel(&video.strip, 1, 60, 24), red);
    video_close(&video);
    video = read_video("turned_270.mp4", 2);
    assert_int_equal(video.width, 48);
    assert_colour(pixel(&video.strip, 1, 24, 4), red);
    assert_colour(pixel(&video.strip, 1, 24, 60), blue);
    video_close(&video);
}

static void test_shapes(void **state)
{
    (void)state;

    need_video();
    struct video video = read_video("wide_pixels.mp4", 8);
    assert_int_equal(video.width, 64); /* as stored; shown twice as wide */
    assert_int_equal(video.height, 96);
    assert_int_equal(video.strip.width, 128);
    assert_int_equal(video.strip.height, 96);
    video_close(&video);
    video = read_video("wide.mp4", 8);
    assert_int_equal(video.strip.width, VIDEO_STRIP_WIDTH);
    assert_int_equal(video.strip.height, 48);
    video_close(&video);
    video = read_video("one_frame.mp4", 8);
    assert_int_equal(video.frames, 1);
    assert_int_equal(video.duration_ms, 100);
    assert_colour(pixel(&video.strip, 7, 32, 24), pattern[0]);
    video_close(&video);
}

static void test_first_picture_only(void **state)
{
    (void)state;

    need_video();
    struct video video = read_video("h264.mp4", 0);
    assert_int_equal(video.duration_ms, 8000);
    assert_null(video.strip.rgb);
    video_close(&video);
}

static void assert_refused(const char *path, const char *reason)
{
    struct error error = {0};
    struct video video;

    assert_int_equal(video_read(path, VIDEO_STRIP_FRAMES, &video, NULL, &error), -1);
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_memory_equal(error.text, path, strlen(path));
    if (!strstr(error.text, reason))
        fail_msg("\"%s\" does not say \"%s\"", error.text, reason);
    assert_null(video.strip.rgb);
}

static void test_refused(void **state)
{
    const char *dir = *state;
    uint8_t garbage[4096];
    uint32_t seed = 7;

    need_video();
    for (size_t i = 0; i < sizeof garbage; i++)
        garbage[i] = (uint8_t)folder_random(&seed);
    folder_write(dir, "garbage.mp4", garbage, sizeof garbage);
    folder_write(dir, "empty.mp4", garbage, 0);
    assert_refused(folder_path(dir, "garbage.mp4"), "is not a video file of a known kind");
    assert_refused(folder_path(dir, "empty.mp4"), "is empty");
    assert_refused(dir, "is not a regular file");
    assert_refused(VIDEOS "/sound_only.webm", "has no moving pictures");
    assert_refused(VIDEOS "/sound_with_cover.mp4", "has no moving pictures");
    assert_refused(VIDEOS "/no_frames.webm", "is not a video file of a known kind");
    assert_int_equal(mkfifo(folder_path(dir, "pipe.mp4"), 0600), 0);
    assert_refused(folder_path(dir, "pipe.mp4"), "is not a regular file");

    struct error error = {0};
    struct video video;
    assert_int_equal(video_read(folder_path(dir, "none.mp4"), 1, &video, NULL, &error), -1);
    assert_int_equal(error.kind, ERROR_SYSTEM);
}

/* Containers that would open other files. */
static void test_lists_of_files(void **state)
{
    const char *dir = *state;
    char text[8192];

    need_video();
    static const char *const before[] = {"ffconcat version 1.0\nfile '",
                                         "#EXTM3U\n#EXT-X-TARGETDURATION:8\n#EXTINF:8,\n"};
    static const char *const after[] = {"'\n", "\n#EXT-X-ENDLIST\n"};
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        int length = snprintf(text, sizeof text, "%s%s%s", before[i], VIDEOS "/h264.mp4", after[i]);
        folder_write(dir, "list.mp4", text, (size_t)length);
        assert_refused(folder_path(dir, "list.mp4"), "is not a video file of a known kind");
    }
}

static void test_cut_short(void **state)
{
    static const struct {
        const char *name;
        size_t size;
        const char *reason;
    } cuts[] = {{"h264.mp4", 1000, "its header is damaged"},
                {"h264.mp4", 2900, "is cut short: its pictures end after"},
                {"one_key_frame.mkv", 2000, "is cut short: its pictures end after"},
                {"vp8.webm", 1500, "is cut short: its pictures end after"},
                {"mpeg4.avi", 9000, "is cut short: its pictures end after 5.2 of 8.0 s"}};
    const char *dir = *state;

    need_video();
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        struct error error = {0};
        size_t size;
        char *bytes = file_read(folder_path(VIDEOS, cuts[i].name), 1 << 20, &size, &error);
        assert_non_null(bytes);
        assert_true(cuts[i].size < size);
        folder_write(dir, "cut", bytes, cuts[i].size);
        assert_refused(folder_path(dir, "cut"), cuts[i].reason);
        free(bytes);
    }
}

/* What little is missing is not held against a file, but its pictures are those that exist; so are those of a container
 * that does not give the whole. */
static void test_cut_little(void **state)
{
    static const struct {
        const char *name;
        size_t size;
        int frames, duration_ms;
    } cuts[] = {{"h264.mp4", 3772, 73, 7500}, {"no_index.ts", 12000, 42, 4500}};
    const char *dir = *state;

    need_video();
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        struct error error = {0};
        struct video video;
        size_t size;
        char *bytes = file_read(folder_path(VIDEOS, cuts[i].name), 1 << 20, &size, &error);
        assert_non_null(bytes);
        folder_write(dir, "cut", bytes, cuts[i].size);
        if (video_read(folder_path(dir, "cut"), VIDEO_STRIP_FRAMES, &video, NULL, &error))
            fail_msg("%s", error.text);
        assert_int_equal(video.frames, cuts[i].frames);
        assert_int_equal(video.duration_ms, cuts[i].duration_ms);
        video_close(&video);
        free(bytes);
    }
}

/* Every damaged file gives a strip or a one-line error. */
static void test_mutations(void **state)
{
    static const char *const files[] = {"h264.mp4", "vp8.webm", "mpeg4.avi", "no_index.ts"};
    enum { ROUNDS = 60 };
    const char *dir = *state;
    uint32_t seed = 11;

    need_video();
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct error error = {0};
        size_t size;
        char *bytes = file_read(folder_path(VIDEOS, files[i]), 1 << 20, &size, &error);
        assert_non_null(bytes);
        for (int round = 0; round < ROUNDS; round++) {
            unsigned char *copy = malloc(size + 16);
            assert_non_null(copy);
            folder_write(dir, "changed", copy, folder_mutate((unsigned char *)bytes, size, copy, &seed));
            free(copy);
            struct video video;
            error = (struct error){0};
            if (video_read(folder_path(dir, "changed"), VIDEO_STRIP_FRAMES, &video, NULL, &error)) {
                assert_int_not_equal(error.kind, ERROR_NONE);
                continue;
            }
            assert_int_equal(video.strip.frames, VIDEO_STRIP_FRAMES);
            assert_in_range(video.strip.height, 1, VIDEO_STRIP_HEIGHT);
            assert_in_range(video.strip.width, 1, VIDEO_STRIP_WIDTH);
            assert_true(video.duration_ms > 0);
            video_close(&video);
        }
        free(bytes);
    }
}

static void test_cancelled(void **state)
{
    (void)state;
    struct job job = {0};
    struct error error = {0};
    struct video video;

    need_video();
    atomic_store(&job.cancel, true);
    assert_int_equal(video_read(VIDEOS "/h264.mp4", VIDEO_STRIP_FRAMES, &video, &job, &error), -1);
    assert_int_equal(error.kind, ERROR_CANCELLED);
}

static void read_one(void *context, size_t chunk, size_t worker)
{
    int *right = context;
    struct video video;

    (void)worker;
    if (video_read(chunk % 2 ? VIDEOS "/h264.mp4" : VIDEOS "/vp8.webm", VIDEO_STRIP_FRAMES, &video, NULL, NULL))
        return;
    const uint8_t *last = pixel(&video.strip, 5, 32, 24);
    right[chunk] = last[0] < 8 && last[1] > 247 && last[2] > 247;
    video_close(&video);
}

static void test_at_once(void **state)
{
    (void)state;
    enum { TASKS = 32 };
    int right[TASKS] = {0};

    need_video();
    pool_set_workers(4);
    pool_run(TASKS, read_one, right);
    for (int task = 0; task < TASKS; task++)
        assert_true(right[task]);
    pool_set_workers(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames_at_their_moments),
        cmocka_unit_test(test_cut_without_encoding),
        cmocka_unit_test(test_turned),
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_first_picture_only),
        cmocka_unit_test_setup_teardown(test_refused, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_lists_of_files, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_cut_short, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_cut_little, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_mutations, folder_make, folder_remove),
        cmocka_unit_test(test_cancelled),
        cmocka_unit_test(test_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
