/* Leads through a lesson: makes the state of each stop, and finds back to it whatever was tried in between. */
#ifndef HUBSCOPE_UI_EXPLORER_LESSON_RUN_H
#define HUBSCOPE_UI_EXPLORER_LESSON_RUN_H

#include "ui/explorer/explorer_private.h"

/* Opens a lesson at its first stop, in place of one that is open. */
int lesson_begin(struct explorer *explorer, const char *path, struct error *error);
void lesson_end(struct explorer *explorer);

/* Handles a key of the lesson's; false if it is for what lies under it. */
bool lesson_event(struct explorer *explorer, const struct event *event);

/* Serves a lesson requested by :lesson, if any: opens it, or the list of all. */
int lesson_serve(struct explorer *explorer, struct error *error);

#endif
