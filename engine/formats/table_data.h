/* What a table holds, for the code that fills and reads it: see table_make.h and table.h. */
#ifndef HUBSCOPE_ENGINE_FORMATS_TABLE_DATA_H
#define HUBSCOPE_ENGINE_FORMATS_TABLE_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct table_piece { /* a file of a table in several */
    char *path;
    uint32_t before; /* lines of the files before it, to which the lines of its rows are added */
};

struct table { /* the first row of `field` and `line` is the header */
    char *path;
    char *text; /* every field NUL-terminated */
    size_t used, room;
    uint32_t *field; /* (1 + rows, columns) offsets into text */
    size_t fields, field_room;
    uint32_t *line; /* (1 + rows) */
    size_t lines, line_room;
    size_t columns;
    uint64_t most;             /* bytes that texts and cells may fill; 0: any number */
    struct table_piece *piece; /* (pieces), if it is in several files */
    size_t pieces;
    bool by_number; /* errors give row numbers too */
    bool headless;  /* the file's first row is data */
    bool typed;     /* two bytes before each text of a row is its enum table_kind */
};

#endif
