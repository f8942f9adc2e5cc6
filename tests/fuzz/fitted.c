/* A fitted encoder: the first byte says whether the rest is one of its files (config.json, vocab.txt or
 * model.safetensors, beside the valid others of a small encoder) or a text. */
#include "engine/encoders/encoder.h"
#include "engine/encoders/words.h"
#include "engine/formats/safetensors_write.h"
#include "tests/fuzz/input.h"
#include <string.h>

enum { D = 2, TABLE = 64, FILES = 3, TEXT = FILES, KINDS, MOST = 4096 };

static const char *const names[FILES] = {"config.json", "vocab.txt", "model.safetensors"};
static char folder[] = "/tmp/hubscope-fuzz-XXXXXX", path[128];

static const char *place(size_t which)
{
    snprintf(path, sizeof path, "%s/%s", folder, names[which]);
    return path;
}

static void put(size_t which, const void *bytes, size_t size)
{
    FILE *file = fopen(place(which), "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file))
        abort();
}

static void put_good(size_t which)
{
    static const char config[] = "{\"type\":\"fitted\",\"version\":1,\"table\":64,\"ngrams\":[3,5],\"gram_weight\":1,"
                                 "\"unknown_idf\":5,\"report\":{\"captions_measured\":9,\"cosine\":0.5}}";
    static const char vocabulary[] = "cat\ndog\n";
    static const float words[2 * D] = {1, 2, 3, 4}, idf[2] = {1, 2}, bias[D] = {0.1f, 0}, slots[3] = {1, 5, 40},
                                 grams[3 * D] = {1, 0, 0, 1, 1, 1};
    const struct safetensors_part parts[] = {
        {"bias", {.data = bias, .rows = 1, .cols = D}},   {"idf", {.data = idf, .rows = 2, .cols = 1}},
        {"slots", {.data = slots, .rows = 3, .cols = 1}}, {"words", {.data = words, .rows = 2, .cols = D}},
        {"grams", {.data = grams, .rows = 3, .cols = D}},
    };
    if (which == 0)
        put(0, config, sizeof config - 1);
    else if (which == 1)
        put(1, vocabulary, sizeof vocabulary - 1);
    else if (safetensors_write(place(2), parts, 5, NULL))
        abort();
}

static void remove_folder(void)
{
    for (size_t i = 0; i < FILES; i++)
        unlink(place(i));
    rmdir(folder);
}

static void encode(struct encoder *encoder, const char *text)
{
    float vector[MOST];
    struct encoding encoding;

    if (encoder_dimension(encoder) > MOST)
        return;
    encoder_encode(encoder, text, vector, &encoding, NULL);
    for (size_t i = 0; i < encoding.words; i++)
        if (encoding.word[i].start + encoding.word[i].length > strlen(text))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    char text[MOST] = "the cat's dogs";

    if (!ready) {
        if (!mkdtemp(folder))
            abort();
        atexit(remove_folder);
        for (size_t i = 0; i < FILES; i++)
            put_good(i);
        ready = true;
    }
    if (size < 1 || size > MOST)
        return 0;
    size_t kind = data[0] % KINDS;
    if (kind == TEXT) {
        memcpy(text, data + 1, size - 1);
        text[size - 1] = 0;
    } else {
        put(kind, data + 1, size - 1);
    }
    struct encoder *encoder = encoder_open(folder, NULL);
    if (encoder)
        encode(encoder, text);
    else if (kind == TEXT)
        abort();
    encoder_close(encoder);
    if (kind != TEXT)
        put_good(kind);
    return 0;
}
