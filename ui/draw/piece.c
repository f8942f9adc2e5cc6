#include "ui/draw/piece.h"

#include "engine/base/text.h"
#include "ui/terminal/terminal.h"

#include <stdint.h>

/* Terminals disagree about the widths of emoji with joiners and selectors; without these the parts appear side by
 * side. */
static bool is_left_out(uint32_t point)
{
    return point == 0x200b || point == 0x200c || point == 0x200d || point == 0x2060 || point == 0xad ||
           (point >= 0xfe00 && point <= 0xfe0f) || point >= 0xe0000;
}

static bool is_mark(uint32_t point)
{
    return point >= 0x300 && (terminal_unicode() ? wcwidth((wchar_t)point) == 0 : point < 0x370);
}

/* The substitute where only ASCII can be shown. */
static wchar_t plain(uint32_t point)
{
    static const char latin[] = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYPsaaaaaaaceeeeiiiidnooooo/ouuuuypy"; /* U+00C0.. */

    if (point < 0x80)
        return (wchar_t)point;
    if (point >= 0xc0 && point <= 0xff)
        return (unsigned char)latin[point - 0xc0];
    if (point >= 0x2010 && point <= 0x2015)
        return L'-';
    if (point == 0x2018 || point == 0x2019)
        return L'\'';
    if (point >= 0x201c && point <= 0x201e)
        return L'"';
    if (point == 0x2026)
        return L'~';
    return point == 0xa0 || (point >= 0x2000 && point <= 0x200a) ? L' ' : L'?';
}

bool piece_next(const char **text, struct piece *piece)
{
    const char *at = *text;
    uint32_t point;

    do
        point = text_next(&at);
    while (point && is_left_out(point));
    if (!point)
        return false;
    piece->length = 1;
    piece->columns = 1;
    if (!terminal_unicode()) {
        piece->text[0] = plain(point);
    } else {
        int width = wcwidth((wchar_t)point);
        piece->text[0] = width > 0 ? (wchar_t)point : width == 0 ? L' ' : L'\xfffd';
        piece->columns = width == 2 ? 2 : 1;
        if (width == 0)
            piece->text[piece->length++] = (wchar_t)point;
    }
    for (*text = at; (point = text_next(&at)) && (is_mark(point) || is_left_out(point)); *text = at)
        if (terminal_unicode() && !is_left_out(point) && piece->length < 1 + SCREEN_MARKS)
            piece->text[piece->length++] = (wchar_t)point;
    return true;
}
