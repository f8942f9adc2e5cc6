#include "engine/formats/parquet_values.h"

#include "engine/base/memory.h"

#include <stdlib.h>
#include <string.h>

static size_t left(const struct span *span)
{
    return (size_t)(span->end - span->at);
}

static bool varint(struct span *span, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; shift < 64 && span->at < span->end; shift += 7) {
        unsigned byte = *span->at++;
        *value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return true;
    }
    return false;
}

/* Bits [first, first + width) of little-endian bytes; width is at most 64. */
static uint64_t bits(const unsigned char *bytes, size_t first, unsigned width)
{
    uint64_t value = 0;

    for (unsigned done = 0; done < width;) {
        size_t at = first + done;
        unsigned shift = at % 8, take = 8 - shift < width - done ? 8 - shift : width - done;
        value |= (uint64_t)(bytes[at / 8] >> shift & ((1u << take) - 1)) << done;
        done += take;
    }
    return value;
}

/* Begins the next run or groups. */
static bool next_run(struct parquet_runs *runs)
{
    struct span *span = &runs->span;
    unsigned width = runs->width;
    uint64_t header;

    if (width > 32 || !varint(span, &header))
        return false;
    uint64_t run = header >> 1;
    if (header & 1) {
        if (run > left(span) / (width ? width : 1) + 1 || run * width > left(span))
            return false;
        *runs = (struct parquet_runs){*span, width, .left = 8 * run, .packed = span->at};
        runs->span.at += run * width;
        return true;
    }
    size_t bytes = (width + 7) / 8;
    if (bytes > left(span) || !run)
        return false;
    *runs = (struct parquet_runs){*span, width, .left = run, .value = (uint32_t)bits(span->at, 0, (unsigned)bytes * 8)};
    runs->span.at += bytes;
    return true;
}

bool parquet_runs(struct parquet_runs *runs, size_t count, uint32_t *out)
{
    for (size_t done = 0; done < count;) {
        if (!runs->left) {
            if (!next_run(runs))
                return false;
            continue;
        }
        size_t take = runs->left < count - done ? (size_t)runs->left : count - done;
        for (size_t i = 0; i < take; i++)
            out[done + i] =
                runs->packed ? (uint32_t)bits(runs->packed, (runs->taken + i) * runs->width, runs->width) : runs->value;
        runs->left -= take;
        runs->taken += take;
        done += take;
    }
    return true;
}

static size_t width_of(const struct parquet_column *column)
{
    switch (column->type) {
    case PARQUET_INT32:
    case PARQUET_FLOAT:
        return 4;
    case PARQUET_INT64:
    case PARQUET_DOUBLE:
        return 8;
    case PARQUET_INT96:
        return 12;
    case PARQUET_FIXED:
        return column->width;
    default:
        return 0;
    }
}

static bool read_fixed(struct span *span, size_t width, size_t count, struct parquet_value *out)
{
    if (count > left(span) / width)
        return false;
    for (size_t i = 0; i < count; i++, span->at += width)
        out[i] = (struct parquet_value){span->at, width};
    return true;
}

static bool read_bytes(struct span *span, size_t count, struct parquet_value *out)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t size;
        if (left(span) < sizeof size)
            return false;
        memcpy(&size, span->at, sizeof size);
        span->at += sizeof size;
        if (size > left(span))
            return false;
        out[i] = (struct parquet_value){span->at, size};
        span->at += size;
    }
    return true;
}

/* Booleans, a bit each, become bytes in the scratch. */
static bool read_bits(struct span *span, size_t count, struct parquet_value *out, unsigned char **scratch)
{
    if (count > 8 * left(span) || !(*scratch = memory_array(count, 1)))
        return false;
    for (size_t i = 0; i < count; i++) {
        (*scratch)[i] = (unsigned char)bits(span->at, i, 1);
        out[i] = (struct parquet_value){*scratch + i, 1};
    }
    span->at += (count + 7) / 8;
    return true;
}

/* Integers as differences, in blocks of miniblocks that are packed with their own widths. */
static bool read_deltas(struct span *span, size_t count, int64_t *out)
{
    uint64_t block, minis, total, first;

    if (!varint(span, &block) || !varint(span, &minis) || !varint(span, &total) || !varint(span, &first) || !minis ||
        minis > 512 || !block || block > 1 << 20 || block % minis || block / minis % 8 || total < count)
        return false;
    size_t each = (size_t)(block / minis), done = 0;
    uint64_t value = first >> 1 ^ -(first & 1);
    if (count)
        out[done++] = (int64_t)value;
    while (done < count) {
        uint64_t least;
        if (!varint(span, &least) || left(span) < minis)
            return false;
        least = least >> 1 ^ -(least & 1);
        const unsigned char *widths = span->at;
        span->at += minis;
        for (size_t mini = 0; mini < minis && done < count; mini++) {
            unsigned width = widths[mini];
            if (width > 64 || each / 8 * width > left(span))
                return false;
            for (size_t i = 0; i < each && done < count; i++) {
                value += least + bits(span->at, i * width, width);
                out[done++] = (int64_t)value;
            }
            span->at += each / 8 * width;
        }
    }
    return true;
}

