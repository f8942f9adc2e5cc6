/* Scripts of keys and commands, for tests and demonstrations.  A line is
 *   :command                  as in the command line; :screenshot FILE.svg takes a picture
 *   Down Down Enter Ctrl-U a  keys
 *   type some text            every character a key
 *   paste some text
 *   click Y X                 wheel Y X 1        double Y X
 *   monkey SEED COUNT         random keys, mouse and resizes
 *   # comment */
#ifndef HUBSCOPE_UI_KEYS_SCRIPT_H
#define HUBSCOPE_UI_KEYS_SCRIPT_H

#include "engine/base/error.h"
#include "ui/terminal/event.h"
#include <stdint.h>

enum step_type { STEP_EVENT, STEP_COMMAND, STEP_MONKEY };

struct step {
    enum step_type type;
    int line;
    struct event event; /* STEP_EVENT */
    char *command;      /* STEP_COMMAND, without the colon */
    uint64_t seed;      /* STEP_MONKEY */
    size_t count;
};

struct script {
    char *path;
    struct step *step;
    size_t count, room, next;
};

/* An empty script, to which lines are added; `path` is for errors. */
struct script *script_new(const char *path, struct error *error);
/* Adds the steps of one line; the error names file and line. */
int script_add(struct script *script, int line, const char *text, struct error *error);

/* Reads and checks the whole file; the error names file and line. */
struct script *script_open(const char *path, struct error *error);
void script_free(struct script *script);
struct step *script_next(struct script *script); /* null at the end; owned by the script */

#endif
