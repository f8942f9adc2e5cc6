#include "engine/catalog/sql.h"
#include "engine/base/fold.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { STEPS_A_CALL = 1000 };

static int count_steps(void *context)
{
    struct catalog *catalog = context;

    catalog->steps += STEPS_A_CALL;
    return catalog->steps > catalog->steps_most;
}

void catalog_allow_steps(struct catalog *catalog, long long most)
{
    catalog->steps = 0;
    catalog->steps_most = most;
    sqlite3_progress_handler(catalog->database, STEPS_A_CALL, count_steps, catalog);
}

/* What is looked up by its key takes a hundred; what lists rows some ten a row. */
static long long steps_of(const struct catalog *catalog, enum catalog_statement which)
{
    enum { KEY = 1 << 20, ROW = 100 };

    switch (which) {
    case CAPTIONS:
    case FIND_CAPTIONS:
    case FIND_VIDEOS:
    case ALL_VIDEOS:
    case ALL_CAPTIONS:
    case TARGETS:
    case FIT_TRIM:
        return KEY + ROW * ((long long)catalog->videos + (long long)catalog->queries);
    default:
        return KEY;
    }
}

sqlite3_stmt *catalog_begin(struct catalog *catalog, enum catalog_statement which)
{
    pthread_mutex_lock(&catalog->lock);
    catalog_allow_steps(catalog, steps_of(catalog, which));
    return catalog->statement[which];
}

static int end(struct catalog *catalog, sqlite3_stmt *statement, bool harmless)
{
    int code = sqlite3_reset(statement);

    catalog->locked = (code & 0xff) == SQLITE_BUSY;
    if (code && !harmless)
        atomic_store(&catalog->failure, code);
    sqlite3_clear_bindings(statement);
    pthread_mutex_unlock(&catalog->lock);
    return code;
}

int catalog_end(struct catalog *catalog, sqlite3_stmt *statement)
{
    return end(catalog, statement, false);
}

void catalog_end_harmless(struct catalog *catalog, sqlite3_stmt *statement)
{
    end(catalog, statement, true);
}

int catalog_lose(struct catalog *catalog, struct error *error)
{
    atomic_store(&catalog->failure, SQLITE_NOMEM);
    return error_memory(error);
}

char *catalog_column(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    size_t size = text ? (size_t)sqlite3_column_bytes(statement, column) : 0;

    if (!text && sqlite3_column_type(statement, column) != SQLITE_NULL)
        return NULL; /* out of memory */
    if (size <= CATALOG_TEXT_BYTES)
        return memory_text(text ? text : "");
    for (size = CATALOG_TEXT_BYTES; size && ((unsigned char)text[size] & 0xc0) == 0x80; size--)
        ; /* whole characters */
    char *copy = memory_array(size + 1, 1);
    if (copy)
        memcpy(copy, text, size);
    return copy;
}

static bool is_sound(sqlite3 *database)
{
    sqlite3_stmt *statement = NULL;
    bool sound = !sqlite3_prepare_v2(database, "PRAGMA quick_check(1)", -1, &statement, NULL) &&
                 sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_text(statement, 0) &&
                 strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;

    sqlite3_finalize(statement);
    return sound;
}

/* Of a read, which to SQLite is damage of the file; 0: it was another failure. */
static int last_read_error(sqlite3 *database)
{
    int number = 0;

    if (!database || sqlite3_file_control(database, "main", SQLITE_FCNTL_LAST_ERRNO, &number))
        return 0;
    return number == EIO || number == ENXIO ? number : 0;
}

int catalog_code_in(sqlite3 *database, const char *text)
{
    static const char mark[] = "error code="; /* "... error code=7" */
    const char *found = strstr(text, mark);
    int code = found ? atoi(found + sizeof mark - 1) : 0;

    if (code)
        return code;
    if (last_read_error(database))
        return SQLITE_IOERR_READ;
    /* no code, for lack of memory too: then a second look finds nothing */
    return strstr(text, "failed to get page") && is_sound(database) ? SQLITE_NOMEM : SQLITE_CORRUPT;
}

/* The system's error number, or 0: SQLite's own "disk I/O error" does not tell a full disk from a broken one. */
static int system_number(sqlite3 *database, int code)
{
    int kind = code & 0xff, number = database ? sqlite3_system_errno(database) : 0;
    struct rlimit limit;

    if (!number && code == SQLITE_IOERR_WRITE && getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
        limit.rlim_cur != RLIM_INFINITY)
        number = EFBIG; /* a backup keeps no number */
    if (!number && kind == SQLITE_FULL)
        number = ENOSPC;
    if (kind == SQLITE_CORRUPT || (!number && kind == SQLITE_IOERR))
        return last_read_error(database);
    return kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN || kind == SQLITE_FULL ? number : 0;
}

/* The connection's message may be that of another call. */
static const char *reason_of(sqlite3 *database, int code)
{
    return database && (sqlite3_errcode(database) & 0xff) == (code & 0xff) ? sqlite3_errmsg(database)
                                                                           : sqlite3_errstr(code);
}

