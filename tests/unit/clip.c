/* CLIP's tokenizer and text transformer against the reference of tests/tools/clip_fixture.py, stage by stage, and
 * invalid model folders. */
#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/encoders/bpe.h"
#include "engine/encoders/clip_text.h"
#include "engine/encoders/encoder.h"
#include "engine/formats/file.h"
#include "engine/formats/npy.h"
#include "tests/unit/folder.h"
#include <jansson.h>
#include <math.h>
#include <pthread.h>

#define CLIP TESTS_DIR "/golden/clip"

enum { POSITIONS = 40, PUBLISHED_POSITIONS = 77, WIDTH = 24, DIMENSION = 16, LAYERS = 3 };

static const struct variant {
    const char *dir;
    double tolerance; /* of a stage, relative to its rows; half floats are exact once read */
} variants[] = {
    {CLIP "/f32_quick", 2e-6}, {CLIP "/f32_gelu", 2e-6}, {CLIP "/f16_quick", 2e-6}, {CLIP "/bf16_gelu", 2e-6}};

static json_t *load(const char *path)
{
    json_error_t failure;
    json_t *json = json_load_file(path, 0, &failure);

    assert_non_null(json);
    return json;
}

/* Compares the tokens of {"text", "tokens"}, cut at `most`; returns how many there are. */
static size_t compare_tokens(const struct bpe *bpe, const char *path, size_t most)
{
    json_t *texts = load(path), *entry;
    size_t index, checked = 0;

    json_array_foreach (texts, index, entry) {
        const char *text = json_string_value(json_object_get(entry, "text"));
        const json_t *expected = json_object_get(entry, "tokens");
        struct encoding encoding = {0};
        uint32_t token[PUBLISHED_POSITIONS];
        size_t count = bpe_encode(bpe, text, token, most, &encoding);
        if (count != json_array_size(expected))
            fail_msg("%zu tokens instead of %zu: %s", count, json_array_size(expected), text);
        for (size_t i = 0; i < count; i++, checked++)
            if (token[i] != json_integer_value(json_array_get(expected, i)))
                fail_msg("token %zu is %u: %s", i, token[i], text);
    }
    json_decref(texts);
    return checked;
}

static void test_tokens_match_the_reference(void **state)
{
    (void)state;
    struct error error = {0};
    struct bpe *bpe = bpe_open(CLIP, &error);

    assert_string_equal(error.text, "");
    assert_true(compare_tokens(bpe, CLIP "/texts.json", POSITIONS) +
                    compare_tokens(bpe, CLIP "/more_texts.json", POSITIONS) >
                600);
    bpe_close(bpe);
}

static void test_tokens_match_the_published_tokenizer(void **state)
{
    (void)state;
    struct error error = {0};
    struct bpe *bpe = bpe_open(CLIP "/published", &error);

    assert_string_equal(error.text, "");
    assert_int_equal(bpe_size(bpe), 49408);
    assert_true(compare_tokens(bpe, CLIP "/published/texts.json", PUBLISHED_POSITIONS) > 10000);
    bpe_close(bpe);
}

/* Texts that are the same once cleaned: what ftfy 6.3.1, html.unescape and str.lower make of the first is the
 * second. */
