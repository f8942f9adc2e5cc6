/* What readers of tables share: the kinds of files, and how a table is filled.  A reader is a file
 * table_NAME.c and its line in table_readers.c. */
#ifndef HUBSCOPE_ENGINE_FORMATS_TABLE_READER_H
#define HUBSCOPE_ENGINE_FORMATS_TABLE_READER_H

#include "engine/formats/table.h"
#include <stdint.h>

enum { TABLE_COLUMNS_MAX = 1024, TABLE_BYTES_MAX = 1 << 30 };

struct table { /* the first row of `field` and `line` is the header */
    char *path;
    char *text;       /* every field with a final zero */
    size_t used, room;
    uint32_t *field;  /* (1 + rows, columns) offsets into text */
    size_t fields, field_room;
    uint32_t *line;   /* (1 + rows) */
    size_t lines, line_room;
    size_t columns;
    bool by_number; /* rows are told by their number too */
};

struct table_reader {
    const char *name;                             /* "CSV" */
    const char *const *extensions;                /* without dots, null-terminated */
    bool (*recognise)(const char *bytes, size_t size);
    /* Fills a new table from the file's bytes, which it may change, and may keep as table->text by
     * setting *bytes to null; one zero byte follows them.  `member` is null, or what stood behind
     * the file's name. */
    int (*read)(struct table *table, char **bytes, size_t size, const char *member,
                struct error *error);
};

extern const struct table_reader table_csv, table_tsv, table_json, table_jsonl,
    table_text;

/* The readers in the order in which they are asked for a file of unknown extension; null-terminated. */
extern const struct table_reader *const table_readers[];

/* The reader that table_open takes, judged by the name and by the first bytes, which a zero byte
 * follows. */
const struct table_reader *table_reader_for(const char *path, const char *bytes, size_t size);

/* As table_open, by that reader. */
struct table *table_open_as(const struct table_reader *reader, const char *path, const char *member,
                            struct error *error);

/* Takes "FILE:MEMBER" apart: `spec` itself where such a file exists, else what stands before its
 * last colon.  Both are allocated (*member null where there is none). */
int table_spec(const char *spec, char **path, char **member, struct error *error);

/* A table without rows, for readers of other files: the names of its columns, its file's path. */
struct table *table_make(const char *path, const char *const *names, size_t count,
                         struct error *error);
/* The next field of the row being filled; `bytes` may lie in table->text ahead of what is used. */
int table_put(struct table *table, const char *bytes, size_t size, struct error *error);
int table_end_row(struct table *table, size_t line, struct error *error);

/* Names a column anew, where there is one of the old name and none of the new. */
int table_rename(struct table *table, const char *from, const char *to, struct error *error);

/* Drops the rows whose `keep` (rows) is false. */
void table_keep(struct table *table, const bool *keep);

/* After the first row: refuses two columns of one name. */
int table_check_header(const struct table *table, struct error *error);
/* "FILE:LINE: has 1 field where the header has 2" */
int table_refuse_row(const struct table *table, size_t line, size_t fields, struct error *error);

/* Bytes up to and with the next line end: LF, CR LF or CR alone. */
size_t table_line_length(const char *bytes, size_t size);

/* Refuses a line that is not text: zero bytes, malformed UTF-8. */
int table_check_line(const char *path, size_t line, const char *bytes, size_t size,
                     struct error *error);

size_t table_skip_mark(const char *bytes, size_t size); /* of the byte-order mark */

#endif
