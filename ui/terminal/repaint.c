#include "ui/terminal/repaint.h"

#include "engine/base/memory.h"
#include "ui/terminal/cell.h"

#include <curses.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <wchar.h>

#undef columns /* term.h names capabilities with plain words */
#undef lines

enum { ANY = -2 }; /* a foreground under blanks, which do not show it */

struct shown {
    wchar_t text[CCHARW_MAX + 1]; /* "" where a wide character goes on */
    struct pen_style style;
    int columns;
};

/* What is written at once: text, or blanks by an erasing sequence. */
struct run {
    int y, x, columns;
    size_t text, size; /* in repaint.text */
    bool erases, to_end;
    struct pen_style style;
    int cost[2]; /* bytes that its foreground and background take */
};

enum { RUNS = 256, ERASED_LEAST = 6, GAP_MOST = 4 };

struct buffer {
    char *bytes;
    size_t size, room;
};

static struct {
    bool known, failed;
    int rows, columns;
    struct shown *shown, *row; /* all cells; those of the row that is compared */
    cchar_t *raw, *raw_row;    /* the same as curses has them */
    struct buffer text, out;
    struct run run[RUNS];
    size_t runs;
    int y, x; /* the cursor; y is -1 if not known */
    struct pen_style pen;
} screen;

static void append(struct buffer *buffer, const char *bytes, size_t size)
{
    if (buffer->size + size > buffer->room) {
        size_t room = 2 * (buffer->size + size);
        char *larger = memory_grow(buffer->bytes, room, 1);
        if (!larger) {
            screen.failed = true;
            return;
        }
        buffer->bytes = larger;
        buffer->room = room;
    }
    memcpy(buffer->bytes + buffer->size, bytes, size);
    buffer->size += size;
}

/* ---- cells ---- */

static int colour_of(int number, bool direct)
{
    return direct && number >= 8 ? PEN_ANY_COLOUR | number : number;
}

static unsigned attributes_of(attr_t attributes)
{
    static const attr_t of_curses[] = {A_BOLD, A_DIM, A_ITALIC, A_UNDERLINE, A_REVERSE};
    unsigned result = 0;

    for (unsigned i = 0; i < sizeof of_curses / sizeof *of_curses; i++)
        if (attributes & of_curses[i])
            result |= 1u << i;
    return result;
}

static bool is_blank(const struct shown *cell)
{
    return cell->style.foreground == ANY;
}

/* The same for all cells that look the same. */
static struct shown shown_of(const struct cell *cell, bool direct)
{
    struct shown shown = {.columns = cell->columns};

    wcscpy(shown.text, cell->text);
    shown.style = (struct pen_style){.known = true,
                                     .attributes = attributes_of(cell->look.attributes),
                                     .foreground = colour_of(cell->look.foreground, direct),
                                     .background = colour_of(cell->look.background, direct)};
    bool lit = shown.style.attributes & (PEN_UNDERLINE | PEN_REVERSE);
    if (shown.text[0] == L'▀' && !shown.text[1] && !lit && shown.style.background != PEN_DEFAULT &&
        shown.style.foreground == shown.style.background)
        shown.text[0] = L' ';
    if (shown.text[0] == L' ' && !shown.text[1] && !lit) {
        shown.style.foreground = ANY;
        shown.style.attributes = 0;
    }
    return shown;
}

static bool same_style(const struct pen_style *a, const struct pen_style *b)
{
    return a->attributes == b->attributes && a->foreground == b->foreground && a->background == b->background;
}

static bool same(const struct shown *a, const struct shown *b)
{
    return a->text[0] == b->text[0] && wcscmp(a->text, b->text) == 0 && same_style(&a->style, &b->style);
}

static void read_row(int y, bool direct)
{
    for (int x = 0; x < screen.columns; x++) {
        const struct cell cell = cell_at(y, x);
        struct shown *at = screen.row + x;
        *at = shown_of(&cell, direct);
        for (int more = 1; more < at->columns && x + 1 < screen.columns; more++, x++)
            at[more] = (struct shown){.style = at->style};
    }
}

static void free_cells(void)
{
    free(screen.shown);
    free(screen.row);
    free(screen.raw);
    free(screen.raw_row);
}

static bool fit(void)
{
    if (screen.rows == LINES && screen.columns == COLS && screen.shown && screen.row && screen.raw && screen.raw_row)
        return true;
    size_t rows = (size_t)LINES, columns = (size_t)COLS;
    free_cells();
    screen.rows = LINES;
    screen.columns = COLS;
    screen.known = false;
    screen.shown = memory_array(rows * columns, sizeof *screen.shown);
    screen.row = memory_array(columns, sizeof *screen.row);
    screen.raw = memory_array(rows * columns, sizeof *screen.raw);
    screen.raw_row = memory_array(columns + 1, sizeof *screen.raw_row);
    return screen.shown && screen.row && screen.raw && screen.raw_row;
}

/* ---- what is written ---- */

static int digits(int number)
{
    return number < 10 ? 1 : number < 100 ? 2 : 3;
}

