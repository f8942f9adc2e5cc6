#include "engine/formats/parquet_meta.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/formats/thrift.h"

#include <stdlib.h>
#include <string.h>

enum { REQUIRED, OPTIONAL, REPEATED };
enum { COLUMNS_MOST = 4096, DEPTH = 16, TAIL = 8 };

struct element { /* of the schema */
    const char *name;
    size_t name_size;
    int type; /* -1: a group */
    int64_t width, children;
    int repetition, converted;
    bool text;
};

struct schema {
    struct element *element;
    size_t count, at;
    struct parquet *parquet;
    struct error *error;
};

int parquet_damaged(const char *path, struct error *error)
{
    return error_set(error, ERROR_INPUT, "%s: is a Parquet file that is damaged or cut short; write it again", path);
}

static void read_logical(struct thrift *thrift, struct element *element)
{
    int field = 0, type;

    while (thrift_field(thrift, &field, &type)) {
        element->text = element->text || field == 1; /* STRING */
        thrift_skip(thrift, type);
    }
}

static void read_element(struct thrift *thrift, struct element *element)
{
    int field = 0, type;

    *element = (struct element){.type = -1, .name = "", .converted = -1};
    while (thrift_field(thrift, &field, &type))
        if (field == 1)
            element->type = (int)thrift_number(thrift);
        else if (field == 2)
            element->width = thrift_number(thrift);
        else if (field == 3)
            element->repetition = (int)thrift_number(thrift);
        else if (field == 4)
            element->name = thrift_bytes(thrift, &element->name_size);
        else if (field == 5)
            element->children = thrift_number(thrift);
        else if (field == 6)
            element->converted = (int)thrift_number(thrift);
        else if (field == 10 && type == THRIFT_STRUCT)
            read_logical(thrift, element);
        else
            thrift_skip(thrift, type);
}

static int read_elements(struct schema *schema, struct thrift *thrift)
{
    int type;
    size_t count = thrift_list(thrift, &type);

    if (schema->element || count > 4 * COLUMNS_MOST)
        return parquet_damaged(schema->parquet->path, schema->error);
    schema->element = memory_array(count, sizeof *schema->element);
    if (!schema->element)
        return error_memory(schema->error);
    for (; schema->count < count && !thrift->damaged; schema->count++)
        read_element(thrift, &schema->element[schema->count]);
    return 0;
}

/* Adds a leaf; `top` is the column that it is of, `depth` its levels below that. */
static int add_leaf(struct schema *schema, const struct element *leaf, const struct element *top, unsigned depth,
                    unsigned defined, unsigned repeated)
{
    struct parquet *parquet = schema->parquet;
    struct parquet_column column = {.type = (enum parquet_type)leaf->type, .defined = defined, .repeated = repeated};

    if (parquet->columns == COLUMNS_MOST || leaf->type < 0 || leaf->type > PARQUET_FIXED || leaf->width < 0 ||
        leaf->width > 1 << 20 || (leaf->type == PARQUET_FIXED && !leaf->width) ||
        !text_is_utf8(top->name, top->name_size) || memchr(top->name, 0, top->name_size))
        return parquet_damaged(parquet->path, schema->error);
    column.width = (size_t)leaf->width;
    column.text = leaf->text || leaf->converted == 0;
    column.is_unsigned = leaf->converted >= 11 && leaf->converted <= 14;
    column.plain = depth == 0 && !repeated;
    column.list = repeated == 1 && depth <= 2;
    column.name = memory_array(top->name_size + 1, 1);
    struct parquet_column *grown =
        column.name ? memory_grow(parquet->column, parquet->columns + 1, sizeof *grown) : NULL;
    if (!grown) {
        free(column.name);
        return error_memory(schema->error);
    }
    memcpy(column.name, top->name, top->name_size);
    parquet->column = grown;
    grown[parquet->columns++] = column;
    return 0;
}

/* Walks an element and those below it; `alone` is whether all groups above it, up to the column, have one child. */
static int walk(struct schema *schema, const struct element *top, unsigned depth, unsigned defined, unsigned repeated,
                bool alone)
{
    if (schema->at == schema->count || depth > DEPTH)
        return parquet_damaged(schema->parquet->path, schema->error);
    const struct element *element = &schema->element[schema->at++];
    top = top ? top : element;
    defined += element->repetition != REQUIRED;
    repeated += element->repetition == REPEATED;
    if (element->type >= 0)
        return add_leaf(schema, element, top, alone ? depth : DEPTH, defined, repeated);
    for (int64_t i = 0; i < element->children; i++)
        if (walk(schema, top, depth + 1, defined, repeated, alone && element->children == 1))
            return -1;
    return 0;
}

static int walk_schema(struct schema *schema)
{
    if (!schema->count)
        return parquet_damaged(schema->parquet->path, schema->error);
    schema->at = 1; /* below the root */
    for (int64_t i = 0; i < schema->element[0].children; i++)
        if (walk(schema, NULL, 0, 0, 0, true))
            return -1;
    return schema->at == schema->count ? 0 : parquet_damaged(schema->parquet->path, schema->error);
}

