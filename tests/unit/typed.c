/* Typed queries: symbols, folded letters, and what was meant. */
#include "engine/typing/typed.h"

#include "engine/base/memory.h"
#include "engine/catalog/catalog.h"
#include "engine/catalog/write.h"
#include "engine/typing/lexicon.h"
#include "engine/typing/reading.h"
#include "engine/typing/symbol.h"
#include "tests/unit/folder.h"

#define SAMPLE TESTS_DIR "/../sample_data/"
#define FROG "\xf0\x9f\x90\xb8"
#define MAN "\xf0\x9f\x91\xa8"
#define JOINER "\xe2\x80\x8d"
#define RED_HAIR "\xf0\x9f\xa6\xb0"
#define HEART "\xe2\x9d\xa4"
#define AS_PICTURE "\xef\xb8\x8f"

static struct encoder *encoder;
static struct catalog *catalog;
static struct lexicon *lexicon;

static char videos[][4][24] = {
    /* key, title, tags, details */
    {"1f438", "frog", "pond green", ""},
    {"1f468-200d-1f9b0", "man: red hair", "ginger", ""},
    {"a", "loudly crying face", "sob tears " FROG, ""},
    {"2764", "a number", "face face face", ""},
    {"b", "barge", "", "emoji: \xf0\x9f\x9a\xa2\n"},
    {"c", "\xff\xfe", HEART, ""}, /* not UTF-8: left out */
};
enum { VIDEOS = sizeof videos / sizeof *videos };

static int open_all(void **state)
{
    struct error error = {0};
    bool failed = false;

    if (folder_make(state))
        return -1;
    const char *path = folder_path(*state, "catalog.db");
    struct catalog_writer *writer = catalog_create(path, &error);
    for (size_t row = 0; row < VIDEOS; row++) {
        const struct catalog_video video = {videos[row][0], videos[row][1], videos[row][2], videos[row][3], 0, 0, 0};
        failed = failed || catalog_put_video(writer, row, &video, &error);
    }
    if (failed || catalog_finish(writer, NULL, &error) || !(catalog = catalog_open(path, &error)) ||
        !(encoder = encoder_open(SAMPLE "encoder", &error)))
        fail_msg("%s", error.text);
    lexicon = lexicon_new(catalog);
    return lexicon ? 0 : -1;
}

static int close_all(void **state)
{
    lexicon_free(lexicon);
    encoder_close(encoder);
    catalog_close(catalog);
    return folder_remove(state);
}

static struct typed type(const char *text, int status, float *vector)
{
    struct typed typed;
    struct error error = {0};

    assert_int_equal(typed_encode(lexicon, encoder, text, false, vector, &typed, NULL, &error), status);
    return typed;
}

static void expect_same(const char *text, const char *plain)
{
    float vector[128], same[128];

    type(text, 0, vector);
    type(plain, 0, same);
    assert_memory_equal(vector, same, sizeof vector);
}

static void symbols_are_read(void **state)
{
    float vector[128];
    struct typed typed = type("a green " FROG, 0, vector);

    (void)state;
    assert_string_equal(typed.names, FROG " as frog");
    assert_int_equal(typed.encoding.words, 3);
    assert_int_equal(typed.encoding.known, 3);
    assert_int_equal(typed.encoding.word[2].start, 8);
    assert_int_equal(typed.encoding.word[2].length, 4);
    expect_same("a green " FROG, "a green frog");
    expect_same(MAN JOINER RED_HAIR " waves", "man red hair waves");
    typed = type(MAN JOINER RED_HAIR " waves", 0, vector);
    assert_int_equal(typed.encoding.words, 2);
    assert_int_equal(typed.encoding.word[1].start, 12);
    expect_same(HEART AS_PICTURE, "heavy black heart"); /* its Unicode name: a key of four digits is a number */
    expect_same(MAN RED_HAIR, "man red hair");
    expect_same("\xf0\x9f\x9a\xa2", "barge");
    expect_same("5 \xe3\x8e\x8f", "5 kg");                       /* a symbol that is letters */
    typed = type("\xf0\x9f\x87\xab\xf0\x9f\x87\xb7", 1, vector); /* a flag: letters without a name */
    assert_string_equal(typed.names, "");
    type("\xff" FROG, 1, vector); /* not UTF-8 */
}

