/* The box of a lesson: what the present stop says, and what it points at on the screen. */
#ifndef HUBSCOPE_UI_EXPLORER_LESSON_BOX_H
#define HUBSCOPE_UI_EXPLORER_LESSON_BOX_H

#include "ui/draw/rect.h"
#include "ui/lessons/lesson.h"
#include "ui/model/model.h"

struct lesson_box {
    struct lesson *lesson; /* null: none is open */
    size_t at;             /* the present stop */
    int rows, columns;     /* of the box, the same at every stop; of its text */
    bool known;            /* all values of the stop: it keeps saying the same, whatever is tried meanwhile */
    char text[LESSON_TEXT], point[LESSON_TEXT]; /* with the values */
    bool pointed;                               /* at the last draw */
};

/* What is left for the view: the whole body, or what the box leaves of a high one. */
struct rect lesson_box_leaves(struct lesson_box *box, struct model *model, struct rect body);
/* Draws it over the end of the body; over its beginning if the place it points at is there.  Call after the view. */
void lesson_box_draw(struct lesson_box *box, struct rect body);

/* Checks what the stop relies on, that its place is on the screen and that its text fits; the error names file and
 * line.  For tests. */
int lesson_box_check(const struct lesson_box *box, struct model *model, struct error *error);

#endif
