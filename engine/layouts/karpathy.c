/* Karpathy's splits of COCO, Flickr8k and Flickr30k (dataset_coco.json, ...):
 * {"images": [{"filename", "split", "sentences": [{"raw", ...}, ...], ...}, ...], "dataset"}.  The key is the image's
 * name without its ending. */
#include "engine/formats/table_make.h"
#include "engine/formats/table_reader.h"
#include "engine/layouts/beginning.h"
#include "engine/layouts/renamed.h"

#include <jansson.h>
#include <string.h>

static bool recognise(const char *head)
{
    return beginning_is(head, "{") && beginning_has(head, "\"images\"") && beginning_has(head, "\"sentences\"") &&
           beginning_has(head, "\"sentids\"");
}

static int put_row(struct table *table, const struct table *images, size_t row, const char *name, const char *caption,
                   struct error *error)
{
    const char *split = table_field(images, row, table_column(images, "split"));

    return table_put(table, name, picture_stem(name), error) || table_put(table, caption, strlen(caption), error) ||
           table_put(table, split, strlen(split), error) || table_end_row(table, table_line(images, row), error);
}

/* Adds a row for each sentence of an image. */
static int put_sentences(struct table *table, const struct table *images, size_t row, struct error *error)
{
    const char *name = table_field(images, row, table_column(images, "filename"));
    json_t *list = json_loads(table_field(images, row, table_column(images, "sentences")), 0, NULL), *sentence;
    char place[TABLE_PLACE];
    size_t index;
    int failed = 0;

    if (!json_is_array(list) || !*name)
        failed = error_set(error, ERROR_INPUT, "%s: has no \"filename\", or no list of \"sentences\"",
                           table_place(images, row, place));
    json_array_foreach (list, index, sentence) {
        const char *raw = json_string_value(json_object_get(sentence, "raw"));
        if (!failed)
            failed = raw ? put_row(table, images, row, name, raw, error)
                         : error_set(error, ERROR_INPUT, "%s: a sentence has no text \"raw\"",
                                     table_place(images, row, place));
    }
    json_decref(list);
    return failed;
}

static struct table *read_texts(const struct layout_request *request, struct error *error)
{
    static const char *const names[] = {"video", "caption", "split"};
    struct table *images = table_open_as(&table_json, request->file, "images", error);
    struct table *table = images ? table_make(request->file, names, 3, error) : NULL;
    int failed = !table;

    if (table)
        table->by_number = true;
    for (size_t row = 0; !failed && row < table_rows(images); row++)
        failed = put_sentences(table, images, row, error);
    table_close(images);
    if (!failed)
        return table;
    table_close(table);
    return NULL;
}

static struct table *read_videos(const struct layout_request *request, struct error *error)
{
    static const char *const names[] = {"key", NULL};
    static const char *const pairs[] = {"key", "key", NULL};
    struct table *list = renamed_videos(request->file, "a list", pairs, error);
    struct table *table = list ? table_make(request->file, names, 1, error) : NULL;
    int failed = !table;

    for (size_t row = 0; !failed && row < table_rows(list); row++) {
        const char *name = table_field(list, row, table_column(list, "key"));
        failed =
            table_put(table, name, picture_stem(name), error) || table_end_row(table, table_line(list, row), error);
    }
    table_close(list);
    if (!failed)
        return table;
    table_close(table);
    return NULL;
}

const struct dataset_layout layout_karpathy = {
    .name = "karpathy",
    .help =
        "Karpathy's dataset_coco.json, dataset_flickr30k.json, ...; the split test unless --query-split says another",
    .recognise = recognise,
    .videos = read_videos,
    .texts = read_texts,
    .item = "image",
    .whole = true,
    .query_split = "test",
};
