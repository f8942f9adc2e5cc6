/* The glossary at hand: what the words of a view mean. */
#ifndef HUBSCOPE_UI_EXPLORER_WORD_PICKER_H
#define HUBSCOPE_UI_EXPLORER_WORD_PICKER_H

#include "ui/explorer/picker.h"
#include "ui/views/view.h"

/* Lists the view's words, then all others, with that of the column under the cursor selected. */
void word_picker_open(struct picker *picker, const struct model *model, const struct view *view, const void *state);

#endif
