#include "engine/formats/zip_map.h"

#include "engine/base/memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Sizes of the archive's records, without what varies. */
enum { LOCAL = 30, CENTRAL = 46, END = 22, END64 = 56, LOCATOR64 = 20, COMMENT_MOST = 65535 };

struct archive {
    const unsigned char *bytes;
    size_t size;
};

static uint64_t number(const unsigned char *at, size_t width)
{
    uint64_t value = 0;

    for (size_t i = 0; i < width; i++)
        value |= (uint64_t)at[i] << 8 * i;
    return value;
}

static bool is_record(const struct archive *archive, uint64_t at, const char *signature, size_t size)
{
    return at <= archive->size && archive->size - at >= size && memcmp(archive->bytes + at, signature, 4) == 0;
}

/* Finds the central directory and its number of members. */
static bool find_directory(const struct archive *archive, uint64_t *at, uint64_t *count)
{
    size_t least = archive->size > END + COMMENT_MOST ? archive->size - END - COMMENT_MOST : 0;

    for (size_t end = archive->size < END ? 0 : archive->size - END + 1; end-- > least;) {
        if (!is_record(archive, end, "PK\5\6", END))
            continue;
        *count = number(archive->bytes + end + 10, 2);
        *at = number(archive->bytes + end + 16, 4);
        if (end < LOCATOR64 || !is_record(archive, end - LOCATOR64, "PK\6\7", LOCATOR64))
            return true;
        uint64_t end64 = number(archive->bytes + end - LOCATOR64 + 8, 8);
        if (!is_record(archive, end64, "PK\6\6", END64))
            return false;
        *count = number(archive->bytes + end64 + 32, 8);
        *at = number(archive->bytes + end64 + 48, 8);
        return true;
    }
    return false;
}

/* Sizes and offset that the record says are in its zip64 field instead. */
static bool read_large(const unsigned char *extra, size_t size, uint64_t *value[3])
{
    bool needed = *value[0] == UINT32_MAX || *value[1] == UINT32_MAX || *value[2] == UINT32_MAX;

    for (size_t at = 0; needed && size - at >= 4;) {
        size_t length = number(extra + at + 2, 2), next = at + 4;
        if (length > size - next)
            return false;
        if (number(extra + at, 2) == 1) {
            for (size_t i = 0; i < 3; i++) {
                if (*value[i] != UINT32_MAX)
                    continue;
                if (length < 8)
                    return false;
                *value[i] = number(extra + next, 8);
                next += 8;
                length -= 8;
            }
            return true;
        }
        at = next + length;
    }
    return !needed;
}

/* Reads the directory's entry at *at and moves behind it. */
static bool read_member(const struct archive *archive, uint64_t *at, struct zip_member *member)
{
    if (!is_record(archive, *at, "PK\1\2", CENTRAL))
        return false;
    const unsigned char *entry = archive->bytes + *at;
    size_t name = number(entry + 28, 2), extra = number(entry + 30, 2), comment = number(entry + 32, 2);
    uint64_t flags = number(entry + 8, 2), method = number(entry + 10, 2);
    uint64_t packed = number(entry + 20, 4), size = number(entry + 24, 4), local = number(entry + 42, 4);
    if (archive->size - *at - CENTRAL < name + extra + comment ||
        !read_large(entry + CENTRAL + name, extra, (uint64_t *[]){&size, &packed, &local}))
        return false;
    *member = (struct zip_member){.name = (const char *)entry + CENTRAL, .name_size = name, .size = (size_t)size};
    *at += CENTRAL + name + extra + comment;
    if (method || flags & 1)
        return true;
    if (!is_record(archive, local, "PK\3\4", LOCAL))
        return false;
    uint64_t start = local + LOCAL + number(archive->bytes + local + 26, 2) + number(archive->bytes + local + 28, 2);
    member->bytes = archive->bytes + start;
    return packed == size && start <= archive->size && size <= archive->size - start;
}

static int compare_names(const char *left, size_t left_size, const char *right, size_t right_size)
{
    int order = memcmp(left, right, left_size < right_size ? left_size : right_size);

    return order ? order : (left_size > right_size) - (left_size < right_size);
}

static int compare_members(const void *left, const void *right)
{
    const struct zip_member *a = left, *b = right;

    return compare_names(a->name, a->name_size, b->name, b->name_size);
}

int zip_map_open(struct zip_map *zip, const char *path, const unsigned char *bytes, size_t size, struct error *error)
{
    const struct archive archive = {bytes, size};
    uint64_t at, count;
    bool sound = find_directory(&archive, &at, &count) && count <= size / CENTRAL;

    *zip = (struct zip_map){0};
    if (sound && !(zip->member = memory_array(count, sizeof *zip->member)))
        return error_memory(error);
    for (; sound && zip->count < count; zip->count++)
        sound = read_member(&archive, &at, &zip->member[zip->count]);
    if (sound && zip->count)
        qsort(zip->member, zip->count, sizeof *zip->member, compare_members);
    for (size_t i = 1; sound && i < zip->count; i++) /* which one would be meant? */
        sound = compare_members(&zip->member[i - 1], &zip->member[i]) != 0;
    if (sound)
        return 0;
    zip_map_close(zip);
    return error_set(error, ERROR_INPUT, "%s: is a zip archive that is damaged or cut short; copy it again", path);
}

void zip_map_close(struct zip_map *zip)
{
    free(zip->member);
    *zip = (struct zip_map){0};
}

const struct zip_member *zip_map_find(const struct zip_map *zip, const char *name, size_t size)
{
    size_t low = 0, high = zip->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct zip_member *member = &zip->member[middle];
        int order = compare_names(name, size, member->name, member->name_size);
        if (order == 0)
            return member;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
