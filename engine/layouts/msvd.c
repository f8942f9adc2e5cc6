/* MSVD (the Microsoft video description corpus) in the format of AllVideoDescriptions.txt: a line is the
 * key of a clip, one or more blanks, and a caption; empty lines and lines that begin with '#' are
 * comments.  The list of videos (test_list.txt) has one key a line; what follows a blank, as in
 * youtube_mapping.txt, is kept as the detail "name". */
#include "engine/formats/table_make.h"
#include "engine/layouts/layout.h"
#include "engine/layouts/lines.h"

#include <string.h>

static const char blanks[] = " \t";

/* Adds a key and the rest of its line. */
static int put_pair(struct table *table, const struct lines *lines, const char *line, bool rest_needed,
                    struct error *error)
{
    const char *key = line + strspn(line, blanks);
    size_t length = strcspn(key, blanks);
    const char *rest = key + length + strspn(key + length, blanks);
    size_t rest_length = strlen(rest);

    while (rest_length && strchr(blanks, rest[rest_length - 1]))
        rest_length--;
    if (!length || *key == '#')
        return 0;
    if (rest_needed && !rest_length)
        return lines_refuse(lines, "has a key but no caption", error);
    if (rest_needed && memchr(rest, '\t', rest_length))
        return lines_refuse(
            lines, "has fields between tabs after the key, not a caption (is it LSMDC's? --layout lsmdc)", error);
    return table_put(table, key, length, error) || table_put(table, rest, rest_length, error) ||
           table_end_row(table, lines->number, error);
}

static int put_video(struct table *table, const struct lines *lines, char *line, struct error *error)
{
    return put_pair(table, lines, line, false, error);
}

static int put_text(struct table *table, const struct lines *lines, char *line, struct error *error)
{
    return put_pair(table, lines, line, true, error);
}

static struct table *read_videos(const struct layout_request *request, struct error *error)
{
    static const char *const names[] = {"key", "name"};

    return lines_table(request->file, names, 2, put_video, error);
}

static struct table *read_texts(const struct layout_request *request, struct error *error)
{
    static const char *const names[] = {"video", "caption"};

    return lines_table(request->file, names, 2, put_text, error);
}

const struct dataset_layout layout_msvd = {
    .name = "msvd",
    .help = "lines \"KEY caption words\" (AllVideoDescriptions.txt); videos: lines \"KEY\"",
    .videos = read_videos,
    .texts = read_texts,
    .whole = true,
};
