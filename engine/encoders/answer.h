/* Parsing what a program prints for a vector: a line of numbers as people and libraries write them, or the bytes of
 * float32 numbers. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_ANSWER_H
#define HUBSCOPE_ENGINE_ENCODERS_ANSWER_H

#include <stddef.h>

/* Length of the answer at the start of the output, including its line end; 0 while it is incomplete.  An answer is one
 * line, or several lines of numbers as long as a bracket is open, as numpy prints long vectors. */
size_t answer_length(const char *output, size_t size);

/* Reads numbers separated by blanks, commas, semicolons and brackets.  Returns their number and stores the first
 * `dimension` in the vector; *garbage points at the first thing that is not a number, or is null. */
size_t answer_read(char *text, float *vector, size_t dimension, char **garbage);

/* Reads (dimension) little-endian float32 numbers. */
void answer_read_float32(const char *bytes, float *vector, size_t dimension);

#endif
