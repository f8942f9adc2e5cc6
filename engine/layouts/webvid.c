/* WebVid: results_2M_val.csv, videoid,contentUrl,duration,page_dir,name.  It lists the videos too, with durations
 * such as PT00H00M17S. */
#include "engine/base/memory.h"
#include "engine/formats/table_make.h"
#include "engine/layouts/beginning.h"
#include "engine/layouts/renamed.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool recognise(const char *head)
{
    return beginning_is(head, "videoid,contentUrl,");
}

static bool is_webvid(const char *file)
{
    char *head = memory_array(BEGINNING_MOST + 1, 1);

    if (head)
        beginning_read(file, head);
    bool found = head && recognise(head);
    free(head);
    return found;
}

/* Milliseconds of PT..H..M..S as a text; "" if it is not that. */
static void read_duration(const char *text, char milliseconds[24])
{
    static const char units[] = "HMS";
    unsigned long seconds = 0;
    int unit = 0;

    *milliseconds = '\0';
    if (strncmp(text, "PT", 2) != 0 || !text[2])
        return;
    for (text += 2; *text; text++) {
        char *end;
        unsigned long number = isdigit((unsigned char)*text) ? strtoul(text, &end, 10) : 1000000;
        while (number < 1000000 && units[unit] && units[unit] != *end)
            unit++;
        if (number >= 1000000 || !units[unit])
            return;
        seconds += number * (unit == 0 ? 3600 : unit == 1 ? 60 : 1);
        text = end;
        unit++;
    }
    snprintf(milliseconds, 24, "%lu", seconds < 2000000 ? seconds * 1000 : 0);
}

static struct table *read_rows(const char *file, struct error *error)
{
    static const char *const pairs[] = {"videoid", "videoid", "duration", "duration", "name", "name", NULL};
    static const char *const names[] = {"key", "title", "duration_ms", "contentUrl"};
    struct table *rows = renamed_table(file, "WebVid", pairs, error);
    struct table *table = rows ? table_make(file, names, 4, error) : NULL;
    int failed = !table;
    char duration[24];

    for (size_t row = 0; !failed && row < table_rows(rows); row++) {
        read_duration(table_field(rows, row, table_column(rows, "duration")), duration);
        failed = table_put_cell(table, rows, row, table_column(rows, "videoid"), error) ||
                 table_put_cell(table, rows, row, table_column(rows, "name"), error) ||
                 table_put(table, duration, strlen(duration), error) ||
                 table_put_cell(table, rows, row, table_column(rows, "contentUrl"), error) ||
                 table_end_row(table, table_line(rows, row), error);
    }
    table_close(rows);
    if (!failed)
        return table;
    table_close(table);
    return NULL;
}

static struct table *read_videos(const struct layout_request *request, struct error *error)
{
    static const char *const pairs[] = {"videoid", "key", NULL};

    return is_webvid(request->file) ? read_rows(request->file, error)
                                    : renamed_videos(request->file, "WebVid", pairs, error);
}

static struct table *read_texts(const struct layout_request *request, struct error *error)
{
    static const char *const pairs[] = {"videoid", "video", "name", "caption", NULL};

    return renamed_table(request->file, "WebVid", pairs, error);
}

const struct dataset_layout layout_webvid = {
    .name = "webvid",
    .help = "WebVid's results_2M_val.csv (videoid, contentUrl, duration, page_dir, name)",
    .recognise = recognise,
    .videos = read_videos,
    .texts = read_texts,
    .tells_videos = is_webvid,
    .whole = true,
};
