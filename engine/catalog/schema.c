#include "engine/catalog/schema.h"

#define MODELS                                                                                                         \
    "CREATE TABLE models(position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, folder TEXT NOT NULL UNIQUE);"       \
    "CREATE TABLE model_banks(folder TEXT NOT NULL, kind INTEGER NOT NULL, position INTEGER NOT NULL,"                 \
    "  PRIMARY KEY(folder, kind, position)) WITHOUT ROWID;"

/* Rows of videos and texts are matrix rows.  The texts of one split have consecutive ids in matrix order.  The
 * full-text tables store no copy of what they index; their rowids are rows of captions (split "query") and of
 * videos.  A model's folder is where its files lie in the collection, and the beginning of its keys in meta;
 * model_banks are the banks that it has. */
#define TABLES                                                                                                         \
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;"                                           \
    "CREATE TABLE videos(row INTEGER PRIMARY KEY, key TEXT NOT NULL, title TEXT NOT NULL, tags TEXT NOT NULL,"         \
    "  details TEXT NOT NULL, duration_ms INTEGER NOT NULL, frames INTEGER NOT NULL);"                                 \
    "CREATE TABLE texts(id INTEGER PRIMARY KEY, split TEXT NOT NULL, row INTEGER NOT NULL, caption TEXT NOT NULL,"     \
    "  video INTEGER REFERENCES videos(row));"                                                                         \
    "CREATE TABLE thumbnails(video INTEGER PRIMARY KEY REFERENCES videos(row), strip_frames INTEGER NOT NULL,"         \
    "  image BLOB NOT NULL);"                                                                                          \
    "CREATE TABLE banks(kind INTEGER NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, file TEXT NOT NULL,"     \
    "  first_text INTEGER NOT NULL, PRIMARY KEY(kind, position)) WITHOUT ROWID;" MODELS                                \
    "CREATE TABLE fits(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, fit BLOB NOT NULL);"                          \
    "CREATE VIRTUAL TABLE caption_words USING fts5(caption, content='', prefix='1 2 3',"                               \
    "  tokenize='unicode61 remove_diacritics 2');"                                                                     \
    "CREATE VIRTUAL TABLE video_words USING fts5(title, tags, captions, content='', prefix='1 2 3',"                   \
    "  tokenize='unicode61 remove_diacritics 2');"

#define INDEXES                                                                                                        \
    "CREATE UNIQUE INDEX videos_key ON videos(key);"                                                                   \
    "CREATE UNIQUE INDEX texts_place ON texts(split, row, video);"                                                     \
    "CREATE INDEX texts_video ON texts(video, row) WHERE split = 'query';"

const char catalog_schema[] = TABLES;
const char catalog_index_sql[] = INDEXES;
const char catalog_definitions[] = TABLES INDEXES;

/* The only model of a catalog of version 1 has no folder. */
#define ONLY_MODEL "SELECT 0 AS position, 'base' AS name, '' AS folder"
#define ITS_BANKS "SELECT '' AS folder, kind, position FROM main.banks"

const char catalog_view_sql[] = "PRAGMA temp_store = MEMORY;"
                                "CREATE TEMP VIEW models AS " ONLY_MODEL ";"
                                "CREATE TEMP VIEW model_banks AS " ITS_BANKS ";";

const char catalog_upgrade_sql[] = MODELS "INSERT INTO models " ONLY_MODEL ";"
                                          "INSERT INTO model_banks " ITS_BANKS ";"
                                          "PRAGMA user_version = 2";

/* SQLite keeps every definition as it was written. */
#define IS_ACTIVE "type IN ('view', 'trigger')"
#define IS_DEFINED "(sql IS NULL OR instr(@definitions, sql || ';') > 0)"
#define IS_OURS                                                                                                        \
    "(instr(@definitions, 'TABLE ' || tbl_name || '(') > 0 OR instr(@definitions, 'TABLE ' || tbl_name || ' ') > 0)"
#define IS_TOO_NEW "(name IN ('models', 'model_banks') AND (SELECT user_version FROM pragma_user_version) = 1)"
#define IS_SHADOW "name GLOB '*_words_*'" /* a full-text table's own */

const char catalog_foreign_sql[] =
    "SELECT count(*) FROM sqlite_schema WHERE " IS_ACTIVE " OR (" IS_OURS " AND NOT " IS_DEFINED ")";

const char catalog_indexes_sql[] = "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name IN"
                                   " ('videos_key', 'texts_place', 'texts_video')";
const char catalog_indexes[] = "3";

const char catalog_unexpected_sql[] =
    "SELECT iif(name = tbl_name AND " IS_OURS " AND NOT " IS_DEFINED
    ", format('defines %s \"%.63s\" in another way than import does', type, name),"
    " format('has an unexpected %s \"%.63s\"', type, name)) FROM sqlite_schema"
    " WHERE " IS_ACTIVE " OR " IS_TOO_NEW " OR NOT (" IS_DEFINED " OR " IS_SHADOW " OR name GLOB 'sqlite_*')";
