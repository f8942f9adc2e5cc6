#include "engine/catalog/catalog.h"
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/catalog/header.h"
#include "engine/catalog/schema.h"
#include "engine/catalog/sql.h"

#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static const char IMMUTABLE[] = "immutable=1"; /* of the URI */

/* Of matches that are so many, only the first are ranked: to rank those of a letter takes a second for a million
 * captions, and all other reading waits. */
#define RANKED "20000"

static const char *const sql[CATALOG_STATEMENTS] = {
    [META] = "SELECT value FROM meta WHERE key = ?1",
    [VIDEOS] = "SELECT max(row) FROM videos",
    [TEXTS] = "SELECT max(row) FROM texts WHERE split = ?1",
    [VIDEO] = "SELECT key, title, tags, details, duration_ms, frames, strip_frames FROM videos"
              " LEFT JOIN thumbnails ON video = row WHERE row = ?1",
    [TITLE] = "SELECT title, (SELECT caption FROM texts WHERE split = 'query' AND video = videos.row"
              " ORDER BY row LIMIT 1), key FROM videos WHERE row = ?1",
    [TEXT] = "SELECT id, caption, video FROM texts WHERE split = ?1 AND row = ?2",
    [CAPTIONS] =
        "SELECT row FROM texts INDEXED BY texts_video" /* texts_place covers it, but has a video's rows anywhere */
        " WHERE split = 'query' AND video = ?1 ORDER BY row",
    [FIND_CAPTIONS] = "SELECT rowid FROM (SELECT rowid, rank AS far FROM caption_words"
                      " WHERE caption_words MATCH ?1 LIMIT " RANKED ") ORDER BY far, rowid LIMIT ?2",
    [FIND_VIDEOS] = "SELECT rowid FROM (SELECT rowid, bm25(video_words, 4.0, 2.0, 1.0) AS far FROM video_words"
                    " WHERE video_words MATCH ?1 LIMIT " RANKED ") ORDER BY far, rowid LIMIT ?2",
    [ALL_VIDEOS] = "SELECT row, key, title, tags, details FROM videos ORDER BY row",
    [ALL_CAPTIONS] = "SELECT row, caption FROM texts WHERE split = 'query' ORDER BY row",
    [FIND_KEY] = "SELECT row FROM videos WHERE key = ?1 LIMIT 1",
    [THUMBNAIL] = "SELECT strip_frames, image FROM thumbnails WHERE video = ?1",
    [TARGETS] = "SELECT row, video FROM texts WHERE split = 'query' ORDER BY row",
    [BANK] = "SELECT name, file, first_text FROM banks WHERE kind = ?1 AND position = ?2",
    [MODEL] = "SELECT name, folder FROM models WHERE position = ?1",
    [MODEL_BANK] = "SELECT 1 FROM model_banks WHERE folder = ?1 AND kind = ?2 AND position = ?3",
    [FIT_LOAD] = "SELECT fit FROM fits WHERE key = ?1",
    [FIT_STORE] = "INSERT OR REPLACE INTO fits(key, fit) VALUES(?1, ?2)",
    /* Deletes the oldest once all together exceed 64 MiB. */
    [FIT_TRIM] = "DELETE FROM fits WHERE id IN (SELECT id FROM"
                 " (SELECT id, sum(length(fit)) OVER (ORDER BY id DESC) AS total FROM fits) WHERE "
                 "total > 67108864)",
};

static int count_rows(struct catalog *catalog, enum catalog_statement which, const char *split, size_t *count,
                      struct error *error)
{
    sqlite3_stmt *statement = catalog_begin(catalog, which);

    if (split)
        sqlite3_bind_text(statement, 1, split, -1, SQLITE_STATIC);
    int code = sqlite3_step(statement);
    sqlite3_int64 last = -1;
    if (code == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL)
        last = sqlite3_column_int64(statement, 0);
    catalog_end(catalog, statement);
    if (code == SQLITE_ROW && last >= -1 && last < UINT32_MAX - 1) {
        *count = (size_t)(last + 1);
        return 0;
    }
    return catalog_refuse(catalog->path, catalog->database, code == SQLITE_ROW ? SQLITE_CORRUPT : code, error);
}

