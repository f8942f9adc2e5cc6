/* The stack machine that runs a pickle, as far as arrays, tensors, and dicts and lists of them need it: pickle_run.c
 * knows the opcodes, pickle_array.c the meaning of numpy's calls, pickle_torch.c that of PyTorch's, pickle_tree.c finds
 * the arrays in what comes out.  Nothing is ever called: a name that is not in the list is refused. */
#ifndef HUBSCOPE_ENGINE_FORMATS_PICKLE_MACHINE_H
#define HUBSCOPE_ENGINE_FORMATS_PICKLE_MACHINE_H

#include "engine/base/error.h"
#include "engine/formats/array.h"

enum { NAME = 120 }; /* bytes of a name that are looked at */

enum kind { MARK, NONE, NUMBER, REAL, TEXT, BYTES, LATIN, TUPLE, LIST, DICT, CALL, DTYPE, ARRAY, STORAGE };

enum call {
    RECONSTRUCT,
    FROM_BUFFER,
    NDARRAY,
    DTYPE_OF,
    ENCODE,
    NO_BYTES,
    ORDERED_DICT,
    REBUILD_TENSOR,
    REBUILD_PARAMETER,
    TORCH_SIZE,
    STORAGE_OF
};

struct object {
    enum kind kind;
    enum array_kind element; /* DTYPE, STORAGE and the CALL of a type of storage */
    size_t width;
    bool swapped;
    int64_t number;             /* of a NUMBER, also True and False; of a CALL: which one; of an ARRAY: its index */
    const unsigned char *bytes; /* of TEXT, BYTES; LATIN: the UTF-8 of the bytes read as Latin-1; STORAGE: its data, or
                                   null while that is unknown */
    size_t size;
    size_t *item;       /* TUPLE, LIST: their items; DICT: keys and values in turn */
    size_t count, room; /* of items */
    size_t key;         /* STORAGE: the object that names it */
};

struct pickle_array {
    struct array array;
    bool filled;
    size_t storage;                          /* 1 + the object of a tensor's storage */
    size_t offset, stride[ARRAY_DIMENSIONS]; /* in elements */
};

struct machine {
    const char *path;
    const unsigned char *at, *end;
    struct object *object;
    size_t objects, object_room;
    size_t *stack, depth, stack_room;
    size_t *memo;            /* 1 + object */
    size_t memo_room, memos; /* next index of MEMOIZE */
    struct pickle_array *array;
    size_t arrays, array_room;
    size_t root; /* once run: the object that came out */
    bool torch;  /* refers to storages */
    struct error *error;
};

/* Runs the pickle of these bytes up to its STOP; machine->at is then behind it.  Returns 0, or -1 on failure with the
 * error set.  Close in both cases.  The bytes must outlive the machine. */
int pickle_run(struct machine *machine, const char *path, const unsigned char *bytes, size_t size, bool torch,
               struct error *error);
void pickle_close(struct machine *machine);

/* All return 0, or -1 on failure with the error set. */
int pickle_refuse(struct machine *machine, const char *what); /* sets the error */
int pickle_damaged(struct machine *machine);
int pickle_push(struct machine *machine, const struct object *object);
int pickle_append(struct machine *machine, struct object *list, size_t object);
int pickle_add_array(struct machine *machine); /* pushes a new ARRAY */

/* A text, or bytes, which Python 2 uses for both. */
bool pickle_is_text(const struct object *object);
void pickle_copy_text(const struct object *object, char text[NAME]); /* truncated to the buffer */

/* Item `index` of a tuple if it has that kind, else null. */
struct object *pickle_item(struct machine *machine, const struct object *tuple, size_t index, enum kind kind);

/* Sets an array's shape from a tuple. */
int pickle_shape(struct machine *machine, struct array *array, const struct object *shape);

/* Pushes the result of a call with these arguments. */
int pickle_reduce(struct machine *machine, const struct object *call, const struct object *arguments);
int pickle_reduce_torch(struct machine *machine, const struct object *call, const struct object *arguments);

/* Pushes the storage that this tuple refers to. */
int pickle_storage(struct machine *machine, const struct object *reference);
/* Whether "torch" has such a type of storage; fills the type of its elements. */
bool pickle_storage_type(const char *name, struct object *call);
/* Makes `array` the elements of a tensor whose storage has its bytes, copied where strides need it. */
int pickle_tensor(struct machine *machine, const struct pickle_array *tensor, const char *label, struct array *array);

/* Gives an object its state. */
int pickle_build(struct machine *machine, struct object *object, const struct object *state);

#endif
