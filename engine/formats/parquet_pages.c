#include "engine/formats/parquet_pages.h"

#include "engine/base/memory.h"
#include "engine/formats/allowance.h"
#include "engine/formats/codec.h"
#include "engine/formats/thrift.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_DATA, PAGE_INDEX, PAGE_DICTIONARY, PAGE_DATA_2 };
enum { PAGE_MOST = 1 << 28, BATCH = 1024 };
enum { VALUES_MOST = 1 << 26, PACKED_MOST = 1024 }; /* of a page that is not in runs: in all, and in a byte */

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
           page->unpacked <= PAGE_MOST && page->values >= 0 && page->values <= INT32_MAX;
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

struct levels { /* of the values of a page, none above `most` */
    unsigned most;
    struct parquet_runs runs;
};

/* Finds levels at the head of the span: `size` bytes of them, or as many as a number before them says if negative. */
static bool find_levels(struct span *span, unsigned most, int64_t size, struct levels *levels)
{
    uint32_t length = (uint32_t)size;

    *levels = (struct levels){.most = most, .runs = {.width = width_for(most)}};
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
    levels->runs.span = (struct span){span->at, span->at + length};
    span->at += length;
    return true;
}

static bool take_levels(struct levels *levels, size_t count, uint32_t *out)
{
    if (!levels->most) {
        memset(out, 0, count * sizeof *out);
        return true;
    }
    if (!parquet_runs(&levels->runs, count, out))
        return false;
    for (size_t i = 0; i < count; i++)
        if (out[i] > levels->most)
            return false;
    return true;
}

/* How many of the next `count` levels are the highest. */
static bool count_highest(const struct levels *levels, size_t count, size_t *highest)
{
    struct levels ahead = *levels;
    uint32_t level[BATCH];

    *highest = 0;
    for (size_t done = 0; done < count;) {
        size_t size = count - done < BATCH ? count - done : BATCH;
        if (!take_levels(&ahead, size, level))
            return false;
        for (size_t i = 0; i < size; i++)
            *highest += level[i] == levels->most;
        done += size;
    }
    return true;
}

struct values { /* of a page, without nulls: numbers of others, or all */
    struct parquet_runs number;
    const struct parquet_value *of;
    size_t of_count, taken;
    struct parquet_value *all;
    unsigned char *scratch; /* behind `all` */
};

static int find_numbers(const struct reader *reader, int encoding, struct span *span, struct values *values)
{
    static const unsigned char boolean[] = {0, 1};
    static const struct parquet_value booleans[] = {{boolean, 1}, {boolean + 1, 1}};

    if (encoding == ENCODING_RLE) {
        if (span->end - span->at < 4) /* their size, which the page's says already */
            return damaged(reader);
        span->at += 4;
        *values = (struct values){.number = {*span, 1}, .of = booleans, .of_count = 2};
        return 0;
    }
    unsigned width = span->at < span->end ? *span->at++ : 0;
    *values = (struct values){.number = {*span, width}, .of = reader->dictionary, .of_count = reader->dictionary_count};
    return 0;
}

/* Reads all values of a page with `count`, nulls included. */
static int find_all(const struct reader *reader, int encoding, struct span *span, size_t count,
                    const struct levels *defined, struct values *values)
{
    size_t present;

    if (!count_highest(defined, count, &present) || present > VALUES_MOST ||
        present / PACKED_MOST > (size_t)(span->end - span->at))
        return damaged(reader);
    if (present > allowance_of(reader->parquet->size) / sizeof *values->all)
        return allowance_refuse(reader->parquet->path, reader->error);
    values->all = memory_array(present, sizeof *values->all);
    if (!values->all)
        return error_memory(reader->error);
    return parquet_values(reader->column, encoding, span, present, values->all, &values->scratch) ? 0 : damaged(reader);
}

