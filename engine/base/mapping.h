/* Files mapped into memory, and whose an address is: a file that shrinks while it is mapped raises SIGBUS at the next
 * access to what it lost, and the handler wants to name it. */
#ifndef HUBSCOPE_ENGINE_BASE_MAPPING_H
#define HUBSCOPE_ENGINE_BASE_MAPPING_H

#include <stddef.h>

/* Maps the first `size` bytes of a file for reading; null with errno set. */
void *mapping_open(int descriptor, size_t size, const char *path);
void mapping_close(void *map, size_t size); /* null is fine */

/* Takes the pages between two addresses of a mapping out of this process's memory, until they are read again. */
void mapping_forget(const void *from, const void *to);

/* Begins to read the pages between two addresses of a mapping, and no others around them. */
void mapping_expect(const void *from, const void *to);

/* The path of the file mapped at an address; null if there is none.  Async-signal-safe; the path is valid while the
 * file is mapped. */
const char *mapping_path(const void *address);

#endif
