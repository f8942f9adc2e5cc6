/* The screen as one self-contained SVG picture.
 *
 * Every cell is CELL_X by CELL_Y units.  Backgrounds, blocks (and with them half-block pictures), lines and Braille
 * dots are drawn as shapes, one path per colour, so that they meet without gaps in any font; letters are set in runs of
 * given length and signs alone in the middle of their cells, so that columns line up in any browser. */
#include "engine/base/memory.h"
#include "ui/terminal/cell.h"
#include "ui/terminal/colour.h"
#include "ui/terminal/screen_writers.h"
#include "ui/terminal/terminal.h"
#include "ui/terminal/theme.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

enum { CELL_X = 9, CELL_Y = 18, BASE = 14, FONT = 15, MARGIN = 9 };

enum layer { LAYER_BACKGROUND, LAYER_BLOCK, LAYER_LINE, LAYER_HEAVY, LAYER_DOT };

/* In eighths of a unit, so that parts of cells stay whole numbers. */
struct shape {
    enum layer layer;
    int colour;
    int x, y, w, h; /* a rectangle; a line from (x, y) by (w, h); a dot */
};

struct svg {
    FILE *out;
    struct shape *shape;
    size_t count, room;
    bool failed; /* out of memory */
};

static void add(struct svg *svg, enum layer layer, int colour, int x, int y, int w, int h)
{
    if (svg->count == svg->room) {
        size_t room = svg->room ? 2 * svg->room : 1024;
        struct shape *grown = memory_grow(svg->shape, room, sizeof *grown);
        svg->failed = svg->failed || !grown;
        if (!grown)
            return;
        svg->shape = grown;
        svg->room = room;
    }
    struct shape *last = svg->count ? &svg->shape[svg->count - 1] : NULL;
    bool level = last && last->layer == layer && last->colour == colour && last->y == y && last->h == h;
    if (level && layer <= LAYER_BLOCK && last->x + last->w == x)
        last->w += w;
    else
        svg->shape[svg->count++] = (struct shape){layer, colour, x, y, w, h};
}

/* ---- colours ---- */

/* A theme without colours has neither paper nor ink. */
static bool themed(void)
{
    return theme_paper() != theme_ink();
}

static int paper(void)
{
    return themed() ? theme_paper() : terminal_dark() ? 0x101216 : 0xfafafa;
}

static int ink(void)
{
    return themed() ? theme_ink() : terminal_dark() ? 0xd8dde6 : 0x24292f;
}

static int rgb_of(int number, int otherwise)
{
    if (number < 0)
        return otherwise;
    return terminal_tier() == TIER_DIRECT && number >= 8 ? number : colour_of_256(number);
}

struct colours {
    int foreground, background;
};

static struct colours colours_of(struct look look)
{
    struct colours c = {rgb_of(look.foreground, ink()), rgb_of(look.background, paper())};

    if (look.attributes & A_REVERSE)
        c = (struct colours){c.background, c.foreground};
    if (look.attributes & A_DIM)
        c.foreground = colour_mix(c.foreground, c.background, 0.4);
    return c;
}

/* ---- shapes of characters ---- */

enum { LEFT = 1, RIGHT = 2, UP = 4, DOWN = 8, HEAVY = 16, DASHED = 32 };

static int line_of(wchar_t c)
{
    static const struct {
        wchar_t c;
        int arms;
    } table[] = {
        {0x2500, LEFT | RIGHT},
        {0x2501, LEFT | RIGHT | HEAVY},
        {0x2502, UP | DOWN},
        {0x2503, UP | DOWN | HEAVY},
        {0x250c, RIGHT | DOWN},
        {0x2510, LEFT | DOWN},
        {0x2514, RIGHT | UP},
        {0x2518, LEFT | UP},
        {0x251c, UP | DOWN | RIGHT},
        {0x2524, UP | DOWN | LEFT},
        {0x252c, LEFT | RIGHT | DOWN},
        {0x2534, LEFT | RIGHT | UP},
        {0x253c, LEFT | RIGHT | UP | DOWN},
        {0x254c, LEFT | RIGHT | DASHED},
        {0x254d, LEFT | RIGHT | HEAVY | DASHED},
        {0x256d, RIGHT | DOWN},
        {0x256e, LEFT | DOWN},
        {0x256f, LEFT | UP},
        {0x2570, RIGHT | UP},
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].c == c)
            return table[i].arms;
    return 0;
}

static void add_line(struct svg *svg, int arms, int colour, int x, int y)
{
    enum layer layer = arms & HEAVY ? LAYER_HEAVY : LAYER_LINE;
    int w = 8 * CELL_X, h = 8 * CELL_Y, middle_x = x + w / 2, middle_y = y + h / 2;

    if (arms & DASHED) {
        add(svg, layer, colour, x + w / 8, middle_y, w / 4, 0);
        add(svg, layer, colour, x + 5 * w / 8, middle_y, w / 4, 0);
        return;
    }
    int from_x = arms & LEFT ? x : middle_x, to_x = arms & RIGHT ? x + w : middle_x;
    int from_y = arms & UP ? y : middle_y, to_y = arms & DOWN ? y + h : middle_y;
    if (to_x > from_x)
        add(svg, layer, colour, from_x, middle_y, to_x - from_x, 0);
    if (to_y > from_y)
        add(svg, layer, colour, middle_x, from_y, 0, to_y - from_y);
}

