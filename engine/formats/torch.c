/* PyTorch's files: the zip archive of torch.save since 1.6 (PREFIX/data.pkl, PREFIX/data/0, ...), whose storages are
 * stored and aligned, and so used in place; and the stream of pickles and storages that it wrote before. */
#include "engine/formats/torch.h"
#include "engine/base/memory.h"
#include "engine/formats/zip_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char pickle_name[] = "data.pkl";
static const unsigned char legacy_start[] = "\x80\2\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";

enum { LEGACY_START = sizeof legacy_start - 1, PREFIX = 256 };

/* The pickle is the first member, so its name follows the first local header. */
static bool is_archive(const unsigned char *bytes, size_t size)
{
    if (size < 30 || memcmp(bytes, "PK\3\4", 4) != 0)
        return false;
    size_t length = bytes[26] | (size_t)bytes[27] << 8, tail = sizeof pickle_name - 1;
    const unsigned char *name = bytes + 30;
    return length > tail && length <= size - 30 && name[length - tail - 1] == '/' &&
           memcmp(name + length - tail, pickle_name, tail) == 0;
}

static bool is_legacy(const unsigned char *bytes, size_t size)
{
    return size > LEGACY_START && memcmp(bytes, legacy_start, LEGACY_START) == 0;
}

bool torch_matches(const unsigned char *bytes, size_t size)
{
    return is_archive(bytes, size) || is_legacy(bytes, size);
}

/* Finds PREFIX/NAME. */
static const struct zip_member *find_member(const struct zip_map *zip, const char *prefix, const char *folder,
                                            const char *name, size_t size)
{
    char full[PREFIX + 160];
    int length = snprintf(full, sizeof full, "%s/%s%.*s", prefix, folder, (int)(size < 128 ? size : 128), name);

    return zip_map_find(zip, full, (size_t)length);
}

/* Gives every storage its bytes in the archive. */
static int place_storages(struct machine *machine, const struct zip_map *zip, const char *prefix)
{
    const struct zip_member *order = find_member(zip, prefix, "", "byteorder", 9);
    bool big = order && order->bytes && order->size == 3 && memcmp(order->bytes, "big", 3) == 0;

    for (size_t i = 0; i < machine->objects; i++) {
        struct object *storage = &machine->object[i];
        if (storage->kind != STORAGE)
            continue;
        const struct object *key = &machine->object[storage->key];
        const struct zip_member *member = find_member(zip, prefix, "data/", (const char *)key->bytes, key->size);
        if (member && !member->bytes)
            return pickle_refuse(machine, "is compressed, which torch.save never does");
        if (!member || member->size < storage->size)
            return pickle_damaged(machine);
        storage->bytes = member->bytes;
        storage->swapped = big;
    }
    return 0;
}

static int load_archive(struct pickle_file *file, const char *path, struct error *error)
{
    struct zip_map zip;
    char prefix[PREFIX];
    size_t length = file->map[26] | (size_t)file->map[27] << 8;
    int failed = -1;

    file->machine = (struct machine){.path = path, .error = error};
    if (length >= sizeof prefix)
        return pickle_damaged(&file->machine);
    memcpy(prefix, file->map + 30, length);
    if (zip_map_open(&zip, path, file->map, file->size, error))
        return -1;
    const struct zip_member *pickle = zip_map_find(&zip, prefix, length);
    prefix[length - sizeof pickle_name] = '\0'; /* and the slash */
    if (!pickle || !pickle->bytes)
        pickle_damaged(&file->machine);
    else
        failed = pickle_run(&file->machine, path, pickle->bytes, pickle->size, true, error) ||
                 place_storages(&file->machine, &zip, prefix);
    zip_map_close(&zip);
    return failed ? -1 : 0;
}

/* The value of a key of a dict; null if it has none. */
static const struct object *look_up(const struct machine *machine, const char *key)
{
    const struct object *dict = &machine->object[machine->root];

    for (size_t i = 0; dict->kind == DICT && i < dict->count; i += 2) {
        const struct object *name = &machine->object[dict->item[i]];
        if (pickle_is_text(name) && name->size == strlen(key) && memcmp(name->bytes, key, name->size) == 0)
            return &machine->object[dict->item[i + 1]];
    }
    return NULL;
}

struct storages { /* of a machine, sorted by their keys */
    struct machine *machine;
    size_t *index, count;
};

static int compare_texts(const struct object *a, const struct object *b)
{
    int order = memcmp(a->bytes, b->bytes, a->size < b->size ? a->size : b->size);

    return order ? order : (a->size > b->size) - (a->size < b->size);
}

