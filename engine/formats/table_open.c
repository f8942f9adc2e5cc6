/* Opening tables: the reader is chosen, several files become one. */
#include "engine/base/memory.h"
#include "engine/formats/allowance.h"
#include "engine/formats/foreign.h"
#include "engine/formats/shards.h"
#include "engine/formats/table.h"
#include "engine/formats/table_data.h"
#include "engine/formats/table_reader.h"
#include "engine/formats/table_shards.h"
#include "engine/formats/text_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Splits "FILE:MEMBER": `spec` itself if such a file exists, else what precedes its last colon.  Both results are
 * allocated (*member is null without one). */
static int split_spec(const char *spec, char **path, char **member, struct error *error)
{
    const char *colon = access(spec, F_OK) == 0 ? NULL : strrchr(spec, ':');

    *path = memory_text(spec);
    *member = NULL;
    if (!*path)
        return error_memory(error);
    if (!colon || colon == spec || !colon[1])
        return 0;
    (*path)[colon - spec] = 0;
    if (access(*path, F_OK)) { /* no such file either: the whole spec is the wrong name */
        (*path)[colon - spec] = ':';
        return 0;
    }
    *member = memory_text(colon + 1);
    return *member ? 0 : error_memory(error);
}

static struct table *new_table(const char *path, struct error *error)
{
    struct table *table = memory_array(1, sizeof *table);

    if (!table || !(table->path = memory_text(path))) {
        table_close(table);
        error_memory(error);
        return NULL;
    }
    return table;
}

/* A null reader: chosen by name and content. */
static struct table *read_table(const struct table_reader *reader, const char *path, const char *member, bool headless,
                                struct error *error)
{
    size_t size;
    char *bytes = text_file_read(path, TABLE_BYTES_MAX, &size, error);
    struct table *table = bytes ? new_table(path, error) : NULL;

    if (!table) {
        free(bytes);
        return NULL;
    }
    const char *foreign = foreign_file((const unsigned char *)bytes, size);
    if (foreign) {
        error_set(error, ERROR_INPUT, "%s: is not a table but %s", path, foreign);
        free(bytes);
        table_close(table);
        return NULL;
    }
    if (!reader)
        reader = table_reader_for(path, bytes, size);
    table->most = allowance_of(size);
    table->headless = headless && (reader == &table_csv || reader == &table_tsv);
    int failed = reader->read(table, &bytes, size, member, error);
    free(bytes);
    if (!failed && !table->lines)
        failed = error_set(error, ERROR_INPUT, "%s: is empty; its first row must name the columns", path);
    if (!failed)
        return table;
    table_close(table);
    return NULL;
}

struct table *table_open_as(const struct table_reader *reader, const char *path, const char *member,
                            struct error *error)
{
    return read_table(reader, path, member, false, error);
}

static struct table *open_piece(const char *path, bool headless, struct error *error)
{
    return read_table(NULL, path, NULL, headless, error);
}

static struct table *open_spec(const char *spec, bool headless, struct error *error)
{
    if (shards_named(spec))
        return table_shards_read(spec, headless, open_piece, error);

    char *path, *member;
    struct table *table = NULL;

    if (!split_spec(spec, &path, &member, error))
        table = read_table(NULL, path, member, headless, error);
    free(path);
    free(member);
    return table;
}

struct table *table_open(const char *spec, struct error *error)
{
    return open_spec(spec, false, error);
}

struct table *table_open_headless(const char *spec, struct error *error)
{
    return open_spec(spec, true, error);
}