/* Draws a block element; false if it is not one. */
static bool add_block(struct svg *svg, wchar_t c, int colour, int x, int y)
{
    int w = 8 * CELL_X, h = 8 * CELL_Y;

    if (c == 0x2580)
        add(svg, LAYER_BLOCK, colour, x, y, w, h / 2);
    else if (c >= 0x2581 && c <= 0x2588) {
        int part = h * (int)(c - 0x2580) / 8;
        add(svg, LAYER_BLOCK, colour, x, y + h - part, w, part);
    } else if (c >= 0x2589 && c <= 0x258f)
        add(svg, LAYER_BLOCK, colour, x, y, w * (int)(0x2590 - c) / 8, h);
    else if (c == 0x2590)
        add(svg, LAYER_BLOCK, colour, x + w / 2, y, w / 2, h);
    else
        return false;
    return true;
}

static void add_dots(struct svg *svg, wchar_t c, int colour, int x, int y)
{
    static const int column[8] = {0, 0, 0, 1, 1, 1, 0, 1}, row[8] = {0, 1, 2, 0, 1, 2, 3, 3};

    for (int i = 0; i < 8; i++)
        if (c >> i & 1)
            add(svg, LAYER_DOT, colour, x + CELL_X * (2 + 4 * column[i]), y + CELL_Y * (1 + 2 * row[i]), 0, 0);
}

/* Draws a character as shapes; false if it must be text. */
static bool add_shape(struct svg *svg, const struct cell *cell, int colour, int x, int y)
{
    wchar_t c = cell->text[0];
    int arms = line_of(c);

    if (c == L' ')
        return true;
    if (arms)
        add_line(svg, arms, colour, x, y);
    else if (c >= 0x2800 && c <= 0x28ff)
        add_dots(svg, c, colour, x, y);
    else
        return add_block(svg, c, colour, x, y);
    return true;
}

/* ---- output ---- */

static void put_number(FILE *out, int eighths)
{
    fprintf(out, "%.4g", eighths / 8.0);
}

static int by_paint(const void *a, const void *b)
{
    const struct shape *p = a, *q = b;

    if (p->layer != q->layer)
        return p->layer < q->layer ? -1 : 1;
    if (p->colour != q->colour)
        return p->colour < q->colour ? -1 : 1;
    if (p->y != q->y)
        return p->y < q->y ? -1 : 1;
    return (p->x > q->x) - (p->x < q->x);
}

static void put_shape(FILE *out, const struct shape *shape)
{
    fputc('M', out);
    put_number(out, shape->x);
    fputc(' ', out);
    put_number(out, shape->y);
    if (shape->layer == LAYER_DOT) {
        fputs("h0", out);
        return;
    }
    if (shape->w || !shape->h) {
        fputc('h', out);
        put_number(out, shape->w);
    }
    if (shape->h) {
        fputc('v', out);
        put_number(out, shape->h);
    }
    if (shape->layer <= LAYER_BLOCK) {
        fputc('h', out);
        put_number(out, -shape->w);
        fputc('z', out);
    }
}

static void put_shapes(struct svg *svg)
{
    static const char *const look[] = {
        [LAYER_BACKGROUND] = "shape-rendering=\"crispEdges\" fill",
        [LAYER_BLOCK] = "shape-rendering=\"crispEdges\" fill",
        [LAYER_LINE] = "stroke-width=\"1\" fill=\"none\" stroke",
        [LAYER_HEAVY] = "stroke-width=\"2.5\" fill=\"none\" stroke",
        [LAYER_DOT] = "stroke-width=\"2.6\" stroke-linecap=\"round\" fill=\"none\" stroke",
    };

    if (!svg->count)
        return;
    qsort(svg->shape, svg->count, sizeof *svg->shape, by_paint);
    for (size_t i = 0; i < svg->count; i++) {
        const struct shape *shape = &svg->shape[i], *before = i ? shape - 1 : NULL;
        if (!before || before->layer != shape->layer || before->colour != shape->colour)
            fprintf(svg->out, "%s<path %s=\"#%06x\" d=\"", before ? "\"/>\n" : "", look[shape->layer],
                    (unsigned)shape->colour);
        put_shape(svg->out, shape);
    }
    fputs("\"/>\n", svg->out);
}

static void put_character(FILE *out, wchar_t wide)
{
    uint32_t c = (uint32_t)wide;

    if (c == '&' || c == '<' || c == '>') /* the last because "]]>" is not allowed in text */
        fputs(c == '&' ? "&amp;" : c == '<' ? "&lt;" : "&gt;", out);
    else if (c < 0x80)
        fputc(c < ' ' ? ' ' : (int)c, out);
    else
        fprintf(out, "&#x%x;", c == 0xfffe || c == 0xffff ? 0xfffd : c);
}

