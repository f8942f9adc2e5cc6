/* The reader of fitted encoders: its formula on a hand-made one, and invalid folders. */
#include "engine/encoders/encoder.h"

#include "engine/base/memory.h"
#include "engine/encoders/fitted.h"
#include "engine/encoders/words.h"
#include "engine/formats/safetensors_write.h"
#include "tests/unit/folder.h"
#include <math.h>

enum { D = 3, TABLE = 1 << 20 };

/* Words "cat" and "dog"; the n-grams of "cat" alone. */
struct made {
    uint32_t slots[WORD_GRAMS];
    size_t grams;
    float slot[8], words[2 * D], gram[8 * D], idf[2], bias[D];
    size_t gram_rows, slot_rows, word_cols, idf_rows, bias_rows;
    enum matrix_type idf_type;
    const char *vocabulary, *config;
};

static const char CONFIG[] = "{\"type\":\"fitted\",\"version\":1,\"dimension\":3,\"table\":1048576,\"ngrams\":[3,5],"
                             "\"gram_weight\":2,\"unknown_idf\":5,\"report\":{\"captions_measured\":40,\"cosine\":0.9,"
                             "\"recall_at_10\":0.3,\"recall_at_10_true\":0.4,\"overlap_at_10\":0.7}}";

static int compare(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

    return (a > b) - (a < b);
}

static struct made make(void)
{
    struct made made = {.words = {2, 0, 0, 0, 3, 0},
                        .idf = {2, 3},
                        .bias = {0, 0, 0.5f},
                        .slot_rows = 6,
                        .gram_rows = 6,
                        .word_cols = D,
                        .idf_rows = 2,
                        .bias_rows = 1,
                        .vocabulary = "cat\ndog\n",
                        .config = CONFIG};

    made.grams = words_grams("cat", 3, 3, 5, TABLE, made.slots);
    qsort(made.slots, made.grams, sizeof *made.slots, compare);
    for (size_t i = 0; i < made.grams; i++) {
        made.slot[i] = (float)made.slots[i];
        made.gram[i * D] = (float)i;
        made.gram[i * D + 1] = 1;
    }
    return made;
}

static void put(const char *dir, const struct made *made)
{
    struct error error = {0};
    const struct safetensors_part parts[] = {
        {"bias", {.data = made->bias, .rows = made->bias_rows, .cols = D}},
        {"idf", {.data = made->idf, .rows = made->idf_rows, .cols = 1, .type = made->idf_type}},
        {"slots", {.data = made->slot, .rows = made->slot_rows, .cols = 1}},
        {"words", {.data = made->words, .rows = 2, .cols = made->word_cols}},
        {"grams", {.data = made->gram, .rows = made->gram_rows, .cols = D}},
    };

    assert_int_equal(safetensors_write(folder_path(dir, "model.safetensors"), parts, 5, &error), 0);
    folder_write(dir, "vocab.txt", made->vocabulary, strlen(made->vocabulary));
    folder_write(dir, "config.json", made->config, strlen(made->config));
}

static struct encoder *open_made(const char *dir)
{
    struct made made = make();
    struct error error = {0};

    put(dir, &made);
    struct encoder *encoder = encoder_open(dir, &error);
    if (!encoder)
        fail_msg("%s", error.text);
    return encoder;
}

static void expect(struct encoder *encoder, const char *text, const double sum[D])
{
    struct encoding encoding;
    struct error error = {0};
    float vector[D];
    double length = sqrt(sum[0] * sum[0] + sum[1] * sum[1] + sum[2] * sum[2]);

    assert_int_equal(encoder_encode(encoder, text, vector, &encoding, &error), 0);
    for (size_t i = 0; i < D; i++)
        if (fabs((double)vector[i] - sum[i] / length) > 1e-5)
            fail_msg("%s: %zu: %g, wanted %g", text, i, (double)vector[i], sum[i] / length);
}

static void test_formula(void **state)
{
    struct encoder *encoder = open_made(*state);
    double root = sqrt(4 + 9.0);

    assert_int_equal(encoder_dimension(encoder), D);
    assert_string_equal(encoder_type(encoder), "fitted");
    expect(encoder, "cat", (double[]){2 / 2.0, 0, 0.5});
    expect(encoder, "Cat, DOG", (double[]){2 / root, 3 / root, 0.5});
    expect(encoder, "cat cat", (double[]){4 / sqrt(8), 0, 0.5});
    /* "cats" has 9 n-grams, of which "cat" shares <ca, cat and <cat */
    uint32_t cats[WORD_GRAMS];
    struct made made = make();
    size_t count = words_grams("cats", 4, 3, 5, TABLE, cats), found = 0;
    double first = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < made.grams; j++)
            if (cats[i] == made.slots[j]) {
                first += (double)j;
                found++;
            }
    assert_int_equal(count, 9);
    assert_int_equal(found, 3);
    double weight = 5 * 2 / 3.0;
    expect(encoder, "cats", (double[]){weight * first / 5, weight * 3 / 5, 0.5});
    expect(encoder, "cats dog", (double[]){weight * first / sqrt(34), (weight * 3 + 3) / sqrt(34), 0.5});
    encoder_close(encoder);
}

