/* The static encoder: its words, its vectors against the sample's own, and invalid folders. */
#include "engine/encoders/encoder.h"

#include "engine/base/memory.h"
#include "engine/formats/npy.h"
#include "engine/formats/table.h"
#include "engine/heads/head_file.h"
#include "tests/unit/folder.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLE TESTS_DIR "/../sample_data"

static struct encoder *open_sample(void)
{
    struct error error = {0};
    struct encoder *encoder = encoder_open(SAMPLE "/encoder", &error);

    assert_string_equal(error.text, "");
    assert_non_null(encoder);
    return encoder;
}

static void test_sample_captions_match_their_vectors(void **state)
{
    (void)state;
    struct error error = {0};
    struct encoder *encoder = open_sample();
    struct table *texts = table_open(SAMPLE "/texts.csv", &error);
    struct matrix queries;
    struct encoding encoding;
    float vector[128];
    size_t row = 0;

    assert_int_equal(encoder_dimension(encoder), 128);
    assert_string_equal(encoder_type(encoder), "static");
    assert_non_null(texts);
    assert_int_equal(npy_open(SAMPLE "/queries.npy", &queries, &error), 0);
    size_t split = table_column(texts, "split"), caption = table_column(texts, "caption");
    for (size_t i = 0; i < table_rows(texts); i++) {
        if (strcmp(table_field(texts, i, split), "query") != 0)
            continue;
        const char *text = table_field(texts, i, caption);
        const float *expected = matrix_rows(&queries, row++, 1, NULL);
        double dot = 0, squares = 0;
        assert_int_equal(encoder_encode(encoder, text, vector, &encoding, &error), 0);
        for (size_t j = 0; j < 128; j++) {
            dot += (double)vector[j] * (double)expected[j];
            squares += (double)vector[j] * (double)vector[j];
        }
        if (!(dot > 0.99999) || !(fabs(squares - 1) < 1e-5))
            fail_msg("cosine %.9f, length %.9f: %s", dot, sqrt(squares), text);
    }
    assert_int_equal(row, 1000);
    matrix_close(&queries);
    table_close(texts);
    encoder_close(encoder);
}

/* The words of `text`, each followed by a ? if unknown. */
static void expect_words(struct encoder *encoder, const char *text, const char *expected)
{
    float vector[128];
    struct encoding encoding;
    struct error error = {0};
    char words[512] = "";
    size_t known = 0;

    assert_true(encoder_encode(encoder, text, vector, &encoding, &error) >= 0);
    for (size_t i = 0; i < encoding.words; i++) {
        size_t used = strlen(words);
        snprintf(words + used, sizeof words - used, "%s%.*s%s", i ? " " : "", (int)encoding.word[i].length,
                 text + encoding.word[i].start, encoding.word[i].known ? "" : "?");
        known += encoding.word[i].known;
    }
    assert_string_equal(words, expected);
    assert_int_equal(known, encoding.known);
}

static void test_words(void **state)
{
    (void)state;
    struct encoder *encoder = open_sample();

    expect_words(encoder, "A  Yellow, DOG!", "A Yellow DOG");
    expect_words(encoder, "the dog's tail", "the dog tail");
    expect_words(encoder, "the dog\xe2\x80\x99s tail", "the dog tail");
    expect_words(encoder, "DOG'S", "DOG");
    expect_words(encoder, "two o'clock", "two o clock");
    expect_words(encoder, "dog'sled", "dog sled");
    expect_words(encoder, "dog '", "dog");
    expect_words(encoder, "'s", "s");
    expect_words(encoder, "dog'", "dog");
    expect_words(encoder, "dog\xe2\x80", "dog");
    expect_words(encoder, "red qqzzxx", "red qqzzxx?");
    expect_words(encoder, "", "");
    expect_words(encoder, "\xff\xfe red\x01", "red");
    encoder_close(encoder);
}

static void test_unknown_text_gives_zero(void **state)
{
    (void)state;
    struct encoder *encoder = open_sample();
    struct encoding encoding;
    struct error error = {0};
    float vector[128];

    memset(vector, 1, sizeof vector);
    assert_int_equal(encoder_encode(encoder, "qqzzxx", vector, &encoding, &error), 1);
    for (size_t i = 0; i < 128; i++)
        assert_true(vector[i] == 0);
    assert_int_equal(encoding.words, 1);
    assert_int_equal(encoding.known, 0);
    encoder_close(encoder);
}