static void put_cell_text(FILE *out, const struct cell *cell)
{
    for (const wchar_t *at = cell->text; *at; at++)
        put_character(out, *at);
}

/* Only letters are set in runs: arrows and other signs may come from a font with other widths. */
static bool is_letter(const struct cell *cell)
{
    return cell->columns == 1 && !cell->text[1] && (cell->text[0] < 0x250);
}

static void put_text_look(FILE *out, struct look look, int colour)
{
    fprintf(out, " fill=\"#%06x\"%s%s", (unsigned)colour, look.attributes & A_BOLD ? " font-weight=\"bold\"" : "",
            look.attributes & A_ITALIC ? " font-style=\"italic\"" : "");
}

static bool same_text(struct look a, struct look b)
{
    struct colours p = colours_of(a), q = colours_of(b);
    attr_t mask = A_BOLD | A_ITALIC;

    return p.foreground == q.foreground && (a.attributes & mask) == (b.attributes & mask);
}

/* Writes a run of letters from x on, with the blanks between them; returns the column after it. */
static int put_run(FILE *out, int y, int x)
{
    struct cell first = cell_at(y, x), cell;
    int end = x, last = x;

    while (end < COLS && (cell = cell_at(y, end), is_letter(&cell)) &&
           (same_text(first.look, cell.look) || cell.text[0] == L' ')) {
        last = cell.text[0] == L' ' ? last : end;
        if (cell.text[0] == L' ' && end - last > 1)
            break;
        end++;
    }
    fprintf(out, "<text x=\"%d\" y=\"%d\" textLength=\"%d\"", x * CELL_X, y * CELL_Y + BASE, (last + 1 - x) * CELL_X);
    put_text_look(out, first.look, colours_of(first.look).foreground);
    fputc('>', out);
    for (int at = x; at <= last; at++) {
        cell = cell_at(y, at);
        put_cell_text(out, &cell);
    }
    fputs("</text>\n", out);
    return last + 1;
}

static void put_sign(FILE *out, int y, int x, const struct cell *cell)
{
    fprintf(out, "<text x=\"%g\" y=\"%d\" text-anchor=\"middle\"", (x + cell->columns / 2.0) * CELL_X,
            y * CELL_Y + BASE);
    put_text_look(out, cell->look, colours_of(cell->look).foreground);
    fputc('>', out);
    put_cell_text(out, cell);
    fputs("</text>\n", out);
}

static bool is_shape(const struct cell *cell)
{
    wchar_t c = cell->text[0];

    return c == L' ' || line_of(c) || (c >= 0x2580 && c <= 0x2590) || (c >= 0x2800 && c <= 0x28ff);
}

static void put_row_text(FILE *out, int y)
{
    for (int x = 0; x < COLS;) {
        struct cell cell = cell_at(y, x);
        if (!is_shape(&cell) && is_letter(&cell)) {
            x = put_run(out, y, x);
            continue;
        }
        if (!is_shape(&cell))
            put_sign(out, y, x, &cell);
        x += cell.columns;
    }
}

static void add_row(struct svg *svg, int y)
{
    for (int x = 0; x < COLS;) {
        struct cell cell = cell_at(y, x);
        struct colours c = colours_of(cell.look);
        int left = 8 * CELL_X * x, top = 8 * CELL_Y * y, width = 8 * CELL_X * cell.columns;
        if (c.background != paper())
            add(svg, LAYER_BACKGROUND, c.background, left, top, width, 8 * CELL_Y);
        x += cell.columns;
    }
    for (int x = 0; x < COLS;) { /* in a loop of its own, so that neighbours of one colour join */
        struct cell cell = cell_at(y, x);
        int colour = colours_of(cell.look).foreground, left = 8 * CELL_X * x, top = 8 * CELL_Y * y;
        add_shape(svg, &cell, colour, left, top);
        if (cell.look.attributes & A_UNDERLINE)
            add(svg, LAYER_LINE, colour, left, top + 8 * (BASE + 2) + 4, 8 * CELL_X * cell.columns, 0);
        x += cell.columns;
    }
}

int screen_write_svg(FILE *out, struct error *error)
{
    struct svg svg = {.out = out};
    int width = COLS * CELL_X + 2 * MARGIN, height = LINES * CELL_Y + 2 * MARGIN;

    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"%d %d %d %d\" "
            "font-family=\"'DejaVu Sans Mono', ui-monospace, Menlo, Consolas, 'Liberation Mono', monospace\" "
            "font-size=\"%d\" style=\"white-space:pre\" xml:space=\"preserve\">\n<title>hubscope</title>\n"
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"/>\n",
            width, height, -MARGIN, -MARGIN, width, height, FONT, -MARGIN, -MARGIN, width, height, (unsigned)paper());
    for (int y = 0; y < LINES; y++)
        add_row(&svg, y);
    put_shapes(&svg);
    for (int y = 0; y < LINES; y++)
        put_row_text(out, y);
    fputs("</svg>\n", out);
    free(svg.shape);
    return svg.failed ? error_memory(error) : 0;
}
