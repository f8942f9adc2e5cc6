/* How much memory a file may fill.  A few bytes can stand for any number of equal values, in compressed files, in runs,
 * in lists; what unpacks to far more than its file is refused before it takes all memory. */
#ifndef HUBSCOPE_ENGINE_FORMATS_ALLOWANCE_H
#define HUBSCOPE_ENGINE_FORMATS_ALLOWANCE_H

#include "engine/base/error.h"
#include <stddef.h>
#include <stdint.h>

/* The bytes in memory that `size` bytes of a file may become: 64 MiB, and 256 times the file. */
uint64_t allowance_of(uint64_t size);

int allowance_refuse(const char *label, struct error *error); /* sets the error; -1 */

#endif
