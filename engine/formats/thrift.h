/* Thrift's compact protocol, as Parquet writes its metadata: fields of a struct one after another. */
#ifndef HUBSCOPE_ENGINE_FORMATS_THRIFT_H
#define HUBSCOPE_ENGINE_FORMATS_THRIFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct thrift {
    const unsigned char *at, *end;
    bool damaged; /* sticky: what is read afterwards is 0 */
};

enum thrift_type { THRIFT_STOP, THRIFT_TRUE, THRIFT_FALSE, THRIFT_LIST = 9, THRIFT_STRUCT = 12 };

/* Moves to the next field of a struct, *field being the number of the last (0 at first); false at its end.  The caller
 * reads or skips the value. */
bool thrift_field(struct thrift *thrift, int *field, int *type);

int64_t thrift_number(struct thrift *thrift);
/* Bytes; they lie in the buffer. */
const char *thrift_bytes(struct thrift *thrift, size_t *size);
/* The number of elements of a list, at most as many as bytes are left. */
size_t thrift_list(struct thrift *thrift, int *type);
void thrift_skip(struct thrift *thrift, int type);

#endif
