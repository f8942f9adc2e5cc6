#include "engine/fit_encoder/caption_features.h"

#include "engine/base/memory.h"
#include "engine/encoders/fitted.h"
#include "engine/encoders/words.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const size_t TABLE_BYTES = (size_t)128 << 20;
enum { TABLE_LEAST = 1 << 10 };

struct features_room { /* capacities of the arrays, and the hash table of words */
    size_t captions, words, types, names, grams;
    size_t names_used, slots;
    uint32_t *slot; /* (slots) 1 + type, 0 where free */
};

static uint64_t hash(const char *bytes, size_t length, uint64_t value)
{
    for (size_t i = 0; i < length; i++)
        value = (value ^ (unsigned char)bytes[i]) * 0x100000001b3;
    return value;
}

static const uint64_t HASH_START = 0xcbf29ce484222325;

/* Makes room for `wanted` elements in a growing array. */
static int reserve(void *array, size_t *room, size_t wanted, size_t size)
{
    void **block = array;
    size_t more = *room < 64 ? 64 : *room;

    if (wanted <= *room)
        return 0;
    while (more < wanted)
        more *= 2;
    void *grown = memory_grow(*block, more, size);
    if (!grown)
        return -1;
    *block = grown;
    *room = more;
    return 0;
}

static size_t find_slot(const struct features *features, const char *word, size_t length)
{
    const struct features_room *room = features->room;
    uint64_t code = hash(word, length, HASH_START);
    size_t slot = (code ^ code >> 32) & (room->slots - 1);

    while (room->slot[slot] && strcmp(features->names + features->name[room->slot[slot] - 1], word) != 0)
        slot = (slot + 1) & (room->slots - 1);
    return slot;
}

static int grow_slots(struct features *features)
{
    struct features_room *room = features->room;
    size_t slots = room->slots ? 2 * room->slots : 1024;
    uint32_t *slot = memory_array(slots, sizeof *slot);

    if (!slot)
        return -1;
    free(room->slot);
    room->slot = slot;
    room->slots = slots;
    for (size_t type = 0; type < features->types; type++) {
        const char *name = features->names + features->name[type];
        slot[find_slot(features, name, strlen(name))] = (uint32_t)type + 1;
    }
    return 0;
}

static int add_type(struct features *features, const struct word *word)
{
    struct features_room *room = features->room;
    size_t type = features->types, wanted = type + 2, had = room->types, have = room->types;

    /* three arrays grow together */
    if (reserve(&features->name, &have, wanted, sizeof *features->name) ||
        (have = had, reserve(&features->pair, &have, wanted, sizeof *features->pair)) ||
        (have = had, reserve(&features->gram_start, &have, wanted, sizeof *features->gram_start)) ||
        reserve(&features->names, &room->names, room->names_used + word->bytes + 1, 1))
        return -1;
    room->types = have;
    if (type == 0)
        features->gram_start[0] = 0;
    size_t grams = features->gram_start[type];
    if (reserve(&features->gram, &room->grams, grams + WORD_GRAMS, sizeof *features->gram))
        return -1;
    features->gram_start[type + 1] = grams + words_grams(word->folded, word->bytes, FEATURES_LEAST, FEATURES_MOST,
                                                         FITTED_TABLE_MOST, features->gram + grams);
    features->name[type] = room->names_used;
    features->pair[type] = word->pair;
    memcpy(features->names + room->names_used, word->folded, word->bytes + 1);
    room->names_used += word->bytes + 1;
    features->types++;
    return 0;
}

/* Returns the type of a word, adding it if new; UINT32_MAX when out of memory. */
static uint32_t type_of(struct features *features, const struct word *word)
{
    struct features_room *room = features->room;

    if (2 * (features->types + 1) > room->slots && grow_slots(features))
        return UINT32_MAX;
    size_t slot = find_slot(features, word->folded, word->bytes);
    if (!room->slot[slot]) {
        if (add_type(features, word))
            return UINT32_MAX;
        room->slot[slot] = (uint32_t)features->types;
    }
    return room->slot[slot] - 1;
}