static void letters_are_folded(void **state)
{
    float vector[128];

    (void)state;
    expect_same("\xef\xbd\x86\xef\xbd\x92\xef\xbd\x8f\xef\xbc\xa7 red", "frog red"); /* full width */
    expect_same("caf\xc3\xa9", "cafe");
    expect_same("cafe\xcc\x81", "cafe");
    expect_same("\xef\xac\x81sh", "fish"); /* a ligature */
    assert_int_equal(type("\xe9\xbb\x84\xe8\x89\xb2", 1, vector).encoding.words, 2);
}

static void expect_suggestion(const char *text, const char *suggestion)
{
    float vector[128];
    struct typed typed;
    struct error error = {0};

    assert_true(typed_encode(lexicon, encoder, text, false, vector, &typed, NULL, &error) >= 0);
    assert_string_equal(typed.suggestion, suggestion);
}

static void the_collection_decides(void **state)
{
    (void)state;
    expect_suggestion("yelow fase", "yellow face"); /* not "ase", which the encoder knows too */
    expect_suggestion("lodly cryng fcae", "loudly crying face");
    expect_suggestion("loudlycrying face", "loudly crying face"); /* a title */
    expect_suggestion("gingre " FROG, "ginger " FROG);
    expect_suggestion("qqqzzxqq fase", "");
    expect_suggestion("red face", "");
    expect_suggestion("", "");
}

static void offer_without_words(void **state)
{
    struct nearest nearest = nearest_to("fase", 4);

    (void)state;
    struct lexicon *none = lexicon_new(NULL);
    lexicon_offer_words(none, &nearest);
    lexicon_offer_titles(none, &nearest);
    lexicon_offer_words(NULL, &nearest);
    assert_null(lexicon_symbol(none, FROG, 4));
    assert_null(lexicon_symbol(NULL, FROG, 4));
    assert_string_equal(nearest.best, "");
    lexicon_free(none);
}

static void nearest_counts_characters(void **state)
{
    struct nearest nearest = nearest_to("\xd0\xba\xd0\xbe\xd1\x88\xd0\xba\xd0\xb0", 10); /* five letters */

    (void)state;
    nearest_offer(&nearest, "\xd0\xba\xd0\xbe\xd0\xb7\xd1\x8b"); /* three edits */
    assert_string_equal(nearest.best, "");
    nearest_offer(&nearest, "\xd0\xba\xd0\xbe\xd1\x88\xd0\xba\xd0\xb8");
    assert_int_equal(nearest.edits, 1);
    nearest = nearest_to("fase", 4);
    nearest_offer(&nearest, "vase");
    assert_string_equal(nearest.best, "vase");
    nearest_offer(&nearest, "fast"); /* begins with the same letter */
    assert_string_equal(nearest.best, "fast");
    nearest_offer_common(&nearest, "face", 3);
    assert_string_equal(nearest.best, "face");
    nearest_offer_common(&nearest, "fate", 2);
    nearest_offer(&nearest, "case");
    assert_string_equal(nearest.best, "face");
}

static void allocations_may_fail(void **state)
{
    struct reading reading;
    struct error error;
    int status = -1;

    (void)state;
    for (long n = 0; status; n++) {
        memory_fail_after(n);
        status = reading_make(&reading, lexicon, "a " FROG " b " FROG, &error);
        memory_fail_after(-1);
        if (status)
            assert_int_equal(error.kind, ERROR_MEMORY);
        reading_close(&reading);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(symbols_are_read),          cmocka_unit_test(letters_are_folded),
        cmocka_unit_test(the_collection_decides),    cmocka_unit_test(offer_without_words),
        cmocka_unit_test(nearest_counts_characters), cmocka_unit_test(allocations_may_fail),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
