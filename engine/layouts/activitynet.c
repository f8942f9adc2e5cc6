/* ActivityNet Captions: val_1.json, {KEY: {"duration", "timestamps", "sentences": [...]}, ...}: a sentence a query,
 * or with
 * --paragraphs those of a video joined. */
#include "engine/formats/table_make.h"
#include "engine/formats/table_reader.h"
#include "engine/layouts/beginning.h"
#include "engine/layouts/renamed.h"

#include <jansson.h>
#include <string.h>

static bool recognise(const char *head)
{
    return beginning_is(head, "{") && beginning_has(head, "\"timestamps\"") && beginning_has(head, "\"sentences\"");
}

/* Adds a row for each sentence of a video, without the blanks around it. */
static int put_sentences(struct table *table, const struct table *videos, size_t row, struct error *error)
{
    const char *key = table_field(videos, row, 0);
    json_t *list = json_loads(table_field(videos, row, table_column(videos, "sentences")), 0, NULL), *sentence;
    char place[TABLE_PLACE];
    size_t index;
    int failed = 0;

    if (!json_is_array(list))
        failed = error_set(error, ERROR_INPUT, "%s: has no list of \"sentences\"", table_place(videos, row, place));
    json_array_foreach (list, index, sentence) {
        const char *text = json_string_value(sentence);
        if (!failed && !text)
            failed = error_set(error, ERROR_INPUT, "%s: a sentence is not a text", table_place(videos, row, place));
        if (failed)
            break;
        text += strspn(text, " \t\r\n");
        size_t length = strlen(text);
        while (length && strchr(" \t\r\n", text[length - 1]))
            length--;
        failed = table_put(table, key, strlen(key), error) || table_put(table, text, length, error) ||
                 table_end_row(table, table_line(videos, row), error);
    }
    json_decref(list);
    return failed;
}

static struct table *read_texts(const struct layout_request *request, struct error *error)
{
    static const char *const names[] = {"video", "caption"};
    struct table *videos = table_open_as(&table_json_named, request->file, "video", error);
    struct table *table = videos ? table_make(request->file, names, 2, error) : NULL;
    int failed = !table;

    if (table)
        table->by_number = true;
    for (size_t row = 0; !failed && row < table_rows(videos); row++)
        failed = put_sentences(table, videos, row, error);
    table_close(videos);
    if (!failed)
        return table;
    table_close(table);
    return NULL;
}

static struct table *read_videos(const struct layout_request *request, struct error *error)
{
    static const char *const pairs[] = {"key", "key", NULL};

    return renamed_videos(request->file, "a list", pairs, error);
}

const struct dataset_layout layout_activitynet = {
    .name = "activitynet",
    .help = "ActivityNet Captions' val_1.json (KEY: duration, timestamps, sentences)",
    .recognise = recognise,
    .videos = read_videos,
    .texts = read_texts,
    .whole = true,
};