int features_add(struct features *features, const char *caption, struct error *error)
{
    struct words words = words_of(caption);
    struct word word;
    uint64_t digest = HASH_START;

    if (!features->room && !(features->room = memory_array(1, sizeof *features->room)))
        return error_memory(error);
    struct features_room *room = features->room;
    size_t had = room->captions, have = had;
    if (reserve(&features->text_start, &have, features->captions + 2, sizeof *features->text_start) ||
        (have = had, reserve(&features->digest, &have, features->captions + 2, sizeof *features->digest)))
        return error_memory(error);
    room->captions = have;
    if (features->captions == 0)
        features->text_start[0] = 0;
    size_t used = features->text_start[features->captions];
    while (words_next(&words, &word)) {
        uint32_t type = type_of(features, &word);
        if (type == UINT32_MAX || reserve(&features->text_type, &room->words, used + 1, sizeof *features->text_type))
            return error_memory(error);
        features->text_type[used++] = type;
        digest = hash(word.folded, word.bytes + 1, digest);
    }
    features->digest[features->captions] = digest;
    features->text_start[++features->captions] = used;
    return 0;
}

/* Hashes the n-grams to fewer places until their vectors fit, and numbers those that occur. */
static int number_grams(struct features *features, size_t dimension)
{
    size_t total = features->types ? features->gram_start[features->types] : 0;
    size_t most = TABLE_BYTES / (2 * dimension);
    uint32_t *number = memory_array(FITTED_TABLE_MOST, sizeof *number);
    int failed = number ? 0 : -1;

    features->table = 2 * (size_t)FITTED_TABLE_MOST;
    do {
        features->table /= 2;
        features->grams = 0;
        for (size_t i = 0; !failed && i < total; i++) {
            uint32_t slot = features->gram[i] & (uint32_t)(features->table - 1);
            features->grams += !number[slot];
            number[slot] = 1;
        }
        if (features->grams > most && features->table > TABLE_LEAST && !failed)
            memset(number, 0, FITTED_TABLE_MOST * sizeof *number);
        else
            break;
    } while (true);
    features->slot = memory_array(features->grams, sizeof *features->slot);
    features->shared_of = memory_array(features->grams, sizeof *features->shared_of);
    features->owner = memory_array(features->grams, sizeof *features->owner);
    if (!features->slot || !features->shared_of || !features->owner)
        failed = -1;
    uint32_t next = 0;
    for (size_t slot = 0; !failed && slot < features->table; slot++)
        if (number[slot]) {
            features->slot[next] = (uint32_t)slot;
            number[slot] = next++;
        }
    for (size_t i = 0; !failed && i < total; i++)
        features->gram[i] = number[features->gram[i] & (uint32_t)(features->table - 1)];
    free(number);
    return failed;
}

/* Finds the n-grams that occur in more than one type. */
static void find_shared(struct features *features)
{
    for (size_t gram = 0; gram < features->grams; gram++)
        features->owner[gram] = features->shared_of[gram] = UINT32_MAX;
    for (uint32_t type = 0; type < features->types; type++)
        for (size_t at = features->gram_start[type]; at < features->gram_start[type + 1]; at++) {
            uint32_t gram = features->gram[at];
            if (features->owner[gram] == UINT32_MAX)
                features->owner[gram] = type;
            else if (features->owner[gram] != type)
                features->shared_of[gram] = 0;
        }
    for (size_t gram = 0; gram < features->grams; gram++)
        if (features->shared_of[gram] == 0)
            features->shared_of[gram] = (uint32_t)features->shared++;
}

