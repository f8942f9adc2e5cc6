/* One vector per word: the vectors of the known words are summed and the sum is L2-normalised.  A word that is unknown
 * with its diacritics is sought without them. */
#include "engine/encoders/kind.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/encoders/vocabulary.h"
#include "engine/encoders/words.h"
#include "engine/formats/file.h"
#include "engine/formats/safetensors.h"
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <uninorm.h>

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

/* Removes the diacritics of a folded word. */
static void make_plain(struct word *word)
{
    char apart[4 * WORD_BYTES];
    size_t bytes = sizeof apart - 1, kept = 0;
    uint8_t *given = u8_normalize(UNINORM_NFD, (const uint8_t *)word->folded, word->bytes, (uint8_t *)apart, &bytes);

    if (given != (uint8_t *)apart) { /* out of memory: it is always short enough */
        free(given);
        return;
    }
    apart[bytes] = 0;
    for (const char *at = apart, *next = at; *at; at = next) {
        if (uc_is_general_category_withtable(text_next(&next), UC_CATEGORY_MASK_Mn) ||
            kept + (size_t)(next - at) > WORD_BYTES)
            continue;
        memcpy(word->folded + kept, at, (size_t)(next - at));
        kept += (size_t)(next - at);
    }
    word->folded[kept] = 0;
    word->bytes = kept;
}

static bool is_ascii(const struct word *word)
{
    for (size_t i = 0; i < word->bytes; i++)
        if ((unsigned char)word->folded[i] >= 0x80)
            return false;
    return true;
}

static int static_encode(const void *pointer, const char *text, float *vector, struct encoding *encoding,
                         struct error *error)
{
    const struct state *state = pointer;
    size_t dimension = state->vectors.cols;
    struct words words = words_of(text);
    struct word word;
    bool any = false;

    memset(vector, 0, dimension * sizeof *vector);
    while (words_next(&words, &word)) {
        if (word.pair)
            continue;
        size_t row = vocabulary_find(&state->vocabulary, word.folded, word.bytes);
        if (row == SIZE_MAX && !is_ascii(&word)) {
            make_plain(&word);
            row = vocabulary_find(&state->vocabulary, word.folded, word.bytes);
        }
        bool known = row != SIZE_MAX;
        if (known)
            add_row(&state->vectors, row, vector);
        any = any || known;
        if (encoding->words < ENCODING_WORDS) {
            encoding->word[encoding->words++] =
                (struct encoding_word){.start = word.start, .length = word.length, .known = known};
            encoding->known += known;
        }
    }
    if (!any)
        return 1;
    return encoder_unit(vector, dimension, error);
}

static size_t static_complete(const void *pointer, const char *bytes, size_t length, const char **word, size_t most)
{
    const struct state *state = pointer;
    struct word begun;

    word_fold(bytes, length, &begun);
    return begun.bytes ? vocabulary_complete(&state->vocabulary, begun.folded, begun.bytes, word, most) : 0;
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
