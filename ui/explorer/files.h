/* Files that leave the explorer: exports of what a view shows and pictures of the screen.  Names are proposed, and no
 * file is replaced before its owner was asked. */
#ifndef HUBSCOPE_UI_EXPLORER_FILES_H
#define HUBSCOPE_UI_EXPLORER_FILES_H

#include "ui/draw/draw.h"
#include "ui/terminal/event.h"
#include "ui/views/view.h"

enum file_kind { FILE_TABLE, FILE_VECTORS, FILE_SCREEN };

struct files {
    bool asking; /* whether `path` may be replaced */
    enum file_kind kind;
    char path[MODEL_TEXT];
};

/* For commands: the explorer writes it once the command is done.  A path may begin with ~/. */
void files_want(enum file_kind kind, const char *path);
bool files_want_screen(void); /* a picture is wanted: it is to show no message */
/* Begins what was wanted since the last call: writes it, or asks first. */
int files_run(struct files *files, struct model *model, const struct view *view, void *state, struct error *error);

/* The command line that would write what the view shows, with a name that is not taken: "export hubs-raw-ncl.csv". */
void files_propose(struct model *model, const struct view *view, void *state, enum file_kind kind, char *line,
                   size_t size);

/* The answer to the question. */
void files_answer(struct files *files, struct model *model, const struct view *view, void *state,
                  const struct event *event);
void files_draw(const struct files *files, struct rect screen); /* the question */

#endif
