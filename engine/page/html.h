/* A growing text that becomes an HTML page, written so that it is well-formed XML too.
 *
 * Failure to allocate is remembered: everything after it does nothing, and whoever takes the bytes looks at
 * `failed`. */
#ifndef HUBSCOPE_ENGINE_PAGE_HTML_H
#define HUBSCOPE_ENGINE_PAGE_HTML_H

#include <stdbool.h>
#include <stddef.h>

enum { HTML_DEPTH = 32 };

struct html {
    char *bytes; /* (used), with a zero byte behind; owned, released with free() */
    size_t used, room;
    bool failed;
    const char *open[HTML_DEPTH]; /* elements that are not closed yet */
    size_t depth;
};

/* Markup of our own, as it is; with numbers where it is a format.  Never text from elsewhere. */
void html_put(struct html *html, const char *markup);
void html_print(struct html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Text: control characters and broken UTF-8 cleaned (text_clean), then escaped, for content and for attribute
 * values. */
void html_text(struct html *html, const char *text);
/* The same, cut to `most` characters with an ellipsis. */
void html_cut(struct html *html, const char *text, size_t most);
/* The same in printf's words; at most 2000 bytes of it. */
void html_say(struct html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* An element: `attributes` is markup of our own or "".  Every html_open needs its html_close. */
void html_open(struct html *html, const char *element, const char *attributes);
void html_close(struct html *html);
/* An element with text in it. */
void html_element(struct html *html, const char *element, const char *attributes, const char *text);

/* Bytes in base64, as data: addresses have them. */
void html_base64(struct html *html, const unsigned char *bytes, size_t size);

#endif