static void test_cleaned_texts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *cleaned;
    } cases[] = {
        {"&notit; &notin; &amp &ampamp; &ampx;", "\xc2\xacit; \xe2\x88\x89 & & &x;"},
        {"&CounterClockwiseContourIntegral;&fjlig;&NotEqualTilde;", "\xe2\x88\xb3"
                                                                    "fj\xe2\x89\x82\xcc\xb8"},
        {"&EACUTE;&SZLIG;&filig; &LTIMES; &RSQUO;", "\xc3\xa9"
                                                    "ssfi <imes; '"},
        {"&#x80;&#146;&#0;&#xD800;&#99999999999;|&#1;&#xFFFF;|&#10;x&#X41",
         "\xe2\x82\xac'\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|| xa"},
        {"&amp;amp;amp;amp;lt; &#; &#x; &; &bogus;", "< &#; &#x; &; &bogus;"},
        {"&rsquo; &#8217;s\n<i>&rsquo;</i>\n&#8217;s", "' 's\n<i>&#8217</i>\n&#8217s"},
        {"a\vb c\fd e\xc2\x85"
         "f g\xe2\x80\xa8h\rj",
         "ab c d e\xe2\x80\xa6"
         "f g h j"},
        {"\x1b[1;31mred\x1b[0m \x1b\xef\xbc\xbb\xd9\xa3mx\x1b[3 m", "red x[3 m"},
        {"\xef\xbc\xa1\xef\xbd\x82 \xef\xbd\xb6\xef\xbe\x9e \xef\xac\x83 \xc5\x89 \xc7\x84",
         "ab \xe3\x82\xac ffi 'n d\xc5\xbe"},
        {"don\xca\xbct \xef\xbb\xbfx\xef\xbf\xbcy\xe2\x81\xaaz it'\xc5\xbf", "don't xyz it'\xc5\xbf"},
        {"\xce\xa3\xce\xa3's \xce\xa3\xce\xa3:\xce\xa3' \xce\xa3",
         "\xcf\x83\xcf\x83's \xcf\x83\xcf\x83:\xcf\x82' \xcf\x83"},
    };
    struct error error = {0};
    struct bpe *bpe = bpe_open(CLIP, &error);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t token[256], cleaned[256];
        struct encoding encoding = {0}, other = {0};
        size_t count = bpe_encode(bpe, cases[i].text, token, 256, &encoding);
        if (count != bpe_encode(bpe, cases[i].cleaned, cleaned, 256, &other) ||
            memcmp(token, cleaned, count * sizeof *token) != 0)
            fail_msg("\"%s\" is not cleaned as \"%s\"", cases[i].text, cases[i].cleaned);
    }
    bpe_close(bpe);
}

struct watch { /* compares stages with the rows of the fixture */
    const struct matrix *expected;
    size_t row, stages;
    double tolerance, worst;
};

static void compare(void *context, size_t stage, const float *rows, size_t count, size_t width)
{
    struct watch *watch = context;

    assert_int_equal(width, WIDTH);
    assert_int_equal(stage, watch->stages++);
    for (size_t i = 0; i < count; i++, rows += width) {
        const float *expected = matrix_rows(watch->expected, watch->row++, 1, NULL);
        double square = 0, off = 0;
        for (size_t j = 0; j < width; j++) {
            square += (double)expected[j] * (double)expected[j];
            off += ((double)rows[j] - (double)expected[j]) * ((double)rows[j] - (double)expected[j]);
        }
        off = sqrt(off / square);
        watch->worst = off > watch->worst ? off : watch->worst;
        if (!(off < watch->tolerance))
            fail_msg("stage %zu, token %zu is off by %g", stage, i, off);
    }
}

