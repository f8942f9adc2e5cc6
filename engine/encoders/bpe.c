#include "engine/encoders/bpe.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/encoders/bpe_clean.h"
#include "engine/formats/file.h"

#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>

enum {
    BYTES_MAX = 1 << 26, /* of each file */
    TOKENS_MAX = 1 << 22,
    MERGES_MAX = 49152 - 256 - 2, /* as published: longer files are cut there */
    PIECE_BYTES = 4096            /* a longer run of letters or signs is split: merging is quadratic in its length */
};

static const uint32_t NONE = UINT32_MAX;
static const char BEGIN[] = "<|startoftext|>", END[] = "<|endoftext|>", LAST[] = "</w>";

struct merge {
    uint32_t left, right; /* tokens; free where both are 0 and `rank` is NONE */
    uint32_t rank, token; /* priority of the pair, and the token it becomes */
};

struct bpe {
    uint32_t byte[2][256]; /* tokens of single bytes, inside a word and at its end */
    uint32_t begin, end;
    struct merge *merge; /* (slots) open hash table */
    size_t slots, size;
};

/* Writes the character that represents a byte in both files: printable bytes represent themselves, the others follow
 * U+00FF in order; returns its length. */
static size_t spell_byte(unsigned byte, char *out)
{
    uint32_t character = byte;

    if (!((byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae)) {
        character = 256;
        for (unsigned before = 0; before < byte; before++)
            character += !((before >= 0x21 && before <= 0x7e) || (before >= 0xa1 && before <= 0xac) || before >= 0xae);
    }
    return (size_t)u8_uctomb((uint8_t *)out, character, 4);
}

/* Returns the number of a token, or NONE. */
static uint32_t number_of(const json_t *vocabulary, const char *token, size_t length)
{
    const json_t *number = json_object_getn(vocabulary, token, length);

    return number ? (uint32_t)json_integer_value(number) : NONE;
}

static json_t *read_vocabulary(struct bpe *bpe, const char *path, struct error *error)
{
    json_error_t failure;
    const char *token;
    json_t *number;
    size_t size;
    char *text = file_read_regular(path, BYTES_MAX, &size, error);

    if (!text)
        return NULL;
    json_t *vocabulary = json_loadb(text, size, JSON_REJECT_DUPLICATES, &failure);
    free(text);
    if (!json_is_object(vocabulary)) {
        error_set(error, ERROR_INPUT, "%s: %s", path,
                  vocabulary ? "is not a JSON object from token to number" : failure.text);
        goto fail;
    }
    json_object_foreach (vocabulary, token, number) {
        json_int_t value = json_integer_value(number);
        if (!json_is_integer(number) || value < 0 || value >= TOKENS_MAX) {
            error_set(error, ERROR_INPUT, "%s: the number of the token \"%.40s\" is not one of 0 to %d", path, token,
                      TOKENS_MAX - 1);
            goto fail;
        }
        if ((size_t)value >= bpe->size)
            bpe->size = (size_t)value + 1;
    }
    return vocabulary;
fail:
    json_decref(vocabulary);
    return NULL;
}

static int find_bytes(struct bpe *bpe, const json_t *vocabulary, const char *path, struct error *error)
{
    char token[16];

    for (unsigned byte = 0; byte < 256; byte++) {
        size_t length = spell_byte(byte, token);
        memcpy(token + length, LAST, sizeof LAST);
        bpe->byte[0][byte] = number_of(vocabulary, token, length);
        bpe->byte[1][byte] = number_of(vocabulary, token, length + strlen(LAST));
        if (bpe->byte[0][byte] == NONE || bpe->byte[1][byte] == NONE) {
            token[bpe->byte[0][byte] == NONE ? length : length + strlen(LAST)] = 0;
            return error_set(error, ERROR_INPUT, "%s: has no token \"%s\" for the byte %u", path, token, byte);
        }
    }
    bpe->begin = number_of(vocabulary, BEGIN, strlen(BEGIN));
    bpe->end = number_of(vocabulary, END, strlen(END));
    if (bpe->begin == NONE || bpe->end == NONE)
        return error_set(error, ERROR_INPUT, "%s: has no token \"%s\"", path, bpe->begin == NONE ? BEGIN : END);
    return 0;
}

/* Returns the pair's slot, or the free slot where it belongs. */
static struct merge *find_merge(const struct bpe *bpe, uint32_t left, uint32_t right)
{
    uint64_t hash = ((uint64_t)left << 32 | right) * 0x9fb21c651e98df25u;
    size_t slot = (hash ^ hash >> 32) & (bpe->slots - 1);

    while (bpe->merge[slot].rank != NONE && (bpe->merge[slot].left != left || bpe->merge[slot].right != right))
        slot = (slot + 1) & (bpe->slots - 1);
    return &bpe->merge[slot];
}

/* One line, "LEFT RIGHT"; its end is at line[length]. */
static int add_merge(struct bpe *bpe, const json_t *vocabulary, char *line, size_t length, uint32_t rank)
{
    char *gap = memchr(line, ' ', length);
    size_t left = gap ? (size_t)(gap - line) : 0, right = length - left - 1;

    if (!left || !right || memchr(gap + 1, ' ', right))
        return -1;
    uint32_t a = number_of(vocabulary, line, left), b = number_of(vocabulary, gap + 1, right);
    memmove(gap, gap + 1, right); /* joined in place */
    uint32_t token = number_of(vocabulary, line, length - 1);
    if (a == NONE || b == NONE || token == NONE)
        return -1;
    struct merge *merge = find_merge(bpe, a, b);
    if (merge->rank == NONE)
        *merge = (struct merge){a, b, rank, token};
    return 0;
}

static int read_merges(struct bpe *bpe, const json_t *vocabulary, const char *path, struct error *error)
{
    static const char VERSION[] = "#version";
    size_t size, lines = 1;
    char *text = file_read_regular(path, BYTES_MAX, &size, error);
    int failed = 0;

    if (!text)
        return -1;
    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n';
    lines = lines < MERGES_MAX ? lines : MERGES_MAX;
    for (bpe->slots = 16; bpe->slots < 2 * lines;)
        bpe->slots *= 2;
    bpe->merge = memory_array(bpe->slots, sizeof *bpe->merge);
    if (!bpe->merge)
        failed = error_memory(error);
    for (size_t i = 0; !failed && i < bpe->slots; i++)
        bpe->merge[i].rank = NONE;
    uint32_t rank = 0;
    size_t number = 1, length;
    for (char *line = text; !failed && line < text + size && rank < lines; line += length + 1, number++) {
        length = (size_t)(strchrnul(line, '\n') - line);
        size_t used = length && line[length - 1] == '\r' ? length - 1 : length;
        if (!used || (number == 1 && strncmp(line, VERSION, strlen(VERSION)) == 0))
            continue;
        if (add_merge(bpe, vocabulary, line, used, rank++))
            failed = error_set(error, ERROR_INPUT, "%s:%zu: is not two tokens of vocab.json that make up a third", path,
                               number);
    }
    free(text);
    return failed;
}

struct bpe *bpe_open(const char *dir, struct error *error)
{
    char path[PATH_MAX];
    json_t *vocabulary = NULL;
    struct bpe *bpe = memory_array(1, sizeof *bpe);

    if (!bpe) {
        error_memory(error);
        return NULL;
    }
    if (file_join(path, sizeof path, dir, "vocab.json", error) || !(vocabulary = read_vocabulary(bpe, path, error)) ||
        find_bytes(bpe, vocabulary, path, error) || file_join(path, sizeof path, dir, "merges.txt", error) ||
        read_merges(bpe, vocabulary, path, error)) {
        bpe_close(bpe);
        bpe = NULL;
    }
    json_decref(vocabulary);
    return bpe;
}

void bpe_close(struct bpe *bpe)
{
    if (!bpe)
        return;
    free(bpe->merge);
    free(bpe);
}

size_t bpe_size(const struct bpe *bpe)
{
    return bpe->size;
}

uint32_t bpe_end(const struct bpe *bpe)
{
    return bpe->end;
}

enum sort { SPACE, LETTER, NUMBER, SIGN };

static enum sort sort_of(ucs4_t character)
{
    return uc_is_property_white_space(character)              ? SPACE
           : uc_is_general_category(character, UC_CATEGORY_L) ? LETTER
           : uc_is_general_category(character, UC_CATEGORY_N) ? NUMBER
                                                              : SIGN;
}

/* Length of the piece at the start of the text: a mark, an ending such as 's, a run of letters, one
 * digit, a run of signs. */
static size_t piece_length(const uint8_t *text, size_t length, enum sort *sort)
{
    static const char *const whole[] = {BEGIN, END,  "'s",  "'t", "'re",
                                        "'ve", "'m", "'ll", "'d", "'\xc5\xbf" /* long s */};
    ucs4_t character;
    size_t used = (size_t)u8_mbtouc(&character, text, length);

    *sort = sort_of(character);
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (strlen(whole[i]) <= length && memcmp(text, whole[i], strlen(whole[i])) == 0)
            return strlen(whole[i]);
    while (*sort != NUMBER && used < length && used < PIECE_BYTES) {
        int next = u8_mbtouc(&character, text + used, length - used);
        if (sort_of(character) != *sort)
            break;
        used += (size_t)next;
    }
    return used;
}

/* Merges neighbours, the earliest pair of the list first, until no pair is in the list; returns how many tokens
 * remain. */
static size_t merge_piece(const struct bpe *bpe, uint32_t *token, size_t count)
{
    for (;;) {
        struct merge best = {.rank = NONE};
        for (size_t i = 0; i + 1 < count; i++) {
            const struct merge *merge = find_merge(bpe, token[i], token[i + 1]);
            if (merge->rank < best.rank)
                best = *merge;
        }
        if (best.rank == NONE)
            return count;
        size_t used = 0;
        for (size_t i = 0; i < count; used++) {
            bool pair = i + 1 < count && token[i] == best.left && token[i + 1] == best.right;
            token[used] = pair ? best.token : token[i];
            i += pair ? 2 : 1;
        }
        count = used;
    }
}

struct tokens { /* output in progress */
    uint32_t *token;
    size_t count, most;
    bool cut; /* something did not fit */
};

static void add_piece(const struct bpe *bpe, const uint8_t *piece, size_t length, struct tokens *tokens)
{
    uint32_t token[PIECE_BYTES + 4];
    size_t count = 1;

    if (length == strlen(BEGIN) && memcmp(piece, BEGIN, length) == 0)
        token[0] = bpe->begin;
    else if (length == strlen(END) && memcmp(piece, END, length) == 0)
        token[0] = bpe->end;
    else {
        for (size_t i = 0; i < length; i++)
            token[i] = bpe->byte[i + 1 == length][piece[i]];
        count = merge_piece(bpe, token, length);
    }
    for (size_t i = 0; i < count; i++) {
        if (tokens->count == tokens->most) {
            tokens->cut = true;
            return;
        }
        tokens->token[tokens->count++] = token[i];
    }
}

static int add_word(const struct bpe *bpe, const char *word, size_t length, bool decode, struct tokens *tokens)
{
    size_t cleaned = 0;
    enum sort sort;
    uint8_t *text = bpe_clean(word, length, decode, &cleaned);

    if (!text)
        return -1;
    for (size_t at = 0, piece; at < cleaned && !tokens->cut; at += piece) {
        piece = piece_length(text + at, cleaned - at, &sort);
        if (sort != SPACE)
            add_piece(bpe, text + at, piece, tokens);
    }
    free(text);
    return 0;
}

/* Bytes of the white space, or of the other characters, at `text`. */
static size_t run(const char *text, bool space)
{
    const char *end = text, *next = text;

    while (*next && bpe_clean_splits(text_next(&next)) == space)
        end = next;
    return (size_t)(end - text);
}

/* Where references are no longer decoded before the quotes are straightened: from the first line with a '<' on, as ftfy
 * does, since it may be HTML. */
static size_t plain_length(const char *text)
{
    size_t length = strcspn(text, "<");

    while (text[length] && length && text[length - 1] != '\n')
        length--;
    return length;
}

size_t bpe_encode(const struct bpe *bpe, const char *text, uint32_t *token, size_t most, struct encoding *encoding)
{
    struct tokens tokens = {.token = token, .most = most - 1};

    size_t plain = plain_length(text);
    token[tokens.count++] = bpe->begin;
    for (size_t at = run(text, true); text[at]; at += run(text + at, true)) {
        size_t length = run(text + at, false);
        if (!tokens.cut && add_word(bpe, text + at, length, at < plain, &tokens))
            return SIZE_MAX;
        if (encoding->words < ENCODING_WORDS) {
            encoding->word[encoding->words++] =
                (struct encoding_word){.start = at, .length = length, .known = !tokens.cut};
            encoding->known += !tokens.cut;
        }
        at += length;
    }
    token[tokens.count++] = bpe->end;
    encoding->cut = tokens.cut;
    return tokens.count;
}
