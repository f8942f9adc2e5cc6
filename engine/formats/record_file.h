/* Files of named records, for what one run leaves to another: fits, shares of a result.  They are for machines of one
 * byte order, and a hash refuses damage but is no defence against malice: what reads the records checks them.  The same
 * records make the same bytes. */
#ifndef HUBSCOPE_ENGINE_FORMATS_RECORD_FILE_H
#define HUBSCOPE_ENGINE_FORMATS_RECORD_FILE_H

#include "engine/formats/output.h"
#include <stdint.h>

enum { RECORD_NAME = 24, RECORD_KIND = 8 };

struct record_writer {
    struct output output;
    uint64_t hash;
    bool failed;
};

/* `kind` is a word of less than RECORD_KIND bytes.  The file is written whole or not at all, as output_open has it. */
int record_begin(struct record_writer *writer, const char *path, const char *kind, bool replace, struct error *error);
void record_put(struct record_writer *writer, const void *bytes, size_t size, const char *name, ...)
    __attribute__((format(printf, 4, 5)));
void record_put_text(struct record_writer *writer, const char *text, const char *name, ...)
    __attribute__((format(printf, 3, 4)));
int record_end(struct record_writer *writer, struct error *error); /* commits */
void record_abandon(struct record_writer *writer);

struct record;

struct record_file {
    const char *path; /* borrowed */
    void *map;
    size_t size;
    struct record *record; /* (records) in the file's order */
    size_t records;
};

/* Maps the file and checks its structure and hash; the error names it.  `what` says what files of this kind are. */
int record_open(struct record_file *file, const char *path, const char *kind, const char *what, struct error *error);
void record_close(struct record_file *file); /* a zeroed one is fine */

/* The bytes of a record, aligned to 8; null if the file has no record of that name and size.
 * Valid while the file is open. */
const void *record_find(const struct record_file *file, size_t size, const char *name, ...)
    __attribute__((format(printf, 3, 4)));
/* The same of any size, which is stored. */
const void *record_find_any(const struct record_file *file, size_t *size, const char *name, ...)
    __attribute__((format(printf, 3, 4)));
/* A text of less than `most` bytes; null if there is none. */
const char *record_find_text(const struct record_file *file, size_t most, const char *name, ...)
    __attribute__((format(printf, 3, 4)));

uint64_t record_hash(uint64_t hash, const void *bytes, size_t size);

#endif