static void test_every_stage_matches_the_reference(void **state)
{
    (void)state;
    json_t *texts = load(CLIP "/texts.json"), *entry;
    size_t index;

    for (size_t v = 0; v < sizeof variants / sizeof *variants; v++) {
        char path[512];
        struct error error = {0};
        struct matrix stages, vectors;
        snprintf(path, sizeof path, "%s/config.json", variants[v].dir);
        json_t *config = load(path);
        struct clip_text *text = clip_text_open(variants[v].dir, config, &error);
        assert_string_equal(error.text, "");
        snprintf(path, sizeof path, "%s/stages.npy", variants[v].dir);
        assert_int_equal(npy_open(path, &stages, &error), 0);
        snprintf(path, sizeof path, "%s/vectors.npy", variants[v].dir);
        assert_int_equal(npy_open(path, &vectors, &error), 0);
        struct watch watch = {.expected = &stages, .tolerance = variants[v].tolerance};
        json_array_foreach (texts, index, entry) {
            const json_t *tokens = json_object_get(entry, "tokens");
            size_t count = json_array_size(tokens);
            uint32_t token[POSITIONS];
            float vector[DIMENSION], quick[DIMENSION];
            for (size_t i = 0; i < count; i++)
                token[i] = (uint32_t)json_integer_value(json_array_get(tokens, i));
            count = clip_text_pool(text, token, count, token[count - 1]) + 1;
            watch.stages = 0;
            assert_int_equal(clip_text_run(text, token, count, vector, compare, &watch, &error), 0);
            assert_int_equal(watch.stages, LAYERS + 2);
            assert_int_equal(clip_text_run(text, token, count, quick, NULL, NULL, &error), 0);
            assert_memory_equal(quick, vector, sizeof vector); /* though rows without use are left out */
            const float *expected = matrix_rows(&vectors, index, 1, NULL);
            double dot = 0, square = 0;
            for (size_t i = 0; i < DIMENSION; i++) {
                dot += (double)vector[i] * (double)expected[i];
                square += (double)vector[i] * (double)vector[i];
            }
            if (!(1 - dot / sqrt(square) < 1e-6))
                fail_msg("%s: text %zu: cosine %.9f", variants[v].dir, index, dot / sqrt(square));
        }
        assert_int_equal(watch.row, stages.rows);
        assert_true(watch.worst > 0); /* exact equality would mean that nothing was computed */
        matrix_close(&stages);
        matrix_close(&vectors);
        clip_text_close(text);
        json_decref(config);
    }
    json_decref(texts);
}

static void test_encoder_gives_the_vectors_on_any_number_of_threads(void **state)
{
    (void)state;
    json_t *texts = load(CLIP "/texts.json"), *entry;
    struct error error = {0};
    struct encoder *encoder = encoder_open(CLIP "/f32_quick", &error);
    struct matrix vectors;
    size_t index;

    assert_string_equal(error.text, "");
    assert_string_equal(encoder_type(encoder), "clip");
    assert_int_equal(encoder_dimension(encoder), DIMENSION);
    assert_int_equal(npy_open(CLIP "/f32_quick/vectors.npy", &vectors, &error), 0);
    for (size_t workers = 1; workers < 4; workers++) {
        pool_set_workers(workers);
        json_array_foreach (texts, index, entry) {
            struct encoding encoding;
            float vector[DIMENSION];
            const char *text = json_string_value(json_object_get(entry, "text"));
            assert_int_equal(encoder_encode(encoder, text, vector, &encoding, &error), 0);
            const float *expected = matrix_rows(&vectors, index, 1, NULL);
            for (size_t i = 0; i < DIMENSION; i++)
                assert_true(fabsf(vector[i] - expected[i]) < 2e-6f);
        }
    }
    pool_set_workers(0);
    matrix_close(&vectors);
    encoder_close(encoder);
    json_decref(texts);
}

struct asker { /* a thread that encodes all texts */
    pthread_t thread;
    struct encoder *encoder;
    const json_t *texts;
    const struct matrix *vectors;
    size_t right;
};

static void *ask(void *context)
{
    struct asker *asker = context;

    for (size_t i = 0; i < json_array_size(asker->texts); i++) {
        const json_t *entry = json_array_get(asker->texts, i);
        struct encoding encoding;
        float vector[DIMENSION], apart = 0;
        if (encoder_encode(asker->encoder, json_string_value(json_object_get(entry, "text")), vector, &encoding, NULL))
            break;
        const float *expected = matrix_rows(asker->vectors, i, 1, NULL);
        for (size_t j = 0; j < DIMENSION; j++)
            apart = fmaxf(apart, fabsf(vector[j] - expected[j]));
        asker->right += apart < 2e-6f;
    }
    return NULL;
}

