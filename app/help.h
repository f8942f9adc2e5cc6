/* What --help prints, made from the tables of commands and options. */
#ifndef HUBSCOPE_APP_HELP_H
#define HUBSCOPE_APP_HELP_H

#include "app/command.h"
#include <stdio.h>

extern const char help_summary[]; /* two sentences on the program */

void help_all(FILE *out);
void help_command(FILE *out, const struct command *command);

#endif
