/* The box of a lesson: what the present stop says, and what it points at on the screen. */
#ifndef HUBSCOPE_UI_EXPLORER_LESSON_BOX_H
#define HUBSCOPE_UI_EXPLORER_LESSON_BOX_H

#include "ui/draw/rect.h"
#include "ui/lessons/lesson.h"
#include "ui/model/model.h"

struct lesson_box {
    struct lesson *lesson; /* null: none is open */
    size_t at;             /* the present stop */
    struct rect frame;     /* where it is, with as many rows at every stop */
    int columns;           /* of its text */
    bool docked;           /* below the view rather than over it */
    bool known;            /* all values of the stop: it keeps saying the same, whatever is tried meanwhile */
    char text[LESSON_TEXT], point[LESSON_POINTS][LESSON_TEXT]; /* with the values */
    bool pointed[LESSON_POINTS];                               /* at the last draw */
};

/* What is left for the view: what is above the box, or on a small screen the whole body. */
struct rect lesson_box_leaves(struct lesson_box *box, struct model *model, struct rect body);
/* Draws it at the end of the body, and marks what it points at; on a small screen over the view, where it hides least
 * of that.  Call after the view. */
void lesson_box_draw(struct lesson_box *box, struct rect body);
/* Its keys, each followed by what it does, and null; null if no lesson is open. */
const char *const *lesson_box_keys(const struct lesson_box *box);

/* Checks what the stop relies on, that its text fits, and that the screen shows its places and every value of its text
 * beside the box; the error names file and line.  For tests. */
int lesson_box_check(const struct lesson_box *box, struct model *model, struct error *error);

#endif
