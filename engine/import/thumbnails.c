/* The pictures of videos: files that the videos table names, or files by key.  Each is decoded once to check that it
 * can be shown; small ones are stored unchanged. */
#include "engine/base/memory.h"
#include "engine/formats/file.h"
#include "engine/import/batch.h"
#include "engine/import/parts.h"
#include "engine/pictures/thumbnail.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct item { /* one video's picture, in progress */
    int frames;
    struct thumbnail thumbnail;
    struct error reason;
    bool damaged; /* the picture itself is the reason */
};

/* The number of frames side by side in a picture of that size. */
static int frames_of(const struct import *import, bool strip, const char *path, int width, int height, int *frames,
                     struct error *error)
{
    *frames = 1;
    if (!strip)
        return 0;
    if (import->strip_frames > 0)
        *frames = import->strip_frames;
    else if (width % height == 0)
        *frames = width / height;
    if (width % *frames)
        return error_set(error, ERROR_INPUT, "%s: is %d pixels wide, which %d frames side by side do not divide", path,
                         width, *frames);
    return 0;
}

/* The file of a video's picture: what the table names, a strip or else a poster, or the one of its key; "" if it has
 * none. */
static const char *name_of(const struct making *making, size_t row, bool *strip)
{
    const struct import_tables *tables = &making->tables;

    if (making->pictures) {
        const char *name = key_files_find(making->pictures, tables->key_of[row]);
        *strip = making->import->strip_frames > 0;
        return name ? name : "";
    }
    const char *name = table_field(tables->videos, row, tables->strip);
    *strip = *name != 0;
    return *strip ? name : table_field(tables->videos, row, tables->poster);
}

static char *read_picture(const struct import *import, const char *name, char *path, size_t room, size_t *size,
                          struct error *error)
{
    if (file_join(path, room, import->thumbnails, name, error))
        return NULL;
    return file_read_regular(path, PICTURE_BYTES_MAX, size, error);
}

/* Decodes a picture and determines its frames. */
static void try_picture(struct making *making, size_t row, void *result)
{
    struct item *item = result;
    struct picture picture = {0};
    struct error reason = {0};
    char path[PATH_MAX];
    size_t size;
    bool strip;
    const char *name = name_of(making, row, &strip);

    if (!*name)
        return;
    if (!key_files_inside(name)) {
        char place[TABLE_PLACE];
        error_set(&item->reason, ERROR_INPUT, "%s: the thumbnail \"%.80s\" is not inside %s",
                  table_place(making->tables.videos, row, place), name, making->import->thumbnails);
        return;
    }
    char *image = read_picture(making->import, name, path, sizeof path, &size, &item->reason);
    if (!image)
        return;
    int failed = picture_decode(image, size, 1, &picture, &reason);
    if (!failed)
        failed = frames_of(making->import, strip, path, picture.width, picture.height, &item->frames, &item->reason);
    if (!failed)
        picture_split(&picture, item->frames, &reason);
    if (reason.kind) /* the error of the picture reader does not name the file */
        error_set(&item->reason, reason.kind, "%s: %s", path, reason.text);
    item->damaged = reason.kind == ERROR_INPUT;
    picture_close(&picture);
    free(image);
}

/* A damaged picture, or one of a kind that is not read, is left out; files that do not exist are faults. */
static int take_check(struct making *making, size_t row, void *result, struct error *error)
{
    const struct item *item = result;

    if (item->damaged) {
        findings_remark(making->findings, "%s; left out", item->reason.text);
        making->report->pictures_left_out++;
        return 0;
    }
    if (item->reason.kind)
        return findings_take(making->findings, making->import->thumbnails, "pictures that cannot be taken",
                             &item->reason, error);
    making->thumbnail[row].frames = item->frames;
    making->report->thumbnails += item->frames > 0;
    return 0;
}

static int check_thumbnails(struct making *making, struct error *error)
{
    static const struct import_work work = {sizeof(struct item), try_picture, take_check, NULL};
    const struct import_tables *tables = &making->tables;
    const struct import *import = making->import;
    struct error reason = {0};

    if (!import->thumbnails || !import_has_keys(making, import->thumbnails))
        return 0;
    bool named = tables->videos && (tables->strip != SIZE_MAX || tables->poster != SIZE_MAX);
    if (!named && !(making->pictures = key_files_open(import->thumbnails, KEY_FILES_PICTURES, &reason)))
        return findings_take(making->findings, import->thumbnails, NULL, &reason, error);
    making->thumbnail = memory_array(tables->video_count, sizeof *making->thumbnail);
    if (!making->thumbnail)
        return error_memory(error);
    if (import_in_batches(making, tables->video_count, &work, error))
        return -1;
    if (making->pictures)
        import_remark_missing(making, making->pictures, import->thumbnails, "picture");
    return 0;
}

/* Makes the thumbnail of a picture that passed the check. */
static void make_thumbnail(struct making *making, size_t row, void *result)
{
    struct item *item = result;
    struct error reason = {0};
    char path[PATH_MAX];
    size_t size;
    bool strip;

    item->frames = making->thumbnail[row].frames;
    if (!item->frames)
        return;
    char *image = read_picture(making->import, name_of(making, row, &strip), path, sizeof path, &size, &item->reason);
    if (image && thumbnail_take(image, size, item->frames, &item->thumbnail, &reason))
        error_set(&item->reason, reason.kind, "%s: %s", path, reason.text);
}

static int take_thumbnail(struct making *making, size_t row, void *result, struct error *error)
{
    const struct item *item = result;

    if (item->reason.kind) {
        if (error)
            *error = item->reason;
        return -1;
    }
    return item->frames ? catalog_put_thumbnail(making->writer, row, item->thumbnail.bytes, item->thumbnail.size,
                                                item->frames, error)
                        : 0;
}

static void close_item(void *result)
{
    struct item *item = result;

    thumbnail_close(&item->thumbnail);
}

static int write_thumbnails(struct making *making, struct error *error)
{
    static const struct import_work work = {sizeof(struct item), make_thumbnail, take_thumbnail, close_item};

    if (!making->thumbnail)
        return 0;
    if (making->import->change && catalog_drop_thumbnails(making->writer, error))
        return -1;
    return import_in_batches(making, making->tables.video_count, &work, error);
}

static void close_thumbnails(struct making *making)
{
    free(making->thumbnail);
    key_files_close(making->pictures);
}

const struct import_part import_part_thumbnails = {
    .name = "thumbnails", .check = check_thumbnails, .write = write_thumbnails, .close = close_thumbnails};
