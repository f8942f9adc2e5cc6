/* A changed copy of a catalog. */
#include "engine/base/memory.h"
#include "engine/catalog/sql.h"
#include "engine/catalog/write.h"
#include "engine/catalog/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int refuse(struct catalog_writer *writer, int code, struct error *error)
{
    return catalog_refuse(writer->path, writer->database, code, error);
}

/* Page by page, with what others have committed by then. */
static int copy_pages(const char *from, struct catalog_writer *writer, struct error *error)
{
    sqlite3 *source = NULL;
    int code = catalog_connect(from, SQLITE_OPEN_READONLY, "", &source);

    if (code) { /* a file system that cannot lock, or not be written */
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
    struct catalog_writer *writer = memory_array(1, sizeof *writer);

    if (!writer || !(writer->path = memory_text(path))) {
        error_memory(error);
        goto fail;
    }
    writer->changes = true;
    if (access(path, F_OK) == 0) {
        error_set(error, ERROR_INPUT, "%s: exists already", path);
        goto fail;
    }
    int code =
        catalog_connect(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "", &writer->database);
    if (code) {
        refuse(writer, code, error);
        goto fail;
    }
    if (copy_pages(from, writer, error))
        goto fail;
    /* As in catalog_create: no journal, as nobody reads the file before it is whole. */
    code = sqlite3_db_config(writer->database, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
    if (!code)
        code = sqlite3_exec(writer->database,
                            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN", NULL, NULL,
                            NULL);
    if (!code)
        code = catalog_prepare_puts(writer);
    if (code) {
        refuse(writer, code, error);
        goto fail;
    }
    return writer;

fail:
    catalog_abandon(writer);
    return NULL;
}

int64_t catalog_last_text(struct catalog_writer *writer, struct error *error)
{
    sqlite3_stmt *statement = NULL;
    int64_t last = -1;
    int code = sqlite3_prepare_v2(writer->database, "SELECT max(id) FROM texts", -1, &statement,
                                  NULL);

    if (!code && (code = sqlite3_step(statement)) == SQLITE_ROW)
        last = sqlite3_column_int64(statement, 0);
    else
        refuse(writer, code, error);
    sqlite3_finalize(statement);
    return last;
}

int catalog_drop_thumbnails(struct catalog_writer *writer, struct error *error)
{
    int code = sqlite3_exec(writer->database, "DELETE FROM thumbnails", NULL, NULL, NULL);

    return code ? refuse(writer, code, error) : 0;
}

int catalog_renew_fits(struct catalog_writer *writer, const char *from, const char *to,
                       struct error *error)
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
    return code ? refuse(writer, code, error) : 0;
}