/* Transposes lists: of lists [0, lists) of numbers below `values`, the lists that contain each number. */
static int transpose(const size_t *start, const uint32_t *item, size_t lists, size_t values, size_t **out_start,
                     uint32_t **out_list)
{
    size_t items = lists ? start[lists] : 0;
    size_t *from = memory_array(values + 2, sizeof *from);
    uint32_t *list = memory_array(items, sizeof *list);

    *out_start = from;
    *out_list = list;
    if (!from || !list)
        return -1;
    for (size_t i = 0; i < items; i++)
        from[item[i] + 2]++;
    for (size_t value = 2; value <= values + 1; value++)
        from[value] += from[value - 1];
    for (size_t i = 0; i < lists; i++)
        for (size_t at = start[i]; at < start[i + 1]; at++)
            list[from[item[at] + 1]++] = (uint32_t)i;
    return 0;
}

int features_finish(struct features *features, size_t dimension, struct error *error)
{
    if (number_grams(features, dimension) || transpose(features->text_start, features->text_type, features->captions,
                                                       features->types, &features->type_start, &features->type_text))
        return error_memory(error);
    find_shared(features);
    return 0;
}

void features_close(struct features *features)
{
    if (features->room)
        free(features->room->slot);
    free(features->room);
    free(features->text_start);
    free(features->text_type);
    free(features->type_start);
    free(features->type_text);
    free(features->gram_start);
    free(features->gram);
    free(features->slot);
    free(features->shared_of);
    free(features->owner);
    free(features->name);
    free(features->names);
    free(features->pair);
    free(features->digest);
    *features = (struct features){0};
}

/* The number of training captions that contain a type. */
static size_t count_captions(const struct features *features, size_t type, const bool *learn)
{
    size_t count = 0;

    for (size_t at = features->type_start[type]; at < features->type_start[type + 1]; at++) {
        uint32_t text = features->type_text[at];
        bool again = at > features->type_start[type] && features->type_text[at - 1] == text;
        count += learn[text] && !again;
    }
    return count;
}

/* Determines the vocabulary and idf.  `seen` (grams, zeroed) receives which n-grams are learnt. */
static void weigh_types(struct feature_weights *weights, const struct features *features, const bool *learn, bool *seen)
{
    size_t texts = 0;

    for (size_t i = 0; i < features->captions; i++)
        texts += learn[i];
    weights->unknown_idf = log((double)(texts + 1) / 2) + 1;
    for (size_t type = 0; type < features->types; type++) {
        size_t count = count_captions(features, type, learn);
        bool known = count >= FEATURES_COUNT;
        if (known) {
            weights->idf[type] = (float)(log((double)(texts + 1) / (double)(count + 1)) + 1);
            weights->word[weights->words++] = (uint32_t)type;
        }
        if (known || (count && !features->pair[type]))
            for (size_t at = features->gram_start[type]; at < features->gram_start[type + 1]; at++)
                seen[features->gram[at]] = true;
    }
    for (size_t type = 0; type < features->types; type++) {
        size_t grams = features->gram_start[type + 1] - features->gram_start[type], known = 0;
        for (size_t at = features->gram_start[type]; at < features->gram_start[type + 1]; at++)
            known += seen[features->gram[at]];
        weights->gram_weight[type] = grams ? (float)(FEATURES_GRAM_WEIGHT / sqrt((double)grams)) : 0;
        weights->own_weight[type] = weights->idf[type] > 0 ? 1 : 0;
        if (!(weights->idf[type] > 0) && !features->pair[type] && fitted_guesses(known, grams))
            weights->idf[type] = (float)weights->unknown_idf;
    }
}

static void scale_captions(struct feature_weights *weights, const struct features *features)
{
    for (size_t i = 0; i < features->captions; i++) {
        double squares = 0;
        for (size_t at = features->text_start[i]; at < features->text_start[i + 1]; at++) {
            double idf = (double)weights->idf[features->text_type[at]];
            squares += idf * idf;
        }
        weights->scale[i] = squares > 0 ? (float)(1 / sqrt(squares)) : 0;
    }
}

