/* LSMDC: LSMDC16_challenge_1000_publictect.csv and its like.  The name ends in .csv, but a line is six fields between
 * tabs, without a header and without quoting: the clip, the beginning and end of its caption twice (aligned,
 * extracted), the caption. */
#include "engine/formats/table_make.h"
#include "engine/layouts/layout.h"
#include "engine/layouts/lines.h"

#include <string.h>

enum { FIELDS = 6 };

static const char *const text_names[] = {"video",           "start_aligned", "end_aligned",
                                         "start_extracted", "end_extracted", "caption"};
static const char *const video_names[] = {"key",           "start_aligned", "end_aligned", "start_extracted",
                                          "end_extracted", "title"};

/* Six fields in the first line, of which four are times. */
static bool recognise(const char *head)
{
    const char *at = head + strcspn(head, "\t\n");

    for (int i = 0; i < 4; i++) {
        size_t length = *at == '\t' ? strspn(at + 1, "0123456789.") : 0;
        if (length < 9) /* 00.01.02.345 */
            return false;
        at += 1 + length;
    }
    return *at == '\t' && !memchr(at + 1, '\t', strcspn(at + 1, "\n"));
}

static int put_line(struct table *table, const struct lines *lines, char *line, struct error *error)
{
    const char *field[FIELDS + 1];
    size_t fields = 0;

    if (!*line)
        return 0;
    for (char *at = line; at && fields <= FIELDS; fields++) {
        field[fields] = at;
        if ((at = strchr(at, '\t')))
            *at++ = '\0';
    }
    if (fields != FIELDS || !*field[0] || !*field[FIELDS - 1])
        return lines_refuse(lines, "is not LSMDC's clip, four times and caption, between tabs", error);
    for (size_t i = 0; i < FIELDS; i++)
        if (table_put(table, field[i], strlen(field[i]), error))
            return -1;
    return table_end_row(table, lines->number, error);
}

static int put_key(struct table *table, const struct lines *lines, char *line, struct error *error)
{
    size_t length = strcspn(line, "\t");

    return length ? table_put(table, line, length, error) || table_end_row(table, lines->number, error) : 0;
}

/* A file of captions, or a list of clips, one a line. */
static struct table *read_videos(const struct layout_request *request, struct error *error)
{
    struct table *table = lines_table(request->file, video_names, FIELDS, put_line, NULL);

    return table ? table : lines_table(request->file, video_names, 1, put_key, error);
}

static struct table *read_texts(const struct layout_request *request, struct error *error)
{
    return lines_table(request->file, text_names, FIELDS, put_line, error);
}

const struct dataset_layout layout_lsmdc = {
    .name = "lsmdc",
    .help = "clip, four times and caption between tabs (LSMDC16_challenge_1000_publictect.csv)",
    .recognise = recognise,
    .videos = read_videos,
    .texts = read_texts,
    .whole = true,
};
