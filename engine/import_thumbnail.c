#include "engine/formats/file.h"
#include "engine/import_tables.h"
#include "engine/picture.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Whether a name from the CSV stays within the directory of thumbnails. */
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
    if (import->strip_frames)
        *frames = import->strip_frames;
    else if (width % height == 0)
        *frames = width / height;
    if (width % *frames)
        return error_set(error, ERROR_INPUT,
                         "%s: is %d pixels wide, which %d frames side by side do not divide", path,
                         width, *frames);
    return 0;
}

int import_thumbnail(const struct import_tables *tables, size_t row, struct catalog_writer *writer,
                     struct import_report *report, struct error *error)
{
    const struct import *import = tables->import;
    char path[PATH_MAX];
    int width, height, frames;
    size_t size;

    if (!import->thumbnails)
        return 0;
    const char *name =
        tables->strip == SIZE_MAX ? "" : csv_field(tables->videos, row, tables->strip);
    bool strip = *name != 0;
    if (!strip && tables->poster != SIZE_MAX)
        name = csv_field(tables->videos, row, tables->poster);
    if (!*name)
        return 0;
    if (!is_inside(name))
        return error_set(error, ERROR_INPUT, "%s:%zu: the thumbnail \"%.80s\" is not inside %s",
                         import->videos_csv, csv_line(tables->videos, row), name,
                         import->thumbnails);
    if (file_join(path, sizeof path, import->thumbnails, name, error))
        return -1;
    char *image = file_read(path, PICTURE_BYTES_MAX, &size, error);
    if (!image)
        return -1;
    struct error reason = {0};
    int failed = picture_size(image, size, &width, &height, &reason);
    if (failed) /* the reader of pictures does not know the file */
        error_set(error, reason.kind, "%s: %s", path, reason.text);
    else
        failed = frames_of(import, strip, path, width, height, &frames, error);
    if (!failed)
        failed = catalog_put_thumbnail(writer, row, image, size, frames, error);
    report->thumbnails += !failed;
    free(image);
    return failed;
}
