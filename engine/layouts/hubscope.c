/* Our own column names, in tables of any kind; a list of videos may be plain keys, one a line. */
#include "engine/formats/table_make.h"
#include "engine/layouts/layout.h"

static struct table *read_texts(const struct layout_request *request, struct error *error)
{
    return request->no_header ? table_open_headless(request->file, error) : table_open(request->file, error);
}

static struct table *read_videos(const struct layout_request *request, struct error *error)
{
    struct table *table = read_texts(request, error);

    /* the only column of a plain text is called "caption" */
    if (table && table_columns(table) == 1 && table_rename(table, "caption", "key", error)) {
        table_close(table);
        return NULL;
    }
    return table;
}

const struct dataset_layout layout_hubscope = {
    .name = "hubscope",
    .help = "columns key, title, ... of videos and split, video, caption of texts",
    .videos = read_videos,
    .texts = read_texts,
};