static void test_words(void **state)
{
    struct encoder *encoder = open_made(*state);
    struct encoding encoding;
    struct error error = {0};
    float vector[D] = {1, 1, 1};

    assert_int_equal(encoder_encode(encoder, "a cat, cats, xyz 黄色", vector, &encoding, &error), 0);
    assert_int_equal(encoding.words, 6); /* the pair of ideographs is not listed */
    assert_int_equal(encoding.known, 1);
    assert_int_equal(encoding.guessed, 1);
    assert_true(encoding.word[1].known && !encoding.word[1].guessed);
    assert_true(!encoding.word[2].known && encoding.word[2].guessed);
    assert_true(!encoding.word[3].known && !encoding.word[3].guessed);
    assert_int_equal(encoding.word[2].start, 7);
    assert_int_equal(encoding.word[2].length, 4);
    static const char *const nothing[] = {"", "  ,.", "xyz qqq", "黄色", "\xff\xfe"};
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
        vector[0] = 1;
        assert_int_equal(encoder_encode(encoder, nothing[i], vector, &encoding, &error), 1);
        assert_true(vector[0] == 0 && vector[1] == 0 && vector[2] == 0);
    }
    char *text = memory_array(40001, 1);
    for (size_t i = 0; i < 10000; i++)
        memcpy(text + 4 * i, "cat ", 4);
    assert_int_equal(encoder_encode(encoder, text, vector, &encoding, &error), 0);
    assert_int_equal(encoding.words, ENCODING_WORDS);
    memset(text, 'z', 40000);
    assert_int_equal(encoder_encode(encoder, text, vector, &encoding, &error), 1);
    free(text);
    encoder_close(encoder);
}

static void test_quality(void **state)
{
    struct encoder *encoder = open_made(*state);
    struct encoder_quality quality;

    assert_true(encoder_quality(encoder, &quality));
    assert_int_equal(quality.captions, 40);
    assert_true(quality.cosine == 0.9 && quality.overlap == 0.7);
    assert_true(fabs(encoder_quality_kept(&quality) - 0.75) < 1e-12);
    encoder_close(encoder);

    struct made made = make();
    made.config = "{\"type\":\"fitted\",\"version\":1,\"table\":1048576,\"ngrams\":[3,5],"
                  "\"gram_weight\":2,\"unknown_idf\":5,\"report\":{\"cosine\":\"high\","
                  "\"recall_at_10\":7,\"captions_measured\":-3}}";
    put(*state, &made);
    encoder = encoder_open(*state, NULL);
    assert_non_null(encoder);
    assert_false(encoder_quality(encoder, &quality));
    assert_true(isnan(quality.cosine) && isnan(quality.recall));
    assert_true(isnan(encoder_quality_kept(&quality)));
    encoder_close(encoder);
}

static void refuse(const char *dir, const struct made *made, const char *part)
{
    struct error error = {0};

    put(dir, made);
    struct encoder *encoder = encoder_open(dir, &error);
    if (encoder || !strstr(error.text, part))
        fail_msg("\"%s\" does not say \"%s\"", error.text, part);
    assert_null(strchr(error.text, '\n'));
}

static void refuse_config(const char *dir, const char *config, const char *part)
{
    struct made made = make();

    made.config = config;
    refuse(dir, &made, part);
}

