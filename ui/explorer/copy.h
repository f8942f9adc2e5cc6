/* Copies of what a view shows to the clipboard; the status line reports what was copied. */
#ifndef HUBSCOPE_UI_EXPLORER_COPY_H
#define HUBSCOPE_UI_EXPLORER_COPY_H

#include "ui/views/view.h"

void copy_row(struct model *model, const struct view *view, void *state);
void copy_table(struct model *model, const struct view *view, void *state);

#endif
