/* Reports that a command builds for itself, printed where the output goes (app/output.h). */
#ifndef HUBSCOPE_APP_REPORT_H
#define HUBSCOPE_APP_REPORT_H

#include "engine/results/format.h"
#include "engine/results/report.h"

/* Prints the tree as the layout says and frees it. */
void report_print(json_t *tree, const struct format *format, const struct layout *layout);

#endif
