/* Kinds of files that people have and that are not read: recognised, so that a refusal can name them. */
#ifndef HUBSCOPE_ENGINE_FORMATS_FOREIGN_H
#define HUBSCOPE_ENGINE_FORMATS_FOREIGN_H

#include <stddef.h>

/* What the file with these bytes is and how to convert it, "a tar archive: unpack it, ..."; null if unknown. */
const char *foreign_file(const unsigned char *bytes, size_t size);

#endif