static void test_several_threads_at_once(void **state)
{
    (void)state;
    enum { ASKERS = 4 };
    struct asker asker[ASKERS];
    struct error error = {0};
    struct encoder *encoder = encoder_open(CLIP "/f16_quick", &error);
    json_t *texts = load(CLIP "/texts.json");
    struct matrix vectors;

    assert_non_null(encoder);
    assert_int_equal(npy_open(CLIP "/f16_quick/vectors.npy", &vectors, &error), 0);
    pool_set_workers(3);
    for (size_t i = 0; i < ASKERS; i++) {
        asker[i] = (struct asker){.encoder = encoder, .texts = texts, .vectors = &vectors};
        assert_int_equal(pthread_create(&asker[i].thread, NULL, ask, &asker[i]), 0);
    }
    for (size_t i = 0; i < ASKERS; i++) {
        pthread_join(asker[i].thread, NULL);
        assert_int_equal(asker[i].right, json_array_size(texts));
    }
    pool_set_workers(0);
    matrix_close(&vectors);
    json_decref(texts);
    encoder_close(encoder);
}

/* Vectors are the same whatever was encoded before, and thus kept. */
static void test_texts_that_begin_alike(void **state)
{
    static const char *const texts[] = {
        "dog", "dog barking at a man",          "dog barking at", "dog barking at a man", "a dog barking",
        "dog", "dog barking at a cat and a dog"};
    struct error error = {0};
    struct encoder *encoder = encoder_open(CLIP "/f32_gelu", &error);

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct encoder *fresh = encoder_open(CLIP "/f32_gelu", &error);
        struct encoding encoding;
        float vector[DIMENSION], expected[DIMENSION];
        assert_int_equal(encoder_encode(encoder, texts[i], vector, &encoding, &error), 0);
        assert_int_equal(encoder_encode(fresh, texts[i], expected, &encoding, &error), 0);
        assert_memory_equal(vector, expected, sizeof vector);
        encoder_close(fresh);
    }
    encoder_close(encoder);
}

static void test_words(void **state)
{
    (void)state;
    struct error error = {0};
    struct encoder *encoder = encoder_open(CLIP "/f32_quick", &error);
    struct encoding encoding;
    float vector[DIMENSION], other[DIMENSION];

    assert_int_equal(encoder_encode(encoder, "  a Dog, barking ", vector, &encoding, &error), 0);
    assert_int_equal(encoding.words, 3);
    assert_int_equal(encoding.known, 3);
    assert_false(encoding.cut);
    assert_int_equal(encoding.word[1].start, 4);
    assert_int_equal(encoding.word[1].length, 4);
    static const char *const nothing[] = {"", " \t\n", "\xc2\xa0"};
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
        assert_int_equal(encoder_encode(encoder, nothing[i], vector, &encoding, &error), 1);
        assert_true(encoding.words == 0 && vector[0] == 0);
    }

    /* What exceeds the length is reported and changes nothing. */
    char text[4 * 60 + 1] = "";
    for (size_t i = 0; i < 60; i++)
        memcpy(text + 4 * i, "xyz ", 4);
    assert_int_equal(encoder_encode(encoder, text, vector, &encoding, &error), 0);
    assert_int_equal(encoding.words, 60);
    assert_true(encoding.known > 0 && encoding.known < POSITIONS && encoding.cut);
    text[4 * 55] = 0;
    assert_int_equal(encoder_encode(encoder, text, other, &encoding, &error), 0);
    assert_memory_equal(vector, other, sizeof vector);

    /* Invalid UTF-8 and very long words are accepted like any text. */
    assert_int_equal(encoder_encode(encoder, "\xff\xfe dog \xc3", vector, &encoding, &error), 0);
    char *word = malloc(100001);
    memset(word, 'q', 100000);
    word[100000] = 0;
    assert_int_equal(encoder_encode(encoder, word, vector, &encoding, &error), 0);
    assert_int_equal(encoding.known, 0);
    free(word);
    encoder_close(encoder);
}

