/* The video files: each yields a strip of frames, unless the video has a picture of its own, and its duration, frames
 * and size unless the table gives them.  One that cannot be read is left out with a remark. */
#include "engine/formats/file.h"
#include "engine/import/batch.h"
#include "engine/import/parts.h"
#include "engine/pictures/thumbnail.h"
#include "engine/pictures/video.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

struct item { /* one video, in progress */
    bool found;
    struct video video;
    struct thumbnail strip;
    struct error reason;
};

/* The file of a video: what the table names, or the one of its key; null if it has none. */
static const char *name_of(const struct making *making, size_t row)
{
    const struct import_tables *tables = &making->tables;

    if (making->videos)
        return key_files_find(making->videos, tables->key_of[row]);
    const char *name = table_field(tables->videos, row, tables->file);
    return *name ? name : NULL;
}

/* Reads a video with a strip of `frames` frames, or only checks its first picture. */
static void read_file(struct making *making, size_t row, int frames, struct item *item)
{
    char path[PATH_MAX];
    const char *name = name_of(making, row);

    item->found = name != NULL;
    if (!name || file_join(path, sizeof path, making->import->video_files, name, &item->reason))
        return;
    if (!video_read(path, frames, &item->video, making->job, &item->reason) && frames)
        thumbnail_encode(&item->video.strip, &item->strip, &item->reason);
}

static void close_item(void *result)
{
    struct item *item = result;

    video_close(&item->video);
    thumbnail_close(&item->strip);
}

static void try_file(struct making *making, size_t row, void *item)
{
    read_file(making, row, 0, item);
}

/* Counts a file; one that cannot be read leaves a remark. */
static int count_file(struct making *making, const struct item *item, struct error *error)
{
    if (item->reason.kind == ERROR_MEMORY || item->reason.kind == ERROR_CANCELLED) {
        if (error)
            *error = item->reason;
        return -1;
    }
    if (item->reason.kind) {
        findings_remark(making->findings, "%s; left out", item->reason.text);
        making->report->videos_left_out++;
    } else if (item->found) {
        making->report->video_files++;
    }
    return 0;
}

static int take_try(struct making *making, size_t row, void *item, struct error *error)
{
    (void)row;
    return count_file(making, item, error);
}

/* Names in a table that lead out of the folder are faults. */
static void check_names(struct making *making)
{
    const struct import_tables *tables = &making->tables;
    char place[TABLE_PLACE];

    for (size_t row = 0; row < tables->video_count; row++) {
        const char *name = table_field(tables->videos, row, tables->file);
        if (!key_files_inside(name))
            findings_fault(making->findings, tables->videos_from, "video files that are not inside",
                           "%s: the file \"%.80s\" is not inside %s", table_place(tables->videos, row, place), name,
                           making->import->video_files);
    }
}

static int check_video_files(struct making *making, struct error *error)
{
    static const struct import_work work = {sizeof(struct item), try_file, take_try, close_item};
    const struct import_tables *tables = &making->tables;
    const char *dir = making->import->video_files;
    struct error reason = {0};

    if (!dir || !import_has_keys(making, dir))
        return 0;
    if (video_available(&reason))
        return findings_take(making->findings, dir, NULL, &reason, error);
    if (tables->videos && tables->file != SIZE_MAX) {
        size_t faults = making->findings->faults;
        check_names(making);
        if (making->findings->faults > faults)
            return 0;
    } else {
        making->videos = key_files_open(dir, KEY_FILES_VIDEOS, &reason);
        if (!making->videos)
            return findings_take(making->findings, dir, NULL, &reason, error);
        import_remark_missing(making, making->videos, dir, "video file");
    }
    making->has_video_files = true;
    /* the real import reads them while writing: damaged ones are not faults */
    return making->import->dry_run ? import_in_batches(making, tables->video_count, &work, error) : 0;
}

static void make_strip(struct making *making, size_t row, void *item)
{
    bool pictured = making->thumbnail && making->thumbnail[row].frames;

    read_file(making, row, pictured ? 0 : VIDEO_STRIP_FRAMES, item);
}

static int take_strip(struct making *making, size_t row, void *result, struct error *error)
{
    const struct item *item = result;
    char details[64];

    if (count_file(making, item, error))
        return -1;
    if (!item->found || item->reason.kind)
        return 0;
    snprintf(details, sizeof details, "size: %dx%d\n", item->video.width, item->video.height);
    if (catalog_put_facts(making->writer, row, item->video.duration_ms, item->video.frames, details, error))
        return -1;
    if (!item->strip.bytes)
        return 0;
    making->report->thumbnails++;
    return catalog_put_thumbnail(making->writer, row, item->strip.bytes, item->strip.size, item->strip.frames, error);
}

static int write_video_files(struct making *making, struct error *error)
{
    static const struct import_work work = {sizeof(struct item), make_strip, take_strip, close_item};

    return making->has_video_files ? import_in_batches(making, making->tables.video_count, &work, error) : 0;
}

static void close_video_files(struct making *making)
{
    key_files_close(making->videos);
}

const struct import_part import_part_video_files = {
    .name = "video files", .check = check_video_files, .write = write_video_files, .close = close_video_files};
