#include "ui/explorer/lesson_box.h"

#include "ui/draw/draw.h"
#include "ui/explorer/bars.h"
#include "ui/lessons/value.h"
#include "ui/terminal/screen.h"
#include "ui/terminal/terminal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TITLE_ROWS = 1,
    TEXT_ROWS = 4,     /* at most */
    TEXT_LEAST = 72,   /* columns for which these are enough */
    TEXT_COLUMNS = 96, /* longer lines are hard to read */
    VIEW_LEAST = 14    /* rows in which a view still shows what a lesson speaks of */
};

static const struct lesson_stop *stop_of(const struct lesson_box *box)
{
    return &box->lesson->stop[box->at];
}

/* Columns of the text, two from the box's sides. */
static int text_width(struct rect body)
{
    int room = body.columns - 4;

    return room < TEXT_COLUMNS ? room : TEXT_COLUMNS;
}

/* Rows that a text needs: it is drawn outside the screen. */
static int rows_of(const char *text, int columns)
{
    return draw_wrapped((struct rect){-1000, 0, 100, columns}, 0, 0, 100, STYLE_TEXT, text);
}

/* The most that a stop of the lesson needs, so that the view does not jump. */
static int rows_needed(const struct lesson_box *box, struct model *model, int columns, int room)
{
    char text[LESSON_TEXT];
    int most = 1;

    for (size_t i = 0; i < box->lesson->stops; i++) {
        value_fill(model, box->lesson->stop[i].text, text, sizeof text);
        int rows = rows_of(text, columns);
        most = rows > most ? rows : most;
    }
    return most < room ? most : room;
}

static void fill_values(struct lesson_box *box, struct model *model)
{
    const struct lesson_stop *stop = stop_of(box);

    box->known = value_fill(model, stop->text, box->text, sizeof box->text);
    for (size_t i = 0; i < stop->points; i++)
        if (!value_fill(model, stop->point[i].text, box->point[i], sizeof box->point[i]))
            box->known = false;
}

struct rect lesson_box_leaves(struct lesson_box *box, struct model *model, struct rect body)
{
    int columns = text_width(body);

    if (!box->known)
        fill_values(box, model);
    int room = columns < TEXT_LEAST ? body.rows / 2 - TITLE_ROWS : TEXT_ROWS; /* narrow screens need more rows */
    int rows = rows_needed(box, model, columns, room) + TITLE_ROWS;
    rows = columns == box->columns && rows < box->frame.rows ? box->frame.rows : rows;
    box->columns = columns;
    box->frame = (struct rect){body.y + body.rows - rows, body.x, rows, body.columns};
    box->docked = body.rows - rows >= VIEW_LEAST;
    if (box->docked)
        body.rows -= rows;
    return body;
}

/* ---- drawing ---- */

static void draw_frame(const struct lesson_box *box)
{
    const struct lesson_stop *stop = stop_of(box);
    char title[2 * LESSON_TITLE];

    snprintf(title, sizeof title, " %zu/%zu  %s ", box->at + 1, box->lesson->stops, stop->title);
    draw_fill(box->frame, STYLE_TEXT);
    draw_horizontal(box->frame, 0, STYLE_STRONG, "");
    draw_text(box->frame, 0, 1, STYLE_POINT, title);
    struct rect inside = rect_inset(rect_below(box->frame, TITLE_ROWS), 0, 2);
    inside.columns = box->columns;
    draw_wrapped(inside, 0, 0, inside.rows, STYLE_TEXT, box->text);
}

/* How much of a view that fills the body a box would hide there: the selected row, and above all what is pointed at. */
static int hidden(struct rect frame, struct rect body, const struct screen_piece *piece, size_t pieces)
{
    struct screen_piece selected[SCREEN_PIECES];
    int hides = 0;

    if (screen_find(body.y, body.x, body.rows, body.columns, glyph(GLYPH_POINTER), selected))
        hides += rect_holds(frame, selected->y, body.x);
    for (size_t i = 0; i < pieces; i++)
        hides += 10 * rect_holds(frame, piece[i].y, piece[i].from);
    return hides;
}

/* On a small screen the box lies over the view: below, or above if it hides less there. */
static void find_place(struct lesson_box *box, struct rect body, const struct screen_piece *piece, size_t pieces)
{
    struct rect above = rect_top(body, box->frame.rows);

    if (!box->docked && hidden(above, body, piece, pieces) < hidden(box->frame, body, piece, pieces))
        box->frame = above;
}

