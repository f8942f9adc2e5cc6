/* The catalog's schema: its text, what may be added to it, and the settings of the file. */
#include "tests/mutate/database.h"
#include "tests/mutate/mutation.h"

#include <stdio.h>
#include <string.h>

/* Every first text in a definition becomes the second. */
static const char *const edits[][2] = {
    {"NOT NULL", ""},
    {"INTEGER PRIMARY KEY", "INTEGER"},
    {"INTEGER PRIMARY KEY", "INT PRIMARY KEY"},
    {"PRIMARY KEY", ""},
    {"WITHOUT ROWID", ""},
    {"UNIQUE", ""},
    {"TEXT", "BLOB"},
    {"TEXT", "INTEGER"},
    {"TEXT", "TEXT COLLATE NOCASE"},
    {"TEXT", "TEXT COLLATE nothing"},
    {"INTEGER", "TEXT"},
    {"INTEGER", "REAL"},
    {"BLOB", "TEXT"},
    {"BLOB", "INTEGER"},
    {" TEXT NOT NULL", " TEXT NOT NULL CHECK(length(1) = 1)"},
    {" TEXT NOT NULL", " TEXT NOT NULL CHECK(0)"},
    {" TEXT NOT NULL", " TEXT NOT NULL DEFAULT (random())"},
    {"caption", "captain"},
    {"title", "name"},
    {"row", "line"},
    {"video", "item"},
    {"key", "value"},
    {"value", "key"},
    {"position", "kind"},
    {"kind", "position"},
    {"name TEXT", "name TEXT, more TEXT"},
    {"caption TEXT", "caption TEXT AS (split)"},
    {"title TEXT NOT NULL", "title TEXT AS (key) STORED"},
    {"content=''", "content='texts'"},
    {"content=''", "content='videos'"},
    {"content='',", ""},
    {"content=''", "content='', contentless_delete=1"},
    {"content=''", "content='', columnsize=0"},
    {"content=''", "content='', detail=none"},
    {"content=''", "content='', detail=column"},
    {"prefix='1 2 3'", "prefix='3 2 1'"},
    {"prefix='1 2 3'", "prefix='1 2 3 4 5'"},
    {"prefix='1 2 3',", ""},
    {"unicode61 remove_diacritics 2", "porter ascii"},
    {"unicode61 remove_diacritics 2", "trigram"},
    {"unicode61 remove_diacritics 2", "nothing"},
    {"unicode61 remove_diacritics 2", "unicode61 categories ''"},
    {"fts5", "fts4"},
    {"fts5(", "fts5vocab(main, "},
    {"fts5", "nothing"},
    {"CREATE", "CREATE CREATE"},
    {"(", "(("},
    {"texts", "other"},
    {"videos", "other"},
    {"REFERENCES videos(row)", "REFERENCES texts(id) ON DELETE CASCADE"},
};

