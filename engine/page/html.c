#include "engine/page/html.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64 << 10, SAID = 2048 };

/* Room for `size` more bytes and a NUL; null when out of memory. */
static char *room_for(struct html *html, size_t size)
{
    if (html->failed || size > SIZE_MAX / 4 - html->used) {
        html->failed = true;
        return NULL;
    }
    if (html->used + size + 1 > html->room) {
        size_t room = html->room ? html->room : FIRST_ROOM;
        while (room < html->used + size + 1)
            room *= 2;
        char *bytes = memory_grow(html->bytes, room, 1);
        if (!bytes) {
            html->failed = true;
            return NULL;
        }
        html->bytes = bytes;
        html->room = room;
    }
    return html->bytes + html->used;
}

static void put_bytes(struct html *html, const char *bytes, size_t size)
{
    char *at = room_for(html, size);

    if (!at)
        return;
    memcpy(at, bytes, size);
    at[size] = 0;
    html->used += size;
}

void html_put(struct html *html, const char *markup)
{
    put_bytes(html, markup, strlen(markup));
}

void html_print(struct html *html, const char *format, ...)
{
    char text[SAID];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    html_put(html, text);
}

/* Writes one cleaned character, escaped. */
static void put_character(struct html *html, uint32_t point, const char *bytes, size_t size)
{
    switch (point) {
    case ' ':
        html_put(html, bytes[1] == '%' ? "\xc2\xa0" : " "); /* keeps lines from beginning with a percent sign */
        return;
    case '&':
        html_put(html, "&amp;");
        return;
    case '<':
        html_put(html, "&lt;");
        return;
    case '>':
        html_put(html, "&gt;");
        return;
    case '"':
        html_put(html, "&quot;");
        return;
    case '\'':
        html_put(html, "&#39;");
        return;
    case 0xfffe: /* noncharacters, not allowed in XML */
    case 0xffff:
        html_put(html, "\xef\xbf\xbd");
        return;
    default:
        put_bytes(html, bytes, size);
    }
}

void html_cut(struct html *html, const char *text, size_t most)
{
    size_t length = strlen(text), count = 0;
    char *clean = length < SIZE_MAX / 4 ? memory_array(3 * length + 1, 1) : NULL;

    if (!clean) {
        html->failed = true;
        return;
    }
    text_clean(clean, 3 * length + 1, text);
    for (const char *at = clean; *at;) {
        const char *start = at;
        uint32_t point = text_next(&at);
        if (count++ == most) {
            html_put(html, "\xe2\x80\xa6");
            break;
        }
        put_character(html, point, start, (size_t)(at - start));
    }
    free(clean);
}

void html_text(struct html *html, const char *text)
{
    html_cut(html, text, SIZE_MAX);
}

void html_say(struct html *html, const char *format, ...)
{
    char text[SAID];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    html_text(html, text);
}

void html_open(struct html *html, const char *element, const char *attributes)
{
    html_print(html, "<%s%s%s>", element, *attributes ? " " : "", attributes);
    if (html->depth == HTML_DEPTH) {
        html->failed = true;
        return;
    }
    html->open[html->depth++] = element;
}

void html_close(struct html *html)
{
    if (html->depth == 0) {
        html->failed = true;
        return;
    }
    html_print(html, "</%s>\n", html->open[--html->depth]);
}

void html_element(struct html *html, const char *element, const char *attributes, const char *text)
{
    html_print(html, "<%s%s%s>", element, *attributes ? " " : "", attributes);
    html_text(html, text);
    html_print(html, "</%s>", element);
}

void html_base64(struct html *html, const unsigned char *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t written = (size + 2) / 3 * 4;
    char *at = room_for(html, written);

    if (!at)
        return;
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t three =
            (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0);
        *at++ = digits[three >> 18];
        *at++ = digits[three >> 12 & 63];
        *at++ = left > 1 ? digits[three >> 6 & 63] : '=';
        *at++ = left > 2 ? digits[three & 63] : '=';
    }
    *at = 0;
    html->used += written;
}
