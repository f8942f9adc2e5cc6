/* The videos that the user marked: in every view the same. */
#ifndef HUBSCOPE_UI_MODEL_MARKS_H
#define HUBSCOPE_UI_MODEL_MARKS_H

#include "ui/model/model.h"

enum marked_rows { MARKED_AMONG_ALL, MARKED_ALONE, MARKED_HIDDEN, MARKED_ROWS }; /* which rows lists show */

struct marks *marks_new(size_t videos); /* null when out of memory */
void marks_free(struct marks *marks);

bool model_is_marked(const struct model *model, uint32_t video);
size_t model_marks(const struct model *model); /* how many are marked */
void model_mark(struct model *model, uint32_t video, bool marked);
void model_unmark_all(struct model *model);

enum marked_rows model_marked_rows(const struct model *model);
void model_set_marked_rows(struct model *model, enum marked_rows rows); /* without marks: all */

/* Draws nothing for a video without a mark; "■" or "#" for one with it. */
const char *model_mark_glyph(const struct model *model, uint32_t video);

/* The marked videos, ascending, for the caller to free, and how many; null if there are none or out of memory. */
uint32_t *model_marked(const struct model *model, size_t *count);

#endif
