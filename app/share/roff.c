#include "app/share/roff.h"

#include "engine/base/text.h"
#include <string.h>

enum { COLUMNS = 76 };

static void append(struct roff *roff, const char *bytes)
{
    size_t size = strlen(bytes);

    if (roff->size + size < sizeof roff->word) {
        memcpy(roff->word + roff->size, bytes, size);
        roff->size += size;
    }
}

/* What roff prints as that character. */
static void escape(uint32_t point, enum roff_font font, char text[16])
{
    static const struct {
        char byte;
        const char *text;
    } special[] = {{'\\', "\\e"}, {'^', "\\(ha"}, {'~', "\\(ti"}, {'`', "\\(ga"}, {'"', "\\(dq"}};

    snprintf(text, 16, point < 0x80 ? "%c" : "\\[u%04X]", point);
    if (font == ROFF_BOLD && point == '-')
        snprintf(text, 16, "\\-");
    if (font == ROFF_BOLD && point == '\'')
        snprintf(text, 16, "\\(aq");
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        if (point == (uint32_t)special[i].byte)
            snprintf(text, 16, "%s", special[i].text);
}

static void flush_word(struct roff *roff)
{
    if (!roff->size)
        return;
    if (roff->column && !roff->whole && roff->column + 1 + roff->size > COLUMNS) {
        fputc('\n', roff->out);
        roff->column = 0;
    }
    if (roff->column)
        fputc(' ', roff->out);
    else if (roff->word[0] == '.' || roff->word[0] == '\'')
        fputs("\\&", roff->out);
    fwrite(roff->word, 1, roff->size, roff->out);
    roff->column += roff->size + (roff->column > 0);
    roff->size = 0;
}

void roff_end(struct roff *roff)
{
    roff_font(roff, ROFF_ROMAN);
    flush_word(roff);
    if (roff->column)
        fputc('\n', roff->out);
    roff->column = 0;
    roff->whole = false;
}

void roff_font(struct roff *roff, enum roff_font font)
{
    char text[] = "\\fR";

    text[2] = (char)font;
    if (roff->font != font)
        append(roff, text);
    roff->font = font;
}

void roff_point(struct roff *roff, uint32_t point)
{
    char text[16];

    if (point == ' ' || point == '\n') {
        flush_word(roff);
        return;
    }
    escape(point, roff->font, text);
    append(roff, text);
    if (point == '|')
        append(roff, "\\:"); /* long choices may be broken here */
}

void roff_text(struct roff *roff, const char *text)
{
    for (uint32_t point; (point = text_next(&text));)
        roff_point(roff, point);
}

void roff_bold(struct roff *roff, const char *text)
{
    roff_font(roff, ROFF_BOLD);
    roff_text(roff, text);
    roff_font(roff, ROFF_ROMAN);
}

void roff_plain(struct roff *roff, const char *text)
{
    for (uint32_t point; (point = text_next(&text));)
        if (point == '`')
            roff_font(roff, roff->font == ROFF_BOLD ? ROFF_ROMAN : ROFF_BOLD);
        else
            roff_point(roff, point);
}

void roff_macro(struct roff *roff, const char *macro, const char *argument)
{
    char escaped[16];

    roff_end(roff);
    roff->font = ROFF_ROMAN;
    fputs(macro, roff->out);
    if (argument)
        fputs(" \"", roff->out);
    for (uint32_t point; argument && (point = text_next(&argument));) {
        escape(point, ROFF_ROMAN, escaped);
        fputs(escaped, roff->out);
    }
    fputs(argument ? "\"\n" : "\n", roff->out);
    roff->whole = !argument && (strcmp(macro, ".TP") == 0 || strcmp(macro, ".SH") == 0 || strcmp(macro, ".SS") == 0);
}

void roff_example(struct roff *roff, const char *line, size_t length)
{
    char escaped[16];

    if (length && (*line == '.' || *line == '\''))
        fputs("\\&", roff->out);
    for (const char *end = line + length; line < end;) {
        escape(text_next(&line), ROFF_BOLD, escaped);
        fputs(escaped, roff->out);
    }
    fputc('\n', roff->out);
}
