/* How every view writes parameters, shifts and small numbers. */
#ifndef HUBSCOPE_UI_DRAW_LABEL_H
#define HUBSCOPE_UI_DRAW_LABEL_H

#include "engine/fitting/rule.h"
#include "ui/draw/draw.h"

enum { LABEL_NUMBER = 16 };

/* "scale 22.7, 4 iterations"; "" for a rule without parameters. */
void label_parameters(const struct rule_spec *spec, char *buffer, size_t size);

/* ".182", "~0", "1.000": at most four columns. */
void label_probability(double probability, char buffer[LABEL_NUMBER]);

/* A count or a mass with the digits that matter: "12", "1.63", "0.047", "12.4k". */
void label_amount(double amount, char buffer[LABEL_NUMBER]);

/* A move from rank `from` to rank `to` (1 is best, 0 unknown): arrow, how far, and the style for better or worse. The
 * number is "" when the rank stays or is unknown. */
struct shift_label {
    enum glyph glyph;
    int style;
    char number[LABEL_NUMBER];
};
struct shift_label label_shift(size_t from, size_t to);

/* Draws the shift, ending before column `end`; nothing when a rank is unknown.  Returns its first column. */
int label_draw_shift(struct rect r, int y, int end, int emphasis, size_t from, size_t to);

#endif
