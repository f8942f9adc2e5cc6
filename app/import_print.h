/* What import prints. */
#ifndef HUBSCOPE_APP_IMPORT_PRINT_H
#define HUBSCOPE_APP_IMPORT_PRINT_H

#include "engine/import/import.h"

void import_put_plan(const struct import *import, const struct import_report *report); /* what a dry run would do */
void import_put_done(const struct import *import, const struct import_report *report);
void import_put_findings(const struct findings *findings);
void import_put_text(const char *text); /* made safe to print */

#endif
