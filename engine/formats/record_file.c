#include "engine/formats/record_file.h"

#include "engine/base/mapping.h"
#include "engine/base/memory.h"
#include "engine/formats/file.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char magic[8] = "hubscope";
enum { ORDER = 0x01020304, VERSION = 1, ALIGN = 8 };

struct start {
    char magic[8], kind[RECORD_KIND];
    uint32_t order, version;
};

struct head { /* followed by `size` bytes and zeros up to a multiple of 8 */
    char name[RECORD_NAME];
    uint64_t size;
};

struct finish { /* after the last record */
    char name[RECORD_NAME];
    uint64_t hash; /* of all before */
};

struct record {
    const char *name;
    const void *bytes;
    size_t size;
};

uint64_t record_hash(uint64_t hash, const void *bytes, size_t size)
{
    const char *at = bytes;

    while (size) {
        size_t count = size < sizeof(uint64_t) ? size : sizeof(uint64_t);
        uint64_t word = 0;
        memcpy(&word, at, count);
        hash = (hash ^ word ^ count << 56) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 29;
        at += count;
        size -= count;
    }
    return hash;
}

/* Writes bytes and zeros up to a multiple of 8, which the hash covers. */
static void put_bytes(struct record_writer *writer, const void *bytes, size_t size)
{
    char last[ALIGN] = {0};
    size_t rest = size % ALIGN, whole = size - rest;

    if (whole && fwrite(bytes, 1, whole, writer->output.stream) != whole)
        writer->failed = true;
    writer->hash = record_hash(writer->hash, bytes, whole);
    if (!rest)
        return;
    memcpy(last, (const char *)bytes + whole, rest);
    if (fwrite(last, 1, sizeof last, writer->output.stream) != sizeof last)
        writer->failed = true;
    writer->hash = record_hash(writer->hash, last, sizeof last);
}

int record_begin(struct record_writer *writer, const char *path, const char *kind, bool replace, struct error *error)
{
    struct start start = {.order = ORDER, .version = VERSION};

    *writer = (struct record_writer){.failed = false};
    if (output_open(&writer->output, path, replace, error))
        return -1;
    memcpy(start.magic, magic, sizeof magic);
    memcpy(start.kind, kind, strlen(kind));
    put_bytes(writer, &start, sizeof start);
    return 0;
}

static void put(struct record_writer *writer, const void *bytes, size_t size, const char *name, va_list arguments)
{
    struct head head = {.size = size};

    vsnprintf(head.name, sizeof head.name, name, arguments);
    put_bytes(writer, &head, sizeof head);
    put_bytes(writer, bytes, size);
}

void record_put(struct record_writer *writer, const void *bytes, size_t size, const char *name, ...)
{
    va_list arguments;

    va_start(arguments, name);
    put(writer, bytes, size, name, arguments);
    va_end(arguments);
}

void record_put_text(struct record_writer *writer, const char *text, const char *name, ...)
{
    va_list arguments;

    va_start(arguments, name);
    put(writer, text, strlen(text) + 1, name, arguments);
    va_end(arguments);
}

int record_end(struct record_writer *writer, struct error *error)
{
    struct finish finish = {.hash = writer->hash};

    put_bytes(writer, &finish, sizeof finish);
    if (writer->failed) {
        error_system(error, "%s", writer->output.path);
        output_abandon(&writer->output);
        return -1;
    }
    return output_commit(&writer->output, error);
}

void record_abandon(struct record_writer *writer)
{
    output_abandon(&writer->output);
}

/* Adds the record at *at and moves past it; false if the file ends before. */
static bool add_record(struct record_file *file, size_t *at, size_t end)
{
    struct head head;

    if (end - *at < sizeof head)
        return false;
    const char *place = (const char *)file->map + *at;
    memcpy(&head, place, sizeof head);
    *at += sizeof head;
    if (!head.name[0] || head.name[RECORD_NAME - 1] || head.size > end - *at)
        return false;
    file->record[file->records++] = (struct record){place, place + sizeof head, head.size};
    size_t padded = head.size + (ALIGN - head.size % ALIGN) % ALIGN;
    if (padded > end - *at)
        return false;
    *at += padded;
    return true;
}

static int read_records(struct record_file *file, const char *kind, const char *what, struct error *error)
{
    struct start start = {.order = 0};
    struct finish finish;

    if (file->map && file->size >= sizeof start)
        memcpy(&start, file->map, sizeof start);
    char wanted[RECORD_KIND] = {0};
    memcpy(wanted, kind, strlen(kind));
    if (memcmp(start.magic, magic, sizeof magic) != 0 || memcmp(start.kind, wanted, sizeof wanted) != 0)
        return error_set(error, ERROR_INPUT, "%s: is not %s of hubscope", file->path, what);
    if (start.order != ORDER || start.version != VERSION)
        return error_set(error, ERROR_INPUT, "%s: was written by another version of hubscope or kind of machine",
                         file->path);
    if (file->size < sizeof start + sizeof finish)
        return error_set(error, ERROR_INPUT, "%s: is incomplete", file->path);
    size_t end = file->size - sizeof finish, at = sizeof start;
    memcpy(&finish, (const char *)file->map + end, sizeof finish);
    if (finish.name[0] || finish.hash != record_hash(0, file->map, end))
        return error_set(error, ERROR_INPUT, "%s: is damaged or incomplete", file->path);
    if (!(file->record = memory_array(end / sizeof(struct head) + 1, sizeof *file->record)))
        return error_memory(error);
    while (at < end)
        if (!add_record(file, &at, end))
            return error_set(error, ERROR_INPUT, "%s: is damaged or incomplete", file->path);
    return 0;
}

int record_open(struct record_file *file, const char *path, const char *kind, const char *what, struct error *error)
{
    struct error why = {0};

    *file = (struct record_file){.path = path};
    file->map = file_map(path, &file->size, &why);
    if (why.kind) {
        if (error)
            *error = why;
        return -1;
    }
    if (read_records(file, kind, what, error) == 0)
        return 0;
    record_close(file);
    return -1;
}

void record_close(struct record_file *file)
{
    mapping_close(file->map, file->size);
    free(file->record);
    *file = (struct record_file){0};
}

static const struct record *find(const struct record_file *file, const char *name, va_list arguments)
{
    char wanted[RECORD_NAME];

    vsnprintf(wanted, sizeof wanted, name, arguments);
    for (size_t i = 0; i < file->records; i++)
        if (strcmp(file->record[i].name, wanted) == 0)
            return &file->record[i];
    return NULL;
}

const void *record_find(const struct record_file *file, size_t size, const char *name, ...)
{
    va_list arguments;

    va_start(arguments, name);
    const struct record *record = find(file, name, arguments);
    va_end(arguments);
    return record && record->size == size ? record->bytes : NULL;
}

const void *record_find_any(const struct record_file *file, size_t *size, const char *name, ...)
{
    va_list arguments;

    va_start(arguments, name);
    const struct record *record = find(file, name, arguments);
    va_end(arguments);
    *size = record ? record->size : 0;
    return record ? record->bytes : NULL;
}

const char *record_find_text(const struct record_file *file, size_t most, const char *name, ...)
{
    va_list arguments;

    va_start(arguments, name);
    const struct record *record = find(file, name, arguments);
    va_end(arguments);
    bool sound = record && record->size && record->size <= most && !memchr(record->bytes, 0, record->size - 1) &&
                 ((const char *)record->bytes)[record->size - 1] == 0;
    return sound ? record->bytes : NULL;
}
