/* The screen as a file: what the explorer's tests compare and what its pictures are made from. */
#include "ui/terminal.h"

#include <curses.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

struct look {
    attr_t attributes;
    int foreground, background; /* numbers of the terminal's colours; -1 for the default */
};

struct cell {
    wchar_t text[CCHARW_MAX + 1];
    struct look look;
    int columns; /* 1 or 2 */
};

static struct cell read_cell(int y, int x)
{
    struct cell cell = {.text = L" ", .look = {0, -1, -1}, .columns = 1};
    cchar_t raw;
    attr_t attributes;
    short narrow;
    int pair = 0;

    if (mvin_wch(y, x, &raw) == ERR ||
        getcchar(&raw, cell.text, &attributes, &narrow, &pair) == ERR || cell.text[0] < L' ')
        wcscpy(cell.text, L" ");
    else
        cell.look.attributes = attributes & (A_BOLD | A_DIM | A_ITALIC | A_UNDERLINE | A_REVERSE);
    if (pair > 0 && terminal_tier() != TIER_NONE)
        extended_pair_content(pair, &cell.look.foreground, &cell.look.background);
    if (wcwidth(cell.text[0]) == 2)
        cell.columns = 2;
    return cell;
}

static void write_colour(FILE *file, int number, int basic, int extended)
{
    if (number < 0)
        return;
    if (number < 8)
        fprintf(file, ";%d", basic + number);
    else if (terminal_tier() == TIER_DIRECT)
        fprintf(file, ";%d;2;%d;%d;%d", extended, number >> 16 & 255, number >> 8 & 255,
                number & 255);
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
    return a.attributes == b.attributes && a.foreground == b.foreground &&
           a.background == b.background;
}

static void write_row(FILE *file, int y, bool coloured)
{
    struct look look = {0, -1, -1};
    int blanks = 0;

    for (int x = 0; x < COLS;) {
        struct cell cell = read_cell(y, x);
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

int terminal_save(const char *path, struct error *error)
{
    size_t length = strlen(path);
    bool coloured = length > 5 && !strcmp(path + length - 5, ".ansi");
    int y, x;

    if (terminal_rows() == 0)
        return error_set(error, ERROR_INPUT, "%s: there is no screen to save", path);
    FILE *file = fopen(path, "we");
    if (!file)
        return error_system(error, "%s cannot be written", path);
    getyx(stdscr, y, x);
    for (int row = 0; row < LINES; row++)
        write_row(file, row, coloured);
    move(y, x);
    bool failed = ferror(file);
    if (fclose(file) || failed)
        return error_system(error, "%s cannot be written", path);
    return 0;
}
