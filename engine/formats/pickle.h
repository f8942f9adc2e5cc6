/* The stack machine that a pickle is a program for, as far as one numpy array needs it: pickle.c
 * knows the opcodes, pickle_array.c what numpy's calls mean. */
#ifndef HUBSCOPE_ENGINE_FORMATS_PICKLE_H
#define HUBSCOPE_ENGINE_FORMATS_PICKLE_H

#include "engine/base/error.h"
#include "engine/formats/array.h"

/* Bounds that hold many times what an array takes. */
enum { STACK = 64, OBJECTS = 512, ITEMS = 512, MEMO = 512, NAME = 120 };

enum kind { MARK, NONE, NUMBER, TEXT, BYTES, LATIN, TUPLE, CALL, DTYPE, ARRAY };

enum call { RECONSTRUCT, FROM_BUFFER, NDARRAY, DTYPE_OF, ENCODE, NO_BYTES };

struct object {
    enum kind kind;
    int64_t number;             /* NUMBER, of True and False too; which call a CALL is */
    const unsigned char *bytes; /* TEXT, BYTES; LATIN: UTF-8 of what Latin-1 makes the bytes */
    size_t size;
    size_t first, count; /* TUPLE: its items */
    enum array_kind element;
    size_t width; /* DTYPE */
    bool swapped;
};

struct machine {
    const char *path;
    const unsigned char *at, *end;
    struct array *array; /* what the one ARRAY is */
    bool made, filled;   /* there is one; it has its data */
    size_t stack[STACK], depth;
    struct object object[OBJECTS];
    size_t objects;
    size_t item[ITEMS], items;
    size_t memo[MEMO]; /* 1 + object */
    size_t memos;      /* where MEMOIZE writes */
    struct error *error;
};

/* All return -1, or 0 where they did what they say. */
int pickle_refuse(struct machine *machine, const char *what); /* sets the error */
int pickle_damaged(struct machine *machine);
int pickle_push(struct machine *machine, const struct object *object);

/* A text, or bytes, which Python 2 has for both. */
bool pickle_is_text(const struct object *object);
void pickle_copy_text(const struct object *object, char text[NAME]); /* cut to the buffer */

/* Pushes what a call makes of its arguments. */
int pickle_reduce(struct machine *machine, const struct object *call,
                  const struct object *arguments);

/* Gives an object its state. */
int pickle_build(struct machine *machine, struct object *object, const struct object *state);

#endif