static int cost_of(int colour)
{
    if (colour < 0)
        return 3;
    if (colour & PEN_ANY_COLOUR)
        return 8 + digits(colour >> 16 & 255) + digits(colour >> 8 & 255) + digits(colour & 255);
    return colour < 16 ? 3 : 6 + digits(colour);
}

/* About so many bytes from the cursor to the run and its style. */
static int cost(const struct run *run)
{
    int bytes = 0;

    if (run->y != screen.y)
        bytes += run->x == screen.x ? 5 : 8;
    else if (run->x != screen.x)
        bytes += 5;
    if (run->style.foreground != ANY && run->style.foreground != screen.pen.foreground)
        bytes += run->cost[0];
    if (run->style.background != screen.pen.background)
        bytes += run->cost[1];
    if (run->style.foreground != ANY && run->style.attributes != screen.pen.attributes)
        bytes += 3;
    return bytes;
}

static void go(int y, int x)
{
    char text[32];
    int length;

    if (y != screen.y && x == screen.x && screen.y >= 0)
        length = sprintf(text, "\033[%dd", y + 1);
    else if (y != screen.y)
        length = sprintf(text, "\033[%d;%dH", y + 1, x + 1);
    else if (x > screen.x)
        length = x == screen.x + 1 ? sprintf(text, "\033[C") : sprintf(text, "\033[%dC", x - screen.x);
    else if (x < screen.x)
        length = sprintf(text, "\033[%dG", x + 1);
    else
        return;
    append(&screen.out, text, (size_t)length);
    screen.y = y;
    screen.x = x;
}

static void take(struct pen_style style)
{
    char change[PEN_CHANGE];

    if (style.foreground == ANY) {
        style.foreground = screen.pen.foreground;
        style.attributes = screen.pen.attributes & ~(unsigned)(PEN_UNDERLINE | PEN_REVERSE);
    }
    size_t size = pen_change(&screen.pen, &style, change);
    append(&screen.out, change, size);
    screen.pen = style;
}

static void write_run(const struct run *run)
{
    go(run->y, run->x);
    take(run->style);
    if (run->erases) {
        char text[32];
        int length = run->to_end ? sprintf(text, "\033[K") : sprintf(text, "\033[%dX", run->columns);
        append(&screen.out, text, (size_t)length);
        return;
    }
    append(&screen.out, screen.text.bytes + run->text, run->size);
    screen.x += run->columns;
    if (screen.x >= screen.columns)
        screen.y = -1; /* it waits behind the last column */
}

/* Writes all runs, each time the one that takes the fewest bytes from here. */
static void write_runs(void)
{
    for (size_t left = screen.runs; left; left--) {
        int least = INT_MAX;
        size_t next = 0;
        for (size_t i = 0; i < left; i++) {
            int bytes = cost(&screen.run[i]);
            if (bytes < least) {
                least = bytes;
                next = i;
            }
        }
        write_run(&screen.run[next]);
        memmove(screen.run + next, screen.run + next + 1, (left - next - 1) * sizeof *screen.run);
    }
    screen.runs = 0;
    screen.text.size = 0;
}

/* ---- what differs ---- */

static struct run *start_run(int y, int x, const struct pen_style *style)
{
    if (screen.runs == RUNS)
        write_runs();
    struct run *run = &screen.run[screen.runs++];
    *run = (struct run){.y = y, .x = x, .text = screen.text.size, .style = *style};
    run->cost[0] = cost_of(style->foreground);
    run->cost[1] = cost_of(style->background);
    return run;
}

static bool fits(const struct run *run, const struct shown *cell)
{
    const struct pen_style *a = &run->style, *b = &cell->style;

    if (run->erases || a->background != b->background)
        return false;
    if (a->foreground == ANY)
        return !(b->attributes & (PEN_UNDERLINE | PEN_REVERSE));
    if (is_blank(cell))
        return !(a->attributes & (PEN_UNDERLINE | PEN_REVERSE));
    return same_style(a, b);
}

static void add_to(struct run *run, const struct shown *cell)
{
    char bytes[MB_LEN_MAX];
    mbstate_t state;

    memset(&state, 0, sizeof state);
    for (const wchar_t *at = cell->text; *at; at++) {
        size_t size = wcrtomb(bytes, *at, &state);
        if (size == (size_t)-1)
            screen.failed = true;
        else
            append(&screen.text, bytes, size);
    }
    run->size = screen.text.size - run->text;
    run->columns += cell->columns;
    if (run->style.foreground == ANY && !is_blank(cell)) {
        run->style = cell->style;
        run->cost[0] = cost_of(run->style.foreground);
    }
}

/* Whether the cells between the end of the run and `cell` are written anew in less bytes than they are jumped over. */
static bool bridges(const struct run *run, const struct shown *row, int x)
{
    struct run copy = *run;

    for (int i = run->x + run->columns; i < x; i++) {
        if (row[i].columns != 1 || row[i].text[0] > 126 || row[i].text[1] || !fits(&copy, &row[i]))
            return false;
        if (copy.style.foreground == ANY)
            copy.style = row[i].style;
    }
    return fits(&copy, &row[x]);
}

