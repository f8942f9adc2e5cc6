#include "engine/catalog/write.h"
#include "engine/base/fold.h"
#include "engine/base/memory.h"
#include "engine/catalog/header.h"
#include "engine/catalog/schema.h"
#include "engine/catalog/sql.h"
#include "engine/catalog/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const sql[CATALOG_PUTS] = {
    [PUT_META] = "INSERT OR REPLACE INTO meta VALUES(?1, ?2)",
    [PUT_VIDEO] = "INSERT INTO videos VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [PUT_TEXT] = "INSERT INTO texts VALUES(?1, ?2, ?3, ?4, ?5)",
    [PUT_THUMBNAIL] = "INSERT OR REPLACE INTO thumbnails VALUES(?1, ?2, ?3)",
    [PUT_FACTS] = "UPDATE videos SET duration_ms = iif(duration_ms > 0, duration_ms, ?2),"
                  " frames = iif(frames > 0, frames, ?3),"
                  " details = details || iif(instr(char(10) || details, char(10) || "
                  "substr(?4, 1, instr(?4, ':'))), '', ?4) WHERE row = ?1",
    [PUT_BANK] = "INSERT INTO banks VALUES(?1, ?2, ?3, ?4, ?5)",
    [PUT_MODEL] = "INSERT INTO models VALUES((SELECT count(*) FROM models), ?1, ?2)",
    [PUT_MODEL_BANK] = "INSERT INTO model_banks VALUES(?1, ?2, ?3)",
};

/* Segments are written when 64 MB of words have been gathered, and merged once, at the end: to merge them on the way,
 * with the default of 1 MB, takes as long as everything else. */
#define GATHER(table)                                                                                                  \
    "INSERT INTO " table "(" table ", rank) VALUES('hashsize', 67108864), ('automerge', 0), ('crisismerge', 1999)"
#define MERGE(table) "INSERT INTO " table "(" table ") VALUES('optimize')"
#define FORGET(table) "DELETE FROM " table "_config WHERE k <> 'version'" /* what GATHER has set */

static const char *const words_sql[] = {
    GATHER("caption_words"),
    "INSERT INTO caption_words(rowid, caption) SELECT row, forms(caption) FROM texts WHERE split = 'query'",
    MERGE("caption_words"),
    FORGET("caption_words"),
    GATHER("video_words"),
    "INSERT INTO video_words(rowid, title, tags, captions) SELECT row, forms(title), forms(tags),"
    " (SELECT forms(group_concat(caption, ' ')) FROM texts WHERE split = 'query' AND video = videos.row) FROM videos",
    MERGE("video_words"),
    FORGET("video_words"),
    "COMMIT",
};

int catalog_refuse_write(struct catalog_writer *writer, int code, struct error *error)
{
    return catalog_refuse(writer->path, writer->database, code, error);
}

struct catalog_writer *catalog_new_file(const char *path, struct error *error)
{
    struct catalog_writer *writer = memory_array(1, sizeof *writer);
    int code;

    if (!writer || !(writer->path = memory_text(path)))
        error_memory(error);
    else if (access(path, F_OK) == 0)
        error_set(error, ERROR_INPUT, "%s: already exists", path);
    else if ((code = catalog_connect(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "", &writer->database)))
        catalog_refuse_write(writer, code, error);
    else
        return writer;
    catalog_abandon(writer);
    return NULL;
}

