#include "engine/catalog/check.h"

#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/base/text.h"
#include "engine/catalog/header.h"
#include "engine/catalog/schema.h"
#include "engine/catalog/sql.h"
#include "engine/pictures/picture.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct catalog_check {
    char *path;
    int version;
    sqlite3 *database;
    struct job *job;
    long long steps, steps_most; /* of SQLite's machine, of all queries together */
    struct error failure;        /* why a value could not be read, unless the file is to blame */
};

/* A query whose every row is a fault; its first column is the message, in which @item and @items stand for the item. */
struct probe {
    enum catalog_part part;
    const char *kind, *sql;
};

/* Indexes may be damaged too, so duplicates are counted without them. */
static const struct probe probes[] = {
    {CATALOG_VIDEOS, "places where videos are missing",
     "SELECT iif(before + 2 = row, format('%s %d is missing', @item, row - 1),"
     " format('%s %d to %d are missing', @items, before + 1, row - 1)) FROM"
     " (SELECT row, lag(row, 1, -1) OVER (ORDER BY row) AS before FROM videos) WHERE row != before "
     "+ 1"},
    {CATALOG_VIDEOS, "videos without a key",
     "SELECT format('%s %d has no key', @item, row) FROM videos WHERE key = ''"},
    {CATALOG_VIDEOS, "keys shared by several videos",
     "SELECT format('%d %s have the key \"%.80s\", among them %d and %d', count(*), @items, key, "
     "min(row), max(row))"
     " FROM videos NOT INDEXED WHERE key != '' GROUP BY key HAVING count(*) > 1"},
    {CATALOG_TEXTS, "places where texts are missing",
     "SELECT format('texts of \"%.63s\" do not go on from row %d: the next is %d', split, before, "
     "row) FROM"
     " (SELECT split, row, lag(row, 1, -1) OVER (PARTITION BY split ORDER BY row) AS before"
     "  FROM texts NOT INDEXED) WHERE row != before + 1"},
    {CATALOG_TEXTS, "texts out of order",
     "SELECT format('text %d of \"%.63s\" is out of order: its number is %d', row, split, id) FROM"
     " (SELECT split, row, id, lag(id) OVER (PARTITION BY split ORDER BY row) AS before FROM texts "
     "NOT INDEXED)"
     " WHERE before IS NOT NULL AND id != before + 1"},
    {CATALOG_TEXTS, "texts of missing videos",
     "SELECT format('text %d of \"%.63s\" belongs to %s %d, which does not exist', row, split, "
     "@item, video)"
     " FROM texts NOT INDEXED WHERE video IS NOT NULL AND video NOT IN (SELECT row FROM videos)"},
    {CATALOG_TEXTS, "splits without a bank",
     "SELECT format('%d %s of \"%.63s\", which is not a bank', count(*), iif(count(*) = 1, 'text is', "
     "'texts are'),"
     " split) FROM texts NOT INDEXED"
     " WHERE split != 'query' AND split NOT IN (SELECT name FROM banks WHERE kind = 0) GROUP BY "
     "split"},
    {CATALOG_MODELS, NULL, "SELECT 'lists no model' WHERE NOT EXISTS (SELECT 1 FROM models)"},
    {CATALOG_MODELS, "places where models are missing",
     "SELECT format('model %d is missing', before + 1) FROM"
     " (SELECT position, lag(position, 1, -1) OVER (ORDER BY position) AS before FROM models)"
     " WHERE position != before + 1"},
    {CATALOG_MODELS, "names shared by several models",
     "SELECT format('%d models have the name \"%.63s\"', count(*), name) FROM models NOT INDEXED GROUP BY name "
     "HAVING count(*) > 1"},
    {CATALOG_MODELS, "folders shared by several models",
     "SELECT format('%d models have the folder \"%.63s\"', count(*), folder) FROM models NOT INDEXED GROUP BY folder "
     "HAVING count(*) > 1"},
    {CATALOG_MODELS, "banks of missing models",
     "SELECT format('a bank belongs to a model in \"%.63s\", which is not listed', folder) FROM model_banks"
     " WHERE folder NOT IN (SELECT folder FROM models NOT INDEXED)"},
    {CATALOG_MODELS, "models with missing banks",
     "SELECT format('the model in \"%.63s\" has %s %d, which is not listed', folder, iif(kind, @item || ' bank', "
     "'bank'),"
     " position) FROM model_banks AS has WHERE NOT EXISTS"
     " (SELECT 1 FROM banks WHERE banks.kind = has.kind AND banks.position >= has.position)"},
    {CATALOG_BANKS, "places where banks are missing",
     "SELECT format('%s %d is missing', iif(kind, @item || ' bank', 'bank'), before + 1) FROM"
     " (SELECT kind, position, lag(position, 1, -1) OVER (PARTITION BY kind ORDER BY position) AS "
     "before FROM banks)"
     " WHERE position != before + 1"},
    {CATALOG_BANKS, "names shared by several banks",
     "SELECT format('%d %ss have the name \"%.63s\"', count(*), iif(kind, @item || ' bank', 'bank'), "
     "name) FROM banks"
     " GROUP BY kind, name HAVING count(*) > 1"},
    {CATALOG_BANKS, "files shared by several banks",
     "SELECT format('%d banks have the file \"%.80s\"', count(*), file) FROM banks GROUP BY file "
     "HAVING count(*) > 1"},
    {CATALOG_BANKS, "banks whose texts are elsewhere",
     "SELECT format('bank \"%.63s\" says that its texts begin at number %d, but they begin at %d', "
     "name, first_text,"
     " coalesce(first, 0)) FROM banks LEFT JOIN"
     " (SELECT split, id AS first FROM texts NOT INDEXED WHERE row = 0) ON split = name"
     " WHERE kind = 0 AND first_text != coalesce(first, 0)"},
    {CATALOG_THUMBNAILS, "pictures of missing videos",
     "SELECT format('a picture belongs to %s %d, which does not exist', @item, video) FROM thumbnails"
     " WHERE video NOT IN (SELECT row FROM videos)"},
    {CATALOG_WORDS, NULL,
     "SELECT format('the index of words holds %d of %d captions', held, there) FROM"
     " (SELECT (SELECT count(id) FROM caption_words_docsize) AS held,"
     "         (SELECT count(*) FROM texts NOT INDEXED WHERE split = 'query') AS there) WHERE held "
     "!= there"},
    {CATALOG_WORDS, NULL,
     "SELECT format('the index of words holds %d of %d %s', held, there, @items) FROM"
     " (SELECT (SELECT count(id) FROM video_words_docsize) AS held, (SELECT count(row) FROM videos) "
     "AS there)"
     " WHERE held != there"},
    /* reads both indexes to their ends: a damaged page is an error of the query */
    {CATALOG_WORDS, NULL, "SELECT NULL FROM (SELECT count(*) FROM caption_vocabulary)"},
    {CATALOG_WORDS, NULL, "SELECT NULL FROM (SELECT count(*) FROM video_vocabulary)"},
};