static const char *const FILES[] = {"config.json", "vocab.json", "merges.txt", "model.safetensors"};

/* A valid folder. */
static void fill(const char *dir)
{
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        struct error error = {0};
        char path[512];
        size_t size;
        snprintf(path, sizeof path, "%s/%s", CLIP "/f32_gelu", FILES[i]);
        char *bytes = file_read(path, 1 << 24, &size, &error);
        assert_non_null(bytes);
        folder_write(dir, FILES[i], bytes, size);
        free(bytes);
    }
}

/* Replaces the first `from` in a file by `to`; lengths may differ except in the model. */
static void change(const char *dir, const char *file, const char *from, const char *to)
{
    struct error error = {0};
    size_t size, length = strlen(from), added = strlen(to);
    char *bytes = file_read(folder_path(dir, file), 1 << 24, &size, &error);
    char *at = memmem(bytes, size, from, length);
    char *changed = malloc(size + added + 1);

    assert_non_null(at);
    size_t before = (size_t)(at - bytes);
    memcpy(changed, bytes, before);
    memcpy(changed + before, to, added);
    memcpy(changed + before + added, at + length, size - before - length);
    folder_write(dir, file, changed, size - length + added);
    free(changed);
    free(bytes);
}

static void test_refused_folders(void **state)
{
    const char *dir = *state;
    static const struct {
        const char *file, *from, *to, *says;
    } cases[] = {
        {"config.json", "clip_text_model", "siglip", "\"type\" is siglip; supported are \"static\", \"clip\""},
        {"config.json", "\"hidden_act\": \"gelu\"", "\"hidden_act\": \"relu\"", "\"hidden_act\" is \"relu\""},
        {"config.json", "\"num_attention_heads\": 3", "\"num_attention_heads\": 5", "24 is not divisible by 5"},
        {"config.json", "\"num_attention_heads\": 3", "\"num_attention_heads\": 0", "\"num_attention_heads\" must be"},
        {"config.json", "\"hidden_size\": 24", "\"hidden_size\": -1", "\"hidden_size\" must be a number from 1"},
        {"config.json", "\"hidden_size\": 24", "\"hidden_size\": \"24\"", "\"hidden_size\" must be"},
        {"config.json", "{", "{\"text_config_dict\": {\"hidden_size\": 40}, ",
         "is 664 x 24; config.json makes it 49408 x 40"},
        {"config.json", "\"hidden_size\": 24", "\"hidden_size\": 27", "is 664 x 24; config.json makes it 664 x 27"},
        {"config.json", "\"num_hidden_layers\": 3", "\"num_hidden_layers\": 4", "layers.3.layer_norm1.weight"},
        {"config.json", "\"num_hidden_layers\": 3", "\"num_hidden_layers\": 999999", "\"num_hidden_layers\" must be"},
        {"config.json", "\"max_position_embeddings\": 40", "\"max_position_embeddings\": 41", "makes it 41 x 24"},
        {"config.json", "\"max_position_embeddings\": 40", "\"max_position_embeddings\": 2", "must be 3 or more"},
        {"config.json", "\"layer_norm_eps\": 1e-05", "\"layer_norm_eps\": -1", "\"layer_norm_eps\" must be between"},
        {"model.safetensors", "text_projection", "next_projection", "has no tensor \"text_projection.weight\""},
        {"model.safetensors", "1.mlp.fc2", "1.mlp.fc3", "text_model.encoder.layers.1.mlp.fc2.weight"},
        {"model.safetensors", "\"F32\"", "\"I32\"", "token_embedding.weight"},
        {"vocab.json", "<|endoftext|>", "<|endOftext|>", "has no token \"<|endoftext|>\""},
        {"vocab.json", "\"a</w>\"", "\"b</W>\"", "has no token \"a</w>\" for the byte 97"},
        {"vocab.json", ": 5,", ": -5,", "is not one of 0 to"},
        {"vocab.json", ": 5,", ": 5000,", "has tokens up to 5000, the model has vectors for 664"},
        {"vocab.json", "{", "[", "vocab.json: "},
        {"merges.txt", "#version: 0.2\n", "#version: 0.2\nab\n", "merges.txt:2: is not two tokens"},
        {"merges.txt", "#version: 0.2\n", "#version: 0.2\na b c\n", "merges.txt:2: is not two tokens"},
        {"merges.txt", "#version: 0.2\n", "#version: 0.2\nq !\n", "merges.txt:2: is not two tokens"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = {0};
        fill(dir);
        change(dir, cases[i].file, cases[i].from, cases[i].to);
        struct encoder *encoder = encoder_open(dir, &error);
        if (encoder || !strstr(error.text, cases[i].says) || !strstr(error.text, dir))
            fail_msg("%s -> %s: \"%s\" does not say \"%s\"", cases[i].from, cases[i].to, error.text, cases[i].says);
    }
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        struct error error = {0};
        fill(dir);
        assert_int_equal(unlink(folder_path(dir, FILES[i])), 0);
        assert_null(encoder_open(dir, &error));
        assert_non_null(strstr(error.text, FILES[i]));
    }
}

