/* Matrices and tables that both are in several files: their rows are compared file by file, so that an error names the
 * files that do not fit. */
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/formats/table.h"
#include "engine/import/matrices.h"

#include <stdlib.h>

enum counted { EVERY_ROW, SPLIT, FIRST_OF_VIDEO };

/* Counts the rows of each of the table's files; `split` is that of SPLIT.  Null when out of memory. */
static size_t *count_rows(const struct table *table, const struct import_texts *texts, enum counted counted,
                          uint32_t split)
{
    size_t *rows = memory_array(table_pieces(table), sizeof *rows);
    uint32_t next = 0;

    for (size_t row = 0; rows && row < table_rows(table); row++) {
        bool first = counted == FIRST_OF_VIDEO && texts->split_of[row] == 0 && texts->video_of[row] == next;
        next += first;
        if (first || counted == EVERY_ROW || (counted == SPLIT && texts->split_of[row] == split))
            rows[table_piece(table, row)]++;
    }
    return rows;
}

/* Returns whether the numbers of rows differ in a file, which is then a fault. */
static bool differ(struct making *making, const struct import_matrix *matrix, const struct table *table,
                   const size_t *rows, const char *of)
{
    const struct matrix_pieces *pieces = &matrix->pieces;

    for (size_t i = 0; i < table_pieces(table); i++) {
        if (pieces->rows[i] == rows[i])
            continue;
        findings_fault(making->findings, matrix->path, NULL, "%s: has %zu rows, but %s has %zu %s",
                       pieces->files.path[i], pieces->rows[i], table_piece_path(table, i), rows[i], of);
        return true;
    }
    return false;
}

/* Returns 1 if that added a fault; -1 when out of memory. */
static int compare(struct making *making, const struct import_matrix *matrix, const struct table *table,
                   const struct import_texts *texts, enum counted counted, uint32_t split, const char *of,
                   struct error *error)
{
    if (!table || !matrix->pieces.files.count || matrix->pieces.files.count != table_pieces(table))
        return 0;
    size_t *rows = count_rows(table, texts, counted, split);
    if (!rows)
        return error_memory(error);
    int faulty = differ(making, matrix, table, rows, of);
    free(rows);
    return faulty;
}

int import_check_video_shards(struct making *making, const struct import_matrix *matrix, struct error *error)
{
    const struct import_tables *tables = &making->tables;
    const struct import_texts *texts = tables->texts;

    if (tables->videos)
        return compare(making, matrix, tables->videos, texts, EVERY_ROW, 0, item_text("videos"), error);
    if (!tables->text_tables || !texts->split_of || !texts->video_of)
        return 0;
    return compare(making, matrix, texts->table, texts, FIRST_OF_VIDEO, 0, item_text("videos named for the first time"),
                   error);
}

int import_check_text_shards(struct making *making, const struct import_matrix *matrix,
                             const struct import_texts *texts, uint32_t split, const char *of, struct error *error)
{
    return texts->split_of ? compare(making, matrix, texts->table, texts, SPLIT, split, of, error) : 0;
}