/* Tables of every place of every word. */
static const char vocabulary_sql[] =
    "PRAGMA temp_store = MEMORY;"
    "CREATE VIRTUAL TABLE temp.caption_vocabulary USING fts5vocab(main, caption_words, instance);"
    "CREATE VIRTUAL TABLE temp.video_vocabulary USING fts5vocab(main, video_words, instance);";

enum {
    STEPS_A_CALL = 10000,  /* between two looks at the job */
    STEPS_LEAST = 1 << 24, /* less than a second */
    STEPS_A_BYTE = 8,      /* a sound catalog takes two, with captions of one letter */
};

/* Pages that lead to one another in a maze hold more rows than there are bytes.  What counts all rows of a table has no
 * steps: hence no count(*) without a condition. */
static int count_steps(void *context)
{
    struct catalog_check *check = context;

    check->steps += STEPS_A_CALL;
    return job_cancelled(check->job) || check->steps > check->steps_most;
}

static long long steps_of(const char *path)
{
    struct stat status;

    return STEPS_LEAST + (stat(path, &status) ? 0 : STEPS_A_BYTE * (long long)status.st_size);
}

/* Once a page is known to be damaged, only a look at the rest. */
static void allow_few_steps(struct catalog_check *check)
{
    if (check->steps_most > check->steps + STEPS_LEAST)
        check->steps_most = check->steps + STEPS_LEAST;
}

static int cancelled(struct error *error)
{
    return error_set(error, ERROR_CANCELLED, "cancelled");
}

/* Turns SQLite's error into a fault, unless the file is not to blame. */
static int take_code(struct catalog_check *check, int code, struct findings *findings, struct error *error)
{
    struct error reason = {0};

    if (job_cancelled(check->job))
        return cancelled(error);
    catalog_refuse(check->path, check->database, code, &reason);
    return findings_take(findings, check->path, NULL, &reason, error);
}

