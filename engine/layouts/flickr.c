/* Flickr8k and Flickr30k captions, in the three forms in circulation:
 *
 *   1000092795.jpg#0<TAB>Two young guys ...        results_20130124.token, Flickr8k.token.txt
 *   1000092795.jpg| 0| Two young guys ...          results.csv, after the line
 *                                                  image_name| comment_number| comment
 *   image,caption                                  captions.txt: CSV with this header
 *
 * The list of videos (Flickr_8k.testImages.txt, flickr30k's test.txt) has one image a line.  The key is the image's
 * name without .jpg; in the list, `poster` is the full name. */
#include "engine/formats/table_make.h"
#include "engine/formats/table_reader.h"
#include "engine/layouts/layout.h"
#include "engine/layouts/lines.h"

#include <string.h>
#include <strings.h>

static const char extension[] = ".jpg";

/* Length of an image's name without its extension. */
static size_t key_length(const char *name, size_t length)
{
    size_t tail = sizeof extension - 1;

    return length > tail && strncasecmp(name + length - tail, extension, tail) == 0 ? length - tail : length;
}

static size_t trimmed(const char *text, size_t length)
{
    while (length && strchr(" \t", text[length - 1]))
        length--;
    return length;
}

/* Finds image and caption in a line; returns false if it has neither form. */
static bool take_apart(const char *line, size_t *image, const char **caption)
{
    const char *tab = strchr(line, '\t'), *bar = strchr(line, '|');

    if (tab) {
        const char *number = memchr(line, '#', (size_t)(tab - line));
        *image = (size_t)((number ? number : tab) - line);
        *caption = tab + 1;
    } else if (bar) {
        *image = (size_t)(bar - line);
        const char *at = bar + 1 + strspn(bar + 1, " ");
        size_t digits = strspn(at, "0123456789");
        at += digits + strspn(at + digits, " ");
        if (!digits)
            return false;
        *caption = at + (*at == '|'); /* one line of the published file lacks it */
    } else {
        return false;
    }
    *image = trimmed(line, *image);
    *caption += strspn(*caption, " \t");
    return *image > 0 && **caption && !strchr(*caption, '\t'); /* more fields: another file */
}

static int put_text(struct table *table, const struct lines *lines, char *line, struct error *error)
{
    const char *caption;
    size_t image;

    if (!line[strspn(line, " \t")])
        return 0;
    if (lines->number == 1 && strncmp(line, "image_name|", 11) == 0)
        return 0;
    if (!take_apart(line, &image, &caption))
        return lines_refuse(lines, "is neither \"IMAGE.jpg#N<tab>caption\" nor \"IMAGE.jpg| N| caption\"", error);
    return table_put(table, line, key_length(line, image), error) ||
           table_put(table, caption, trimmed(caption, strlen(caption)), error) ||
           table_end_row(table, lines->number, error);
}

/* The form with a CSV header; keys lose their extension. */
static struct table *read_comma_texts(const char *path, struct error *error)
{
    static const char *const names[] = {"video", "caption"};
    struct table *csv = table_open_as(&table_csv, path, NULL, error);
    struct table *table = csv ? table_make(path, names, 2, error) : NULL;
    size_t image = csv ? table_column(csv, "image") : 0;
    size_t caption = csv ? table_column(csv, "caption") : 0;
    int failed = !table;

    for (size_t row = 0; !failed && row < table_rows(csv); row++) {
        const char *name = table_field(csv, row, image), *text = table_field(csv, row, caption);
        failed = table_put(table, name, key_length(name, strlen(name)), error) ||
                 table_put(table, text, strlen(text), error) || table_end_row(table, table_line(csv, row), error);
    }
    table_close(csv);
    if (!failed)
        return table;
    table_close(table);
    return NULL;
}

static struct table *read_texts(const struct layout_request *request, struct error *error)
{
    static const char *const names[] = {"video", "caption"};

    return lines_begin(request->file, "image,caption") ? read_comma_texts(request->file, error)
                                                       : lines_table(request->file, names, 2, put_text, error);
}

static int put_image(struct table *table, const struct lines *lines, char *name, struct error *error)
{
    char poster[512];
    size_t length = trimmed(name, strlen(name)), key = key_length(name, length);

    if (!length)
        return 0;
    if (length + sizeof extension > sizeof poster)
        return lines_refuse(lines, "is too long for an image's name", error);
    memcpy(poster, name, length);
    memcpy(poster + length, extension, sizeof extension);
    return table_put(table, name, key, error) ||
           table_put(table, poster, key < length ? length : strlen(poster), error) ||
           table_end_row(table, lines->number, error);
}

static struct table *read_videos(const struct layout_request *request, struct error *error)
{
    static const char *const names[] = {"key", "poster"};

    return lines_table(request->file, names, 2, put_image, error);
}

const struct dataset_layout layout_flickr = {
    .name = "flickr",
    .help = "IMAGE.jpg#N<tab>caption, or IMAGE.jpg| N| caption; videos: lines IMAGE.jpg",
    .videos = read_videos,
    .texts = read_texts,
    .item = "image",
    .whole = true,
};