int catalog_begin_writing(struct catalog_writer *writer, const char *before, const char *after, struct error *error)
{
    const char *const steps[] = {
        before, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536; BEGIN", after};
    int code = sqlite3_db_config(writer->database, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);

    for (size_t i = 0; !code && i < sizeof steps / sizeof *steps; i++)
        code = sqlite3_exec(writer->database, steps[i], NULL, NULL, NULL);
    for (int i = 0; !code && i < CATALOG_PUTS; i++)
        code = sqlite3_prepare_v2(writer->database, sql[i], -1, &writer->statement[i], NULL);
    return code ? catalog_refuse_write(writer, code, error) : 0;
}

struct catalog_writer *catalog_create(const char *path, struct error *error)
{
    char marks[128];
    struct catalog_writer *writer = catalog_new_file(path, error);

    snprintf(marks, sizeof marks, "PRAGMA application_id = %d; PRAGMA user_version = %d", CATALOG_APPLICATION,
             CATALOG_VERSION);
    if (writer && catalog_begin_writing(writer, marks, catalog_schema, error)) {
        catalog_abandon(writer);
        return NULL;
    }
    return writer;
}

void catalog_abandon(struct catalog_writer *writer)
{
    if (!writer)
        return;
    for (int i = 0; i < CATALOG_PUTS; i++)
        sqlite3_finalize(writer->statement[i]);
    sqlite3_close(writer->database);
    free(writer->path);
    free(writer);
}

/* Runs a statement whose parameters are bound. */
static int put(struct catalog_writer *writer, sqlite3_stmt *statement, struct error *error)
{
    int code = sqlite3_step(statement), failed = 0;

    if (code != SQLITE_DONE)
        failed = catalog_refuse_write(writer, code, error);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return failed;
}

static void bind_text(sqlite3_stmt *statement, int parameter, const char *text)
{
    sqlite3_bind_text(statement, parameter, text ? text : "", -1, SQLITE_STATIC);
}

int catalog_put_meta(struct catalog_writer *writer, const char *key, const char *value, struct error *error)
{
    sqlite3_stmt *statement = writer->statement[PUT_META];

    bind_text(statement, 1, key);
    bind_text(statement, 2, value);
    return put(writer, statement, error);
}

int catalog_put_number(struct catalog_writer *writer, const char *key, double value, struct error *error)
{
    sqlite3_stmt *statement = writer->statement[PUT_META];

    bind_text(statement, 1, key);
    if (value >= -1e15 && value <= 1e15 && value == (double)(sqlite3_int64)value)
        sqlite3_bind_int64(statement, 2, (sqlite3_int64)value);
    else
        sqlite3_bind_double(statement, 2, value);
    return put(writer, statement, error);
}

int catalog_put_video(struct catalog_writer *writer, size_t row, const struct catalog_video *video, struct error *error)
{
    sqlite3_stmt *statement = writer->statement[PUT_VIDEO];

    sqlite3_bind_int64(statement, 1, (sqlite3_int64)row);
    bind_text(statement, 2, video->key);
    bind_text(statement, 3, video->title);
    bind_text(statement, 4, video->tags);
    bind_text(statement, 5, video->details);
    sqlite3_bind_int(statement, 6, video->duration_ms);
    sqlite3_bind_int(statement, 7, video->frames);
    return put(writer, statement, error);
}

int catalog_put_text(struct catalog_writer *writer, const char *split, const struct catalog_text *text,
                     struct error *error)
{
    sqlite3_stmt *statement = writer->statement[PUT_TEXT];

    sqlite3_bind_int64(statement, 1, text->id);
    bind_text(statement, 2, split);
    sqlite3_bind_int64(statement, 3, text->row);
    bind_text(statement, 4, text->caption);
    if (text->video >= 0)
        sqlite3_bind_int64(statement, 5, text->video);
    return put(writer, statement, error);
}

int catalog_put_thumbnail(struct catalog_writer *writer, size_t video, const void *image, size_t size, int strip_frames,
                          struct error *error)
{
    sqlite3_stmt *statement = writer->statement[PUT_THUMBNAIL];

    sqlite3_bind_int64(statement, 1, (sqlite3_int64)video);
    sqlite3_bind_int(statement, 2, strip_frames);
    sqlite3_bind_blob64(statement, 3, image, size, SQLITE_STATIC);
    return put(writer, statement, error);
}

int catalog_put_facts(struct catalog_writer *writer, size_t row, int duration_ms, int frames, const char *details,
                      struct error *error)
{
    sqlite3_stmt *statement = writer->statement[PUT_FACTS];

    sqlite3_bind_int64(statement, 1, (sqlite3_int64)row);
    sqlite3_bind_int(statement, 2, duration_ms);
    sqlite3_bind_int(statement, 3, frames);
    bind_text(statement, 4, details);
    return put(writer, statement, error);
}

int catalog_put_bank(struct catalog_writer *writer, int kind, size_t position, const char *name, const char *file,
                     int64_t first_text, struct error *error)
{
    sqlite3_stmt *statement = writer->statement[PUT_BANK];

    sqlite3_bind_int(statement, 1, kind);
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)position);
    bind_text(statement, 3, name);
    bind_text(statement, 4, file);
    sqlite3_bind_int64(statement, 5, first_text);
    return put(writer, statement, error);
}

int catalog_put_model(struct catalog_writer *writer, const char *name, const char *folder, struct error *error)
{
    sqlite3_stmt *statement = writer->statement[PUT_MODEL];

    bind_text(statement, 1, name);
    bind_text(statement, 2, folder);
    return put(writer, statement, error);
}

int catalog_put_model_bank(struct catalog_writer *writer, const char *folder, int kind, size_t position,
                           struct error *error)
{
    sqlite3_stmt *statement = writer->statement[PUT_MODEL_BANK];

    bind_text(statement, 1, folder);
    sqlite3_bind_int(statement, 2, kind);
    sqlite3_bind_int64(statement, 3, (sqlite3_int64)position);
    return put(writer, statement, error);
}

static int is_cancelled(void *job)
{
    return job_cancelled(job);
}

/* The SQL function forms(text): what the index holds instead of compatibility forms. */
static void usual_forms(sqlite3_context *context, int count, sqlite3_value **value)
{
    const char *text = (const char *)sqlite3_value_text(value[0]);
    char *usual = text ? fold_forms(text) : NULL;

    (void)count;
    if (usual)
        sqlite3_result_text(context, usual, -1, free);
    else if (text)
        sqlite3_result_error_nomem(context);
}

static int make_index(sqlite3 *database)
{
    enum { FLAGS = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY };
    int code = sqlite3_create_function(database, "forms", 1, FLAGS, NULL, usual_forms, NULL, NULL);

    if (!code) /* built from sorted rows they are smaller and faster to build than row by row */
        code = sqlite3_exec(database, catalog_index_sql, NULL, NULL, NULL);
    for (size_t i = 0; !code && i < sizeof words_sql / sizeof *words_sql; i++)
        code = sqlite3_exec(database, words_sql[i], NULL, NULL, NULL);
    return code;
}

int catalog_finish(struct catalog_writer *writer, struct job *job, struct error *error)
{
    enum { OPERATIONS = 1000 }; /* SQLite operations between two checks of the job */
    int failed = 0;

    sqlite3_progress_handler(writer->database, OPERATIONS, is_cancelled, job);
    int code =
        writer->changes ? sqlite3_exec(writer->database, "COMMIT", NULL, NULL, NULL) : make_index(writer->database);
    if (code && job_cancelled(job))
        failed = error_set(error, ERROR_CANCELLED, "cancelled");
    else if (code)
        failed = catalog_refuse_write(writer, code, error);
    catalog_abandon(writer);
    return failed;
}
