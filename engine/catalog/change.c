/* A changed copy of a catalog. */
#include "engine/catalog/header.h"
#include "engine/catalog/schema.h"
#include "engine/catalog/sql.h"
#include "engine/catalog/write.h"
#include "engine/catalog/writer.h"

/* Page by page, including what others have committed by then. */
static int copy_pages(const char *from, struct catalog_writer *writer, struct error *error)
{
    sqlite3 *source = NULL;
    int code = catalog_connect(from, SQLITE_OPEN_READONLY, "", &source);

    if (code) { /* the file system cannot lock, or is read-only */
        sqlite3_close(source);
        code = catalog_connect(from, SQLITE_OPEN_READONLY, "immutable=1", &source);
    }
    if (code) {
        catalog_refuse(from, source, code, error);
        sqlite3_close(source);
        return -1;
    }
    sqlite3_backup *backup = sqlite3_backup_init(writer->database, "main", source, "main");
    code = backup ? sqlite3_backup_step(backup, -1) : sqlite3_errcode(writer->database);
    sqlite3_backup_finish(backup);
    int failed = code == SQLITE_DONE ? 0 : catalog_refuse(from, source, code, error);
    sqlite3_close(source);
    return failed;
}

struct catalog_writer *catalog_copy(const char *from, const char *path, struct error *error)
{
    int version;

    if (catalog_verify_header(from, &version, error))
        return NULL;
    struct catalog_writer *writer = catalog_new_file(path, error);
    if (!writer)
        return NULL;
    writer->changes = true;
    if (copy_pages(from, writer, error) == 0 &&
        catalog_begin_writing(writer, "", version == 1 ? catalog_upgrade_sql : "", error) == 0)
        return writer;
    catalog_abandon(writer);
    return NULL;
}

int64_t catalog_last_text(struct catalog_writer *writer, struct error *error)
{
    sqlite3_stmt *statement = NULL;
    int64_t last = -1;
    int code = sqlite3_prepare_v2(writer->database, "SELECT max(id) FROM texts", -1, &statement, NULL);

    if (!code && (code = sqlite3_step(statement)) == SQLITE_ROW)
        last = sqlite3_column_int64(statement, 0);
    else
        catalog_refuse_write(writer, code, error);
    sqlite3_finalize(statement);
    return last;
}

int catalog_drop_thumbnails(struct catalog_writer *writer, struct error *error)
{
    int code = sqlite3_exec(writer->database, "DELETE FROM thumbnails", NULL, NULL, NULL);

    return code ? catalog_refuse_write(writer, code, error) : 0;
}

/* Runs a statement with up to two texts. */
static int change(struct catalog_writer *writer, const char *sql, const char *first, const char *second,
                  struct error *error)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(writer->database, sql, -1, &statement, NULL);

    if (!code) {
        int parameters = sqlite3_bind_parameter_count(statement);
        if (parameters >= 1)
            sqlite3_bind_text(statement, 1, first, -1, SQLITE_STATIC);
        if (parameters >= 2)
            sqlite3_bind_text(statement, 2, second, -1, SQLITE_STATIC);
        code = sqlite3_step(statement);
    }
    int failed = code == SQLITE_DONE ? 0 : catalog_refuse_write(writer, code, error);
    sqlite3_finalize(statement);
    return failed;
}

int catalog_renew_fits(struct catalog_writer *writer, const char *from, const char *to, struct error *error)
{
    return change(writer,
                  "UPDATE OR REPLACE fits SET key = replace(key, ' ' || ?1 || ' ', ' ' || ?2 || ' ')"
                  " WHERE instr(key, ' ' || ?1 || ' ')",
                  from, to, error);
}

int catalog_drop_stray_fits(struct catalog_writer *writer, struct error *error)
{
    return change(writer,
                  "DELETE FROM fits WHERE NOT EXISTS (SELECT 1 FROM meta"
                  " WHERE (meta.key = 'digest' OR meta.key LIKE 'models/%/digest')"
                  " AND instr(fits.key, ' ' || value || ' '))",
                  NULL, NULL, error);
}

/* Those after it move up. */
int catalog_remove_model(struct catalog_writer *writer, const char *folder, struct error *error)
{
    static const char *const steps[] = {
        "DELETE FROM meta WHERE substr(key, 1, length(?1) + 1) = ?1 || '/'"
        " OR (?1 = '' AND (key IN ('model', 'dimension', 'logit_scale', 'source', 'encoder', 'digest')"
        " OR key LIKE 'digest %' OR key LIKE 'similarity %' OR key LIKE 'repeated %'))",
        "DELETE FROM model_banks WHERE folder = ?1",
        "UPDATE models SET position = -position WHERE position > (SELECT position FROM models WHERE folder = ?1)",
        "DELETE FROM models WHERE folder = ?1",
        "UPDATE models SET position = -position - 1 WHERE position < 0",
    };

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (change(writer, steps[i], folder, NULL, error))
            return -1;
    return 0;
}

int catalog_amend(const char *path, const char *key, const char *value, struct error *error)
{
    sqlite3 *database;
    sqlite3_stmt *statement = NULL;
    int code = catalog_connect(path, SQLITE_OPEN_READWRITE, "", &database);

    if (!code)
        code = sqlite3_prepare_v2(database, "INSERT OR REPLACE INTO meta VALUES (?1, ?2)", -1, &statement, NULL);
    if (!code) {
        sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 2, value, -1, SQLITE_STATIC);
        code = sqlite3_step(statement);
    }
    int failed = code == SQLITE_DONE ? 0 : catalog_refuse(path, database, code, error);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return failed;
}
