/* The tables of videos and of texts: opened by their layout, their columns located, then written as catalog rows. */
#include "engine/import/tables.h"

#include "engine/import/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SENTENCE = 5 }; /* words that no column's name has */

static const char *const video_columns[] = {"key", "title", "tags", "duration_ms", "frames", "strip", "poster", NULL};
static const char *const text_columns[] = {"split", "video", "caption", NULL};

static bool is_listed(const char *const *names, const char *name)
{
    while (*names && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

/* Whether two texts are the same but for their digits, and have some. */
static bool same_shape(const char *a, const char *b)
{
    bool digits = false;

    for (;;) {
        size_t left = strspn(a, "0123456789"), right = strspn(b, "0123456789");
        if (!left != !right)
            return false;
        digits = digits || left;
        a += left;
        b += right;
        if (*a != *b)
            return false;
        if (!*a)
            return digits;
        a++;
        b++;
    }
}

/* Whether a column's name is a value, as in a file without a header: it is the next value but for its digits, is a
 * sentence or, in a column of keys, comes again below. */
static bool header_is_data(const struct table *table, size_t column, bool keys)
{
    const char *name = table_name(table, column);
    size_t words = 0;

    if (table_is_json(table) || table_is_headless(table))
        return false;
    for (size_t row = 0; keys && *name && row < table_rows(table); row++)
        if (strcmp(table_field(table, row, column), name) == 0)
            return true;
    for (const char *at = name; *at; at++)
        words += at[0] != ' ' && (at[1] == ' ' || !at[1]);
    return words >= SENTENCE || (table_rows(table) && same_shape(name, table_field(table, 0, column)));
}

/* The column that --column maps to one of ours; null if none. */
static const char *mapped(const struct import *import, const char *which, const char *name)
{
    size_t length = strlen(which);
    const char *found = NULL;

    for (size_t i = 0; i < import->column_count; i++) {
        const char *ours = import->columns[i].ours;
        bool prefixed = strncmp(ours, which, length) == 0 && ours[length] == '.';
        if (strcmp(prefixed ? ours + length + 1 : ours, name) == 0)
            found = import->columns[i].theirs;
    }
    return found;
}

/* The column of that name, or else of that number. */
static size_t find_column(const struct table *table, const char *theirs)
{
    size_t found = table_column(table, theirs);

    if (found != SIZE_MAX || table_is_json(table) || strspn(theirs, "0123456789") != strlen(theirs))
        return found;
    unsigned long number = strtoul(theirs, NULL, 10);
    return number >= 1 && number <= table_columns(table) ? number - 1 : SIZE_MAX;
}

size_t import_column(struct making *making, const struct table *table, const char *path, const char *which,
                     const char *name, enum import_need need)
{
    const char *theirs = mapped(making->import, which, name);
    size_t found = theirs ? find_column(table, theirs) : SIZE_MAX;
    char names[240];

    if (found != SIZE_MAX && header_is_data(table, found, strcmp(name, "caption") != 0)) {
        findings_fault(making->findings, path, NULL,
                       "%s: the first row holds values such as \"%.80s\", not the names of columns: give --no-header "
                       "and the column's number, as --column %s=%zu",
                       path, table_name(table, found), name, found + 1);
        return SIZE_MAX;
    }
    if (found == SIZE_MAX)
        found = table_column(table, name);
    if (found != SIZE_MAX || need == IMPORT_FREE || (need == IMPORT_IF_NAMED && !theirs))
        return found;
    table_names(table, names, sizeof names);
    if (theirs)
        findings_fault(making->findings, path, NULL, "%s: has no column \"%.80s\" to be \"%s\"; it has: %s", path,
                       theirs, name, names);
    else
        findings_fault(making->findings, path, NULL,
                       "%s: has no column \"%s\"; it has: %s (name it with --column %s=NAME%s)", path, name, names,
                       name, table_is_json(table) ? "" : "; or without a header --no-header, and its number");
    return SIZE_MAX;
}

/* Every --column must map to a column of ours. */
static void check_columns(struct making *making)
{
    const struct import *import = making->import;

    for (size_t i = 0; i < import->column_count; i++) {
        const char *ours = import->columns[i].ours;
        bool videos = strncmp(ours, "videos.", 7) == 0, texts = strncmp(ours, "texts.", 6) == 0;
        const char *name = ours + (videos ? 7 : texts ? 6 : 0);
        if ((!texts && is_listed(video_columns, name)) || (!videos && is_listed(text_columns, name)))
            continue;
        findings_fault(making->findings, "", NULL,
                       "--column %.80s: is not a column that is read; of --videos-table these are key, "
                       "title, tags, duration_ms, frames, strip, poster, of --texts-table split, \"video\", caption",
                       ours);
    }
}

int import_open_table(struct making *making, const char *path,
                      struct table *(*open)(const struct layout_request *, struct error *), struct table **table,
                      struct error *error)
{
    const struct layout_request request = {.file = path, .no_header = making->import->no_header};
    struct error reason = {0};

    *table = open(&request, &reason);
    if (!*table)
        return findings_take(making->findings, path, NULL, &reason, error);
    if (table_rows(*table) < UINT32_MAX)
        return 0;
    findings_fault(making->findings, path, NULL, "%s: has too many rows", path);
    table_close(*table);
    *table = NULL;
    return 0;
}

static const char *odd_kind(enum table_kind kind, bool needed)
{
    switch (kind) {
    case TABLE_LIST:
        return "a list";
    case TABLE_OBJECT:
        return "an object";
    case TABLE_ODD:
        return "not a text (NaN, a number of more than 64 bits, or \\u0000)";
    case TABLE_NULL:
        return needed ? "null" : NULL;
    case TABLE_ABSENT:
        return needed ? "missing" : NULL;
    default:
        return NULL;
    }
}

void import_check_cells(struct making *making, const struct table *table, const char *path, size_t column,
                        const char *name, bool needed)
{
    char place[TABLE_PLACE], kind[64];

    snprintf(kind, sizeof kind, "cells of \"%s\" that cannot be read", name);
    for (size_t row = 0; column != SIZE_MAX && row < table_rows(table); row++) {
        const char *odd = odd_kind(table_kind(table, row, column), needed);
        if (odd)
            findings_fault(making->findings, path, kind, "%s: the %s is %s", table_place(table, row, place), name, odd);
    }
}

/* For a change: tables of bank texts, and of videos for the names of their pictures. */
static int check_change(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    bool texts = false;

    for (size_t i = 0; i < import->bank_count; i++)
        texts = texts || import->banks[i].texts;
    if (!texts && !import->thumbnails && !import->video_files)
        return 0;
    if ((making->tables.videos_from && import_check_videos(making, error)) || import_take_videos(making, error) ||
        import_check_texts(making, error))
        return -1;
    return import_check_references(making, error);
}

/* The layout that is named, or else recognised; names of columns are those of our own. */
static void choose_layout(struct making *making)
{
    const struct import *import = making->import;
    struct import_tables *tables = &making->tables;
    bool plain = import->column_count || import->no_header || import->change || !import->texts_table;

    if (import->layout || plain) {
        tables->layout = layout_find(import->layout ? import->layout : layouts[0]->name);
        return;
    }
    tables->layout = layout_recognise(import->texts_table);
    if (tables->layout != layouts[0])
        findings_remark(making->findings, "%s: is read by the layout %s; --layout %s reads it as a plain table",
                        import->texts_table, tables->layout->name, layouts[0]->name);
}

/* What the gallery holds: as the import says, else as the layout does. */
static int choose_item(struct making *making, struct error *error)
{
    const char *words = making->import->item ? making->import->item : making->tables.layout->item;
    struct error reason = {0};

    if (making->import->change && !making->import->item)
        return 0; /* as the collection says */
    if (!words)
        return item_choose(NULL, error);
    return item_read(words, &making->item, &reason) ? findings_take(making->findings, "", NULL, &reason, error)
                                                    : item_choose(&making->item, error);
}

static int check_tables(struct making *making, struct error *error)
{
    const struct import *import = making->import;
    struct import_tables *tables = &making->tables;
    char names[240];

    choose_layout(making);
    if (!tables->layout) {
        layout_names(names, sizeof names);
        findings_fault(making->findings, "", NULL, "unknown layout \"%.80s\"; known: %s", import->layout, names);
        return 0;
    }
    if (choose_item(making, error))
        return -1;
    check_columns(making);
    if (import->no_header && tables->layout != layouts[0])
        findings_fault(making->findings, "", NULL, "the layout %s has its own columns: omit --no-header",
                       tables->layout->name);
    tables->videos_from = import->videos_table;
    if (import->change)
        return check_change(making, error);
    if (!tables->videos_from && import->texts_table && tables->layout->tells_videos &&
        tables->layout->tells_videos(import->texts_table))
        tables->videos_from = import->texts_table;
    if (tables->videos_from && import_check_videos(making, error))
        return -1;
    if (!import->texts_table) /* optional with stored similarities */
        return 0;
    if (import_check_texts(making, error) || (!tables->videos_from && import_derive_videos(making, error)))
        return -1;
    return import_check_references(making, error);
}

static int write_tables(struct making *making, struct error *error)
{
    return import_write_videos(making, error) || import_write_texts(making, error) ? -1 : 0;
}

static void close_tables(struct making *making)
{
    struct import_tables *tables = &making->tables;

    import_close_texts(making);
    table_close(tables->videos);
    free(tables->key_of);
    free(tables->by_key);
}

const struct import_part import_part_tables = {
    .name = "tables", .check = check_tables, .write = write_tables, .close = close_tables};