static const struct object *key_of(const struct machine *machine, size_t storage)
{
    return &machine->object[machine->object[storage].key];
}

static int compare_storages(const void *left, const void *right, void *context)
{
    return compare_texts(key_of(context, *(const size_t *)left), key_of(context, *(const size_t *)right));
}

static int sort_storages(struct storages *storages, struct machine *machine)
{
    *storages = (struct storages){.machine = machine, .index = memory_array(machine->objects, sizeof(size_t))};
    if (!storages->index)
        return error_memory(machine->error);
    for (size_t i = 0; i < machine->objects; i++)
        if (machine->object[i].kind == STORAGE)
            storages->index[storages->count++] = i;
    qsort_r(storages->index, storages->count, sizeof *storages->index, compare_storages, machine);
    return 0;
}

/* The first storage of that key; count if none has it. */
static size_t find_storage(const struct storages *storages, const struct object *key)
{
    size_t low = 0, high = storages->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_texts(key_of(storages->machine, storages->index[middle]), key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Reads a number of elements, and the elements: those of the storages of this key. */
static int place_storage(const struct storages *storages, const struct object *key, const unsigned char **at,
                         const unsigned char *end, bool big)
{
    struct machine *machine = storages->machine;
    uint64_t elements = 0;
    size_t width = 0;

    if (!pickle_is_text(key) || end - *at < 8)
        return pickle_damaged(machine);
    for (size_t i = 0; i < 8; i++)
        elements |= (uint64_t)(*at)[i] << 8 * i;
    *at += 8;
    for (size_t i = find_storage(storages, key); i < storages->count; i++) {
        struct object *storage = &machine->object[storages->index[i]];
        if (compare_texts(&machine->object[storage->key], key) != 0)
            break;
        width = storage->width;
        if (elements > (size_t)(end - *at) / width || elements * width < storage->size)
            return pickle_damaged(machine);
        storage->bytes = *at;
        storage->swapped = big;
    }
    if (!width)
        return pickle_damaged(machine);
    *at += elements * width;
    return 0;
}

static int place_legacy(struct machine *machine, const struct machine *keys, const unsigned char *end, bool big)
{
    const struct object *list = &keys->object[keys->root];
    const unsigned char *at = keys->at;
    struct storages storages = {0};
    int failed = list->kind == LIST ? sort_storages(&storages, machine) : pickle_damaged(machine);

    if (failed)
        return -1;
    for (size_t i = 0; !failed && i < list->count; i++)
        failed = place_storage(&storages, &keys->object[list->item[i]], &at, end, big);
    free(storages.index);
    return failed;
}

/* Four pickles after the magic number: a version, facts of the machine that wrote it, the object, the storages'
 * keys. */
static int load_legacy(struct pickle_file *file, const char *path, struct error *error)
{
    enum { VERSION, FACTS, OBJECT, KEYS, PICKLES };
    struct machine other[PICKLES] = {0};
    const unsigned char *at = file->map + LEGACY_START, *end = file->map + file->size;
    bool big = false;
    int failed = 0;

    for (int i = 0; i < PICKLES && !failed; i++) {
        struct machine *machine = i == OBJECT ? &file->machine : &other[i];
        failed = pickle_run(machine, path, at, (size_t)(end - at), i == OBJECT, error);
        at = machine->at;
        const struct object *little = failed || i != FACTS ? NULL : look_up(machine, "little_endian");
        big = big || (little && little->kind == NUMBER && !little->number);
    }
    if (!failed)
        failed = place_legacy(&file->machine, &other[KEYS], end, big);
    for (int i = 0; i < PICKLES; i++)
        pickle_close(&other[i]);
    return failed;
}

int torch_load(struct pickle_file *file, const char *path, struct error *error)
{
    return is_legacy(file->map, file->size) ? load_legacy(file, path, error) : load_archive(file, path, error);
}

static int list(const char *path, struct array_list *found, struct error *error)
{
    return pickle_file_list(torch_load, path, found, error);
}

static int open_array(const char *path, const char *name, struct array *array, struct error *error)
{
    return pickle_file_open(torch_load, path, name, array, error);
}

static int each(const char *path, const bool *wanted, array_taker *take, void *context, struct error *error)
{
    return pickle_file_each(torch_load, path, wanted, take, context, error);
}

const struct matrix_format matrix_format_torch = {
    .name = "PyTorch",
    .title = "a PyTorch file (.pt, .pth)",
    .matches = torch_matches,
    .list = list,
    .open = open_array,
    .each = each,
};