/* Shows the models of an earlier version, and allows no writing from here; also reads the first page. */
static int begin(struct catalog_check *check)
{
    sqlite3_progress_handler(check->database, STEPS_A_CALL, count_steps, check);
    int code = check->version == 1 ? sqlite3_exec(check->database, catalog_view_sql, NULL, NULL, NULL) : SQLITE_OK;

    if (!code)
        code = sqlite3_exec(check->database, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    if (!code)
        code = sqlite3_exec(check->database, vocabulary_sql, NULL, NULL, NULL);
    return code ? code : sqlite3_exec(check->database, "PRAGMA query_only = ON", NULL, NULL, NULL);
}

struct catalog_check *catalog_check_open(const char *path, struct job *job, struct error *error)
{
    struct catalog_check *check = memory_array(1, sizeof *check);

    if (!check || !(check->path = memory_text(path))) {
        error_memory(error);
        goto fail;
    }
    check->job = job;
    check->steps_most = steps_of(path);
    if (catalog_verify_header(path, &check->version, error))
        goto fail;
    int code = catalog_connect(path, SQLITE_OPEN_READWRITE, "", &check->database);
    if (!code)
        code = begin(check);
    int kind = code & 0xff;
    if (kind == SQLITE_CANTOPEN || kind == SQLITE_READONLY || kind == SQLITE_IOERR || kind == SQLITE_PERM) {
        sqlite3_close(check->database);
        code = catalog_connect(path, SQLITE_OPEN_READONLY, "immutable=1", &check->database);
        if (!code)
            code = begin(check);
    }
    if (code) {
        if (job_cancelled(job))
            cancelled(error);
        else
            catalog_refuse(path, check->database, code, error);
        goto fail;
    }
    return check;
fail:
    catalog_check_close(check);
    return NULL;
}

void catalog_check_close(struct catalog_check *check)
{
    if (!check)
        return;
    sqlite3_close(check->database);
    free(check->path);
    free(check);
}

/* Binds a parameter if the query has it. */
static void bind(sqlite3_stmt *statement, const char *name, const char *text)
{
    int index = sqlite3_bind_parameter_index(statement, name);

    if (index)
        sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

/* Runs a query; a row whose first column is not `good` (or null) is a fault. */
static int ask(struct catalog_check *check, const char *sql, const char *kind, const char *good,
               struct findings *findings, struct error *error)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(check->database, sql, -1, &statement, NULL);
    int failed = 0;

    bind(statement, "@item", item_text("video"));
    bind(statement, "@items", item_text("videos"));
    bind(statement, "@definitions", catalog_definitions);
    while (!code && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        bool wrong = text && (!good || strcmp(text, good) != 0);
        code = wrong && good ? catalog_code_in(check->database, text) : SQLITE_OK;
        if (code)
            allow_few_steps(check);
        if (code && code != SQLITE_CORRUPT)
            break;
        if (wrong)
            findings_fault(findings, check->path, kind, "%s: %s", check->path, text);
        code = SQLITE_OK;
    }
    if (code != SQLITE_DONE)
        failed = take_code(check, code, findings, error);
    sqlite3_finalize(statement);
    return failed;
}

int catalog_check_pages(struct catalog_check *check, struct findings *findings, struct error *error)
{
    if (ask(check, catalog_unexpected_sql, "unexpected definitions", NULL, findings, error))
        return -1;
    if (ask(check,
            "SELECT format('has the computed column \"%.63s\" in \"%.63s\"', its.name, list.name)"
            " FROM pragma_table_list AS list, pragma_table_xinfo(list.name) AS its"
            " WHERE list.schema = 'main' AND list.type = 'table' AND its.hidden IN (2, 3)",
            "computed columns", NULL, findings, error))
        return -1;
    return ask(check, "PRAGMA integrity_check(1000)", "damaged places", "ok", findings, error);
}

int catalog_check_part(struct catalog_check *check, enum catalog_part part, struct findings *findings,
                       struct error *error)
{
    for (size_t i = 0; i < sizeof probes / sizeof *probes; i++) {
        const char *kind = probes[i].kind ? item_text(probes[i].kind) : NULL;
        if (probes[i].part == part && ask(check, probes[i].sql, kind, NULL, findings, error))
            return -1;
    }
    return 0;
}

/* ---- values ---- */

static void note_failure(struct catalog_check *check, int code)
{
    struct error reason = {0};

    if (!code || check->failure.kind)
        return;
    catalog_refuse(check->path, check->database, code, &reason);
    if (reason.kind != ERROR_INPUT)
        check->failure = reason;
}

/* Ends a statement that first_row returned; null is fine. */
static void end_row(struct catalog_check *check, sqlite3_stmt *statement)
{
    note_failure(check, sqlite3_finalize(statement));
}

/* Prepares a query with up to two parameters and makes its first step; null if it has no row. */
static sqlite3_stmt *first_row(struct catalog_check *check, const char *sql, const char *text, int64_t number)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(check->database, sql, -1, &statement, NULL)) {
        note_failure(check, sqlite3_extended_errcode(check->database));
        return NULL;
    }
    int parameters = sqlite3_bind_parameter_count(statement);
    if (parameters >= 1 && text)
        sqlite3_bind_text(statement, 1, text, -1, SQLITE_STATIC);
    if (parameters >= 1 && (!text || parameters == 2))
        sqlite3_bind_int64(statement, parameters, number);
    if (sqlite3_step(statement) == SQLITE_ROW)
        return statement;
    end_row(check, statement);
    return NULL;
}

