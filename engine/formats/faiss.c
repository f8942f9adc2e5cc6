/* FAISS's flat indexes (IndexFlatL2, IndexFlatIP and the generic one), which hold the vectors as they are, on disk as
 *
 *   IxF2, IxFI or IxFl   the kind
 *   dimension (4 bytes), vectors (8), two unused numbers (8 each), trained (1), metric (4), and for metrics above 1 its
 *   argument (4)
 *   number of floats (8), floats
 *
 * and such an index with ids of its own (IxM2, IxMp): the kind, the same numbers, the flat index, number of ids (8),
 * ids (8 each).  Then each vector goes by its id. */
#include "engine/formats/file.h"
#include "engine/formats/matrix_format.h"

#include "engine/base/mapping.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MAGIC = 4, HEADER = 4 + 4 + 8 + 8 + 8 + 1 + 4 };

struct index {
    const unsigned char *map;
    size_t size, at; /* what is read so far */
    uint64_t dimension, count;
    const unsigned char *floats, *ids; /* ids: null if it has none */
};

static bool is_flat(const unsigned char *bytes, size_t left)
{
    return left >= HEADER && (memcmp(bytes, "IxF2", MAGIC) == 0 || memcmp(bytes, "IxFI", MAGIC) == 0 ||
                              memcmp(bytes, "IxFl", MAGIC) == 0);
}

static bool is_mapped(const unsigned char *bytes, size_t left)
{
    return left >= HEADER && (memcmp(bytes, "IxM2", MAGIC) == 0 || memcmp(bytes, "IxMp", MAGIC) == 0) &&
           is_flat(bytes + HEADER, left - HEADER);
}

static bool matches(const unsigned char *bytes, size_t size)
{
    return is_flat(bytes, size) || is_mapped(bytes, size);
}

static uint64_t number(const unsigned char *at, size_t width)
{
    uint64_t value = 0;

    for (size_t i = 0; i < width; i++)
        value |= (uint64_t)at[i] << 8 * i;
    return value;
}

static bool read_flat(struct index *index)
{
    const unsigned char *header = index->map + index->at;

    index->dimension = number(header + 4, 4);
    index->count = number(header + 8, 8);
    index->at += HEADER + (number(header + 33, 4) > 1 ? 4 : 0);
    if (index->at > index->size || index->size - index->at < 8)
        return false;
    uint64_t floats = number(index->map + index->at, 8), wanted;
    index->at += 8;
    if (!index->dimension || !index->count || __builtin_mul_overflow(index->dimension, index->count, &wanted) ||
        floats != wanted || floats > (index->size - index->at) / sizeof(float))
        return false;
    index->floats = index->map + index->at;
    index->at += floats * sizeof(float);
    return true;
}

/* Behind the flat index: the ids of its vectors. */
static bool read_ids(struct index *index)
{
    if (index->size - index->at < 8 || number(index->map + index->at, 8) != index->count ||
        (index->size - index->at - 8) / 8 < index->count)
        return false;
    index->ids = index->map + index->at + 8;
    index->at += 8 + 8 * index->count;
    return true;
}

static int open_index(struct index *index, const char *path, struct error *error)
{
    *index = (struct index){0};
    index->map = file_map(path, &index->size, error);
    if (!index->map)
        return -1;
    bool mapped = is_mapped(index->map, index->size);
    index->at = mapped ? HEADER : 0;
    if (is_flat(index->map + index->at, index->size - index->at) && read_flat(index) && (!mapped || read_ids(index)) &&
        index->at == index->size)
        return 0;
    mapping_close((void *)index->map, index->size);
    return error_set(error, ERROR_INPUT, "%s: is a FAISS index that is damaged or cut short; write it again", path);
}

/* One vector, or all. */
static struct array floats_of(const struct index *index, size_t first, size_t count, bool one)
{
    struct array array = {.kind = ARRAY_FLOAT,
                          .width = sizeof(float),
                          .dimensions = one ? 1 : 2,
                          .data = index->floats + first * index->dimension * sizeof(float)};

    array.shape[0] = one ? index->dimension : count;
    array.shape[1] = one ? 0 : index->dimension;
    return array;
}

static int list(const char *path, struct array_list *found, struct error *error)
{
    struct index index;
    char name[24];
    int failed = open_index(&index, path, error);

    if (failed)
        return -1;
    struct array array = floats_of(&index, 0, index.count, index.ids != NULL);
    array.data = NULL;
    if (!index.ids)
        failed = array_list_add(found, "", &array, error);
    for (size_t i = 0; index.ids && i < index.count && !failed && !found->more; i++) {
        snprintf(name, sizeof name, "%" PRId64, (int64_t)number(index.ids + 8 * i, 8));
        failed = array_list_add(found, name, &array, error);
    }
    mapping_close((void *)index.map, index.size);
    return failed;
}

static int open_array(const char *path, const char *name, struct array *array, struct error *error)
{
    struct index index;
    size_t row = 0;
    char id[24] = "";

    *array = (struct array){0};
    if (open_index(&index, path, error))
        return -1;
    for (; index.ids && row < index.count; row++) {
        snprintf(id, sizeof id, "%" PRId64, (int64_t)number(index.ids + 8 * row, 8));
        if (strcmp(id, name) == 0)
            break;
    }
    if (index.ids ? row == index.count : *name) {
        mapping_close((void *)index.map, index.size);
        return error_set(error, ERROR_INPUT, "%s: has no vector \"%.40s\"", path, name);
    }
    *array = floats_of(&index, row, index.count, index.ids != NULL);
    array->map = (void *)index.map;
    array->map_size = index.size;
    return 0;
}

static int each(const char *path, const bool *wanted, array_taker *take, void *context, struct error *error)
{
    struct index index;
    int failed = open_index(&index, path, error);

    if (failed)
        return -1;
    for (size_t i = 0; i < index.count && !failed; i++) {
        struct array array = floats_of(&index, i, 1, true);
        failed = wanted[i] ? take(context, i, &array, error) : 0;
    }
    mapping_close((void *)index.map, index.size);
    return failed;
}

const struct matrix_format matrix_format_faiss = {
    .name = "FAISS",
    .title = "a flat FAISS index",
    .matches = matches,
    .list = list,
    .open = open_array,
    .each = each,
};
