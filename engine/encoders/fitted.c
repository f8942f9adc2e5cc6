/* The encoder that `hubscope fit-encoder` learns: words and hashed character n-grams.
 *
 * With the words w of a text, idf weights and the learnt vectors of words and n-grams,
 *
 *   vector = bias + sum_w idf(w) v(w) / sqrt(sum_w idf(w)^2),  L2-normalised,
 *   v(w)   = own(w) + gram_weight / sqrt(n) * (sum of the n vectors of w's n-grams).
 *
 * The file holds idf(w) v(w) for the words of the vocabulary.  A word that is not in it has no vector of
 * its own and the idf "unknown_idf"; it counts if at least a quarter of its n-grams are known, and unknown ones add
 * nothing.  Pairs of ideographs count only if they are in the vocabulary.  N-grams are hashed to [0, table); "slots"
 * gives the place of each row of "grams". */
#include "engine/encoders/kind.h"

#include "engine/base/memory.h"
#include "engine/encoders/fitted.h"
#include "engine/encoders/vocabulary.h"
#include "engine/encoders/words.h"
#include "engine/formats/file.h"
#include "engine/formats/safetensors.h"
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct state {
    struct vocabulary vocabulary;
    struct safetensors *file;
    struct matrix words; /* (V, d): idf(w) v(w) */
    struct matrix grams; /* (n-grams, d) */
    struct matrix slots; /* (n-grams, 1) ascending */
    size_t table;
    struct matrix idf;  /* (V, 1) */
    struct matrix bias; /* (1, d) */
    unsigned least, most;
    double gram_weight, unknown_idf;
    bool measured;
    struct encoder_quality quality;
};

static void fitted_close(void *pointer)
{
    struct state *state = pointer;

    vocabulary_close(&state->vocabulary);
    matrix_close(&state->words);
    matrix_close(&state->grams);
    matrix_close(&state->slots);
    matrix_close(&state->idf);
    matrix_close(&state->bias);
    safetensors_close(state->file);
    free(state);
}

/* Reads a member that is a number within bounds. */
static int read_number(const char *path, const json_t *config, const char *name, double least, double most,
                       double *value, struct error *error)
{
    const json_t *member = json_object_get(config, name);

    *value = json_is_number(member) ? json_number_value(member) : NAN;
    if (*value >= least && *value <= most)
        return 0;
    return error_set(error, ERROR_INPUT, "%s: \"%s\" must be a number from %g to %g", path, name, least, most);
}

static int read_config(struct state *state, const char *path, const json_t *config, struct error *error)
{
    const json_t *sizes = json_object_get(config, "ngrams");
    double version, table;

    if (read_number(path, config, "table", 1, FITTED_TABLE_MOST, &table, error) ||
        read_number(path, config, "version", FITTED_VERSION, FITTED_VERSION, &version, error) ||
        read_number(path, config, "gram_weight", 0, 1e6, &state->gram_weight, error) ||
        read_number(path, config, "unknown_idf", 1e-6, 1e6, &state->unknown_idf, error))
        return -1;
    json_int_t least = json_integer_value(json_array_get(sizes, 0));
    json_int_t most = json_integer_value(json_array_get(sizes, 1));
    if (json_array_size(sizes) != 2 || least < 1 || most < least || most > WORD_SIZES)
        return error_set(error, ERROR_INPUT, "%s: \"ngrams\" must be two sizes from 1 to %d, such as [3, 5]", path,
                         WORD_SIZES);
    state->table = (size_t)table;
    if (state->table & (state->table - 1))
        return error_set(error, ERROR_INPUT, "%s: \"table\" must be a power of two", path);
    state->least = (unsigned)least;
    state->most = (unsigned)most;
    return 0;
}

/* A share, or NAN if absent. */
static double share_of(const json_t *report, const char *name)
{
    const json_t *member = json_object_get(report, name);
    double value = json_is_number(member) ? json_number_value(member) : NAN;

    return value >= -1 && value <= 1 ? value : NAN;
}

