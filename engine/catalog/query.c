/* Queries of the catalog: videos, texts, thumbnails, banks, full-text search and cached fits. */
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/catalog/catalog.h"
#include "engine/catalog/sql.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TITLE_CAPTION = 60 }; /* characters of a caption in the place of a title */

static int refuse(struct catalog *catalog, int code, struct error *error)
{
    return catalog_refuse(catalog->path, catalog->database, code, error);
}

/* Numbers may be anything in a damaged file. */
static int column_int(sqlite3_stmt *statement, int column)
{
    sqlite3_int64 value = sqlite3_column_int64(statement, column);

    return value < 0 ? 0 : value > INT_MAX ? INT_MAX : (int)value;
}

int catalog_video(struct catalog *catalog, size_t row, struct catalog_video *video, struct error *error)
{
    sqlite3_stmt *statement = catalog_begin(catalog, VIDEO);
    int failed = 0;

    *video = (struct catalog_video){0};
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)row);
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        video->key = catalog_column(statement, 0);
        video->title = catalog_column(statement, 1);
        video->tags = catalog_column(statement, 2);
        video->details = catalog_column(statement, 3);
        video->duration_ms = column_int(statement, 4);
        video->frames = column_int(statement, 5);
        video->strip_frames = column_int(statement, 6);
        if (!video->key || !video->title || !video->tags || !video->details)
            failed = catalog_lose(catalog, error);
    } else if (code == SQLITE_DONE) {
        failed = error_set(error, ERROR_INPUT, item_text("%s: has no video %zu"), catalog->path, row);
    } else {
        failed = refuse(catalog, code, error);
    }
    catalog_end(catalog, statement);
    if (failed)
        catalog_video_close(video);
    return failed;
}

void catalog_video_close(struct catalog_video *video)
{
    free(video->key);
    free(video->title);
    free(video->tags);
    free(video->details);
    *video = (struct catalog_video){0};
}

/* Cuts a caption to TITLE_CAPTION characters, at a blank where there is one in the second half. */
static void shorten(char *text)
{
    const char *at = text;
    char *blank = NULL;

    for (int count = 0; count < TITLE_CAPTION; count++) {
        if (*at == ' ' && count >= TITLE_CAPTION / 2)
            blank = text + (at - text);
        if (!text_next(&at))
            return;
    }
    char *end = blank ? blank : text + (at - text);
    if (*at && strlen(end) >= 3)
        memcpy(end, "...", 4);
}

int catalog_title(struct catalog *catalog, size_t row, char *buffer, size_t size)
{
    sqlite3_stmt *statement = catalog_begin(catalog, TITLE);

    if (size)
        buffer[0] = 0;
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)row);
    if (sqlite3_step(statement) == SQLITE_ROW) {
        for (int column = 0; column < 3 && size && !buffer[0]; column++) {
            const char *text = (const char *)sqlite3_column_text(statement, column);
            if (text)
                text_clean(buffer, size, text);
            if (column == 1)
                shorten(buffer);
        }
    }
    int code = catalog_end(catalog, statement);
    if (size && (code || !buffer[0]))
        snprintf(buffer, size, item_text("video %zu"), row);
    return code ? -1 : 0;
}

int catalog_text(struct catalog *catalog, const char *split, size_t row, struct catalog_text *text, struct error *error)
{
    sqlite3_stmt *statement = catalog_begin(catalog, TEXT);
    int failed = 0;

    *text = (struct catalog_text){.video = -1, .row = (int64_t)row};
    sqlite3_bind_text(statement, 1, split, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)row);
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        text->id = sqlite3_column_int64(statement, 0);
        text->caption = catalog_column(statement, 1);
        if (sqlite3_column_type(statement, 2) != SQLITE_NULL)
            text->video = sqlite3_column_int64(statement, 2);
        if (!text->caption)
            failed = catalog_lose(catalog, error);
        else if (text->video < -1 || text->video >= (int64_t)catalog->videos)
            failed = refuse(catalog, SQLITE_CORRUPT, error);
    } else if (code == SQLITE_DONE) {
        failed = error_set(error, ERROR_INPUT, "%s: has no text %zu of %s", catalog->path, row, split);
    } else {
        failed = refuse(catalog, code, error);
    }
    catalog_end(catalog, statement);
    if (failed)
        catalog_text_close(text);
    return failed;
}

