#include "engine/formats/parquet_pages.h"

#include "engine/base/memory.h"
#include "engine/formats/codec.h"
#include "engine/formats/thrift.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_DATA, PAGE_INDEX, PAGE_DICTIONARY, PAGE_DATA_2 };
enum { PAGE_MOST = 1 << 28, VALUES_MOST = 1 << 26 };

struct page {
    int type, encoding;
    int64_t unpacked, packed, values, defined_size, repeated_size; /* sizes of levels: of PAGE_DATA_2 */
    bool compressed;
};

struct reader { /* of a chunk */
    const struct parquet *parquet;
    const struct parquet_column *column;
    const struct parquet_chunk *chunk;
    unsigned char *dictionary_bytes, *dictionary_scratch; /* behind the dictionary's values */
    struct parquet_value *dictionary;
    size_t dictionary_count;
    int64_t done; /* values handed over */
    parquet_taker *take;
    void *context;
    struct error *error;
};

static int damaged(const struct reader *reader)
{
    return parquet_damaged(reader->parquet->path, reader->error);
}

static void read_data_header(struct thrift *thrift, struct page *page)
{
    int field = 0, type;

    while (thrift_field(thrift, &field, &type))
        if (field == 1)
            page->values = thrift_number(thrift);
        else if (field == 2)
            page->encoding = (int)thrift_number(thrift);
        else
            thrift_skip(thrift, type);
}

static void read_data_2_header(struct thrift *thrift, struct page *page)
{
    int field = 0, type;

    while (thrift_field(thrift, &field, &type))
        if (field == 1)
            page->values = thrift_number(thrift);
        else if (field == 4)
            page->encoding = (int)thrift_number(thrift);
        else if (field == 5)
            page->defined_size = thrift_number(thrift);
        else if (field == 6)
            page->repeated_size = thrift_number(thrift);
        else if (field == 7)
            page->compressed = type == THRIFT_TRUE;
        else
            thrift_skip(thrift, type);
}

static bool read_header(struct thrift *thrift, struct page *page)
{
    int field = 0, type;

    *page = (struct page){.type = -1, .compressed = true};
    while (thrift_field(thrift, &field, &type))
        if (field == 1)
            page->type = (int)thrift_number(thrift);
        else if (field == 2)
            page->unpacked = thrift_number(thrift);
        else if (field == 3)
            page->packed = thrift_number(thrift);
        else if (field == 5 || field == 7)
            read_data_header(thrift, page);
        else if (field == 8)
            read_data_2_header(thrift, page);
        else
            thrift_skip(thrift, type);
    return !thrift->damaged && page->packed >= 0 && page->packed <= thrift->end - thrift->at && page->unpacked >= 0 &&
           page->unpacked <= PAGE_MOST && page->values >= 0 && page->values <= VALUES_MOST;
}

/* The bytes of a page without compression: its own, or *owned.  The first `plain` bytes are never compressed. */
static int unpack(const struct reader *reader, const struct page *page, const unsigned char *bytes, size_t plain,
                  unsigned char **owned, struct span *span)
{
    size_t size = (size_t)page->unpacked, packed = (size_t)page->packed;

    *owned = NULL;
    if (plain > size || plain > packed)
        return damaged(reader);
    if (reader->chunk->codec == CODEC_NONE || !page->compressed) {
        *span = (struct span){bytes, bytes + packed};
        return size == packed ? 0 : damaged(reader);
    }
    unsigned char *out = memory_array(size + 1, 1);
    if (!out)
        return error_memory(reader->error);
    *owned = out;
    *span = (struct span){out, out + size};
    memcpy(out, bytes, plain);
    return (size == plain && packed == plain) ||
                   codec_unpack(reader->chunk->codec, bytes + plain, packed - plain, out + plain, size - plain)
               ? 0
               : damaged(reader);
}

static int read_dictionary(struct reader *reader, const struct page *page, const unsigned char *bytes)
{
    struct span span;
    size_t count = (size_t)page->values;

    if (reader->dictionary || unpack(reader, page, bytes, 0, &reader->dictionary_bytes, &span))
        return reader->dictionary ? damaged(reader) : -1;
    if (count > (size_t)(span.end - span.at) + 1)
        return damaged(reader);
    reader->dictionary = memory_array(count, sizeof *reader->dictionary);
    if (!reader->dictionary)
        return error_memory(reader->error);
    reader->dictionary_count = count;
    return parquet_values(reader->column, ENCODING_PLAIN, &span, count, reader->dictionary, &reader->dictionary_scratch)
               ? 0
               : damaged(reader);
}

static unsigned width_for(unsigned most)
{
    return most ? 32 - (unsigned)__builtin_clz(most) : 0;
}

/* Reads levels of at most `most`: `size` bytes of them, or as many as a number before them says if it is negative. */
static bool read_levels(struct span *span, unsigned most, int64_t size, size_t count, uint32_t *out)
{
    uint32_t length = (uint32_t)size;

    if (!most)
        return size <= 0;
    if (size < 0) {
        if (span->end - span->at < 4)
            return false;
        memcpy(&length, span->at, sizeof length);
        span->at += sizeof length;
    }
    if (length > (size_t)(span->end - span->at))
        return false;
    struct span levels = {span->at, span->at + length};
    span->at += length;
    if (!parquet_runs(&levels, width_for(most), count, out))
        return false;
    for (size_t i = 0; i < count; i++)
        if (out[i] > most)
            return false;
    return true;
}

