/* Lists the lessons to choose one from, and keeps the request for one until the explorer serves it. */
#ifndef HUBSCOPE_UI_EXPLORER_LESSON_PICKER_H
#define HUBSCOPE_UI_EXPLORER_LESSON_PICKER_H

#include "ui/explorer/picker.h"
#include "ui/lessons/lessons.h"

/* The lessons must outlive the picker. */
void lesson_picker_open(struct picker *picker, const struct lessons *lessons);

/* Requests a lesson by name, "" for the list; the name is copied. */
void lesson_want(const char *name);
const char *lesson_wanted(void); /* the one requested since the last call, or null; valid until the next request */

/* The lessons that completion proposes; null: none. */
void lesson_offer(const struct lessons *lessons);
bool lesson_candidate(const struct model *model, size_t index, char *buffer, size_t size);

#endif
