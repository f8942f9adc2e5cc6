/* The stack machine that runs a pickle, as far as one numpy array needs it: pickle.c knows the opcodes, pickle_array.c
 * the meaning of numpy's calls. */
#ifndef HUBSCOPE_ENGINE_FORMATS_PICKLE_H
#define HUBSCOPE_ENGINE_FORMATS_PICKLE_H

#include "engine/base/error.h"
#include "engine/formats/array.h"

/* Bounds many times above what an array needs. */
enum { STACK = 64, OBJECTS = 512, ITEMS = 512, MEMO = 512, NAME = 120 };

enum kind { MARK, NONE, NUMBER, TEXT, BYTES, LATIN, TUPLE, CALL, DTYPE, ARRAY };

enum call { RECONSTRUCT, FROM_BUFFER, NDARRAY, DTYPE_OF, ENCODE, NO_BYTES };

struct object {
    enum kind kind;
    int64_t number;             /* of a NUMBER, also True and False; of a CALL: which one */
    const unsigned char *bytes; /* of TEXT, BYTES; LATIN: the UTF-8 of the bytes read as Latin-1 */
    size_t size;
    size_t first, count; /* TUPLE: its items */
    enum array_kind element;
    size_t width; /* DTYPE */
    bool swapped;
};

struct machine {
    const char *path;
    const unsigned char *at, *end;
    struct array *array; /* filled with the one ARRAY */
    bool made, filled;   /* the array exists; it has its data */
    size_t stack[STACK], depth;
    struct object object[OBJECTS];
    size_t objects;
    size_t item[ITEMS], items;
    size_t memo[MEMO]; /* 1 + object */
    size_t memos;      /* next index of MEMOIZE */
    struct error *error;
};

/* All return 0, or -1 on failure with the error set. */
int pickle_refuse(struct machine *machine, const char *what); /* sets the error */
int pickle_damaged(struct machine *machine);
int pickle_push(struct machine *machine, const struct object *object);

/* A text, or bytes, which Python 2 uses for both. */
bool pickle_is_text(const struct object *object);
void pickle_copy_text(const struct object *object, char text[NAME]); /* truncated to the buffer */

/* Pushes the result of a call with these arguments. */
int pickle_reduce(struct machine *machine, const struct object *call, const struct object *arguments);

/* Gives an object its state. */
int pickle_build(struct machine *machine, struct object *object, const struct object *state);

#endif