void catalog_text_close(struct catalog_text *text)
{
    free(text->caption);
    *text = (struct catalog_text){.video = -1};
}

/* Writes the first column of a statement's rows if below `bound`, at most `most` values; counts them all. */
static int collect(sqlite3_stmt *statement, size_t bound, uint32_t *rows, size_t most, size_t *count)
{
    int code;

    *count = 0;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        sqlite3_int64 row = sqlite3_column_int64(statement, 0);
        if (row < 0 || (size_t)row >= bound)
            continue;
        if (*count < most)
            rows[*count] = (uint32_t)row;
        ++*count;
    }
    return code;
}

size_t catalog_captions_of(struct catalog *catalog, size_t video, uint32_t *rows, size_t most)
{
    sqlite3_stmt *statement = catalog_begin(catalog, CAPTIONS);
    size_t count;

    sqlite3_bind_int64(statement, 1, (sqlite3_int64)video);
    collect(statement, catalog->queries, rows, most, &count);
    return catalog_end(catalog, statement) ? SIZE_MAX : count;
}

static size_t find(struct catalog *catalog, enum catalog_statement which, size_t bound, const char *words,
                   uint32_t *rows, size_t most, struct error *error)
{
    char question[4096];
    bool some = false;
    size_t count;

    if (most == 0)
        return 0;
    if (catalog_question(words, question, sizeof question, &some)) {
        catalog_lose(catalog, error);
        return SIZE_MAX;
    }
    if (!some)
        return 0;
    sqlite3_stmt *statement = catalog_begin(catalog, which);
    sqlite3_bind_text(statement, 1, question, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, most > INT_MAX ? INT_MAX : (sqlite3_int64)most);
    int code = collect(statement, bound, rows, most, &count);
    if (code != SQLITE_DONE) {
        refuse(catalog, code, error);
        count = SIZE_MAX;
    }
    catalog_end(catalog, statement);
    return count;
}

size_t catalog_find_captions(struct catalog *catalog, const char *words, uint32_t *rows, size_t most,
                             struct error *error)
{
    return find(catalog, FIND_CAPTIONS, catalog->queries, words, rows, most, error);
}

size_t catalog_find_videos(struct catalog *catalog, const char *words, uint32_t *rows, size_t most, struct error *error)
{
    return find(catalog, FIND_VIDEOS, catalog->videos, words, rows, most, error);
}

/* A copy of a blob; null with *size 0 if it is empty or when out of memory. */
static void *column_blob(sqlite3_stmt *statement, int column, size_t *size)
{
    const void *bytes = sqlite3_column_blob(statement, column);
    int length = sqlite3_column_bytes(statement, column);
    void *copy = bytes && length > 0 ? memory_array((size_t)length, 1) : NULL;

    *size = copy ? (size_t)length : 0;
    return copy ? memcpy(copy, bytes, *size) : NULL;
}

int catalog_find_key(struct catalog *catalog, const char *key, uint32_t *row, struct error *error)
{
    sqlite3_stmt *statement = catalog_begin(catalog, FIND_KEY);
    int failed = 0;

    sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
    int code = sqlite3_step(statement);
    sqlite3_int64 found = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        failed = refuse(catalog, code, error);
    else if (found < 0 || (size_t)found >= catalog->videos)
        failed = error_set(error, ERROR_INPUT, item_text("%s: has no video with the key '%.80s'"), catalog->path, key);
    else
        *row = (uint32_t)found;
    catalog_end(catalog, statement);
    return failed;
}

void *catalog_thumbnail(struct catalog *catalog, size_t row, size_t *size, int *strip_frames, struct error *error)
{
    sqlite3_stmt *statement = catalog_begin(catalog, THUMBNAIL);
    void *image = NULL;

    *size = 0;
    *strip_frames = 0;
    if (error)
        *error = (struct error){0};
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)row);
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        image = column_blob(statement, 1, size);
        *strip_frames = column_int(statement, 0);
        if (!image && sqlite3_column_bytes(statement, 1) > 0)
            catalog_lose(catalog, error);
        else if (!image || *strip_frames < 1)
            refuse(catalog, SQLITE_CORRUPT, error);
        if (*strip_frames < 1) {
            free(image);
            image = NULL;
        }
    } else if (code != SQLITE_DONE) {
        refuse(catalog, code, error);
    }
    catalog_end(catalog, statement);
    return image;
}