/* The values of a page that are there, by the dictionary or of their own. */
static int read_page_values(struct reader *reader, int encoding, struct span *span, size_t count,
                            struct parquet_value *out, unsigned char **scratch)
{
    if (encoding != ENCODING_DICTIONARY && encoding != ENCODING_PLAIN_DICTIONARY)
        return parquet_values(reader->column, encoding, span, count, out, scratch) ? 0 : damaged(reader);
    uint32_t *index = memory_array(count, sizeof *index);
    if (!index)
        return error_memory(reader->error);
    bool sound = reader->dictionary && (!count || span->at < span->end);
    unsigned width = sound && count ? *span->at++ : 0;
    sound = sound && width <= 32 && parquet_runs(span, width, count, index);
    for (size_t i = 0; sound && i < count; i++) {
        sound = index[i] < reader->dictionary_count;
        if (sound)
            out[i] = reader->dictionary[index[i]];
    }
    free(index);
    return sound ? 0 : damaged(reader);
}

static int hand_over(struct reader *reader, size_t count, const uint32_t *defined, const uint32_t *repeated,
                     const struct parquet_value *value)
{
    for (size_t i = 0, at = 0; i < count; i++) {
        bool is_null = defined[i] < reader->column->defined;
        if (reader->take(reader->context, is_null ? NULL : &value[at++], defined[i], repeated[i], reader->error))
            return -1;
    }
    reader->done += (int64_t)count;
    return 0;
}

static int read_span(struct reader *reader, const struct page *page, struct span *span)
{
    const struct parquet_column *column = reader->column;
    bool second = page->type == PAGE_DATA_2;
    size_t count = (size_t)page->values, present = 0;
    uint32_t *defined = memory_array(count, sizeof *defined), *repeated = memory_array(count, sizeof *repeated);
    struct parquet_value *value = NULL;
    unsigned char *scratch = NULL;
    int failed = defined && repeated ? 0 : error_memory(reader->error);

    if (!failed && (!read_levels(span, column->repeated, second ? page->repeated_size : -1, count, repeated) ||
                    !read_levels(span, column->defined, second ? page->defined_size : -1, count, defined)))
        failed = damaged(reader);
    for (size_t i = 0; !failed && i < count; i++)
        present += defined[i] == column->defined;
    if (!failed && !(value = memory_array(present, sizeof *value)))
        failed = error_memory(reader->error);
    if (!failed)
        failed = read_page_values(reader, page->encoding, span, present, value, &scratch);
    if (!failed)
        failed = hand_over(reader, count, defined, repeated, value);
    free(defined);
    free(repeated);
    free(value);
    free(scratch);
    return failed;
}

static int read_data(struct reader *reader, const struct page *page, const unsigned char *bytes)
{
    int64_t levels = page->type == PAGE_DATA_2 ? page->defined_size + page->repeated_size : 0;
    unsigned char *owned;
    struct span span;

    if (page->defined_size < 0 || page->repeated_size < 0 || levels > page->packed)
        return damaged(reader);
    if (!parquet_encoding_known(reader->column, page->encoding))
        return error_set(reader->error, ERROR_INPUT, "%s: its column \"%.60s\" is in encoding %d, which is not read",
                         reader->parquet->path, reader->column->name, page->encoding);
    int failed = unpack(reader, page, bytes, (size_t)levels, &owned, &span) || read_span(reader, page, &span);
    free(owned);
    return failed ? -1 : 0;
}

static int read_pages(struct reader *reader)
{
    const unsigned char *at = reader->parquet->bytes + reader->chunk->start;
    struct thrift thrift = {.at = at, .end = at + reader->chunk->size};
    struct page page;

    while (reader->done < reader->chunk->values) {
        if (!read_header(&thrift, &page))
            return damaged(reader);
        const unsigned char *bytes = thrift.at;
        thrift.at += page.packed;
        if (page.type == PAGE_DICTIONARY
                ? read_dictionary(reader, &page, bytes)
                : (page.type == PAGE_DATA || page.type == PAGE_DATA_2) && read_data(reader, &page, bytes))
            return -1;
    }
    return reader->done == reader->chunk->values ? 0 : damaged(reader);
}

int parquet_read_chunk(const struct parquet *parquet, size_t group, size_t column, parquet_taker *take, void *context,
                       struct error *error)
{
    struct reader reader = {.parquet = parquet,
                            .column = &parquet->column[column],
                            .chunk = &parquet->chunk[group * parquet->columns + column],
                            .take = take,
                            .context = context,
                            .error = error};
    const char *name = codec_name(reader.chunk->codec);

    if (!codec_built_in(reader.chunk->codec))
        return error_set(error, ERROR_INPUT,
                         "%s: is compressed by %s, which this build does not read; write it with gzip", parquet->path,
                         name ? name : "an unknown method");
    int failed = read_pages(&reader);
    free(reader.dictionary);
    free(reader.dictionary_bytes);
    free(reader.dictionary_scratch);
    return failed;
}
