/* One vector per word: the vectors of the known words are summed and the sum is L2-normalised. */
#include "engine/encoders/kind.h"

#include "engine/formats/file.h"
#include "engine/formats/safetensors.h"
#include "engine/memory.h"
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const size_t VOCABULARY_BYTES_MAX = (size_t)1 << 30;

struct vocabulary {
    char *text;      /* the tokens, each with a final zero */
    uint32_t *token; /* (count) offsets into text */
    uint32_t *slot;  /* (slots) hash table: 1 + index of the token, 0 where free */
    size_t count, slots;
};

struct state {
    struct vocabulary vocabulary;
    struct matrix vectors; /* (count, dimension) */
};

static uint64_t hash(const char *bytes,
                     size_t length) /* FNV-1a, folded so that low bits are good */
{
    uint64_t value = 0xcbf29ce484222325;

    for (size_t i = 0; i < length; i++)
        value = (value ^ (unsigned char)bytes[i]) * 0x100000001b3;
    return value ^ value >> 32;
}

/* The slot of a token, or the free one where it belongs. */
static size_t find_slot(const struct vocabulary *vocabulary, const char *bytes, size_t length)
{
    size_t slot = hash(bytes, length) & (vocabulary->slots - 1);

    while (vocabulary->slot[slot]) {
        const char *token = vocabulary->text + vocabulary->token[vocabulary->slot[slot] - 1];
        if (strncmp(token, bytes, length) == 0 && !token[length])
            break;
        slot = (slot + 1) & (vocabulary->slots - 1);
    }
    return slot;
}

/* The token's row, or SIZE_MAX. */
static size_t find_token(const struct vocabulary *vocabulary, const char *bytes, size_t length)
{
    return (size_t)vocabulary->slot[find_slot(vocabulary, bytes, length)] - 1;
}

static size_t count_lines(const char *text, size_t size)
{
    size_t lines = size && text[size - 1] != '\n';

    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n';
    return lines;
}

/* One token a line. */
static int read_vocabulary(struct vocabulary *vocabulary, const char *path, struct error *error)
{
    size_t size;

    vocabulary->text = file_read(path, VOCABULARY_BYTES_MAX, &size, error);
    if (!vocabulary->text)
        return -1;
    if (memchr(vocabulary->text, 0, size))
        return error_set(error, ERROR_INPUT, "%s: holds a zero byte; it is no text file", path);
    size_t lines = count_lines(vocabulary->text, size);
    if (!lines)
        return error_set(error, ERROR_INPUT, "%s: is empty; one token a line is needed", path);
    for (vocabulary->slots = 16; vocabulary->slots < 2 * lines;)
        vocabulary->slots *= 2;
    vocabulary->token = memory_array(lines, sizeof *vocabulary->token);
    vocabulary->slot = memory_array(vocabulary->slots, sizeof *vocabulary->slot);
    if (!vocabulary->token || !vocabulary->slot)
        return error_memory(error);
    char *line = vocabulary->text;
    for (size_t i = 0; i < lines; i++) {
        size_t length = strcspn(line, "\n");
        char *next = line + length + 1;
        if (length && line[length - 1] == '\r')
            length--;
        line[length] = 0;
        size_t slot = find_slot(vocabulary, line, length);
        if (!length || vocabulary->slot[slot])
            return error_set(error, ERROR_INPUT, "%s:%zu: %s", path, i + 1,
                             length ? "the token stands here for the second time"
                                    : "the token is empty");
        vocabulary->token[i] = (uint32_t)(line - vocabulary->text);
        vocabulary->slot[slot] = (uint32_t)(i + 1);
        line = next;
    }
    vocabulary->count = lines;
    return 0;
}

static void static_close(void *pointer)
{
    struct state *state = pointer;

    free(state->vocabulary.text);
    free(state->vocabulary.token);
    free(state->vocabulary.slot);
    matrix_close(&state->vectors);
    free(state);
}

static int check_config(const char *dir, const json_t *config, size_t dimension,
                        struct error *error)
{
    const json_t *pooling = json_object_get(config, "pooling");
    const json_t *normalize = json_object_get(config, "normalize");
    const json_t *stated = json_object_get(config, "dimension");

    if (pooling && (!json_is_string(pooling) || strcmp(json_string_value(pooling), "sum") != 0))
        return error_set(error, ERROR_INPUT, "%s/config.json: \"pooling\" must be \"sum\"", dir);
    if (normalize && !json_is_true(normalize))
        return error_set(error, ERROR_INPUT, "%s/config.json: \"normalize\" must be true", dir);
    if (stated && json_integer_value(stated) != (json_int_t)dimension)
        return error_set(
            error, ERROR_INPUT,
            "%s/config.json: \"dimension\" must be %zu, the number of columns of model.safetensors",
            dir, dimension);
    return 0;
}

static void *static_open(const char *dir, const json_t *config, size_t *dimension,
                         struct error *error)
{
    char path[PATH_MAX];
    struct state *state = memory_array(1, sizeof *state);

    if (!state) {
        error_memory(error);
        return NULL;
    }
    if (file_join(path, sizeof path, dir, "vocab.txt", error) ||
        read_vocabulary(&state->vocabulary, path, error) ||
        file_join(path, sizeof path, dir, "model.safetensors", error) ||
        safetensors_open(path, "embeddings", &state->vectors, error) ||
        check_config(dir, config, state->vectors.cols, error))
        goto fail;
    if (state->vectors.rows != state->vocabulary.count) {
        error_set(error, ERROR_INPUT,
                  "%s: tensor \"embeddings\" has %zu rows, vocab.txt has %zu tokens", path,
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
    float buffer[256]; /* rows are converted in pieces, so that any dimension will do */
    enum { PIECE = sizeof buffer / sizeof buffer[0] };

    for (size_t start = 0; start < vectors->cols; start += PIECE) {
        size_t count = vectors->cols - start < PIECE ? vectors->cols - start : PIECE;
        const size_t width = vectors->type == MATRIX_F16 ? 2 : sizeof(float);
        const struct matrix piece = {.data = (const char *)vectors->data +
                                             (row * vectors->cols + start) * width,
                                     .rows = 1,
                                     .cols = count,
                                     .type = vectors->type};
        const float *values = matrix_rows(&piece, 0, 1, buffer);
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

/* Bytes of a possessive 's at `text`, the rest of a word; 0 if there is none. */
static size_t possessive(const char *text)
{
    size_t length = apostrophe(text);

    return length && lower(text[length]) == 's' && !is_word_byte(lower(text[length + 1]))
               ? length + 1
               : 0;
}

static int static_encode(const void *pointer, const char *text, float *vector,
                         struct encoding *encoding, struct error *error)
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
        size_t row = at - start == length ? find_token(&state->vocabulary, word, length) : SIZE_MAX;
        bool known = row != SIZE_MAX;
        if (known)
            add_row(&state->vectors, row, vector);
        any = any || known;
        if (encoding->words < ENCODING_WORDS) {
            encoding->word[encoding->words++] = (struct encoding_word){start, at - start, known};
            encoding->known += known;
        }
        at += possessive(text + at);
    }
    if (!any)
        return 1;
    return encoder_unit(vector, dimension, error);
}

static const char *const files[] = {"config.json", "vocab.txt", "model.safetensors", NULL};

const struct encoder_kind encoder_static = {.type = "static",
                                            .files = files,
                                            .open = static_open,
                                            .close = static_close,
                                            .encode = static_encode};
