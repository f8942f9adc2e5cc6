#include "engine/catalog/scan.h"

#include "engine/catalog/sql.h"

static const char *text_of(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);

    return text ? text : "";
}

/* The row in the first column, or SIZE_MAX if it is beyond `bound`. */
static size_t row_of(sqlite3_stmt *statement, size_t bound)
{
    sqlite3_int64 row = sqlite3_column_int64(statement, 0);

    return row >= 0 && (size_t)row < bound ? (size_t)row : SIZE_MAX;
}

/* Whether a row follows the last one, at *next; rows in a maze of pages repeat. */
static bool advances(size_t row, size_t *next)
{
    bool ascends = row == SIZE_MAX || row >= *next;

    *next = row == SIZE_MAX ? *next : row + 1;
    return ascends;
}

/* Ends a scan that stopped with SQLite's `code`. */
static int end_scan(struct catalog *catalog, sqlite3_stmt *statement, int code, struct error *error)
{
    int failed =
        code == SQLITE_ROW || code == SQLITE_DONE ? 0 : catalog_refuse(catalog->path, catalog->database, code, error);

    int ended = catalog_end(catalog, statement); /* a text that was cut off for lack of memory */
    return !failed && ended ? catalog_refuse(catalog->path, catalog->database, ended, error) : failed;
}

int catalog_scan_videos(struct catalog *catalog, catalog_video_taker *take, void *context, struct error *error)
{
    sqlite3_stmt *statement = catalog_begin(catalog, ALL_VIDEOS);
    size_t next = 0;
    int code;

    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const struct catalog_row video = {.key = text_of(statement, 1),
                                          .title = text_of(statement, 2),
                                          .tags = text_of(statement, 3),
                                          .details = text_of(statement, 4)};
        size_t row = row_of(statement, catalog->videos);
        if (!advances(row, &next)) {
            code = SQLITE_CORRUPT;
            break;
        }
        if (row != SIZE_MAX && !take(context, row, &video))
            break;
    }
    return end_scan(catalog, statement, code, error);
}

int catalog_scan_captions(struct catalog *catalog, catalog_caption_taker *take, void *context, struct error *error)
{
    sqlite3_stmt *statement = catalog_begin(catalog, ALL_CAPTIONS);
    size_t next = 0;
    int code;

    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        size_t row = row_of(statement, catalog->queries);
        if (!advances(row, &next)) {
            code = SQLITE_CORRUPT;
            break;
        }
        if (row != SIZE_MAX && !take(context, row, text_of(statement, 1)))
            break;
    }
    return end_scan(catalog, statement, code, error);
}