/* A damaged index of words may ask for more memory than SQLite ever gives: it is then refused each time. */
static bool was_short(sqlite3 *database)
{
    enum { LEFT = 1 << 20 };
    sqlite3_stmt *statement = NULL;

    if (!database || !memory_is_left(LEFT))
        return true;
    int code = sqlite3_prepare_v2(database, "SELECT 1 FROM caption_words", -1, &statement, NULL);
    sqlite3_finalize(statement);
    return (code & 0xff) != SQLITE_NOMEM || !memory_is_left(LEFT);
}

int catalog_refuse(const char *path, sqlite3 *database, int code, struct error *error)
{
    int number = system_number(database, code);

    if (code == SQLITE_IOERR_NOMEM)
        return error_memory(error);
    if ((code & 0xff) == SQLITE_NOMEM && !was_short(database))
        code = SQLITE_CORRUPT;
    if (number)
        return error_set(error, error_kind_of(number), "%s: %s", path, strerror(number));
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return error_memory(error);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_MISMATCH:
        return error_set(error, ERROR_INPUT, "%s: the catalog is damaged (%s); import the collection again", path,
                         sqlite3_errstr(code));
    case SQLITE_INTERRUPT: /* count_steps */
        return error_set(error, ERROR_INPUT,
                         "%s: the catalog is damaged (a query takes far more steps than its rows need); import the "
                         "collection again",
                         path);
    case SQLITE_ERROR: /* no such table or column: not the schema its version promises */
        return error_set(error, ERROR_INPUT, "%s: the catalog is damaged (%s); import the collection again", path,
                         reason_of(database, code));
    default:
        return error_set(error, ERROR_SYSTEM, "%s: %s", path, reason_of(database, code));
    }
}

/* SQLite may take names that begin with "file:" as URIs, depending on how the system built it: so always pass a URI. */
static char *uri_of(const char *path, const char *options)
{
    size_t room = 3 * strlen(path) + strlen(options) + 16;
    char *uri = memory_array(room, 1);
    size_t used = 0;

    if (!uri)
        return NULL;
    used += (size_t)snprintf(uri, room, "file:");
    while (path[0] == '/' && path[1] == '/') /* two slashes would begin a host name */
        path++;
    for (; *path; path++) {
        unsigned char byte = (unsigned char)*path;
        bool plain = byte < 0x80 && (isalnum(byte) || strchr("/._-", byte));
        used += (size_t)snprintf(uri + used, room - used, plain ? "%c" : "%%%02X", byte);
    }
    snprintf(uri + used, room - used, "%s%s", *options ? "?" : "", options);
    return uri;
}

int catalog_connect(const char *path, int flags, const char *options, sqlite3 **database)
{
    char *uri = uri_of(path, options);

    *database = NULL;
    if (!uri)
        return SQLITE_NOMEM;
    int code = sqlite3_open_v2(uri, database, flags | SQLITE_OPEN_URI | SQLITE_OPEN_FULLMUTEX, NULL);
    free(uri);
    if (code)
        return code;
    sqlite3_extended_result_codes(*database, 1);
    sqlite3_busy_timeout(*database, 2000);
    sqlite3_limit(*database, SQLITE_LIMIT_LENGTH, CATALOG_VALUE_BYTES);
    /* The file may come from anyone: nothing in it may reach beyond its own tables. */
    sqlite3_db_config(*database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(*database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(*database, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL); /* plans do not change with what is bound */
    return sqlite3_exec(*database, "PRAGMA cell_size_check = ON", NULL, NULL, NULL);
}

static bool is_gap(char c)
{
    return c == ' ' || c == '"';
}

/* Quotes the words of a text without control characters, so that blanks are the only gaps. */
static bool quote_words(const char *text, char *question, size_t size)
{
    enum { WORDS = 64 };
    size_t used = 0, words = 0;

    for (const char *at = text; words < WORDS; words++) {
        while (is_gap(*at))
            at++;
        size_t length = 0;
        while (at[length] && !is_gap(at[length]))
            length++;
        if (!length || used + length + 6 > size)
            break;
        /* Quoted words have no syntax; words without a letter become empty phrases, which FTS5 ignores. */
        used += (size_t)snprintf(question + used, size - used, "\"%.*s\" ", (int)length, at);
        at += length;
    }
    if (!words)
        return false;
    snprintf(question + used, size - used, "*");
    return true;
}

int catalog_question(const char *text, char *question, size_t size, bool *words)
{
    enum { BYTES = 1024, ROOM = 2 * BYTES };
    char clean[BYTES], plain[ROOM];

    text_clean(clean, sizeof clean, text);
    *words = quote_words(clean, question, size);
    if (!*words)
        return 0;
    char *usual = fold_forms(clean);
    if (!usual)
        return -1;
    size_t used = strlen(question);
    if (strcmp(usual, clean) != 0 && quote_words(usual, plain, sizeof plain) &&
        used + strlen(plain) + strlen("() OR ()") < size) { /* as written: older catalogs hold captions so */
        memmove(question + 1, question, used);
        question[0] = '(';
        snprintf(question + used + 1, size - used - 1, ") OR (%s)", plain);
    }
    free(usual);
    return 0;
}
