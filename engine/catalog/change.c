/* A changed copy of a catalog. */
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
    struct catalog_writer *writer = catalog_new_file(path, error);

    if (!writer)
        return NULL;
    writer->changes = true;
    if (copy_pages(from, writer, error) == 0 && catalog_begin_writing(writer, "", "", error) == 0)
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

int catalog_renew_fits(struct catalog_writer *writer, const char *from, const char *to, struct error *error)
{
    static const char *const steps[] = {
        "DELETE FROM fits WHERE instr(key, ' ' || ?1 || ' ') = 0",
        "UPDATE OR REPLACE fits SET key = replace(key, ' ' || ?1 || ' ', ' ' || ?2 || ' ')",
    };
    int code = SQLITE_OK;

    for (size_t i = 0; !code && i < sizeof steps / sizeof *steps; i++) {
        sqlite3_stmt *statement = NULL;
        code = sqlite3_prepare_v2(writer->database, steps[i], -1, &statement, NULL);
        if (!code) {
            sqlite3_bind_text(statement, 1, from, -1, SQLITE_STATIC);
            if (i)
                sqlite3_bind_text(statement, 2, to, -1, SQLITE_STATIC);
            code = sqlite3_step(statement);
            code = code == SQLITE_DONE ? SQLITE_OK : code;
        }
        sqlite3_finalize(statement);
    }
    return code ? catalog_refuse_write(writer, code, error) : 0;
}
