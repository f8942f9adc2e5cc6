/* One vector per word: the vectors of the known words are summed and the sum is L2-normalised. */
#include "engine/encoders/kind.h"

#include "engine/base/memory.h"
#include "engine/encoders/vocabulary.h"
#include "engine/formats/file.h"
#include "engine/formats/safetensors.h"
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct state {
    struct vocabulary vocabulary;
    struct matrix vectors; /* (count, dimension) */
};

static void static_close(void *pointer)
{
    struct state *state = pointer;

    vocabulary_close(&state->vocabulary);
    matrix_close(&state->vectors);
    free(state);
}

static int check_config(const char *dir, const json_t *config, size_t dimension, struct error *error)
{
    const json_t *pooling = json_object_get(config, "pooling");
    const json_t *normalize = json_object_get(config, "normalize");
    const json_t *stated = json_object_get(config, "dimension");

    if (pooling && (!json_is_string(pooling) || strcmp(json_string_value(pooling), "sum") != 0))
        return error_set(error, ERROR_INPUT, "%s/config.json: \"pooling\" must be \"sum\"", dir);
    if (normalize && !json_is_true(normalize))
        return error_set(error, ERROR_INPUT, "%s/config.json: \"normalize\" must be true", dir);
    if (stated && json_integer_value(stated) != (json_int_t)dimension)
        return error_set(error, ERROR_INPUT,
                         "%s/config.json: \"dimension\" must be %zu, the number of columns of model.safetensors", dir,
                         dimension);
    return 0;
}

static void *static_open(const char *dir, const json_t *config, size_t *dimension, struct error *error)
{
    char path[PATH_MAX];
    struct state *state = memory_array(1, sizeof *state);

    if (!state) {
        error_memory(error);
        return NULL;
    }
    if (file_join(path, sizeof path, dir, "vocab.txt", error) || vocabulary_read(&state->vocabulary, path, error) ||
        file_join(path, sizeof path, dir, "model.safetensors", error) ||
        safetensors_open(path, "embeddings", &state->vectors, error) ||
        check_config(dir, config, state->vectors.cols, error))
        goto fail;
    if (state->vectors.rows != state->vocabulary.count) {
        error_set(error, ERROR_INPUT, "%s: tensor \"embeddings\" has %zu rows, vocab.txt has %zu tokens", path,
                  state->vectors.rows, state->vocabulary.count);
        goto fail;
    }
    *dimension = state->vectors.cols;
    return state;
fail:
    static_close(state);
    return NULL;
}

/* Adds row `row` to the vector. */
static void add_row(const struct matrix *vectors, size_t row, float *vector)
{
    float buffer[256]; /* in pieces, so that any dimension works */
    enum { PIECE = sizeof buffer / sizeof buffer[0] };

    for (size_t start = 0; start < vectors->cols; start += PIECE) {
        size_t count = vectors->cols - start < PIECE ? vectors->cols - start : PIECE;
        const float *values = matrix_part(vectors, row, start, count, buffer);
        for (size_t i = 0; i < count; i++)
            vector[start + i] += values[i];
    }
}

/* Bytes of an apostrophe, ASCII or typographic, at `text`; 0 if there is none. */
static size_t apostrophe(const char *text)
{
    return *text == '\'' ? 1 : strncmp(text, "\xe2\x80\x99", 3) == 0 ? 3 : 0;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Bytes of a possessive 's at `text`, the end of a word; 0 if there is none. */
static size_t possessive(const char *text)
{
    size_t length = apostrophe(text);

    return length && lower(text[length]) == 's' && !is_word_byte(lower(text[length + 1])) ? length + 1 : 0;
}

static int static_encode(const void *pointer, const char *text, float *vector, struct encoding *encoding,
                         struct error *error)
{
    const struct state *state = pointer;
    size_t dimension = state->vectors.cols;
    char word[256]; /* no token that can match is longer than this */
    bool any = false;

    memset(vector, 0, dimension * sizeof *vector);
    for (size_t at = 0; text[at];) {
        if (!is_word_byte(lower(text[at]))) {
            at++;
            continue;
        }
        size_t start = at, length = 0;
        for (; is_word_byte(lower(text[at])); at++)
            if (length < sizeof word)
                word[length++] = lower(text[at]);
        size_t row = at - start == length ? vocabulary_find(&state->vocabulary, word, length) : SIZE_MAX;
        bool known = row != SIZE_MAX;
        if (known)
            add_row(&state->vectors, row, vector);
        any = any || known;
        if (encoding->words < ENCODING_WORDS) {
            encoding->word[encoding->words++] =
                (struct encoding_word){.start = start, .length = at - start, .known = known};
            encoding->known += known;
        }
        at += possessive(text + at);
    }
    if (!any)
        return 1;
    return encoder_unit(vector, dimension, error);
}

static size_t static_complete(const void *pointer, const char *bytes, size_t length, const char **word, size_t most)
{
    const struct state *state = pointer;
    char begun[256];

    if (length > sizeof begun)
        return 0;
    for (size_t i = 0; i < length; i++)
        begun[i] = lower(bytes[i]);
    return vocabulary_complete(&state->vocabulary, begun, length, word, most);
}

static void static_offer(const void *pointer, struct nearest *nearest)
{
    vocabulary_offer(&((const struct state *)pointer)->vocabulary, nearest);
}

static const char *const files[] = {"vocab.txt", "model.safetensors", NULL};

const struct encoder_kind encoder_static = {
    .type = "static",
    .files = files,
    .open = static_open,
    .close = static_close,
    .encode = static_encode,
    .complete = static_complete,
    .offer = static_offer,
};
