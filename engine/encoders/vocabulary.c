#include "engine/encoders/vocabulary.h"

#include "engine/base/memory.h"
#include "engine/formats/file.h"
#include <stdlib.h>
#include <string.h>

static const size_t VOCABULARY_BYTES_MAX = (size_t)1 << 30;

/* Eight bytes at a time: a vocabulary is read at every start of the program. */
static uint32_t hash(const char *bytes, size_t length)
{
    static const uint64_t factor = 0x9e3779b97f4a7c15;
    uint64_t value = length, word;

    for (; length >= sizeof word; bytes += sizeof word, length -= sizeof word) {
        memcpy(&word, bytes, sizeof word);
        value = (value ^ word) * factor;
        value ^= value >> 32;
    }
    word = 0;
    for (size_t i = 0; i < length; i++)
        word = word << 8 | (unsigned char)bytes[i];
    value = (value ^ word) * factor;
    return (uint32_t)(value >> 32);
}

/* Returns the slot of a token, or the free one where it belongs. */
static struct vocabulary_slot *find_slot(const struct vocabulary *vocabulary, uint32_t hash, const char *bytes,
                                         size_t length)
{
    for (size_t at = hash;; at++) {
        struct vocabulary_slot *slot = &vocabulary->slot[at & (vocabulary->slots - 1)];
        if (!slot->token)
            return slot;
        const char *token = vocabulary->text + vocabulary->token[slot->token - 1];
        if (slot->hash == hash && strncmp(token, bytes, length) == 0 && !token[length])
            return slot;
    }
}

size_t vocabulary_find(const struct vocabulary *vocabulary, const char *bytes, size_t length)
{
    return (size_t)find_slot(vocabulary, hash(bytes, length), bytes, length)->token - 1;
}

size_t vocabulary_complete(const struct vocabulary *vocabulary, const char *bytes, size_t length, const char **token,
                           size_t most)
{
    size_t count = 0;

    for (size_t i = 0; i < vocabulary->count && count < most; i++) {
        const char *candidate = vocabulary->text + vocabulary->token[i];
        if (candidate[0] == bytes[0] && strncmp(candidate, bytes, length) == 0 && candidate[length])
            token[count++] = candidate;
    }
    return count;
}

void vocabulary_offer(const struct vocabulary *vocabulary, struct nearest *nearest)
{
    for (size_t i = 0; i < vocabulary->count; i++)
        nearest_offer(nearest, vocabulary->text + vocabulary->token[i]);
}

static size_t count_lines(const char *text, size_t size)
{
    size_t lines = size && text[size - 1] != '\n';

    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n';
    return lines;
}

int vocabulary_read(struct vocabulary *vocabulary, const char *path, struct error *error)
{
    size_t size;

    vocabulary->text = file_read_regular(path, VOCABULARY_BYTES_MAX, &size, error);
    if (!vocabulary->text)
        return -1;
    if (memchr(vocabulary->text, 0, size))
        return error_set(error, ERROR_INPUT, "%s: holds a zero byte; it is not a text file", path);
    size_t lines = count_lines(vocabulary->text, size);
    if (!lines)
        return error_set(error, ERROR_INPUT, "%s: is empty; one token a line is needed", path);
    for (vocabulary->slots = 16; vocabulary->slots < lines + lines / 2;)
        vocabulary->slots *= 2;
    vocabulary->token = memory_array(lines, sizeof *vocabulary->token);
    vocabulary->slot = memory_array(vocabulary->slots, sizeof *vocabulary->slot);
    if (!vocabulary->token || !vocabulary->slot)
        return error_memory(error);
    char *line = vocabulary->text, *end = line + size;
    for (size_t i = 0; i < lines; i++) {
        char *last = memchr(line, '\n', (size_t)(end - line)), *next = last ? last + 1 : end;
        size_t length = (size_t)((last ? last : end) - line);
        if (length && line[length - 1] == '\r')
            length--;
        line[length] = 0;
        uint32_t hashed = hash(line, length);
        struct vocabulary_slot *slot = find_slot(vocabulary, hashed, line, length);
        if (!length || slot->token)
            return error_set(error, ERROR_INPUT, "%s:%zu: %s", path, i + 1,
                             length ? "the token occurs for the second time" : "the token is empty");
        vocabulary->token[i] = (uint32_t)(line - vocabulary->text);
        *slot = (struct vocabulary_slot){hashed, (uint32_t)(i + 1)};
        line = next;
    }
    vocabulary->count = lines;
    return 0;
}

void vocabulary_close(struct vocabulary *vocabulary)
{
    free(vocabulary->text);
    free(vocabulary->token);
    free(vocabulary->slot);
    *vocabulary = (struct vocabulary){0};
}