static void read_report(struct state *state, const json_t *config)
{
    const json_t *report = json_object_get(config, "report");
    json_int_t captions = json_integer_value(json_object_get(report, "captions_measured"));

    state->quality = (struct encoder_quality){
        .cosine = share_of(report, "cosine"),
        .recall = share_of(report, "recall_at_10"),
        .recall_of_true = share_of(report, "recall_at_10_true"),
        .overlap = share_of(report, "overlap_at_10"),
        .captions = captions > 0 ? (size_t)captions : 0,
    };
    state->measured = state->quality.captions && isfinite(state->quality.cosine);
}

static int check_shapes(const struct state *state, const char *path, struct error *error)
{
    size_t words = state->vocabulary.count, grams = state->grams.rows, d = state->words.cols;

    if (state->words.rows != words)
        return error_set(error, ERROR_INPUT, "%s: tensor \"words\" has %zu rows, vocab.txt has %zu tokens", path,
                         state->words.rows, words);
    if (state->grams.cols != d || state->bias.cols != d)
        return error_set(error, ERROR_INPUT,
                         "%s: tensors \"words\", \"grams\" and \"bias\" have %zu, %zu and %zu "
                         "columns; the same number is needed",
                         path, d, state->grams.cols, state->bias.cols);
    if (state->bias.rows != 1 || state->idf.rows * state->idf.cols != words ||
        state->slots.rows * state->slots.cols != grams)
        return error_set(error, ERROR_INPUT,
                         "%s: tensor \"bias\" must have one row, \"idf\" one number a token and "
                         "\"slots\" one a row of \"grams\"",
                         path);
    const float *idf = state->idf.data, *bias = state->bias.data, *slots = state->slots.data;
    if (state->idf.type != MATRIX_F32 || state->bias.type != MATRIX_F32 || state->slots.type != MATRIX_F32)
        return error_set(error, ERROR_INPUT, "%s: tensors \"idf\", \"bias\" and \"slots\" must be F32", path);
    for (size_t i = 0; i < grams; i++)
        if (!(slots[i] >= 0 && slots[i] < (float)state->table && slots[i] == floorf(slots[i])) ||
            (i && !(slots[i] > slots[i - 1])))
            return error_set(error, ERROR_INPUT,
                             "%s: tensor \"slots\" must ascend, in whole numbers below %zu (row "
                             "%zu)",
                             path, state->table, i);
    for (size_t i = 0; i < words; i++)
        if (!(idf[i] >= 1e-6f && idf[i] <= 1e6f))
            return error_set(error, ERROR_INPUT, "%s: tensor \"idf\" holds a value that is not a weight (row %zu)",
                             path, i);
    for (size_t i = 0; i < d; i++)
        if (!isfinite(bias[i]))
            return error_set(error, ERROR_INPUT,
                             "%s: tensor \"bias\" holds a value that is not "
                             "finite (column %zu)",
                             path, i);
    return 0;
}

/* The row of an n-gram, or SIZE_MAX. */
static size_t find_gram(const struct state *state, uint32_t slot)
{
    const float *slots = state->slots.data, wanted = (float)slot;
    size_t low = 0, high = state->grams.rows;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slots[middle] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low < state->grams.rows && slots[low] == wanted ? low : SIZE_MAX;
}

static void *fitted_open(const char *dir, const json_t *config, size_t *dimension, struct error *error)
{
    char path[PATH_MAX];
    struct state *state = memory_array(1, sizeof *state);

    if (!state) {
        error_memory(error);
        return NULL;
    }
    if (file_join(path, sizeof path, dir, "config.json", error) || read_config(state, path, config, error) ||
        file_join(path, sizeof path, dir, "vocab.txt", error) || vocabulary_read(&state->vocabulary, path, error) ||
        file_join(path, sizeof path, dir, "model.safetensors", error) ||
        !(state->file = safetensors_load(path, error)) ||
        safetensors_tensor(state->file, "words", &state->words, error) ||
        safetensors_tensor(state->file, "grams", &state->grams, error) ||
        safetensors_tensor(state->file, "slots", &state->slots, error) ||
        safetensors_tensor(state->file, "idf", &state->idf, error) ||
        safetensors_tensor(state->file, "bias", &state->bias, error) || check_shapes(state, path, error)) {
        fitted_close(state);
        return NULL;
    }
    read_report(state, config);
    *dimension = state->words.cols;
    return state;
}