static const char *const statements[] = {
    "CREATE VIEW surprise AS SELECT 1",
    "CREATE TRIGGER surprise AFTER INSERT ON fits BEGIN DELETE FROM videos; END",
    "CREATE TABLE surprise(a)",
    "CREATE TABLE surprise(a PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE surprise(a INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO surprise VALUES(7)",
    "CREATE VIRTUAL TABLE surprise USING fts5(a)",
    "CREATE VIRTUAL TABLE surprise USING rtree(a, b, c)",
    "CREATE VIRTUAL TABLE surprise USING fts5vocab(caption_words, row)",
    "CREATE VIRTUAL TABLE surprise USING dbstat",
    "CREATE INDEX surprise ON texts(caption)",
    "CREATE INDEX surprise ON texts(length(caption))",
    "CREATE UNIQUE INDEX surprise ON videos(key)",
    "CREATE INDEX surprise ON videos(title) WHERE row > 3",
    "CREATE INDEX surprise ON texts(video, row)",
    "DROP INDEX videos_key",
    "ALTER TABLE videos ADD COLUMN slow AS (hex(zeroblob(100000000)))",
    "ALTER TABLE videos ADD COLUMN more TEXT DEFAULT 'x'",
    "ALTER TABLE texts ADD COLUMN more BLOB",
    "ALTER TABLE videos RENAME TO other; CREATE VIEW videos AS SELECT * FROM other",
    "ALTER TABLE models RENAME TO other; CREATE VIEW models AS SELECT * FROM other",
    "ALTER TABLE texts RENAME COLUMN caption TO sentence",
    "ALTER TABLE thumbnails DROP COLUMN strip_frames",
    "ANALYZE",
    "ANALYZE; UPDATE sqlite_stat1 SET stat = '99999999999999 1'",
    "ANALYZE; UPDATE sqlite_stat1 SET stat = 'x unordered sz=-1', idx = 'nothing'",
    "PRAGMA user_version = 0",
    "PRAGMA user_version = 1",
    "PRAGMA user_version = 3",
    "PRAGMA user_version = -1",
    "PRAGMA application_id = 0",
    "DROP TABLE models",
    "DROP TABLE model_banks",
    "DROP TABLE models; DROP TABLE model_banks; PRAGMA user_version = 1",
    "DROP TABLE caption_words",
    "DROP TABLE video_words",
    "DROP TABLE fits",
    "DROP TABLE thumbnails",
    "DROP TABLE banks",
    "DROP TABLE texts",
    "DROP TABLE meta",
    "INSERT INTO caption_words(caption_words) VALUES('delete-all')",
    "INSERT INTO caption_words(caption_words) VALUES('optimize')",
    "INSERT INTO caption_words(rowid, caption) VALUES(5000, 'blue spiral')",
    "INSERT INTO caption_words(rowid, caption) VALUES(-1, 'blue spiral')",
    "INSERT INTO video_words(rowid, title) VALUES(5000, 'rainbow')",
    "INSERT INTO caption_words(caption_words, rowid, caption) VALUES('delete', 3, 'blue spiral')",
    "INSERT INTO caption_words(caption_words, rank) VALUES('rank', 'bm25(10.0)')",
    "INSERT INTO caption_words(caption_words, rank) VALUES('pgsz', 64)",
    "INSERT INTO caption_words_config VALUES('rank', 'nothing()')",
    "INSERT INTO caption_words_config VALUES('rank', 'bm25(')",
    "INSERT INTO video_words_config VALUES('pgsz', -1)",
    "INSERT INTO video_words_config VALUES('usermerge', 99999)",
    "VACUUM",
    "PRAGMA page_size = 512; VACUUM",
    "PRAGMA page_size = 65536; VACUUM",
    "PRAGMA auto_vacuum = 1; VACUUM",
    "PRAGMA auto_vacuum = 2; VACUUM",
    "PRAGMA journal_mode = WAL",
    "PRAGMA journal_mode = WAL; DELETE FROM fits",
    "CREATE TABLE big(a); INSERT INTO big VALUES(zeroblob(300000)); DROP TABLE big",
    "UPDATE sqlite_schema SET rootpage = 1 WHERE name = 'texts'",
    "UPDATE sqlite_schema SET rootpage = 0 WHERE name = 'texts'",
    "UPDATE sqlite_schema SET rootpage = 999999 WHERE name = 'videos'",
    ("UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'texts') WHERE name = "
     "'videos'"),
    "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'meta') WHERE name = 'fits'",
    "UPDATE sqlite_schema SET type = 'view' WHERE name = 'videos'",
    "UPDATE sqlite_schema SET type = 'index' WHERE name = 'fits'",
    "UPDATE sqlite_schema SET type = 'x'",
    "UPDATE sqlite_schema SET name = 'Videos' WHERE name = 'videos'",
    "UPDATE sqlite_schema SET tbl_name = 'texts' WHERE name = 'videos'",
    "UPDATE sqlite_schema SET sql = NULL",
    "DELETE FROM sqlite_schema",
    "UPDATE texts SET video = row % 30",
    "UPDATE texts SET video = NULL",
    "UPDATE texts SET video = 0",
    "UPDATE texts SET caption = ''",
    "UPDATE videos SET title = '', tags = ''",
    "UPDATE videos SET title = key",
    "UPDATE videos SET key = row",
    "UPDATE thumbnails SET strip_frames = 1000",
    "UPDATE banks SET first_text = first_text + 1",
    "UPDATE banks SET kind = 1 - kind",
    "UPDATE meta SET value = ''",
    "UPDATE meta SET value = cast(value AS TEXT)",
    "UPDATE meta SET value = cast(value AS BLOB)",
    "UPDATE fits SET fit = x''",
    "UPDATE fits SET fit = zeroblob(length(fit))",
    "UPDATE fits SET fit = substr(fit, 1, length(fit) / 2)",
    "UPDATE fits SET fit = fit || x'00'",
    "UPDATE fits SET fit = randomblob(length(fit))",
    "UPDATE fits SET fit = (SELECT max(fit) FROM fits)",
    "UPDATE texts SET id = id + 100",
    "UPDATE texts SET row = row + 1 WHERE split = 'train'",
    "UPDATE banks SET name = 'query'",
    "UPDATE texts SET split = 'stills' WHERE split = 'train'",
    "DELETE FROM texts WHERE split != 'query'",
    "DELETE FROM model_banks",
    "INSERT INTO models VALUES(2, 'third', 'models/third')",
    "UPDATE models SET folder = 'models/../models/ridge' WHERE position",
    "UPDATE models SET name = 'Base' WHERE position",
    "UPDATE models SET position = 1 - position WHERE 0 = 1",
};

