/* Completion of a line of the `:` prompt. */
#ifndef HUBSCOPE_UI_EXPLORER_COMPLETION_H
#define HUBSCOPE_UI_EXPLORER_COMPLETION_H

#include "ui/model/model.h"

enum { COMPLETION_TEXT = 128, COMPLETIONS = 64 };

/* Fills in the whole lines that complete `line`; returns how many, at most `most`. */
size_t completion_find(const struct model *model, const char *line, char (*candidates)[COMPLETION_TEXT], size_t most);

/* The help of the format that the file named by the line would have; "" if its ending does not say. */
const char *completion_file_help(const char *line);

#endif
