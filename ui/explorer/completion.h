/* What a line of the `:` prompt may become. */
#ifndef HUBSCOPE_UI_EXPLORER_COMPLETION_H
#define HUBSCOPE_UI_EXPLORER_COMPLETION_H

#include "ui/model/model.h"

enum { COMPLETION_TEXT = 128, COMPLETIONS = 64 };

/* Whole lines that `line` may become; returns how many, at most `most`. */
size_t completion_find(const struct model *model, const char *line, char (*candidates)[COMPLETION_TEXT], size_t most);

/* What a file that the line names would be, by its ending; "" where that says nothing. */
const char *completion_file_help(const char *line);

#endif