/* Runs a query of one cell and compares it with the required value. */
static int expect(struct catalog *catalog, const char *query, const char *wanted)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(catalog->database, query, -1, &statement, NULL);

    if (!code) {
        if (sqlite3_bind_parameter_count(statement))
            sqlite3_bind_text(statement, 1, catalog_definitions, -1, SQLITE_STATIC);
        code = sqlite3_step(statement);
        const char *text = code == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : NULL;
        if (code == SQLITE_ROW)
            code = !text                       ? SQLITE_NOMEM
                   : strcmp(text, wanted) == 0 ? SQLITE_OK
                                               : catalog_code_in(catalog->database, text);
        else if (code == SQLITE_DONE)
            code = SQLITE_CORRUPT;
    }
    sqlite3_finalize(statement);
    return code;
}

static void disconnect(struct catalog *catalog)
{
    for (int i = 0; i < CATALOG_STATEMENTS; i++) {
        sqlite3_finalize(catalog->statement[i]);
        catalog->statement[i] = NULL;
    }
    sqlite3_close(catalog->database);
    catalog->database = NULL;
}

/* SQLite asks whether to try once more for a lock that another process has. */
static int wait_for_lock(void *context, int tries)
{
    enum { STEP_MS = 10 };
    struct catalog *catalog = context;

    if (tries * STEP_MS >= atomic_load(&catalog->patience))
        return 0;
    nanosleep(&(struct timespec){.tv_nsec = STEP_MS * 1000000L}, NULL);
    return 1;
}

static int connect_and_check(struct catalog *catalog, int flags, const char *options, bool thorough)
{
    enum { SCHEMA_STEPS = 100000 }; /* ours has some twenty entries, of which each takes a hundred */
    int code = catalog_connect(catalog->path, flags, options, &catalog->database);

    if (!code)
        code = sqlite3_busy_handler(catalog->database, wait_for_lock, catalog);
    if (!code)
        catalog_allow_steps(catalog, SCHEMA_STEPS);
    if (!code)
        code = expect(catalog, catalog_foreign_sql, "0");
    if (!code)
        code = expect(catalog, catalog_indexes_sql, catalog_indexes);
    if (!code)
        catalog_allow_steps(catalog, LLONG_MAX); /* the check is bounded by the size */
    if (!code && thorough)
        code = expect(catalog, "PRAGMA quick_check(1)", "ok");
    if (!code && catalog->version == 1)
        code = sqlite3_exec(catalog->database, catalog_view_sql, NULL, NULL, NULL);
    for (int i = 0; !code && i < CATALOG_STATEMENTS; i++)
        code =
            sqlite3_prepare_v3(catalog->database, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &catalog->statement[i], NULL);
    return code;
}

/* Null when out of memory. */
static struct catalog *new_catalog(const char *path, int version, struct error *error)
{
    struct catalog *catalog = memory_array(1, sizeof *catalog);

    if (!catalog) {
        error_memory(error);
        return NULL;
    }
    catalog->version = version;
    atomic_store(&catalog->patience, 2000);
    pthread_mutex_init(&catalog->lock, NULL);
    catalog->path = memory_text(path);
    if (catalog->path)
        return catalog;
    error_memory(error);
    catalog_close(catalog);
    return NULL;
}

struct catalog *catalog_open(const char *path, struct error *error)
{
    enum { CHECKED_SIZE = 16 << 20 }; /* in larger files a damaged page is found when it is read */
    struct stat status;

    if (stat(path, &status)) {
        error_system(error, "%s", path);
        return NULL;
    }
    if (!S_ISREG(status.st_mode)) {
        error_set(error, ERROR_INPUT, "%s: not a regular file", path);
        return NULL;
    }
    int version;
    if (catalog_verify_header(path, &version, error))
        return NULL;
    struct catalog *catalog = new_catalog(path, version, error);
    if (!catalog)
        return NULL;
    catalog->device = status.st_dev;
    catalog->file = status.st_ino;
    bool thorough = status.st_size <= CHECKED_SIZE;
    int code = connect_and_check(catalog, SQLITE_OPEN_READWRITE, "", thorough);
    int kind = code & 0xff;
    if (kind == SQLITE_CANTOPEN || kind == SQLITE_READONLY || kind == SQLITE_IOERR || kind == SQLITE_PERM) {
        /* The file system is read-only or cannot lock: nobody else can change the file either. */
        disconnect(catalog);
        catalog->immutable = true;
        code = connect_and_check(catalog, SQLITE_OPEN_READONLY, IMMUTABLE, thorough);
    }
    if (code) {
        catalog_refuse(path, catalog->database, code, error);
        goto fail;
    }
    if (count_rows(catalog, VIDEOS, NULL, &catalog->videos, error) ||
        count_rows(catalog, TEXTS, "query", &catalog->queries, error))
        goto fail;
    return catalog;

fail:
    catalog_close(catalog);
    return NULL;
}

