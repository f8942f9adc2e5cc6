#include "engine/formats/terminal_stream.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 4096, CHARACTER = 4 };

struct terminal_stream {
    int descriptor;
    char kept[CHARACTER]; /* the beginning of a character, or a carriage return, whose rest is still to come */
    size_t count;
};

static int write_all(int descriptor, const char *bytes, size_t size)
{
    while (size) {
        ssize_t n = write(descriptor, bytes, size);
        if (n < 0 && errno != EINTR)
            return -1;
        bytes += n > 0 ? n : 0;
        size -= n > 0 ? (size_t)n : 0;
    }
    return 0;
}

static size_t length_of(unsigned char first)
{
    return first >= 0xf0 && first < 0xf8   ? 4
           : first >= 0xe0 && first < 0xf0 ? 3
           : first >= 0xc0 && first < 0xe0 ? 2
                                           : 1;
}

/* How many bytes at the end begin something that may go on: a character, or the end of a line. */
static size_t unfinished(const char *text, size_t size)
{
    if (size && text[size - 1] == '\r')
        return 1;
    for (size_t back = 1; back < CHARACTER && back <= size; back++) {
        unsigned char byte = (unsigned char)text[size - back];
        if ((byte & 0xc0) != 0x80)
            return length_of(byte) > back ? back : 0;
    }
    return 0;
}

/* Writes text without NUL, cleaned but for tabs and the ends of lines. */
static int put_clean(int descriptor, const char *text)
{
    char clean[3 * (PIECE + CHARACTER) + 1];

    while (*text) {
        char line[PIECE + CHARACTER + 1];
        size_t length = strcspn(text, "\t\n"), end = length && text[length] == '\n' && text[length - 1] == '\r';
        memcpy(line, text, length - end);
        line[length - end] = 0;
        text_clean(clean, sizeof clean, line);
        if (write_all(descriptor, clean, strlen(clean)))
            return -1;
        text += length - end;
        size_t kept = end + (text[end] != 0);
        if (write_all(descriptor, text, kept))
            return -1;
        text += kept;
    }
    return 0;
}

static ssize_t put(void *cookie, const char *bytes, size_t size)
{
    struct terminal_stream *stream = cookie;
    size_t done = 0;

    while (done < size) {
        char text[PIECE + CHARACTER + 1];
        size_t count = stream->count, take = size - done < PIECE ? size - done : PIECE;
        memcpy(text, stream->kept, count);
        for (size_t i = 0; i < take; i++) {
            char byte = bytes[done + i];
            text[count++] = byte ? byte : ' ';
        }
        done += take;
        stream->count = unfinished(text, count);
        count -= stream->count;
        memcpy(stream->kept, text + count, stream->count);
        text[count] = 0;
        if (put_clean(stream->descriptor, text))
            return 0;
    }
    return (ssize_t)size;
}

static int end(void *cookie)
{
    struct terminal_stream *stream = cookie;
    char rest[CHARACTER + 1] = "";

    memcpy(rest, stream->kept, stream->count);
    int failed = put_clean(stream->descriptor, rest);
    if (close(stream->descriptor))
        failed = -1;
    free(stream);
    return failed;
}

FILE *terminal_stream_open(int descriptor)
{
    struct terminal_stream *stream = memory_array(1, sizeof *stream);
    FILE *file = NULL;

    if (stream) {
        stream->descriptor = descriptor;
        file = fopencookie(stream, "w", (cookie_io_functions_t){.write = put, .close = end});
    }
    if (!file) {
        free(stream);
        errno = ENOMEM;
        return NULL;
    }
    setvbuf(file, NULL, _IOLBF, 0);
    return file;
}