/* Appends a cell to the last run, or begins one. */
static void add_cell(int y, int x, const struct shown *row)
{
    struct run *run = screen.runs ? &screen.run[screen.runs - 1] : NULL;
    int end = run && !run->erases && run->y == y ? run->x + run->columns : INT_MIN;

    if (end < x - GAP_MOST || end > x || !bridges(run, row, x)) {
        run = start_run(y, x, &row[x].style);
        end = x;
    }
    for (int i = end; i <= x; i++)
        add_to(run, &row[i]);
}

/* Erases the blanks from x on if there are many; returns where they end, or x. */
static int erase_from(int y, int x, const struct shown *row, const struct shown *before)
{
    int end = x, last = x;

    while (end < screen.columns && is_blank(&row[end]) && row[end].style.background == row[x].style.background) {
        if (!same(&row[end], &before[end]))
            last = end;
        end++;
    }
    bool to_end = end == screen.columns;
    if ((!back_color_erase && row[x].style.background != PEN_DEFAULT) || (!erase_chars && !to_end))
        return x;
    if (!before[x].columns ||
        (!to_end && !before[last + 1].columns)) /* terminals erase half a character each their way */
        return x;
    if (last + 1 - x < ERASED_LEAST && !(to_end && last + 1 - x > 3))
        return x;
    struct run *run = start_run(y, x, &row[x].style);
    run->erases = true;
    run->to_end = to_end;
    run->columns = last + 1 - x;
    return last + 1;
}

static void compare_row(int y, const struct shown *before)
{
    const struct shown *row = screen.row;

    for (int x = 0; x < screen.columns;) {
        int columns = row[x].columns ? row[x].columns : 1, erased;
        bool differs = !same(&row[x], &before[x]);
        for (int i = 1; i < columns && x + i < screen.columns; i++)
            differs |= !same(&row[x + i], &before[x + i]);
        if (differs && is_blank(&row[x]) && (erased = erase_from(y, x, row, before)) > x) {
            x = erased;
            continue;
        }
        if (differs)
            add_cell(y, x, row);
        x += columns;
    }
}

/* Keeps a row as it is now, and with `write` writes what differs from before. */
static void follow_row(int y, bool direct, bool write)
{
    size_t columns = (size_t)screen.columns, first = (size_t)y * columns, raw_size = columns * sizeof *screen.raw;

    mvin_wchnstr(y, 0, screen.raw_row, screen.columns);
    if (write && memcmp(screen.raw_row, screen.raw + first, raw_size) == 0)
        return;
    memcpy(screen.raw + first, screen.raw_row, raw_size);
    read_row(y, direct);
    if (write)
        compare_row(y, screen.shown + first);
    memcpy(screen.shown + first, screen.row, columns * sizeof *screen.row);
}

/* ---- the terminal ---- */

static bool has(const char *capability, const char *sequence)
{
    return capability && capability != (char *)-1 && strcmp(capability, sequence) == 0;
}

/* Whether the sequences above are those of the terminal, and curses draws with nothing else. */
static bool is_usual(void)
{
    return eat_newline_glitch && no_color_video <= 0 && (!erase_chars || has(erase_chars, "\033[%p1%dX")) &&
           has(clr_eol, "\033[K") && has(cursor_address, "\033[%i%p1%d;%p2%dH") &&
           has(column_address, "\033[%i%p1%dG") && has(row_address, "\033[%i%p1%dd") &&
           has(parm_right_cursor, "\033[%p1%dC") && has(enter_bold_mode, "\033[1m") && has(enter_dim_mode, "\033[2m") &&
           has(enter_italics_mode, "\033[3m") && has(enter_underline_mode, "\033[4m") &&
           has(enter_reverse_mode, "\033[7m");
}

static bool is_usable(const struct pen_style *before, const struct pen_style *after)
{
    return before->known && after->known && before->set == after->set && (!after->set || after->set == 'B');
}

void repaint_forget(void)
{
    screen.known = false;
}

const char *repaint(const struct pen_style *before, const struct pen_style *after, bool direct, size_t *size)
{
    int y, x;

    if (!is_usual() || !fit())
        return NULL;
    bool usable = screen.known && is_usable(before, after);
    screen.out.size = screen.text.size = screen.runs = 0;
    screen.failed = false;
    screen.y = -1;
    screen.pen = *before;
    getyx(stdscr, y, x);
    for (int row = 0; row < screen.rows; row++)
        follow_row(row, direct, usable);
    move(y, x);
    write_runs();
    go(y, x);
    take(*after);
    screen.known = true;
    *size = screen.out.size;
    return usable && !screen.failed ? screen.out.bytes : NULL;
}

void repaint_stop(void)
{
    free_cells();
    free(screen.text.bytes);
    free(screen.out.bytes);
    memset(&screen, 0, sizeof screen);
}
