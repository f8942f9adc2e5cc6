#include "engine/collection/collection.h"
#include "engine/page/parts.h"
#include "engine/pictures/picture.h"

#include <math.h>
#include <stdlib.h>

enum { SIDE = 112, SHOWN = 56, LOOKED_AT = 64 };

bool page_has_pictures(const struct page *page)
{
    const struct collection *collection = page->request->collection;
    struct catalog_video video;
    bool found = false;

    for (size_t i = 0; collection->catalog && !found && i < collection->videos && i < LOOKED_AT; i++)
        if (!catalog_video(collection->catalog, i, &video, NULL)) {
            found = video.strip_frames > 0;
            catalog_video_close(&video);
        }
    return found;
}

/* The first frame as a small JPEG; null if there is none or on failure, with the page marked when out of memory. */
static unsigned char *poster(struct html *html, struct catalog *catalog, size_t video, int *width, int *height,
                             size_t *size)
{
    struct error error = {0};
    struct picture picture = {0};
    unsigned char *jpeg = NULL;
    int frames = 1;
    void *bytes = catalog_thumbnail(catalog, video, size, &frames, NULL);

    if (!bytes || picture_decode(bytes, *size, frames, &picture, &error))
        goto done;
    double share = fmin(1, fmin((double)SIDE / picture.width, (double)SIDE / picture.height));
    *width = (int)fmax(1, round(share * picture.width));
    *height = (int)fmax(1, round(share * picture.height));
    jpeg = picture_jpeg(&picture, 0, *width, *height, size);
    html->failed = html->failed || !jpeg;
done:
    html->failed = html->failed || error.kind == ERROR_MEMORY;
    picture_close(&picture);
    free(bytes);
    return jpeg;
}

void page_picture(struct html *html, const struct page *page, size_t video)
{
    struct catalog *catalog = page->request->collection->catalog;
    int width = 0, height = 0;
    size_t size = 0;
    unsigned char *jpeg = catalog && video != SIZE_MAX ? poster(html, catalog, video, &width, &height, &size) : NULL;

    if (!jpeg) {
        html_put(html, "<span class=\"nothing\"></span>");
        return;
    }
    double share = (double)SHOWN / (width > height ? width : height);
    html_put(html, "<img alt=\"first frame of ");
    page_video(html, page->request->collection, video);
    html_print(html, "\" width=\"%.0f\" height=\"%.0f\" src=\"data:image/jpeg;base64,", fmax(1, share * width),
               fmax(1, share * height));
    html_base64(html, jpeg, size);
    html_put(html, "\"/>");
    free(jpeg);
}