static size_t count_of(const uint32_t *values, size_t count, uint32_t value)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++)
        found += values[i] == value;
    return found;
}

/* Private features: the word's own, and the n-grams that no other type has. */
static void make_private(struct feature_weights *weights, const struct features *features)
{
    for (uint32_t type = 0; type < features->types; type++) {
        const uint32_t *gram = features->gram + features->gram_start[type];
        size_t grams = features->gram_start[type + 1] - features->gram_start[type];
        double squares = (double)weights->own_weight[type], gram_weight = weights->gram_weight[type];
        weights->own[type] = UINT32_MAX;
        /* an n-gram repeated n times weighs n times as much: n^2, or n for each occurrence */
        for (size_t i = 0; i < grams; i++)
            if (features->shared_of[gram[i]] == UINT32_MAX)
                squares += gram_weight * gram_weight * (double)count_of(gram, grams, gram[i]);
        weights->own_weight[type] = (float)sqrt(squares);
        if (squares > 0 && weights->idf[type] > 0)
            weights->own[type] = (uint32_t)weights->private ++;
    }
}

/* Features of every type that counts, and types of every feature. */
static int make_rows(struct feature_weights *weights, const struct features *features)
{
    size_t types = features->types, used = 0, all = 0;
    size_t *start = memory_array(types + 1, sizeof *start);
    uint32_t *item = memory_array(types + features->gram_start[types], sizeof *item);

    weights->count = weights->private + features->shared;
    weights->shared_start = memory_array(types + 1, sizeof *weights->shared_start);
    weights->shared = memory_array(features->gram_start[types], sizeof *weights->shared);
    int failed = !start || !item || !weights->shared_start || !weights->shared;
    for (size_t type = 0; !failed && type < types; type++) {
        if (weights->own[type] != UINT32_MAX)
            item[all++] = weights->own[type];
        for (size_t at = features->gram_start[type]; at < features->gram_start[type + 1]; at++) {
            uint32_t shared = features->shared_of[features->gram[at]];
            if (weights->idf[type] > 0 && shared != UINT32_MAX)
                item[all++] = weights->shared[used++] = (uint32_t)weights->private + shared;
        }
        start[type + 1] = all;
        weights->shared_start[type + 1] = used;
    }
    if (!failed)
        failed = transpose(start, item, types, weights->count, &weights->row_start, &weights->row_type);
    free(start);
    free(item);
    return failed;
}

int feature_weights_make(struct feature_weights *weights, const struct features *features, const bool *learn,
                         struct error *error)
{
    size_t types = features->types;
    bool *seen = memory_array(features->grams, sizeof *seen);

    *weights = (struct feature_weights){
        .word = memory_array(types, sizeof *weights->word),
        .own = memory_array(types, sizeof *weights->own),
        .own_weight = memory_array(types, sizeof *weights->own_weight),
        .gram_weight = memory_array(types, sizeof *weights->gram_weight),
        .idf = memory_array(types, sizeof *weights->idf),
        .scale = memory_array(features->captions, sizeof *weights->scale),
    };
    int failed = !seen || !weights->word || !weights->own || !weights->own_weight || !weights->gram_weight ||
                 !weights->idf || !weights->scale;
    if (!failed) {
        weigh_types(weights, features, learn, seen);
        scale_captions(weights, features);
        make_private(weights, features);
        failed = make_rows(weights, features);
    }
    free(seen);
    if (failed)
        feature_weights_close(weights);
    return failed ? error_memory(error) : 0;
}

void feature_weights_close(struct feature_weights *weights)
{
    free(weights->word);
    free(weights->own);
    free(weights->own_weight);
    free(weights->gram_weight);
    free(weights->idf);
    free(weights->scale);
    free(weights->shared_start);
    free(weights->shared);
    free(weights->row_start);
    free(weights->row_type);
    *weights = (struct feature_weights){0};
}