/* sum += factor times row `row`. */
static void add_row(const struct matrix *matrix, size_t row, double factor, double *sum)
{
    float buffer[256]; /* in pieces, so that any dimension will do */
    enum { PIECE = sizeof buffer / sizeof buffer[0] };

    for (size_t start = 0; start < matrix->cols; start += PIECE) {
        size_t count = matrix->cols - start < PIECE ? matrix->cols - start : PIECE;
        const float *values = matrix_part(matrix, row, start, count, buffer);
        for (size_t i = 0; i < count; i++)
            sum[start + i] += factor * (double)values[i];
    }
}

/* Adds an out-of-vocabulary word by its n-grams; returns false if too few of them are known. */
static bool guess(const struct state *state, const struct word *word, double *sum)
{
    uint32_t slots[WORD_GRAMS];
    size_t row[WORD_GRAMS], known = 0;

    if (word->pair)
        return false;
    size_t count = words_grams(word->folded, word->bytes, state->least, state->most, state->table, slots);
    for (size_t i = 0; i < count; i++) {
        row[known] = find_gram(state, slots[i]);
        known += row[known] != SIZE_MAX;
    }
    if (!fitted_guesses(known, count))
        return false;
    double weight = state->unknown_idf * state->gram_weight / sqrt((double)count);
    for (size_t i = 0; i < known; i++)
        add_row(&state->grams, row[i], weight, sum);
    return true;
}

static int fitted_encode(const void *pointer, const char *text, float *vector, struct encoding *encoding,
                         struct error *error)
{
    const struct state *state = pointer;
    const float *idf = state->idf.data, *bias = state->bias.data;
    size_t d = state->words.cols;
    struct words words = words_of(text);
    struct word word;
    double squares = 0;

    memset(vector, 0, d * sizeof *vector);
    double *sum = memory_array(d, sizeof *sum);
    if (!sum)
        return error_memory(error);
    while (words_next(&words, &word)) {
        size_t row = vocabulary_find(&state->vocabulary, word.folded, word.bytes);
        bool known = row != SIZE_MAX, guessed = !known && guess(state, &word, sum);
        if (known)
            add_row(&state->words, row, 1, sum);
        double weight = known ? (double)idf[row] : guessed ? state->unknown_idf : 0;
        squares += weight * weight;
        if (!word.pair && encoding->words < ENCODING_WORDS) {
            encoding->word[encoding->words++] =
                (struct encoding_word){.start = word.start, .length = word.length, .known = known, .guessed = guessed};
            encoding->known += known;
            encoding->guessed += guessed;
        }
    }
    for (size_t i = 0; i < d && squares > 0; i++)
        vector[i] = (float)(sum[i] / sqrt(squares) + (double)bias[i]);
    free(sum);
    return squares > 0 ? encoder_unit(vector, d, error) : 1;
}

static bool fitted_quality(const void *pointer, struct encoder_quality *quality)
{
    const struct state *state = pointer;

    *quality = state->quality;
    return state->measured;
}

static size_t fitted_complete(const void *pointer, const char *bytes, size_t length, const char **word, size_t most)
{
    const struct state *state = pointer;
    struct word begun;

    word_fold(bytes, length, &begun);
    return begun.bytes ? vocabulary_complete(&state->vocabulary, begun.folded, begun.bytes, word, most) : 0;
}

static void fitted_offer(const void *pointer, struct nearest *nearest)
{
    vocabulary_offer(&((const struct state *)pointer)->vocabulary, nearest);
}

static const char *const files[] = {"vocab.txt", "model.safetensors", NULL};

const struct encoder_kind encoder_fitted = {.type = "fitted",
                                            .files = files,
                                            .open = fitted_open,
                                            .close = fitted_close,
                                            .encode = fitted_encode,
                                            .complete = fitted_complete,
                                            .offer = fitted_offer,
                                            .quality = fitted_quality};
