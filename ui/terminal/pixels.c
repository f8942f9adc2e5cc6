#include "ui/terminal/pixels.h"

#include "engine/base/memory.h"
#include "ui/terminal/tmux.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES = 64, PIECES = 32 };
static const wchar_t BLANK = 0xa0; /* no-break space: nothing else on the screen is one */
const char pixels_blank[] = "\xc2\xa0";

static struct {
    bool started;
    int cell_rows, cell_columns; /* pixels */
    int top, left;               /* where the screen begins on the terminal */
    struct place {
        int y, x, rows, columns;
        uint64_t content;      /* a digest of the frame */
        uint64_t *cell;        /* (rows, columns): digests of what each cell shows of it */
        size_t cells;          /* room in `cell` */
        struct picture source; /* the frame */
    } place[PLACES];
    size_t count;
    int rows, columns; /* of the screen, and of `shown` */
    uint64_t *shown;   /* (rows, columns): which picture the cell shows part of; 0: none */
    bool *blank;       /* (rows, columns): the cell holds BLANK */
} pixels;

struct piece {
    int y, x, rows, columns;
};

/* ---- what is wanted ---- */

static uint64_t mixed(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

/* What each cell shows, with the pixels next to it that scaling takes into account; false when out of memory. */
static bool digest_cells(struct place *place, const struct picture *picture, int frame)
{
    enum { BEFORE = 2, BEHIND = 3 };
    size_t cells = (size_t)place->rows * (size_t)place->columns, at = 0;

    if (cells > place->cells) {
        uint64_t *larger = memory_grow(place->cell, cells, sizeof *larger);
        if (!larger)
            return false;
        place->cell = larger;
        place->cells = cells;
    }
    place->content = 0;
    for (int y = 0; y < place->rows; y++)
        for (int x = 0; x < place->columns; x++) {
            int top = y * picture->height / place->rows, bottom = (y + 1) * picture->height / place->rows;
            int left = x * picture->width / place->columns, right = (x + 1) * picture->width / place->columns;
            place->cell[at] =
                encodings_digest(picture, frame, top - BEFORE, left - BEFORE, bottom + BEHIND, right + BEHIND);
            place->content = mixed(place->content, place->cell[at++]);
        }
    return true;
}

/* Copies the frame, unless the place has it already; false when out of memory. */
static bool hold(struct place *place, const struct picture *picture, int frame)
{
    uint64_t before = place->content;

    if (!digest_cells(place, picture, frame))
        return false;
    if (place->source.rgb && place->content == before)
        return true;
    picture_close(&place->source);
    return encodings_copy(picture, frame, &place->source);
}

void pixels_put(int y, int x, int rows, int columns, const struct picture *picture, int frame)
{
    const wchar_t text[2] = {BLANK, 0};
    cchar_t cell;

    setcchar(&cell, text, A_NORMAL, 0, NULL);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++)
            mvadd_wch(y + i, x + j, &cell);
    if (!pixels.started || pixels.count == PLACES)
        return;
    struct place *place = &pixels.place[pixels.count];
    place->y = y;
    place->x = x;
    place->rows = rows;
    place->columns = columns;
    pixels.count += hold(place, picture, frame);
}

void pixels_clear(void)
{
    pixels.count = 0;
}

/* ---- what the terminal shows ---- */

static bool fit_screen(void)
{
    if (pixels.rows == LINES && pixels.columns == COLS && pixels.shown)
        return true;
    free(pixels.shown);
    free(pixels.blank);
    pixels.rows = LINES;
    pixels.columns = COLS;
    pixels.shown = memory_array((size_t)LINES * (size_t)COLS, sizeof *pixels.shown);
    pixels.blank = memory_array((size_t)LINES * (size_t)COLS, sizeof *pixels.blank);
    return pixels.shown && pixels.blank;
}

static size_t at(int y, int x)
{
    return (size_t)y * (size_t)pixels.columns + (size_t)x;
}

/* Whether the cell is one of a picture.  The last row is not: pixels there would scroll the screen. */
static bool is_blank(int y, int x)
{
    wchar_t text[CCHARW_MAX + 1];
    attr_t attributes;
    short pair;
    cchar_t cell;

    return y < LINES - 1 && mvin_wch(y, x, &cell) != ERR && getcchar(&cell, text, &attributes, &pair, NULL) != ERR &&
           text[0] == BLANK;
}

void pixels_lost(void)
{
    if (pixels.shown)
        memset(pixels.shown, 0, (size_t)pixels.rows * (size_t)pixels.columns * sizeof *pixels.shown);
}

/* Cells that curses has just written show no pixels. */
static void follow_curses(size_t blanks)
{
    bool *blank = memory_array((size_t)LINES * (size_t)COLS, sizeof *blank);
    int y, x;

    if (!blank)
        return;
    getyx(stdscr, y, x);
    for (size_t i = 0; i < pixels.count; i++) {
        const struct place *p = &pixels.place[i];
        for (int row = p->y > 0 ? p->y : 0; row < p->y + p->rows && row < LINES; row++)
            for (int column = p->x > 0 ? p->x : 0; column < p->x + p->columns && column < COLS; column++)
                blank[at(row, column)] = is_blank(row, column);
    }
    move(y, x);
    size_t added = 0;
    for (size_t i = 0; i < (size_t)LINES * (size_t)COLS; i++) {
        added += blank[i] && !pixels.blank[i];
        if (!blank[i] || !pixels.blank[i])
            pixels.shown[i] = 0;
    }
    if (blanks > added)
        pixels_lost();
    free(pixels.blank);
    pixels.blank = blank;
}