int catalog_targets(struct catalog *catalog, uint32_t *targets, size_t count, struct error *error)
{
    sqlite3_stmt *statement = catalog_begin(catalog, TARGETS);
    size_t next = 0;
    int code;

    while ((code = sqlite3_step(statement)) == SQLITE_ROW && next < count) {
        bool none = sqlite3_column_type(statement, 1) == SQLITE_NULL;
        sqlite3_int64 video = sqlite3_column_int64(statement, 1);
        if (sqlite3_column_int64(statement, 0) != (sqlite3_int64)next ||
            (!none && (video < 0 || video >= (sqlite3_int64)catalog->videos)))
            break;
        targets[next++] = none ? UINT32_MAX : (uint32_t)video;
    }
    int failed = 0;
    if (code != SQLITE_DONE || next != count)
        failed = refuse(catalog, code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_CORRUPT : code, error);
    catalog_end(catalog, statement);
    return failed;
}

bool catalog_bank(struct catalog *catalog, int kind, size_t index, char *name, size_t size, char *file,
                  size_t file_size, int64_t *first_text)
{
    sqlite3_stmt *statement = catalog_begin(catalog, BANK);

    sqlite3_bind_int(statement, 1, kind);
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)index);
    bool found = sqlite3_step(statement) == SQLITE_ROW;
    if (found) {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        text_clean(name, size, text ? text : "");
        text = (const char *)sqlite3_column_text(statement, 1);
        text_clean(file, file_size, text ? text : "");
        *first_text = sqlite3_column_int64(statement, 2);
    }
    catalog_end(catalog, statement);
    return found;
}

bool catalog_model(struct catalog *catalog, size_t index, char *name, size_t size, char *folder, size_t folder_size)
{
    sqlite3_stmt *statement = catalog_begin(catalog, MODEL);

    sqlite3_bind_int64(statement, 1, (sqlite3_int64)index);
    bool found = sqlite3_step(statement) == SQLITE_ROW;
    if (found) {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        text_clean(name, size, text ? text : "");
        text = (const char *)sqlite3_column_text(statement, 1);
        text_clean(folder, folder_size, text ? text : "");
    }
    catalog_end(catalog, statement);
    return found;
}

void catalog_model_key(const char *folder, const char *key, char buffer[CATALOG_KEY])
{
    snprintf(buffer, CATALOG_KEY, "%s%s%s", folder, *folder ? "/" : "", key);
}

bool catalog_model_has_bank(struct catalog *catalog, const char *folder, int kind, size_t index)
{
    sqlite3_stmt *statement = catalog_begin(catalog, MODEL_BANK);

    sqlite3_bind_text(statement, 1, folder, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 2, kind);
    sqlite3_bind_int64(statement, 3, (sqlite3_int64)index);
    bool has = sqlite3_step(statement) == SQLITE_ROW;
    catalog_end(catalog, statement);
    return has;
}

void *catalog_fit_load(struct catalog *catalog, const char *key, size_t *size)
{
    sqlite3_stmt *statement = catalog_begin(catalog, FIT_LOAD);
    void *fit = NULL;

    *size = 0;
    sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
    if (sqlite3_step(statement) == SQLITE_ROW)
        fit = column_blob(statement, 0, size);
    catalog_end_harmless(catalog, statement);
    return fit;
}

void catalog_fit_store(struct catalog *catalog, const char *key, const void *blob, size_t size)
{
    sqlite3_stmt *statement = catalog_begin(catalog, FIT_STORE);

    sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
    sqlite3_bind_blob64(statement, 2, blob, size, SQLITE_STATIC);
    sqlite3_step(statement);
    catalog_end_harmless(catalog, statement);

    statement = catalog_begin(catalog, FIT_TRIM);
    sqlite3_step(statement);
    catalog_end_harmless(catalog, statement);
}
