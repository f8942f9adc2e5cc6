/* Lessons: text files that lead through the explorer stop by stop.  doc/lessons.md says how they are written:
 *
 *   title: What a hub is
 *   minutes: 3
 *
 *   == One clip in every fourth list
 *   :model ridge                 commands, and `keys:` with keys, that make the stop's state
 *   point: {title} ... {N10}     a text on the screen to point at, with gaps
 *   check: N10 > 200             what the text relies on
 *   The text, with values such as {N10} from the engine. */
#ifndef HUBSCOPE_UI_LESSONS_LESSON_H
#define HUBSCOPE_UI_LESSONS_LESSON_H

#include "engine/base/error.h"
#include "ui/keys/script.h"
#include <stddef.h>

enum {
    LESSON_TEXT = 512, /* bytes of a stop's text as written, and as shown */
    LESSON_TITLE = 64,
    LESSON_CHECKS = 8,
    LESSON_POINTS = 3,
    LESSON_POINT = 128,
    LESSON_STOPS_MOST = 32,
    LESSON_BYTES_MOST = 65536
};

struct lesson_check {
    int line;
    char left[LESSON_TITLE], right[LESSON_TITLE]; /* values or numbers */
    char sign;                                    /* '<', '>' or '=' */
};

struct lesson_stop {
    int line; /* of its heading */
    char title[LESSON_TITLE];
    struct script *steps; /* what makes its state */
    struct lesson_point {
        int line;
        char text[LESSON_POINT];
    } point[LESSON_POINTS];
    size_t points;
    char text[LESSON_TEXT];
    struct lesson_check check[LESSON_CHECKS];
    size_t checks;
};

struct lesson {
    char *path;
    char title[LESSON_TITLE];
    int minutes;
    struct lesson_stop *stop; /* (stops) at least one */
    size_t stops;
};

/* The keys that a lesson may press, and the commands that it may run; null past the last. */
#define LESSON_KEYS                                                                                                    \
    "Tab Shift-Tab Up Down Left Right PageUp PageDown Home End Enter g G o O ~ d L K v w p P [ ] s T n N t"
const char *lesson_command(size_t index);

/* Reads and checks the whole file; null with an error that names file and line. */
struct lesson *lesson_open(const char *path, struct error *error);
/* The same of text; `path` is for errors. */
struct lesson *lesson_read(const char *path, char *text, struct error *error);
void lesson_free(struct lesson *lesson); /* null is fine */

#endif