/* What a cell of a place shows: that of a picture, there and in that size. */
static uint64_t identity(const struct place *p, int y, int x)
{
    size_t cell = (size_t)(y - p->y) * (size_t)p->columns + (size_t)(x - p->x);
    uint64_t hash = mixed(p->cell[cell], (uint64_t)p->y << 32 | (uint64_t)p->x);

    return mixed(hash, (uint64_t)p->rows << 32 | (uint64_t)p->columns) | 1;
}

/* Whether the cell is to show something else than it does, and nothing covers it. */
static bool differs(const struct place *p, int y, int x)
{
    return pixels.blank[at(y, x)] && pixels.shown[at(y, x)] != identity(p, y, x);
}

/* The smallest rectangle with all cells that differ. */
static struct piece around(const struct place *p)
{
    int top = LINES, left = COLS, bottom = 0, right = 0;

    for (int y = p->y > 0 ? p->y : 0; y < p->y + p->rows && y < LINES; y++)
        for (int x = p->x > 0 ? p->x : 0; x < p->x + p->columns && x < COLS; x++)
            if (differs(p, y, x)) {
                top = y < top ? y : top;
                left = x < left ? x : left;
                bottom = y + 1;
                right = x >= right ? x + 1 : right;
            }
    return (struct piece){top, left, bottom > top ? bottom - top : 0, right > left ? right - left : 0};
}

static bool is_covered(const struct piece *piece)
{
    for (int y = piece->y; y < piece->y + piece->rows; y++)
        for (int x = piece->x; x < piece->x + piece->columns; x++)
            if (!pixels.blank[at(y, x)])
                return true;
    return false;
}

/* Cuts what differs of a place into rectangles: one, or where something covers part of it, runs of cells and those that
 * lie on top of each other. */
static size_t cut(const struct place *p, struct piece *piece)
{
    size_t count = 0;

    piece[0] = around(p);
    if (!piece[0].rows || !is_covered(&piece[0]))
        return piece[0].rows > 0;
    const struct piece all = piece[0];
    for (int y = all.y; y < all.y + all.rows; y++)
        for (int x = all.x; x < all.x + all.columns;) {
            int end = x;
            while (end < all.x + all.columns && differs(p, y, end))
                end++;
            size_t i = 0;
            while (i < count && (piece[i].x != x || piece[i].columns != end - x || piece[i].y + piece[i].rows != y))
                i++;
            if (end > x && i < count)
                piece[i].rows++;
            else if (end > x && count < PIECES)
                piece[count++] = (struct piece){y, x, 1, end - x};
            x = end > x ? end : x + 1;
        }
    return count;
}

static void show_piece(const struct place *p, const struct piece *piece)
{
    const struct encoding encoding = {
        .content = p->content,
        .width = p->columns * pixels.cell_columns,
        .height = p->rows * pixels.cell_rows,
        .x = (piece->x - p->x) * pixels.cell_columns,
        .y = (piece->y - p->y) * pixels.cell_rows,
        .part_width = piece->columns * pixels.cell_columns,
        .part_height = piece->rows * pixels.cell_rows,
        .columns = piece->columns,
        .rows = piece->rows,
    };
    char place[48];
    size_t size = 0;

    const char *bytes = encodings_find(&encoding, &p->source, &size);
    if (!bytes)
        return;
    int length =
        snprintf(place, sizeof place, "\0337\033[%d;%dH", pixels.top + piece->y + 1, pixels.left + piece->x + 1);
    tmux_pass_begin();
    tmux_pass(place, (size_t)length);
    tmux_pass(bytes, size);
    tmux_pass("\0338", 2);
    tmux_pass_end();
    for (int y = piece->y; y < piece->y + piece->rows; y++)
        for (int x = piece->x; x < piece->x + piece->columns; x++)
            pixels.shown[at(y, x)] = identity(p, y, x);
}

void pixels_show(size_t blanks)
{
    struct piece piece[PIECES];

    if (!pixels.started || !fit_screen())
        return;
    follow_curses(blanks);
    for (size_t i = 0; i < pixels.count; i++) {
        size_t pieces = cut(&pixels.place[i], piece);
        for (size_t k = 0; k < pieces; k++)
            show_piece(&pixels.place[i], &piece[k]);
    }
}

void pixels_cell(int rows, int columns)
{
    pixels.cell_rows = rows;
    pixels.cell_columns = columns;
}

void pixels_origin(int top, int left)
{
    pixels.top = top;
    pixels.left = left;
}

bool pixels_start(enum protocol protocol)
{
    pixels.started = encodings_start(protocol);
    return pixels.started;
}

void pixels_stop(void)
{
    encodings_stop();
    for (size_t i = 0; i < PLACES; i++) {
        picture_close(&pixels.place[i].source);
        free(pixels.place[i].cell);
    }
    free(pixels.shown);
    free(pixels.blank);
    memset(&pixels, 0, sizeof pixels);
}