static void test_long_texts(void **state)
{
    (void)state;
    enum { COPIES = 1000 };
    struct encoder *encoder = open_sample();
    struct encoding encoding;
    struct error error = {0};
    float vector[128], once[128];
    char *text = memory_array(COPIES * 4 + 1, 1);

    for (size_t i = 0; i < COPIES; i++)
        memcpy(text + 4 * i, "dog ", 4);
    assert_int_equal(encoder_encode(encoder, text, vector, &encoding, &error), 0);
    assert_int_equal(encoding.words, ENCODING_WORDS);
    assert_int_equal(encoder_encode(encoder, "dog", once, &encoding, &error), 0);
    for (size_t i = 0; i < 128; i++)
        assert_true(fabsf(vector[i] - once[i]) < 1e-4f);
    memset(text, 'a', COPIES * 4); /* one word longer than any token */
    assert_int_equal(encoder_encode(encoder, text, vector, &encoding, &error), 1);
    assert_int_equal(encoding.word[0].length, COPIES * 4);
    free(text);
    encoder_close(encoder);
}

/* A folder with an encoder of two words in two dimensions. */
static const char CONFIG[] = "{\"type\":\"static\",\"dimension\":2,\"pooling\":\"sum\",\"normalize\":true}";
static const char HEADER[] = "{\"embeddings\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}";

static void fill(const char *dir, const char *config, const char *vocabulary, const float vectors[4])
{
    char bytes[256] = {(char)(sizeof HEADER - 1)};

    memcpy(bytes + 8, HEADER, sizeof HEADER - 1);
    memcpy(bytes + 8 + sizeof HEADER - 1, vectors, 16);
    folder_write(dir, "model.safetensors", bytes, 8 + sizeof HEADER - 1 + 16);
    folder_write(dir, "vocab.txt", vocabulary, strlen(vocabulary));
    folder_write(dir, "config.json", config, strlen(config));
}

static void expect_refusal(const char *dir, const char *part)
{
    struct error error = {0};

    assert_null(encoder_open(dir, &error));
    if (!strstr(error.text, part))
        fail_msg("\"%s\" does not say \"%s\"", error.text, part);
}

static void test_small_encoder(void **state)
{
    const char *dir = *state;
    static const float vectors[4] = {3, 4, -3, -4};
    struct error error = {0};
    struct encoding encoding;
    float vector[2];

    fill(dir, CONFIG, "up\r\ndown", vectors);
    struct encoder *encoder = encoder_open(dir, &error);
    assert_string_equal(error.text, "");
    assert_non_null(encoder);
    assert_int_equal(encoder_encode(encoder, "up up up", vector, &encoding, &error), 0);
    assert_true(fabsf(vector[0] - 0.6f) < 1e-6f && fabsf(vector[1] - 0.8f) < 1e-6f);
    assert_int_equal(encoder_encode(encoder, "up down", vector, &encoding, &error), -1);
    assert_non_null(strstr(error.text, "zero"));
    encoder_close(encoder);

    static const float infinite[4] = {INFINITY, 0, 0, 1};
    fill(dir, CONFIG, "up\ndown\n", infinite);
    encoder = encoder_open(dir, &error);
    assert_non_null(encoder);
    assert_int_equal(encoder_encode(encoder, "up", vector, &encoding, &error), -1);
    assert_non_null(strstr(error.text, "not finite"));
    assert_true(vector[0] == 0 && vector[1] == 0);
    encoder_close(encoder);
}

static void test_refused_folders(void **state)
{
    const char *dir = *state;
    static const float vectors[4] = {1, 0, 0, 1};

    fill(dir, "{\"type\":\"bert\"}", "a\nb\n", vectors);
    expect_refusal(dir, "\"type\" is bert");
    fill(dir, "{}", "a\nb\n", vectors);
    expect_refusal(dir, "\"type\" is missing");
    fill(dir, "[]", "a\nb\n", vectors);
    expect_refusal(dir, "not a JSON object");
    fill(dir, "{\n\"type\":", "a\nb\n", vectors);
    expect_refusal(dir, "config.json:2:");
    fill(dir, "{\"type\":\"static\",\"dimension\":3}", "a\nb\n", vectors);
    expect_refusal(dir, "\"dimension\" must be 2");
    fill(dir, "{\"type\":\"static\",\"pooling\":\"mean\"}", "a\nb\n", vectors);
    expect_refusal(dir, "\"pooling\"");
    fill(dir, "{\"type\":\"static\",\"normalize\":false}", "a\nb\n", vectors);
    expect_refusal(dir, "\"normalize\"");
    fill(dir, CONFIG, "a\nb\nc\n", vectors);
    expect_refusal(dir, "has 2 rows, vocab.txt has 3 tokens");
    fill(dir, CONFIG, "a\na\n", vectors);
    expect_refusal(dir, "vocab.txt:2: the token occurs for the second time");
    fill(dir, CONFIG, "a\n\n", vectors);
    expect_refusal(dir, "vocab.txt:2: the token is empty");
    fill(dir, CONFIG, "", vectors);
    expect_refusal(dir, "is empty");
    folder_write(dir, "vocab.txt", "a\0b\n", 4);
    expect_refusal(dir, "zero byte");
    expect_refusal("/nonexistent", "/nonexistent/config.json: No such file");
}

