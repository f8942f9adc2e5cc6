/* What a program prints for a vector: a line of numbers as people and libraries write them, or the
 * bytes of float32 numbers. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_ANSWER_H
#define HUBSCOPE_ENGINE_ENCODERS_ANSWER_H

#include <stddef.h>

/* Length of the answer that the output begins with, its end of line included; 0 while it is not
 * complete.  A line; or several of numbers as long as a bracket is open, as numpy prints long
 * vectors. */
size_t answer_length(const char *output, size_t size);

/* Reads numbers parted by blanks, commas, semicolons and brackets.  Returns how many there are, the
 * first `dimension` of which are in the vector; *garbage is where something else begins, or null.
 */
size_t answer_read(char *text, float *vector, size_t dimension, char **garbage);

/* Reads (dimension) little-endian float32 numbers. */
void answer_read_float32(const char *bytes, float *vector, size_t dimension);

#endif
