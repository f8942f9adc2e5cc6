/* The pictures that the videos table names: each is decoded once to see that it can be shown, and
 * kept as it is. */
#include "engine/formats/file.h"
#include "engine/import_parts.h"
#include "engine/memory.h"
#include "engine/picture.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether a name from the table stays within the directory of thumbnails. */
static bool is_inside(const char *name)
{
    if (*name == '/')
        return false;
    for (const char *part = name; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || !part[2]))
            return false;
    }
    return true;
}

/* How many frames lie side by side in a picture of that size. */
static int frames_of(const struct import *import, bool strip, const char *path, int width,
                     int height, int *frames, struct error *error)
{
    *frames = 1;
    if (!strip)
        return 0;
    if (import->strip_frames > 0)
        *frames = import->strip_frames;
    else if (width % height == 0)
        *frames = width / height;
    if (width % *frames)
        return error_set(error, ERROR_INPUT,
                         "%s: is %d pixels wide, which %d frames side by side do not divide", path,
                         width, *frames);
    return 0;
}

/* What the table names for a video: a strip, else a poster, else "". */
static const char *name_of(const struct import_tables *tables, size_t row, bool *strip)
{
    const char *name = table_field(tables->videos, row, tables->strip);

    *strip = *name != 0;
    return *strip ? name : table_field(tables->videos, row, tables->poster);
}

static char *read_picture(const struct import *import, const char *name, char *path, size_t room,
                          size_t *size, struct error *error)
{
    if (file_join(path, room, import->thumbnails, name, error))
        return NULL;
    return file_read(path, PICTURE_BYTES_MAX, size, error);
}

/* Decodes a picture and finds its frames. */
static int try_picture(const struct import *import, const char *name, bool strip, int *frames,
                       struct error *error)
{
    char path[PATH_MAX];
    int width, height;
    size_t size;
    struct picture picture = {0};
    struct error reason = {0};

    char *image = read_picture(import, name, path, sizeof path, &size, error);
    if (!image)
        return -1;
    int failed = picture_size(image, size, &width, &height, &reason);
    if (!failed && !(failed = frames_of(import, strip, path, width, height, frames, error)))
        failed = picture_decode(image, size, *frames, &picture, &reason);
    if (reason.kind) /* the reader of pictures does not know the file */
        error_set(error, reason.kind, "%s: %s", path, reason.text);
    picture_close(&picture);
    free(image);
    return failed;
}

static int check_picture(struct making *making, size_t row, struct error *error)
{
    const struct import *import = making->import;
    const struct import_tables *tables = &making->tables;
    struct error reason = {0};
    bool strip;
    int frames = 0;
    const char *name = name_of(tables, row, &strip);

    if (!*name)
        return 0;
    if (!is_inside(name)) {
        char place[TABLE_PLACE];
        findings_fault(making->findings, tables->videos_from, "thumbnails that are not inside",
                       "%s: the thumbnail \"%.80s\" is not inside %s",
                       table_place(tables->videos, row, place), name, import->thumbnails);
        return 0;
    }
    if (try_picture(import, name, strip, &frames, &reason))
        return findings_take(making->findings, import->thumbnails, "pictures that cannot be taken",
                             &reason, error);
    making->thumbnail[row].frames = frames;
    making->report->thumbnails++;
    return 0;
}

static int check_thumbnails(struct making *making, struct error *error)
{
    const struct import_tables *tables = &making->tables;
    const struct import *import = making->import;

    if (!import->thumbnails || (!tables->videos && import->videos_table))
        return 0;
    if (!tables->videos) {
        findings_fault(making->findings, import->thumbnails, NULL,
                       "%s: which picture is which? --videos-table FILE names them in a column "
                       "\"strip\" or \"poster\"",
                       import->thumbnails);
        return 0;
    }
    if (tables->strip == SIZE_MAX && tables->poster == SIZE_MAX) {
        findings_fault(making->findings, tables->videos_from, NULL,
                       "%s: has no column \"strip\" or \"poster\" to name the files in %s",
                       tables->videos_from, import->thumbnails);
        return 0;
    }
    size_t rows = table_rows(tables->videos);
    making->thumbnail = memory_array(rows, sizeof *making->thumbnail);
    if (!making->thumbnail)
        return error_memory(error);
    job_expect(making->job, import_steps(rows));
    for (size_t row = 0; row < rows; row++)
        if (import_step(making->job, row, error) || check_picture(making, row, error))
            return -1;
    return 0;
}

static int write_thumbnails(struct making *making, struct error *error)
{
    const struct import_tables *tables = &making->tables;
    char path[PATH_MAX];
    size_t size;
    bool strip;

    if (!making->thumbnail)
        return 0;
    if (making->import->change && catalog_drop_thumbnails(making->writer, error))
        return -1;
    job_expect(making->job, import_steps(table_rows(tables->videos)));
    for (size_t row = 0; row < table_rows(tables->videos); row++) {
        if (import_step(making->job, row, error))
            return -1;
        if (!making->thumbnail[row].frames)
            continue;
        char *image = read_picture(making->import, name_of(tables, row, &strip), path, sizeof path,
                                   &size, error);
        int failed = !image || catalog_put_thumbnail(making->writer, row, image, size,
                                                     making->thumbnail[row].frames, error);
        free(image);
        if (failed)
            return -1;
    }
    return 0;
}

static void close_thumbnails(struct making *making)
{
    free(making->thumbnail);
}

const struct import_part import_part_thumbnails = {.name = "thumbnails",
                                                   .check = check_thumbnails,
                                                   .write = write_thumbnails,
                                                   .close = close_thumbnails};
