/* Files that the explorer writes: exports of what a view shows, and screenshots.  Names are proposed, and no file is
 * replaced without asking. */
#ifndef HUBSCOPE_UI_EXPLORER_FILES_H
#define HUBSCOPE_UI_EXPLORER_FILES_H

#include "ui/draw/draw.h"
#include "ui/terminal/event.h"
#include "ui/views/view.h"

enum file_kind { FILE_TABLE, FILE_MARKED, FILE_VECTORS, FILE_SCREEN };

struct files {
    bool asking; /* whether to replace `path` */
    enum file_kind kind;
    char path[MODEL_TEXT];
};

/* The path with the home directory in place of ~. */
void files_expand(const char *path, char *buffer, size_t size);

/* Requests a file from a command; the explorer writes it after the command.  The path may begin with ~/. */
void files_want(enum file_kind kind, const char *path);
bool files_want_screen(void); /* whether a screenshot is requested, which must not show a message */
/* Serves the last request, if any: writes the file, or asks first.  Returns 0, or -1 with the error. */
int files_run(struct files *files, struct model *model, const struct view *view, void *state, struct error *error);

/* The command line that writes what the view shows, with an unused name: "export hubs-raw-ncl.csv". */
void files_propose(struct model *model, const struct view *view, void *state, enum file_kind kind, char *line,
                   size_t size);

/* Handles the answer to the question. */
void files_answer(struct files *files, struct model *model, const struct view *view, void *state,
                  const struct event *event);
void files_draw(const struct files *files, struct rect screen); /* the question */

#endif
