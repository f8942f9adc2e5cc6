#include "ui/terminal/screenshot.h"

#include "engine/formats/output.h"
#include "engine/results/format.h"
#include "ui/terminal/cell.h"
#include "ui/terminal/screen_writers.h"
#include "ui/terminal/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static void write_colour(FILE *file, int number, int basic, int extended)
{
    if (number < 0)
        return;
    if (number < 8)
        fprintf(file, ";%d", basic + number);
    else if (terminal_tier() == TIER_DIRECT)
        fprintf(file, ";%d;2;%d;%d;%d", extended, number >> 16 & 255, number >> 8 & 255, number & 255);
    else
        fprintf(file, ";%d;5;%d", extended, number);
}

static void write_look(FILE *file, struct look look)
{
    static const struct {
        attr_t attribute;
        int number;
    } codes[] = {{A_BOLD, 1}, {A_DIM, 2}, {A_ITALIC, 3}, {A_UNDERLINE, 4}, {A_REVERSE, 7}};

    fputs("\033[0", file);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (look.attributes & codes[i].attribute)
            fprintf(file, ";%d", codes[i].number);
    write_colour(file, look.foreground, 30, 38);
    write_colour(file, look.background, 40, 48);
    fputc('m', file);
}

static bool same_look(struct look a, struct look b)
{
    return a.attributes == b.attributes && a.foreground == b.foreground && a.background == b.background;
}

static void write_row(FILE *file, int y, bool coloured)
{
    struct look look = {0, -1, -1};
    int blanks = 0;

    for (int x = 0; x < COLS;) {
        struct cell cell = cell_at(y, x);
        x += cell.columns;
        if (!coloured && !wcscmp(cell.text, L" ")) {
            blanks++;
            continue;
        }
        for (; blanks; blanks--)
            fputc(' ', file);
        if (coloured && !same_look(look, cell.look))
            write_look(file, look = cell.look);
        fprintf(file, "%ls", cell.text);
    }
    if (!same_look(look, (struct look){0, -1, -1}))
        fputs("\033[0m", file);
    fputc('\n', file);
}

static int write_rows(FILE *file, bool coloured)
{
    for (int row = 0; row < LINES; row++)
        write_row(file, row, coloured);
    return 0;
}

int screen_write_ansi(FILE *out, struct error *error)
{
    (void)error;
    return write_rows(out, true);
}

int screen_write_plain(FILE *out, struct error *error)
{
    (void)error;
    return write_rows(out, false);
}

static const struct {
    const struct format *format;
    int (*write)(FILE *out, struct error *error);
} writers[] = {
#define FORMAT(id)
#define PAGE(id, ...)
#define SCREEN(id, ...) {&format_##id, screen_write_##id},
#include "engine/results/formats.def"
};

int screenshot_save(const char *path, struct error *error)
{
    const struct format *format = format_of_path(FORMAT_SCREEN, path);
    struct output output;
    int y, x, status = 0;

    if (terminal_rows() == 0)
        return error_set(error, ERROR_INPUT, "%s: there is no screen to save", path);
    if (output_open(&output, path, true, error))
        return -1;
    getyx(stdscr, y, x);
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
        if (writers[i].format == (format ? format : &format_plain))
            status = writers[i].write(output.stream, error);
    move(y, x);
    if (status == 0)
        return output_commit(&output, error);
    output_abandon(&output);
    return -1;
}
