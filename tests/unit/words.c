/* Words of captions in several scripts, and their n-grams. */
#include "engine/encoders/words.h"

#include "tests/unit/folder.h"

/* The folded words of a text, a ~ before a pair. */
static void expect(const char *text, const char *expected)
{
    struct words words = words_of(text);
    struct word word;
    char all[1024] = "";

    while (words_next(&words, &word)) {
        size_t used = strlen(all);
        assert_true(word.start + word.length <= strlen(text));
        assert_int_equal(strlen(word.folded), word.bytes);
        snprintf(all + used, sizeof all - used, "%s%s%s", used ? " " : "", word.pair ? "~" : "", word.folded);
    }
    assert_string_equal(all, expected);
}

static void test_words(void **state)
{
    (void)state;
    expect("", "");
    expect(" -- !", "");
    expect("A  Yellow, DOG!", "a yellow dog");
    expect("the dog's tail", "the dog tail");
    expect("the dog\u2019S tail", "the dog tail");
    expect("dog'sled o'clock dog' 's", "dog sled o clock dog s");
    expect("3 x 40cm", "3 x 40cm");
    expect("\xff\xfe red\x01 dog\xe2\x80", "red dog");
}

static void test_scripts(void **state)
{
    (void)state;
    expect("Ein GRÜNER Weißfisch", "ein grüner weissfisch");
    expect("e\u0301tude \u00c9TUDE", "étude étude"); /* composed or not, the same word */
    expect("ΣΊΣΥΦΟΣ σίσυφος", "σίσυφοσ σίσυφοσ");
    expect("желтая СОБАКА", "желтая собака");
    expect("كلب أصفر", "كلب أصفر");
    expect("पीला कुत्ता", "पीला कुत्ता");
    expect("می\u200cخواهم", "میخواهم"); /* the joiner within a word is ignored */
    expect("노란 강아지", "노란 강아지");
    expect("\uff21\uff22\uff23", "abc"); /* full width */
    expect("黄色", "黄 色 ~黄色");
    expect("黄色的 狗", "黄 色 ~黄色 的 ~色的 狗");
    expect("猫cat", "猫 cat");
    expect("犬が", "犬 が");
    expect("\U0001f600 dog\U0001f600cat", "dog cat");
}

static void test_places(void **state)
{
    (void)state;
    const char *text = "Ü, 黄色";
    const size_t starts[] = {0, 4, 7, 7}, lengths[] = {2, 3, 3, 3};
    struct words words = words_of(text);
    struct word word;

    for (size_t i = 0; i < 4; i++) {
        assert_true(words_next(&words, &word));
        assert_int_equal(word.start, starts[i]);
        assert_int_equal(word.length, lengths[i]);
        assert_int_equal(word.pair, i == 3);
    }
    assert_false(words_next(&words, &word));
}

/* Overlong words are cut at a character, but cover all of the text. */
static void test_long_words(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a", "é", "ก", "\uFDFA", "\U0001d400"};
    enum { COPIES = 5000 };
    uint32_t rows[WORD_GRAMS];

    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        size_t size = strlen(pieces[i]);
        char *text = malloc(COPIES * size + 1);
        struct word word;
        for (size_t j = 0; j < COPIES; j++)
            memcpy(text + j * size, pieces[i], size);
        text[COPIES * size] = 0;
        struct words words = words_of(text);
        assert_true(words_next(&words, &word));
        assert_int_equal(word.length, COPIES * size);
        assert_in_range(word.bytes, 30, WORD_BYTES);
        assert_true((word.folded[word.bytes - 1] & 0xc0) != 0xc0);
        assert_in_range(words_grams(word.folded, word.bytes, 1, WORD_SIZES, 1 << 10, rows), 64, WORD_GRAMS);
        assert_false(words_next(&words, &word));
        free(text);
    }
}

static void test_grams(void **state)
{
    (void)state;
    enum { TABLE = 1 << 20 };
    uint32_t rows[WORD_GRAMS], others[WORD_GRAMS];

    /* <cat>: <ca cat at>, <cat cat>, <cat> */
    assert_int_equal(words_grams("cat", 3, 3, 5, TABLE, rows), 6);
    assert_int_equal(words_grams("a", 1, 3, 5, TABLE, rows), 1);
    assert_int_equal(words_grams("ü", 2, 3, 5, TABLE, rows), 1);
    assert_int_equal(words_grams("", 0, 3, 5, TABLE, rows), 0);
    assert_int_equal(words_grams("собака", 12, 3, 3, TABLE, rows), 6);
    assert_int_equal(words_grams("banana", 6, 3, 3, TABLE, rows), 6);
    assert_int_equal(rows[2], rows[4]); /* ana */
    assert_int_equal(rows[1] == rows[2], 0);
    for (size_t i = 0; i < 6; i++)
        assert_true(rows[i] < TABLE);

    /* a typo leaves some, other words share none */
    size_t count = words_grams("crying", 6, 3, 5, TABLE, rows);
    size_t typo = words_grams("cryng", 5, 3, 5, TABLE, others), shared = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < typo; j++)
            shared += rows[i] == others[j];
    assert_int_equal(shared, 4); /* <cr cry <cry ng> */
    typo = words_grams("dog", 3, 3, 5, TABLE, others);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < typo; j++)
            assert_true(rows[i] != others[j]);
}

/* Whatever the bytes, the words lie within the text, in order, and folding them again changes nothing. */
static void test_any_bytes(void **state)
{
    (void)state;
    uint32_t seed = 7;

    for (size_t round = 0; round < 3000; round++) {
        char text[200] = "";
        struct word word, again;
        size_t size = folder_random(&seed) % sizeof text, last = 0;
        for (size_t i = 0; i + 4 < size;) {
            uint32_t point = folder_random(&seed) % 0x3200;
            if (point % 3 == 0)
                text[i++] = (char)(1 + folder_random(&seed) % 255);
            else if (point >= 0x800) {
                text[i++] = (char)(0xe0 | point >> 12);
                text[i++] = (char)(0x80 | (point >> 6 & 0x3f));
                text[i++] = (char)(0x80 | (point & 0x3f));
            } else
                text[i++] = "aZ9 '"[point % 5];
        }
        struct words words = words_of(text);
        while (words_next(&words, &word)) {
            assert_true(word.start >= last && word.start + word.length <= strlen(text));
            assert_in_range(word.bytes, 1, WORD_BYTES);
            last = word.start;
            struct words folded = words_of(word.folded);
            if (!memchr(word.folded, ' ', word.bytes) && words_next(&folded, &again) && again.length == word.bytes)
                assert_string_equal(again.folded, word.folded);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),      cmocka_unit_test(test_scripts), cmocka_unit_test(test_places),
        cmocka_unit_test(test_long_words), cmocka_unit_test(test_grams),   cmocka_unit_test(test_any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
