/* How many rows of a table to show; for items, also from which end and whether at all. */
#ifndef HUBSCOPE_APP_ROW_OPTIONS_H
#define HUBSCOPE_APP_ROW_OPTIONS_H

#include "app/options.h"

struct row_options {
    size_t top; /* 0: all; NOT_GIVEN */
    bool reverse, measures;
};

extern const struct option_group row_group;  /* --top alone */
extern const struct option_group item_group; /* all of it */

/* Rows to show: --top, or `otherwise` if it was not given; SIZE_MAX for all. */
size_t row_options_shown(const struct row_options *options, size_t otherwise);

#endif
