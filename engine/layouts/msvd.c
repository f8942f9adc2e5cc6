/* MSVD (the Microsoft video description corpus) as AllVideoDescriptions.txt has it: a line is the
 * key of a clip, one or more blanks, and a caption; lines that are empty or begin with '#' are
 * comments.  The list of videos (test_list.txt) is one key a line; what follows a blank, as in
 * youtube_mapping.txt, is kept as the detail "name". */
#include "engine/formats/table_make.h"
#include "engine/layouts/layout.h"
#include "engine/layouts/lines.h"

#include <string.h>

static const char blanks[] = " \t";

/* Reads lines of a key and a rest into a table of two columns. */
static struct table *read_pairs(const char *path, const char *const names[2], bool rest_needed,
                                struct error *error)
{
    struct lines lines;
    char *line;
    int more = 0;

    if (lines_open(&lines, path, error))
        return NULL;
    struct table *table = table_make(path, names, 2, error);
    int failed = !table;
    while (!failed && (more = lines_next(&lines, &line, error)) > 0) {
        char *key = line + strspn(line, blanks);
        size_t length = strcspn(key, blanks);
        char *rest = key + length + strspn(key + length, blanks);
        size_t rest_length = strlen(rest);
        while (rest_length && strchr(blanks, rest[rest_length - 1]))
            rest_length--;
        if (!length || *key == '#')
            continue;
        if (rest_needed && !rest_length)
            failed = lines_refuse(&lines, "has a key but no caption", error);
        else
            failed = table_put(table, key, length, error) ||
                     table_put(table, rest, rest_length, error) ||
                     table_end_row(table, lines.number, error);
    }
    lines_close(&lines);
    if (!failed && more == 0)
        return table;
    table_close(table);
    return NULL;
}

static struct table *read_videos(const char *path, struct error *error)
{
    static const char *const names[] = {"key", "name"};

    return read_pairs(path, names, false, error);
}

static struct table *read_texts(const char *path, struct error *error)
{
    static const char *const names[] = {"video", "caption"};

    return read_pairs(path, names, true, error);
}

const struct dataset_layout layout_msvd = {
    .name = "msvd",
    .help = "lines \"KEY caption words\" (AllVideoDescriptions.txt); videos: lines \"KEY\"",
    .videos = read_videos,
    .texts = read_texts,
    .whole = true,
};
