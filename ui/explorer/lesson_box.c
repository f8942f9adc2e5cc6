#include "ui/explorer/lesson_box.h"

#include "ui/draw/draw.h"
#include "ui/lessons/value.h"
#include "ui/terminal/screen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FRAME = 2,
    TEXT_ROWS = 4,     /* at most */
    TEXT_LEAST = 72,   /* columns for which these are enough */
    TEXT_COLUMNS = 96, /* longer lines are hard to read */
    LEAVES_LEAST = 26  /* rows of a body that still has room for all of a view */
};

static const struct lesson_stop *stop_of(const struct lesson_box *box)
{
    return &box->lesson->stop[box->at];
}

/* Columns between the frame's sides. */
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

struct rect lesson_box_leaves(struct lesson_box *box, struct model *model, struct rect body)
{
    const struct lesson_stop *stop = stop_of(box);
    int columns = text_width(body);

    if (!box->known) {
        bool text = value_fill(model, stop->text, box->text, sizeof box->text);
        bool point = value_fill(model, stop->point, box->point, sizeof box->point);
        box->known = text && point;
    }
    int room = columns < TEXT_LEAST ? body.rows / 2 : TEXT_ROWS; /* narrow screens need more rows */
    int rows = rows_needed(box, model, columns, room) + FRAME;
    box->rows = columns == box->columns && rows < box->rows ? box->rows : rows;
    box->columns = columns;
    if (body.rows - box->rows >= LEAVES_LEAST)
        body.rows -= box->rows;
    return body;
}

/* ---- drawing ---- */

static void draw_keys(const struct lesson_box *box, struct rect frame)
{
    static const char *const words[] = {"Enter", "goes on", "Backspace", "back", "Esc", "leaves"};
    int columns = 2, last = frame.rows - 1;

    for (size_t i = 0; i < 6; i++)
        columns += text_columns(words[i]) + 1 + (i % 2 && i < 5);
    int x = frame.columns - columns - 2;
    if (x < 2)
        return;
    x = draw_text(frame, last, x, STYLE_TEXT, " ");
    for (size_t i = 0; i < 6; i++) {
        const char *word = i == 1 && box->at + 1 == box->lesson->stops ? "ends" : words[i];
        x = draw_text(frame, last, x, i % 2 ? STYLE_DIM : STYLE_KEY, word);
        x = draw_text(frame, last, x, STYLE_TEXT, i % 2 && i < 5 ? "  " : " ");
    }
}

static void draw_frame(const struct lesson_box *box, struct rect frame)
{
    const struct lesson_stop *stop = stop_of(box);
    char title[2 * LESSON_TITLE];

    snprintf(title, sizeof title, "%zu/%zu  %s", box->at + 1, box->lesson->stops, stop->title);
    draw_fill(frame, STYLE_TEXT);
    draw_box(frame, STYLE_STRONG, title);
    draw_keys(box, frame);
    struct rect inside = rect_inset(frame, 1, 2);
    inside.columns = text_width(frame);
    draw_wrapped(inside, 0, 0, inside.rows, STYLE_TEXT, box->text);
}

void lesson_box_draw(struct lesson_box *box, struct rect body)
{
    struct rect frame = {body.y + body.rows - box->rows, body.x, box->rows, body.columns};
    int y = 0, from = 0, to = 0;

    box->pointed = *box->point && screen_find(body.y, body.x, body.rows, body.columns, box->point, &y, &from, &to);
    if (box->pointed && y >= frame.y)
        frame.y = body.y;
    draw_frame(box, frame);
    if (!box->pointed)
        return;
    screen_restyle(y, from, to, STYLE_POINT);
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

int lesson_box_check(const struct lesson_box *box, struct model *model, struct error *error)
{
    const struct lesson_stop *stop = stop_of(box);
    char text[LESSON_TEXT];

    if (!value_fill(model, stop->text, text, sizeof text))
        return refuse(box, stop->line, "a value is not known:", text, error);
    for (size_t i = 0; i < stop->checks; i++)
        if (check_one(box, model, &stop->check[i], error) != 0)
            return -1;
    if (rows_of(text, box->columns) > box->rows - FRAME)
        return refuse(box, stop->line, "no room for", text, error);
    value_fill(model, stop->point, text, sizeof text);
    return stop->point_line && !box->pointed ? refuse(box, stop->point_line, "not on the screen:", text, error) : 0;
}