/* W turns (x, y) to (y, x) + (x, y) for a linear head; an mlp adds .2 relu(x - y) of (0, 1) to .8 (x, y). */
static void write_head(const char *dir, enum head_kind kind, size_t dimension)
{
    static const float linear[4] = {0, 1, 1, 0}, mlp[4] = {1, -1, 0, 1};
    struct head head;
    struct error error = {0};

    assert_int_equal(head_make(&head, kind, dimension, kind == HEAD_MLP ? 1 : 0, &error), 0);
    for (size_t i = 0; i < head.count; i++)
        head.weight[i] = (kind == HEAD_MLP ? mlp : linear)[i % 4];
    assert_int_equal(head_write(&head, folder_path(dir, ENCODER_HEAD), &error), 0);
    head_close(&head);
}

static void expect_vector(struct encoder *encoder, const char *text, double x, double y)
{
    struct error error = {0};
    struct encoding encoding;
    float vector[2];

    assert_int_equal(encoder_encode(encoder, text, vector, &encoding, &error), 0);
    assert_float_equal(vector[0], x / hypot(x, y), 1e-6);
    assert_float_equal(vector[1], y / hypot(x, y), 1e-6);
}

/* A head in the folder is applied to the vectors, which are of unit length again. */
static void test_head(void **state)
{
    const char *dir = *state;
    static const float vectors[4] = {1, 0, 0.6f, -0.8f};
    struct error error = {0};
    struct encoding encoding;
    float vector[2];

    fill(dir, CONFIG, "a\nb\n", vectors);
    struct encoder *encoder = encoder_open(dir, &error);
    assert_false(encoder_has_head(encoder));
    assert_null(encoder_files(encoder)[3]);
    assert_int_equal(encoder_add_head(encoder, dir, &error), 0); /* there is none */
    assert_false(encoder_has_head(encoder));
    write_head(dir, HEAD_LINEAR, 2);
    assert_int_equal(encoder_add_head(encoder, dir, &error), 0);
    expect_vector(encoder, "b", -0.2, -0.2);
    encoder_close(encoder);

    encoder = encoder_open(dir, &error);
    assert_non_null(encoder);
    assert_true(encoder_has_head(encoder));
    assert_string_equal(encoder_type(encoder), "static");
    assert_string_equal(encoder_files(encoder)[3], ENCODER_HEAD);
    assert_null(encoder_files(encoder)[4]);
    expect_vector(encoder, "a", 1, 1);
    expect_vector(encoder, "b", -0.2, -0.2);
    assert_int_equal(encoder_encode(encoder, "zzz", vector, &encoding, &error), 1);
    assert_true(vector[0] == 0 && vector[1] == 0);
    encoder_close(encoder);

    write_head(dir, HEAD_MLP, 2);
    encoder = encoder_open(dir, &error);
    assert_non_null(encoder);
    expect_vector(encoder, "b", 0.48, -0.64 + 0.2 * 1.4);
    encoder_close(encoder);

    write_head(dir, HEAD_LINEAR, 3);
    expect_refusal(dir, "head.safetensors: is for 3 dimensions, but the encoder has 2");
    folder_write(dir, ENCODER_HEAD, "damaged", 7);
    expect_refusal(dir, ENCODER_HEAD);
}

/* Every allocation fails once: nothing may leak, and the error must give the reason. */
static void test_out_of_memory(void **state)
{
    const char *dir = *state;
    static const float vectors[4] = {1, 0, 0, 1};
    struct encoder *encoder = NULL;
    long failed = 0;

    fill(dir, CONFIG, "a\nb\n", vectors);
    write_head(dir, HEAD_LINEAR, 2);
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
        cmocka_unit_test(test_sample_captions_match_their_vectors),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_unknown_text_gives_zero),
        cmocka_unit_test(test_long_texts),
        cmocka_unit_test_setup_teardown(test_small_encoder, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_refused_folders, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_head, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_out_of_memory, folder_make, folder_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
