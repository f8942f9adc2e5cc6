/* The lessons of a folder, in the order of their files: N-NAME.lesson is lesson NAME. */
#ifndef HUBSCOPE_UI_LESSONS_LESSONS_H
#define HUBSCOPE_UI_LESSONS_LESSONS_H

#include "ui/lessons/lesson.h"

enum { LESSONS_MOST = 32 };

struct lessons {
    struct lesson_entry {
        char *path, *name;
        char title[LESSON_TITLE];
        int minutes;
    } entry[LESSONS_MOST];
    size_t count;
};

/* Reads every lesson of a folder; a folder that does not exist has none. */
int lessons_read(struct lessons *lessons, const char *folder, struct error *error);
void lessons_close(struct lessons *lessons);

/* The path of a lesson by its name; null, with an error that proposes another, if there is none. */
const char *lessons_find(const struct lessons *lessons, const char *name, struct error *error);

#endif