static size_t count_of(struct catalog_check *check, const char *sql, const char *text)
{
    sqlite3_stmt *statement = first_row(check, sql, text, 0);
    sqlite3_int64 count = statement ? sqlite3_column_int64(statement, 0) : 0;

    end_row(check, statement);
    return count > 0 ? (size_t)count : 0;
}

static void copy_column(sqlite3_stmt *statement, int column, char *buffer, size_t size)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);

    text_clean(buffer, size, text ? text : "");
}

static const char META_SQL[] = "SELECT value FROM meta WHERE key = ?1";

bool catalog_check_meta(struct catalog_check *check, const char *key, char *buffer, size_t size)
{
    sqlite3_stmt *statement = first_row(check, META_SQL, key, 0);

    buffer[0] = 0;
    if (statement)
        copy_column(statement, 0, buffer, size);
    end_row(check, statement);
    return statement != NULL;
}

bool catalog_check_number(struct catalog_check *check, const char *key, double *value)
{
    sqlite3_stmt *statement = first_row(check, META_SQL, key, 0);
    int type = statement ? sqlite3_column_type(statement, 0) : SQLITE_NULL;
    bool found = type == SQLITE_INTEGER || type == SQLITE_FLOAT;

    *value = found ? sqlite3_column_double(statement, 0) : 0;
    end_row(check, statement);
    return found;
}

bool catalog_check_caption(struct catalog_check *check, size_t row, char *buffer, size_t size)
{
    sqlite3_stmt *statement =
        first_row(check, "SELECT caption FROM texts WHERE split = 'query' AND row = ?1", NULL, (int64_t)row);

    buffer[0] = 0;
    if (statement)
        copy_column(statement, 0, buffer, size);
    end_row(check, statement);
    return statement != NULL;
}

size_t catalog_check_amount(struct catalog_check *check, enum catalog_amount amount)
{
    static const char *const sql[CATALOG_AMOUNTS] = {
        [CATALOG_AMOUNT_VIDEOS] = "SELECT count(row) FROM videos",
        [CATALOG_AMOUNT_QUERIES] = "SELECT count(*) FROM texts WHERE split = 'query'",
        [CATALOG_AMOUNT_TEXTS] = "SELECT count(id) FROM texts",
        [CATALOG_AMOUNT_BANKS] = "SELECT count(*) FROM banks WHERE kind = 0",
        [CATALOG_AMOUNT_VIDEO_BANKS] = "SELECT count(*) FROM banks WHERE kind = 1",
        [CATALOG_AMOUNT_FITS] = "SELECT count(id) FROM fits",
    };

    return count_of(check, sql[amount], NULL);
}

size_t catalog_check_texts_of(struct catalog_check *check, const char *split)
{
    return count_of(check, "SELECT count(*) FROM texts WHERE split = ?1", split);
}

size_t catalog_check_fits_of(struct catalog_check *check, const char *digest)
{
    return count_of(check, "SELECT count(*) FROM fits WHERE instr(key, ' ' || ?1 || ' ') > 0", digest);
}

bool catalog_check_model(struct catalog_check *check, size_t index, char *name, size_t size, char *folder,
                         size_t folder_size)
{
    sqlite3_stmt *statement =
        first_row(check, "SELECT name, folder FROM models ORDER BY position LIMIT 1 OFFSET ?1", NULL, (int64_t)index);

    if (statement) {
        copy_column(statement, 0, name, size);
        copy_column(statement, 1, folder, folder_size);
    }
    end_row(check, statement);
    return statement != NULL;
}

bool catalog_check_model_bank(struct catalog_check *check, const char *folder, int kind, size_t index)
{
    static const char *const sql[] = {
        "SELECT 1 FROM model_banks WHERE folder = ?1 AND kind = 0 AND position = ?2",
        "SELECT 1 FROM model_banks WHERE folder = ?1 AND kind = 1 AND position = ?2",
    };
    sqlite3_stmt *statement = first_row(check, sql[kind], folder, (int64_t)index);

    end_row(check, statement);
    return statement != NULL;
}

