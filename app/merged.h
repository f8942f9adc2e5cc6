/* Commands on merged shares. */
#ifndef HUBSCOPE_APP_MERGED_H
#define HUBSCOPE_APP_MERGED_H

#include "engine/study/partial.h"

/* Does what `hubscope eval` does with these words (argv[0] is the command's name), but takes the results of the queries
 * from the shares. */
int eval_merged(int argc, char **argv, const struct partials *partials, struct error *error);
/* The same with `hubscope fit`, which takes what it needs of the banks from them. */
int fit_merged(int argc, char **argv, const struct partials *partials, struct error *error);

#endif
