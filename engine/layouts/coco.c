/* COCO captions: captions_val2017.json, {"images": [{"id", "file_name", ...}, ...], "annotations": [{"image_id",
 * "caption", ...}, ...]}.  The key is the image's file name without its ending; the videos are the images, in the
 * file's order. */
#include "engine/base/memory.h"
#include "engine/formats/table_make.h"
#include "engine/formats/table_reader.h"
#include "engine/layouts/beginning.h"
#include "engine/layouts/renamed.h"

#include <stdlib.h>
#include <string.h>

struct images {
    struct table *table;
    size_t id, name;
    uint32_t *order; /* rows, sorted by id */
};

static bool recognise(const char *head)
{
    return beginning_is(head, "{") && beginning_has(head, "\"images\"") && beginning_has(head, "\"file_name\"") &&
           !beginning_has(head, "\"sentences\"");
}

static int compare_ids(const void *left, const void *right, void *context)
{
    const struct images *images = context;

    return strcmp(table_field(images->table, *(const uint32_t *)left, images->id),
                  table_field(images->table, *(const uint32_t *)right, images->id));
}

static void close_images(struct images *images)
{
    table_close(images->table);
    free(images->order);
}

static int open_images(struct images *images, const char *file, struct error *error)
{
    *images = (struct images){.table = table_open_as(&table_json, file, "images", error)};
    if (!images->table)
        return -1;
    images->id = table_column(images->table, "id");
    images->name = table_column(images->table, "file_name");
    if (images->id == SIZE_MAX || images->name == SIZE_MAX)
        return error_set(error, ERROR_INPUT, "%s: its images have no \"id\" or no \"file_name\", so it is not COCO's",
                         file);
    size_t rows = table_rows(images->table);
    images->order = memory_array(rows, sizeof *images->order);
    if (!images->order)
        return error_memory(error);
    for (size_t i = 0; i < rows; i++)
        images->order[i] = (uint32_t)i;
    qsort_r(images->order, rows, sizeof *images->order, compare_ids, images);
    return 0;
}

/* The file name of an image; null if its id is unknown. */
static const char *find_name(const struct images *images, const char *id)
{
    size_t low = 0, high = table_rows(images->table);

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint32_t row = images->order[middle];
        int order = strcmp(id, table_field(images->table, row, images->id));
        if (order == 0)
            return table_field(images->table, row, images->name);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static int put_caption(struct table *table, const struct images *images, const struct table *captions, size_t row,
                       struct error *error)
{
    const char *id = table_field(captions, row, table_column(captions, "image_id")), *name = find_name(images, id);
    char place[TABLE_PLACE];

    if (!name)
        return error_set(error, ERROR_INPUT, "%s: no image has the id \"%.40s\"", table_place(captions, row, place),
                         id);
    return table_put_kind(table, TABLE_TEXT, name, picture_stem(name), error) ||
           table_put_cell(table, captions, row, table_column(captions, "caption"), error) ||
           table_end_row(table, table_line(captions, row), error);
}

static struct table *read_texts(const struct layout_request *request, struct error *error)
{
    static const char *const names[] = {"video", "caption"};
    struct images images;
    struct table *captions = NULL, *table = NULL;
    int failed = open_images(&images, request->file, error);

    if (!failed && (captions = table_open_as(&table_json, request->file, "annotations", error)))
        table = table_make(request->file, names, 2, error);
    if (table)
        table->by_number = table->typed = true;
    failed = failed || !table;
    for (size_t row = 0; !failed && row < table_rows(captions); row++)
        failed = put_caption(table, &images, captions, row, error);
    table_close(captions);
    close_images(&images);
    if (!failed)
        return table;
    table_close(table);
    return NULL;
}

static struct table *read_images(const char *file, struct error *error)
{
    static const char *const names[] = {"key", "poster"};
    struct images images;
    int failed = open_images(&images, file, error);
    struct table *table = failed ? NULL : table_make(file, names, 2, error);

    failed = !table;
    for (size_t row = 0; !failed && row < table_rows(images.table); row++) {
        const char *name = table_field(images.table, row, images.name);
        failed = table_put(table, name, picture_stem(name), error) || table_put(table, name, strlen(name), error) ||
                 table_end_row(table, table_line(images.table, row), error);
    }
    close_images(&images);
    if (!failed)
        return table;
    table_close(table);
    return NULL;
}

static bool lists_images(const char *file)
{
    char *head = memory_array(BEGINNING_MOST + 1, 1);

    if (head)
        beginning_read(file, head);
    bool found = head && recognise(head);
    free(head);
    return found;
}

/* The file of captions, or a list of keys. */
static struct table *read_videos(const struct layout_request *request, struct error *error)
{
    static const char *const pairs[] = {"key", "key", NULL};

    return lists_images(request->file) ? read_images(request->file, error)
                                       : renamed_videos(request->file, "a list", pairs, error);
}

const struct dataset_layout layout_coco = {
    .name = "coco",
    .help = "COCO's captions_val2017.json (images, annotations)",
    .recognise = recognise,
    .videos = read_videos,
    .texts = read_texts,
    .item = "image",
    .tells_videos = lists_images,
    .whole = true,
};