/* Damaged tokenizer files are either refused or read. */
static void test_mutated_tokenizers(void **state)
{
    const char *dir = *state;
    uint32_t seed = 12345;

    fill(dir);
    for (size_t file = 1; file <= 2; file++) {
        struct error error = {0};
        size_t size;
        char path[512];
        snprintf(path, sizeof path, "%s/%s", CLIP "/f32_gelu", FILES[file]);
        char *bytes = file_read(path, 1 << 24, &size, &error);
        unsigned char *out = malloc(size + 16);
        for (size_t round = 0; round < 150; round++) {
            struct encoding encoding = {0};
            uint32_t token[POSITIONS];
            size_t changed = folder_mutate((unsigned char *)bytes, size, out, &seed);
            folder_write(dir, FILES[file], out, changed);
            error = (struct error){0};
            struct bpe *bpe = bpe_open(dir, &error);
            if (!bpe)
                assert_non_null(strstr(error.text, FILES[file]));
            else
                assert_true(bpe_encode(bpe, "a yellow dog", token, POSITIONS, &encoding) >= 5);
            bpe_close(bpe);
        }
        folder_write(dir, FILES[file], bytes, size);
        free(bytes);
        free(out);
    }
}

static void test_out_of_memory(void **state)
{
    (void)state;
    struct encoder *encoder = NULL;
    long failed = 0;

    for (; !encoder; failed++) {
        struct error error = {0};
        memory_fail_after(failed);
        encoder = encoder_open(CLIP "/bf16_gelu", &error);
        memory_fail_after(-1);
        if (!encoder)
            assert_int_equal(error.kind, ERROR_MEMORY);
    }
    assert_true(failed > 20);
    int result = -1;
    for (failed = 0; result; failed++) {
        struct error error = {0};
        struct encoding encoding;
        float vector[DIMENSION];
        memory_fail_after(failed);
        result = encoder_encode(encoder, "dog", vector, &encoding, &error);
        memory_fail_after(-1);
        assert_true(result == 0 || error.kind == ERROR_MEMORY);
    }
    assert_true(failed > 2);
    encoder_close(encoder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens_match_the_reference),
        cmocka_unit_test(test_tokens_match_the_published_tokenizer),
        cmocka_unit_test(test_cleaned_texts),
        cmocka_unit_test(test_every_stage_matches_the_reference),
        cmocka_unit_test(test_encoder_gives_the_vectors_on_any_number_of_threads),
        cmocka_unit_test(test_several_threads_at_once),
        cmocka_unit_test(test_texts_that_begin_alike),
        cmocka_unit_test(test_words),
        cmocka_unit_test_setup_teardown(test_refused_folders, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_mutated_tokenizers, folder_make, folder_remove),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