void lesson_box_draw(struct lesson_box *box, struct rect body)
{
    struct screen_piece piece[LESSON_POINTS * SCREEN_PIECES];
    size_t pieces = 0;

    for (size_t i = 0; i < stop_of(box)->points; i++) {
        size_t found = screen_find(body.y, body.x, body.rows - (box->docked ? box->frame.rows : 0), body.columns,
                                   box->point[i], piece + pieces);
        box->pointed[i] = found > 0;
        pieces += found;
    }
    find_place(box, body, piece, pieces);
    draw_frame(box);
    for (size_t i = 0; i < pieces; i++)
        if (!rect_holds(box->frame, piece[i].y, piece[i].from))
            screen_restyle(&piece[i], STYLE_POINT);
}

const char *const *lesson_box_keys(const struct lesson_box *box)
{
    static const char *const next[] = {"Enter", "next", "Backspace", "back", "Esc", "leave", NULL};
    static const char *const last[] = {"Enter", "end", "Backspace", "back", "Esc", "leave", NULL};

    return !box->lesson ? NULL : box->at + 1 == box->lesson->stops ? last : next;
}

/* ---- checking ---- */

static int refuse(const struct lesson_box *box, int line, const char *what, const char *text, struct error *error)
{
    return error_set(error, ERROR_INPUT, "%s:%d: %s '%.120s'", box->lesson->path, line, what, text);
}

static int check_one(const struct lesson_box *box, struct model *model, const struct lesson_check *check,
                     struct error *error)
{
    char left[VALUE_TEXT], right[VALUE_TEXT], text[2 * VALUE_TEXT + 8];
    double a, b;

    if (!value_of(model, check->left, left, &a))
        return refuse(box, check->line, "not known:", check->left, error);
    snprintf(right, sizeof right, "%s", check->right);
    if (check->sign != '=') {
        char *end;
        b = strtod(check->right, &end);
        if (*end && !value_of(model, check->right, right, &b))
            return refuse(box, check->line, "not known:", check->right, error);
        if (check->sign == '<' ? a < b : a > b)
            return 0;
    } else if (strcmp(left, right) == 0) {
        return 0;
    }
    snprintf(text, sizeof text, "%s %c %s", left, check->sign, right);
    return refuse(box, check->line, "not true:", text, error);
}

/* Whether the screen shows a text beside the box. */
static bool is_shown(const struct lesson_box *box, const char *text)
{
    struct screen_piece piece[SCREEN_PIECES];
    const struct rect *frame = &box->frame;
    int end = frame->y + frame->rows, bottom = terminal_rows() - BARS_FOOT;

    return screen_find(0, 0, frame->y, frame->columns, text, piece) ||
           screen_find(end, 0, bottom - end, frame->columns, text, piece);
}

/* Whether the screen shows every value that the text speaks of. */
static int check_shown(const struct lesson_box *box, struct model *model, struct error *error)
{
    const struct lesson_stop *stop = stop_of(box);
    char name[VALUE_TEXT], shown[VALUE_TEXT];
    double number;

    for (const char *text = stop->text; (text = strchr(text, '{')); text++) {
        snprintf(name, sizeof name, "%.*s", (int)strcspn(text + 1, "}"), text + 1);
        if (value_of(model, name, shown, &number) && !is_shown(box, shown))
            return refuse(box, stop->line, "the text speaks of what the screen does not show:", shown, error);
    }
    return 0;
}

int lesson_box_check(const struct lesson_box *box, struct model *model, struct error *error)
{
    const struct lesson_stop *stop = stop_of(box);
    char text[LESSON_TEXT];

    if (!value_fill(model, stop->text, text, sizeof text))
        return refuse(box, stop->line, "a value is not known:", text, error);
    for (size_t i = 0; i < stop->checks; i++)
        if (check_one(box, model, &stop->check[i], error) != 0)
            return -1;
    if (rows_of(text, box->columns) > box->frame.rows - TITLE_ROWS)
        return refuse(box, stop->line, "no room for", text, error);
    for (size_t i = 0; i < stop->points; i++)
        if (!box->pointed[i])
            return refuse(box, stop->point[i].line, "not on the screen:", box->point[i], error);
    return check_shown(box, model, error);
}