static bool take_values(struct values *values, size_t count, struct parquet_value *out)
{
    uint32_t number[BATCH];

    if (values->all) {
        memcpy(out, values->all + values->taken, count * sizeof *out);
        values->taken += count;
        return true;
    }
    if (!parquet_runs(&values->number, count, number))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (number[i] >= values->of_count)
            return false;
        out[i] = values->of[number[i]];
    }
    return true;
}

static int hand_over(struct reader *reader, size_t count, struct levels *defined, struct levels *repeated,
                     struct values *values)
{
    uint32_t define[BATCH], repeat[BATCH];
    struct parquet_value value[BATCH];
    size_t present = 0;

    if (!take_levels(repeated, count, repeat) || !take_levels(defined, count, define))
        return damaged(reader);
    for (size_t i = 0; i < count; i++)
        present += define[i] == defined->most;
    if (!take_values(values, present, value))
        return damaged(reader);
    for (size_t i = 0, at = 0; i < count; i++)
        if (reader->take(reader->context, define[i] < defined->most ? NULL : &value[at++], define[i], repeat[i],
                         reader->error))
            return -1;
    reader->done += (int64_t)count;
    return 0;
}

static int read_span(struct reader *reader, const struct page *page, struct span *span)
{
    bool second = page->type == PAGE_DATA_2;
    size_t left = (size_t)page->values;
    struct levels defined, repeated;
    struct values values = {0};

    if (!find_levels(span, reader->column->repeated, second ? page->repeated_size : -1, &repeated) ||
        !find_levels(span, reader->column->defined, second ? page->defined_size : -1, &defined))
        return damaged(reader);
    int failed = parquet_in_runs(page->encoding) ? find_numbers(reader, page->encoding, span, &values)
                                                 : find_all(reader, page->encoding, span, left, &defined, &values);
    while (!failed && left) {
        size_t size = left < BATCH ? left : BATCH;
        failed = hand_over(reader, size, &defined, &repeated, &values);
        left -= size;
    }
    free(values.all);
    free(values.scratch);
    return failed;
}

static int read_data(struct reader *reader, const struct page *page, const unsigned char *bytes)
{
    int64_t levels = page->type == PAGE_DATA_2 ? page->defined_size + page->repeated_size : 0;
    unsigned char *owned;
    struct span span;

    if (page->defined_size < 0 || page->repeated_size < 0 || levels > page->packed ||
        page->values > reader->chunk->values - reader->done)
        return damaged(reader);
    if (!parquet_encoding_known(reader->column, page->encoding))
        return error_set(reader->error, ERROR_INPUT, "%s: its column \"%.60s\" is in encoding %d, which is not read",
                         reader->parquet->path, reader->column->name, page->encoding);
    int failed = unpack(reader, page, bytes, (size_t)levels, &owned, &span) || read_span(reader, page, &span);
    free(owned);
    return failed ? -1 : 0;
}

/* Whether the headers of the pages claim as many values as the footer: reading all to find that out could take long. */
static bool claims_agree(const struct reader *reader)
{
    const unsigned char *at = reader->parquet->bytes + reader->chunk->start;
    struct thrift thrift = {.at = at, .end = at + reader->chunk->size};
    struct page page;
    int64_t values = 0;

    while (values < reader->chunk->values) {
        if (!read_header(&thrift, &page))
            return false;
        thrift.at += page.packed;
        if (page.type == PAGE_DATA || page.type == PAGE_DATA_2)
            values += page.values;
    }
    return values == reader->chunk->values;
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
    if (codec_open(reader.chunk->codec, error))
        return -1;
    int64_t rows = parquet->rows[group];
    if ((reader.column->repeated ? reader.chunk->values < rows : reader.chunk->values != rows) ||
        !claims_agree(&reader))
        return damaged(&reader);
    int failed = read_pages(&reader);
    free(reader.dictionary);
    free(reader.dictionary_bytes);
    free(reader.dictionary_scratch);
    return failed;
}
