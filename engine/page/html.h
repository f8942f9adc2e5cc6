/* A growing buffer that becomes an HTML page, which is well-formed XML too.
 *
 * After a failed allocation every call does nothing; check `failed` before taking the bytes. */
#ifndef HUBSCOPE_ENGINE_PAGE_HTML_H
#define HUBSCOPE_ENGINE_PAGE_HTML_H

#include <stdbool.h>
#include <stddef.h>

enum { HTML_DEPTH = 32 };

struct html {
    char *bytes; /* (used), NUL-terminated; owned, released with free() */
    size_t used, room;
    bool failed;
    const char *open[HTML_DEPTH]; /* elements not yet closed */
    size_t depth;
};

/* Our own markup, verbatim or as a format with numbers.  Never text from elsewhere. */
void html_put(struct html *html, const char *markup);
void html_print(struct html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Text, cleaned of control characters and broken UTF-8 (text_clean), then escaped; for content and attribute values. */
void html_text(struct html *html, const char *text);
/* The same, cut to `most` characters with an ellipsis. */
void html_cut(struct html *html, const char *text, size_t most);
/* The same from a format; at most 2000 bytes. */
void html_say(struct html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* An element: `attributes` is our own markup or "".  Every html_open needs its html_close. */
void html_open(struct html *html, const char *element, const char *attributes);
void html_close(struct html *html);
/* An element with text in it. */
void html_element(struct html *html, const char *element, const char *attributes, const char *text);

/* Bytes in base64, as in data: URLs. */
void html_base64(struct html *html, const unsigned char *bytes, size_t size);

#endif