static void read_chunk_meta(struct thrift *thrift, struct parquet_chunk *chunk)
{
    int field = 0, type;
    int64_t data = 0, dictionary = 0;

    while (thrift_field(thrift, &field, &type))
        if (field == 4)
            chunk->codec = (int)thrift_number(thrift);
        else if (field == 5)
            chunk->values = thrift_number(thrift);
        else if (field == 7)
            chunk->size = (uint64_t)thrift_number(thrift);
        else if (field == 9)
            data = thrift_number(thrift);
        else if (field == 11)
            dictionary = thrift_number(thrift);
        else
            thrift_skip(thrift, type);
    chunk->start = (uint64_t)(dictionary > 0 && dictionary < data ? dictionary : data);
}

/* Returns false for one in another file, or encrypted. */
static bool read_chunk(struct thrift *thrift, struct parquet_chunk *chunk)
{
    int field = 0, type;
    bool here = true;

    *chunk = (struct parquet_chunk){0};
    while (thrift_field(thrift, &field, &type)) {
        here = here && field != 1 && field != 8 && field != 9;
        if (field == 3 && type == THRIFT_STRUCT)
            read_chunk_meta(thrift, chunk);
        else
            thrift_skip(thrift, type);
    }
    return here;
}

static int read_chunks(struct parquet *parquet, struct thrift *thrift, size_t group, struct error *error)
{
    int type;
    size_t count = thrift_list(thrift, &type);

    if (count != parquet->columns)
        return parquet_damaged(parquet->path, error);
    for (size_t i = 0; i < count; i++) {
        struct parquet_chunk *chunk = &parquet->chunk[group * parquet->columns + i];
        if (!read_chunk(thrift, chunk))
            return error_set(error, ERROR_INPUT,
                             "%s: is a Parquet file with encrypted columns, or columns in other files", parquet->path);
        if (chunk->start > parquet->size || chunk->size > parquet->size - chunk->start || chunk->values < 0)
            return parquet_damaged(parquet->path, error);
    }
    return 0;
}

static int read_group(struct parquet *parquet, struct thrift *thrift, size_t group, struct error *error)
{
    int field = 0, type;

    while (thrift_field(thrift, &field, &type)) {
        if (field == 1 && type == THRIFT_LIST) {
            if (read_chunks(parquet, thrift, group, error))
                return -1;
        } else if (field == 3) {
            parquet->rows[group] = thrift_number(thrift);
        } else {
            thrift_skip(thrift, type);
        }
    }
    if (parquet->rows[group] < 0 || __builtin_add_overflow(parquet->total, parquet->rows[group], &parquet->total))
        return parquet_damaged(parquet->path, error);
    return 0;
}

static int read_groups(struct parquet *parquet, struct thrift *thrift, struct error *error)
{
    int type;
    size_t count = thrift_list(thrift, &type), cells;

    if (parquet->chunk || !parquet->columns || __builtin_mul_overflow(count, parquet->columns, &cells) ||
        cells > parquet->size)
        return parquet_damaged(parquet->path, error);
    parquet->chunk = memory_array(cells, sizeof *parquet->chunk);
    parquet->rows = memory_array(count, sizeof *parquet->rows);
    if (!parquet->chunk || !parquet->rows)
        return error_memory(error);
    for (; parquet->groups < count && !thrift->damaged; parquet->groups++)
        if (read_group(parquet, thrift, parquet->groups, error))
            return -1;
    return 0;
}

static int read_footer(struct parquet *parquet, struct thrift *thrift, struct error *error)
{
    struct schema schema = {.parquet = parquet, .error = error};
    int64_t rows = -1;
    int field = 0, type, failed = 0;

    while (!failed && thrift_field(thrift, &field, &type))
        if (field == 2 && type == THRIFT_LIST)
            failed = read_elements(&schema, thrift) || walk_schema(&schema);
        else if (field == 3)
            rows = thrift_number(thrift);
        else if (field == 4 && type == THRIFT_LIST)
            failed = read_groups(parquet, thrift, error);
        else
            thrift_skip(thrift, type);
    free(schema.element);
    if (failed)
        return -1;
    return thrift->damaged || !parquet->columns || rows != parquet->total ? parquet_damaged(parquet->path, error) : 0;
}

int parquet_open(struct parquet *parquet, const char *path, const unsigned char *bytes, size_t size,
                 struct error *error)
{
    uint32_t length;

    *parquet = (struct parquet){.path = path, .bytes = bytes, .size = size};
    if (size < 4 + TAIL || memcmp(bytes + size - 4, "PAR1", 4) != 0)
        return parquet_damaged(path, error);
    memcpy(&length, bytes + size - TAIL, sizeof length);
    if (length > size - 4 - TAIL)
        return parquet_damaged(path, error);
    struct thrift thrift = {.at = bytes + size - TAIL - length, .end = bytes + size - TAIL};
    if (!read_footer(parquet, &thrift, error))
        return 0;
    parquet_close(parquet);
    return -1;
}

void parquet_close(struct parquet *parquet)
{
    for (size_t i = 0; i < parquet->columns; i++)
        free(parquet->column[i].name);
    free(parquet->column);
    free(parquet->chunk);
    free(parquet->rows);
    *parquet = (struct parquet){0};
}