bool catalog_in_place(const struct catalog *catalog)
{
    struct stat status;

    return stat(catalog->path, &status) == 0 && status.st_dev == catalog->device && status.st_ino == catalog->file;
}

struct catalog *catalog_open_again(const struct catalog *catalog, struct error *error)
{
    struct catalog *again = new_catalog(catalog->path, catalog->version, error);

    if (!again)
        return NULL;
    again->immutable = catalog->immutable;
    again->device = catalog->device;
    again->file = catalog->file;
    again->videos = catalog->videos;
    again->queries = catalog->queries;
    int flags = again->immutable ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    int code = connect_and_check(again, flags, again->immutable ? IMMUTABLE : "", false);
    if (!catalog_in_place(again))
        error_set(error, ERROR_SYSTEM, "%s: was changed by another program meanwhile; try again", again->path);
    else if (!code)
        return again;
    else
        catalog_refuse(again->path, again->database, code, error);
    catalog_close(again);
    return NULL;
}

int catalog_reopen(struct catalog *catalog, struct error *error)
{
    struct catalog *fresh = catalog_open(catalog->path, error);

    if (!fresh)
        return -1;
    if (fresh->videos != catalog->videos || fresh->queries != catalog->queries) {
        catalog_close(fresh);
        return error_set(error, ERROR_SYSTEM, "%s: another collection has taken its place", catalog->path);
    }
    pthread_mutex_lock(&catalog->lock);
    sqlite3 *database = catalog->database;
    catalog->version = fresh->version;
    catalog->immutable = fresh->immutable;
    catalog->device = fresh->device;
    catalog->file = fresh->file;
    catalog->database = fresh->database;
    fresh->database = database;
    for (int i = 0; i < CATALOG_STATEMENTS; i++) {
        sqlite3_stmt *statement = catalog->statement[i];
        catalog->statement[i] = fresh->statement[i];
        fresh->statement[i] = statement;
    }
    sqlite3_busy_handler(catalog->database, wait_for_lock, catalog); /* catalog_begin renews the other handler */
    pthread_mutex_unlock(&catalog->lock);
    catalog_close(fresh);
    return 0;
}

int catalog_check_read(struct catalog *catalog, struct error *error)
{
    int code = atomic_exchange(&catalog->failure, SQLITE_OK);

    return code ? catalog_refuse(catalog->path, catalog->database, code, error) : 0;
}

void catalog_set_patience(struct catalog *catalog, int milliseconds)
{
    atomic_store(&catalog->patience, milliseconds);
}

bool catalog_locked(const struct catalog *catalog)
{
    return catalog->locked;
}

void catalog_close(struct catalog *catalog)
{
    if (!catalog)
        return;
    disconnect(catalog);
    pthread_mutex_destroy(&catalog->lock);
    free(catalog->path);
    free(catalog);
}

const char *catalog_library(void)
{
    return sqlite3_libversion();
}

char *catalog_meta(struct catalog *catalog, const char *key)
{
    sqlite3_stmt *statement = catalog_begin(catalog, META);
    char *value = NULL;

    sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
    if (sqlite3_step(statement) == SQLITE_ROW)
        value = catalog_column(statement, 0);
    bool lost = !value && sqlite3_data_count(statement) > 0;
    catalog_end(catalog, statement);
    if (lost)
        catalog_lose(catalog, NULL);
    return value;
}

double catalog_meta_number(struct catalog *catalog, const char *key)
{
    sqlite3_stmt *statement = catalog_begin(catalog, META);
    double value = NAN;

    sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
    if (sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_TEXT)
        value = sqlite3_column_double(statement, 0);
    catalog_end(catalog, statement);
    return value;
}

int catalog_choose_item(struct catalog *catalog, struct error *error)
{
    char *words = catalog_meta(catalog, "item");
    struct item_words item;
    bool known = words && item_read(words, &item, NULL) == 0;

    free(words);
    return item_choose(known ? &item : NULL, error);
}

size_t catalog_count_videos(struct catalog *catalog)
{
    return catalog->videos;
}

size_t catalog_count_texts(struct catalog *catalog, const char *split)
{
    size_t count = 0;

    return count_rows(catalog, TEXTS, split, &count, NULL) ? 0 : count;
}