int catalog_check_version(const struct catalog_check *check)
{
    return check->version;
}

bool catalog_check_bank(struct catalog_check *check, int kind, size_t index, char *name, size_t size, char *file,
                        size_t file_size, int64_t *first_text)
{
    static const char *const sql[] = {
        "SELECT name, file, first_text FROM banks WHERE kind = 0 ORDER BY position LIMIT 1 OFFSET "
        "?1",
        "SELECT name, file, first_text FROM banks WHERE kind = 1 ORDER BY position LIMIT 1 OFFSET "
        "?1",
    };
    sqlite3_stmt *statement = first_row(check, sql[kind], NULL, (int64_t)index);

    if (statement) {
        copy_column(statement, 0, name, size);
        copy_column(statement, 1, file, file_size);
        *first_text = sqlite3_column_int64(statement, 2);
    }
    end_row(check, statement);
    return statement != NULL;
}

/* ---- pictures, decoded in parallel ---- */

enum { BATCH = 64 };

struct encoded {
    sqlite3_int64 video;
    int frames;
    size_t size;
    void *bytes;
    struct error error;
};

static void decode(void *context, size_t chunk, size_t worker)
{
    struct encoded *encoded = (struct encoded *)context + chunk;
    struct picture picture;

    (void)worker;
    if (!picture_decode(encoded->bytes, encoded->size, encoded->frames, &picture, &encoded->error))
        picture_close(&picture);
}

static int decode_batch(struct catalog_check *check, struct encoded *batch, size_t count, struct findings *findings,
                        struct error *error)
{
    int failed = 0;

    pool_run(count, decode, batch);
    for (size_t i = 0; i < count; i++) {
        char line[FINDINGS_LINE];
        snprintf(line, sizeof line, item_text("the picture of video %lld: "), (long long)batch[i].video);
        if (batch[i].error.kind == ERROR_MEMORY)
            failed = error_memory(error);
        else if (batch[i].error.kind)
            findings_fault(findings, check->path, "pictures that cannot be shown", "%s: %s%s", check->path, line,
                           batch[i].error.text);
        free(batch[i].bytes);
    }
    if (!failed && job_cancelled(check->job))
        failed = cancelled(error);
    job_step(check->job);
    return failed;
}

/* Copies the statement's row; returns false when out of memory. */
static bool copy_picture(sqlite3_stmt *statement, struct encoded *encoded)
{
    const void *bytes = sqlite3_column_blob(statement, 2);
    sqlite3_int64 frames = sqlite3_column_int64(statement, 1);

    *encoded = (struct encoded){.video = sqlite3_column_int64(statement, 0),
                                .frames = frames < 0 || frames > PICTURE_SIDE_MAX ? 0 : (int)frames,
                                .size = (size_t)sqlite3_column_bytes(statement, 2)};
    encoded->bytes = memory_array(encoded->size, 1);
    if (encoded->bytes && encoded->size)
        memcpy(encoded->bytes, bytes, encoded->size);
    return encoded->bytes;
}

int catalog_check_pictures(struct catalog_check *check, size_t *pictures, struct findings *findings,
                           struct error *error)
{
    static const char sql[] = "SELECT video, strip_frames, image FROM thumbnails ORDER BY video";
    struct encoded batch[BATCH];
    sqlite3_stmt *statement = NULL;
    size_t count = 0;
    int code = sqlite3_prepare_v2(check->database, sql, -1, &statement, NULL), failed = 0;

    *pictures = 0;
    job_expect(check->job, count_of(check, "SELECT count(video) FROM thumbnails", NULL) / BATCH + 1);
    while (!failed && !code && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (!copy_picture(statement, &batch[count]))
            failed = error_memory(error);
        else
            count++;
        ++*pictures;
        code = SQLITE_OK;
        if (!failed && count == BATCH) {
            failed = decode_batch(check, batch, count, findings, error);
            count = 0;
        }
    }
    if (!failed && code != SQLITE_DONE)
        failed = take_code(check, code, findings, error);
    sqlite3_finalize(statement);
    int last = decode_batch(check, batch, count, findings, failed ? NULL : error);
    return failed ? failed : last;
}

int catalog_check_failed(const struct catalog_check *check, struct error *error)
{
    if (!check || !check->failure.kind)
        return 0;
    if (error)
        *error = check->failure;
    return -1;
}