static void test_refused(void **state)
{
    const char *dir = *state;
    struct made made;

#define START "{\"type\":\"fitted\",\"version\":1,\"gram_weight\":2,\"unknown_idf\":5,"
    refuse_config(dir, "{\"type\":\"fitted\"}", "\"table\" must be a number");
    refuse_config(dir, START "\"table\":1000,\"ngrams\":[3,5]}", "\"table\" must be a power of two");
    refuse_config(dir, START "\"table\":1e300,\"ngrams\":[3,5]}", "\"table\" must be a number");
    refuse_config(dir, START "\"table\":\"4\",\"ngrams\":[3,5]}", "\"table\" must be a number");
    refuse_config(dir, START "\"table\":1048576,\"ngrams\":[5,3]}", "\"ngrams\" must be two sizes");
    refuse_config(dir, START "\"table\":1048576,\"ngrams\":[0,3]}", "\"ngrams\"");
    refuse_config(dir, START "\"table\":1048576,\"ngrams\":[3,99]}", "\"ngrams\"");
    refuse_config(dir, START "\"table\":1048576,\"ngrams\":[3]}", "\"ngrams\"");
    refuse_config(dir, START "\"table\":1048576}", "\"ngrams\"");
    refuse_config(dir, START "\"table\":1024,\"ngrams\":[3,5]}", "\"slots\" must ascend");
    refuse_config(dir,
                  "{\"type\":\"fitted\",\"version\":2,\"table\":4,\"gram_weight\":2,"
                  "\"unknown_idf\":5,\"ngrams\":[3,5]}",
                  "\"version\" must be a number from 1 to 1");
    refuse_config(dir,
                  "{\"type\":\"fitted\",\"version\":1,\"table\":4,\"gram_weight\":-2,"
                  "\"unknown_idf\":5,\"ngrams\":[3,5]}",
                  "\"gram_weight\"");
    refuse_config(dir,
                  "{\"type\":\"fitted\",\"version\":1,\"table\":4,\"gram_weight\":2,"
                  "\"unknown_idf\":0,\"ngrams\":[3,5]}",
                  "\"unknown_idf\"");

    made = make();
    made.vocabulary = "cat\n";
    refuse(dir, &made, "\"words\" has 2 rows, vocab.txt has 1 tokens");
    made = make();
    made.vocabulary = "cat\ncat\n";
    refuse(dir, &made, "vocab.txt:2: the token occurs for the second time");
    made = make();
    made.word_cols = 2;
    refuse(dir, &made, "have 2, 3 and 3 columns");
    made = make();
    made.bias_rows = 0;
    refuse(dir, &made, "bias");
    made = make();
    made.idf_rows = 1;
    refuse(dir, &made, "\"idf\" one number a token");
    made = make();
    made.slot_rows = 5;
    refuse(dir, &made, "\"slots\" one a row");
    made = make();
    made.idf_type = MATRIX_F16;
    refuse(dir, &made, "must be F32");
    static const float no_weights[] = {0, -1, NAN, INFINITY};
    for (size_t i = 0; i < sizeof no_weights / sizeof *no_weights; i++) {
        made = make();
        made.idf[1] = no_weights[i];
        refuse(dir, &made, "\"idf\" holds a value that is not a weight (row 1)");
        made = make();
        made.slot[5] = no_weights[i];
        refuse(dir, &made, "\"slots\" must ascend");
    }
    made = make();
    made.slot[3] += 0.5f;
    refuse(dir, &made, "\"slots\" must ascend");
    made = make();
    made.slot[2] = made.slot[3];
    refuse(dir, &made, "\"slots\" must ascend");
    made = make();
    made.bias[2] = NAN;
    refuse(dir, &made, "\"bias\" holds a value that is not finite (column 2)");
    made = make();
    put(dir, &made);
    unlink(folder_path(dir, "model.safetensors"));
    struct error error = {0};
    assert_null(encoder_open(dir, &error));
    assert_non_null(strstr(error.text, "model.safetensors: No such file"));
}

/* Vectors that are not finite are detected when used. */
static void test_not_finite(void **state)
{
    struct made made = make();
    struct encoding encoding;
    struct error error = {0};
    float vector[D];

    made.words[0] = INFINITY;
    made.gram[1] = NAN;
    made.words[3] = -3e38f;
    put(*state, &made);
    struct encoder *encoder = encoder_open(*state, &error);
    assert_non_null(encoder);
    assert_int_equal(encoder_encode(encoder, "cat", vector, &encoding, &error), -1);
    assert_non_null(strstr(error.text, "not finite"));
    assert_true(vector[0] == 0);
    encoder_encode(encoder, "cats", vector, &encoding, &error);
    encoder_close(encoder);
}

/* Damaged files of all three kinds are either refused or read. */
static void test_damaged(void **state)
{
    const char *dir = *state;
    static const char *const names[] = {"config.json", "vocab.txt", "model.safetensors"};
    unsigned char bytes[4096], broken[4096 + 16];
    struct encoding encoding;
    uint32_t seed = 5;
    size_t opened = 0;

    for (size_t round = 0; round < 3000; round++) {
        struct made made = make();
        struct error error = {0};
        const char *name = names[round % 3];
        float vector[4096];
        if (round % 3 == round % 7)
            put(dir, &made);
        FILE *file = fopen(folder_path(dir, name), "rb");
        size_t size = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        size_t damaged = folder_mutate(bytes, size, broken, &seed);
        folder_write(dir, name, broken, damaged);
        struct encoder *encoder = encoder_open(dir, &error);
        if (!encoder)
            assert_true(error.text[0] != 0);
        else if (encoder_dimension(encoder) <= sizeof vector / sizeof *vector) {
            encoder_encode(encoder, "the cats and a cat dog", vector, &encoding, &error);
            opened++;
        }
        encoder_close(encoder);
        folder_write(dir, name, bytes, size);
    }
    assert_in_range(opened, 10, 2990);
}

static void test_out_of_memory(void **state)
{
    const char *dir = *state;
    struct made made = make();
    struct encoder *encoder = NULL;
    long failed = 0;

    put(dir, &made);
    for (; !encoder; failed++) {
        struct error error = {0};
        memory_fail_after(failed);
        encoder = encoder_open(dir, &error);
        memory_fail_after(-1);
        if (!encoder)
            assert_int_equal(error.kind, ERROR_MEMORY);
    }
    assert_true(failed > 3);
    encoder_close(encoder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_formula, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_words, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_quality, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_refused, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_not_finite, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_damaged, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_out_of_memory, folder_make, folder_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
