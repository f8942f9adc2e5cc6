/* Tables separated by tabs, as spreadsheets take them from the clipboard: a report's rows under the heads of their
 * columns, numbers as text shows them.  Not a format of files. */
#ifndef HUBSCOPE_ENGINE_RESULTS_TSV_H
#define HUBSCOPE_ENGINE_RESULTS_TSV_H

#include "engine/results/format.h"

extern const struct format tsv;

#endif