static bool read_delta_integers(struct span *span, size_t width, size_t count, struct parquet_value *out,
                                unsigned char **scratch)
{
    int64_t *values = memory_array(count, sizeof *values);

    *scratch = (unsigned char *)values;
    if (!values || !read_deltas(span, count, values))
        return false;
    for (size_t i = 0; i < count; i++)
        out[i] = (struct parquet_value){(unsigned char *)(values + i), width}; /* the low bytes come first */
    return true;
}

static bool read_delta_lengths(struct span *span, size_t count, struct parquet_value *out)
{
    int64_t *size = memory_array(count, sizeof *size);
    bool sound = size && read_deltas(span, count, size);

    for (size_t i = 0; sound && i < count; i++) {
        sound = size[i] >= 0 && (uint64_t)size[i] <= left(span);
        out[i] = (struct parquet_value){span->at, sound ? (size_t)size[i] : 0};
        span->at += out[i].size;
    }
    free(size);
    return sound;
}

/* Each value begins like the one before it. */
static bool read_delta_bytes(struct span *span, size_t count, struct parquet_value *out, unsigned char **scratch)
{
    int64_t *same = memory_array(count, sizeof *same);
    size_t total = 0, used = 0;
    bool sound = same && read_deltas(span, count, same) && read_delta_lengths(span, count, out);

    for (size_t i = 0; sound && i < count; i++) {
        size_t before = i ? (size_t)same[i - 1] + out[i - 1].size : 0;
        sound = same[i] >= 0 && (uint64_t)same[i] <= before && total < 1 << 28;
        total += sound ? (size_t)same[i] + out[i].size : 0;
    }
    sound = sound && (*scratch = memory_array(total + 1, 1));
    for (size_t i = 0; sound && i < count; i++) {
        unsigned char *to = *scratch + used;
        if (same[i])
            memcpy(to, out[i - 1].bytes, (size_t)same[i]);
        memcpy(to + same[i], out[i].bytes, out[i].size);
        out[i] = (struct parquet_value){to, (size_t)same[i] + out[i].size};
        used += out[i].size;
    }
    free(same);
    return sound;
}

/* First the first bytes of all values, then the second, .... */
static bool read_split(struct span *span, size_t width, size_t count, struct parquet_value *out,
                       unsigned char **scratch)
{
    if (count > left(span) / width || !(*scratch = memory_array(count * width + 1, 1)))
        return false;
    for (size_t i = 0; i < count; i++) {
        for (size_t byte = 0; byte < width; byte++)
            (*scratch)[i * width + byte] = span->at[byte * count + i];
        out[i] = (struct parquet_value){*scratch + i * width, width};
    }
    span->at += count * width;
    return true;
}

bool parquet_in_runs(int encoding)
{
    return encoding == ENCODING_DICTIONARY || encoding == ENCODING_PLAIN_DICTIONARY || encoding == ENCODING_RLE;
}

bool parquet_encoding_known(const struct parquet_column *column, int encoding)
{
    bool integer = column->type == PARQUET_INT32 || column->type == PARQUET_INT64;

    switch (encoding) {
    case ENCODING_PLAIN:
    case ENCODING_PLAIN_DICTIONARY:
    case ENCODING_DICTIONARY:
        return true;
    case ENCODING_RLE:
        return column->type == PARQUET_BOOLEAN;
    case ENCODING_DELTA:
        return integer;
    case ENCODING_DELTA_LENGTH:
    case ENCODING_DELTA_BYTES:
        return column->type == PARQUET_BYTES;
    case ENCODING_SPLIT:
        return width_of(column) > 0;
    default:
        return false;
    }
}

bool parquet_values(const struct parquet_column *column, int encoding, struct span *span, size_t count,
                    struct parquet_value *out, unsigned char **scratch)
{
    size_t width = width_of(column);

    switch (encoding) {
    case ENCODING_PLAIN:
        return width                             ? read_fixed(span, width, count, out)
               : column->type == PARQUET_BOOLEAN ? read_bits(span, count, out, scratch)
                                                 : read_bytes(span, count, out);
    case ENCODING_DELTA:
        return read_delta_integers(span, width, count, out, scratch);
    case ENCODING_DELTA_LENGTH:
        return read_delta_lengths(span, count, out);
    case ENCODING_DELTA_BYTES:
        return read_delta_bytes(span, count, out, scratch);
    default:
        return read_split(span, width, count, out, scratch);
    }
}
