/* The words of the command line, as they were given. */
#ifndef HUBSCOPE_APP_GIVEN_H
#define HUBSCOPE_APP_GIVEN_H

#include <stddef.h>

void given_keep(int argc, char **argv); /* of the command, whose name is argv[0]; copies the array, not the words */

/* The words without those options, and their values, that have no influence on what is computed (threads, output, ...)
 * or name the share; into word (most), and returns how many, at most `most`. */
size_t given_work(const char **word, size_t most);

#endif
