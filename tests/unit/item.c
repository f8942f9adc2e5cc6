/* What the gallery holds: reading its word, and saying it in texts about videos. */
#include "engine/base/item.h"
#include "engine/base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void expect_words(const char *words, const char *one, const char *many)
{
    struct item_words item;
    struct error error = {0};

    assert_int_equal(item_read(words, &item, &error), 0);
    assert_string_equal(item.one, one);
    assert_string_equal(item.many, many);
}

static void test_words(void **state)
{
    (void)state;
    static const char *const refused[] = {"",
                                          ",",
                                          "image,",
                                          ",images",
                                          "an  image",
                                          " image",
                                          "image ",
                                          "im4ge",
                                          "<b>",
                                          "im\nage",
                                          "caf\xc3\xa9",
                                          "a,b,c",
                                          "letters letters letters letters",
                                          "twentyfourlettersinaword"};
    char written[ITEM_WORDS];

    expect_words("image", "image", "images");
    expect_words("Image", "image", "images");
    expect_words("audio", "audio clip", "audio clips");
    expect_words("story", "story", "stories");
    expect_words("essay", "essay", "essays");
    expect_words("box", "box", "boxes");
    expect_words("sketch", "sketch", "sketches");
    expect_words("mouse,mice", "mouse", "mice");
    expect_words("audio,audio", "audio", "audio");
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct item_words item;
        struct error error = {0};
        assert_int_equal(item_read(refused[i], &item, &error), -1);
        assert_int_equal(error.kind, ERROR_INPUT);
        assert_non_null(strstr(error.text, "image"));
    }
    item_write(&(struct item_words){"mouse", "mice"}, written);
    assert_string_equal(written, "mouse,mice");
}

static void choose(const char *words)
{
    struct item_words item;

    assert_int_equal(item_read(words, &item, NULL), 0);
    assert_int_equal(item_choose(&item, NULL), 0);
}

static void test_texts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"%s: has no video %zu", "%s: has no image %zu"},
        {"a video, videos and the video's caption", "an image, images and the image's caption"},
        {"A video", "An image"},
        {"Video to text", "Image to text"},
        {"%svideos bank", "%simages bank"},
        {"", ""},
        {"captions", "captions"},
        {"videos.npy, --videos, --video-bank, video_bank, /video, x.video", NULL},
        {"column \"video\" or --column video=NAME", NULL},
        {"videotape, provideo", NULL},
        {"not a video file", NULL},
        {"the videos.  A video.", "the images.  An image."},
    };
    const char *first;

    assert_ptr_equal(item_text(cases[0].text), cases[0].text);
    choose("image");
    first = item_text(cases[0].text);
    for (int twice = 0; twice < 2; twice++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
            assert_string_equal(item_text(cases[i].text), cases[i].said ? cases[i].said : cases[i].text);
    choose("document");
    assert_string_equal(item_text(cases[1].text), "a document, documents and the document's caption");
    assert_string_equal(first, "%s: has no image %zu"); /* earlier texts stay */
    choose("image");
    assert_ptr_equal(item_text(cases[0].text), first);
    choose("video");
    assert_ptr_equal(item_text(cases[0].text), cases[0].text);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    static const char text[] = "no video here";
    struct item_words item = {"page", "pages"};
    struct error error = {0};

    memory_fail_after(0);
    assert_int_equal(item_choose(&item, &error), -1);
    memory_fail_after(-1);
    assert_int_equal(error.kind, ERROR_MEMORY);
    assert_string_equal(item_text(text), text); /* the item is the old one */
    assert_int_equal(item_choose(&item, NULL), 0);
    memory_fail_after(0);
    assert_string_equal(item_text(text), text);
    memory_fail_after(-1);
    assert_string_equal(item_text(text), "no page here");
    assert_int_equal(item_choose(NULL, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
