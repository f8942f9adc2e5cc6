/* Where what a command found goes: standard output, or the file of --output, whole or not at all. */
#ifndef HUBSCOPE_APP_OUTPUT_H
#define HUBSCOPE_APP_OUTPUT_H

#include "app/options.h"
#include "engine/results/format.h"
#include "engine/results/report.h"

/* Settles the format (--format, else the ending of --output, else the default) and opens the file of --output, if it is given,
 * before any work is done; a command that writes lists opens its own.  -1 to go on, else the exit status. */
int output_begin(struct options *options);
/* What to print to. */
FILE *output_stream(void);
/* Puts the file in place when the command succeeded and all of it was written, else removes it; returns the exit status
 * of the whole. */
int output_end(int status);

/* Prints the report and closes it; returns the exit status. */
int report_show(struct report *report, const struct format *format);

#endif