enum { EDITS = sizeof edits / sizeof *edits, STATEMENTS = sizeof statements / sizeof *statements, ENTRIES = 14 };

static size_t count_schema(const char *folder)
{
    (void)folder;
    return EDITS + STATEMENTS + ENTRIES;
}

static bool edit(struct mutation *mutation, struct database *database)
{
    const char *from = edits[mutation->place][0], *to = edits[mutation->place][1];
    char *sql =
        sqlite3_mprintf("UPDATE sqlite_schema SET sql = replace(sql, %Q, %Q) WHERE instr(sql, %Q)", from, to, from);
    bool changed = database_run(database, sql) && sqlite3_changes(database->handle) > 0;

    sqlite3_free(sql);
    snprintf(mutation->name, sizeof mutation->name, "schema: \"%s\" becomes \"%s\"", from, to);
    return changed;
}

/* Without an entry: what it named is lost. */
static bool forget(struct mutation *mutation, struct database *database, size_t entry)
{
    char *sql = sqlite3_mprintf("DELETE FROM sqlite_schema WHERE rowid = (SELECT rowid FROM sqlite_schema LIMIT 1"
                                " OFFSET %d)",
                                (int)entry);
    bool changed = database_run(database, sql) && sqlite3_changes(database->handle) > 0;

    sqlite3_free(sql);
    snprintf(mutation->name, sizeof mutation->name, "schema: without entry %zu", entry);
    return changed;
}

static bool apply_schema(struct mutation *mutation)
{
    struct database database;
    size_t number = mutation->place;
    bool changed = false;

    if (database_open(&database, mutation->folder)) {
        if (number < EDITS) {
            changed = edit(mutation, &database);
        } else if (number < EDITS + STATEMENTS) {
            changed = database_run(&database, statements[number - EDITS]);
            snprintf(mutation->name, sizeof mutation->name, "%s", statements[number - EDITS]);
        } else {
            changed = forget(mutation, &database, number - EDITS - STATEMENTS);
        }
    }
    database_close(&database);
    return changed;
}

const struct mutations mutate_schema = {"schema", 1, count_schema, apply_schema};
