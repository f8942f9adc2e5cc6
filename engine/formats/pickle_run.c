/* Runs a Python pickle of protocol 2 to 5.  A pickle is a program for a stack machine that may call anything.  This one
 * runs nothing: it knows the few opcodes that are written for arrays, tensors, texts and numbers, and dicts and lists
 * of them, and recognises the calls among them by name and interprets them itself.  Any other name is refused. */
#include "engine/formats/pickle_machine.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OBJECTS_MOST = 1 << 24 }; /* a dict of a million arrays has fewer */

static const struct {
    const char *module, *name;
    enum call call;
} calls[] = {
    {"numpy.core.multiarray", "_reconstruct", RECONSTRUCT},
    {"numpy._core.multiarray", "_reconstruct", RECONSTRUCT},
    {"numpy.core.numeric", "_frombuffer", FROM_BUFFER},
    {"numpy._core.numeric", "_frombuffer", FROM_BUFFER},
    {"numpy", "ndarray", NDARRAY},
    {"numpy", "dtype", DTYPE_OF},
    {"_codecs", "encode", ENCODE},      /* how protocol 2 stores bytes */
    {"__builtin__", "bytes", NO_BYTES}, /* and how it stores no bytes */
    {"collections", "OrderedDict", ORDERED_DICT},
    {"torch._utils", "_rebuild_tensor", REBUILD_TENSOR},
    {"torch._utils", "_rebuild_tensor_v2", REBUILD_TENSOR},
    {"torch._utils", "_rebuild_parameter", REBUILD_PARAMETER},
    {"torch", "Size", TORCH_SIZE},
};

int pickle_refuse(struct machine *machine, const char *what)
{
    return error_set(machine->error, ERROR_INPUT,
                     "%s: %s; only arrays, and dicts and lists of them, are read: write it with numpy.save",
                     machine->path, what);
}

int pickle_damaged(struct machine *machine)
{
    return error_set(machine->error, ERROR_INPUT, "%s: is damaged or cut short; write the array again", machine->path);
}

/* Refuses what would run code in Python. */
static int refuse_code(struct machine *machine, const char *module, const char *name)
{
    char clean[2 * NAME], full[2 * NAME + 1];

    snprintf(full, sizeof full, "%.*s.%.*s", NAME - 1, module, NAME - 1, name);
    text_clean(clean, sizeof clean, full);
    return error_set(machine->error, ERROR_INPUT,
                     "%s: holds code: %s; none of it was run, and only arrays, and dicts and lists of them, are "
                     "read: write it with numpy.save",
                     machine->path, clean);
}

/* Little-endian, of up to eight bytes. */
static int take_number(struct machine *machine, size_t width, uint64_t *value)
{
    *value = 0;
    if ((size_t)(machine->end - machine->at) < width)
        return pickle_damaged(machine);
    for (size_t i = 0; i < width; i++)
        *value |= (uint64_t)machine->at[i] << 8 * i;
    machine->at += width;
    return 0;
}

/* Bytes preceded by their count, which is `width` bytes wide. */
static int take_bytes(struct machine *machine, size_t width, struct object *object)
{
    uint64_t size;

    if (take_number(machine, width, &size))
        return -1;
    if (size > (size_t)(machine->end - machine->at))
        return pickle_damaged(machine);
    object->bytes = machine->at;
    object->size = (size_t)size;
    machine->at += size;
    return 0;
}

/* Returns the block with room for one more element of `size` bytes, or null with the error set. */
static void *reserve(struct machine *machine, void *block, size_t used, size_t *room, size_t size)
{
    if (used < *room)
        return block;
    size_t larger = *room ? 2 * *room : 64;
    void *grown = memory_grow(block, larger, size);
    if (!grown)
        error_memory(machine->error);
    else
        *room = larger;
    return grown;
}

static int push_index(struct machine *machine, size_t index)
{
    if (machine->depth == OBJECTS_MOST)
        return pickle_refuse(machine, "holds too many objects");
    size_t *grown = reserve(machine, machine->stack, machine->depth, &machine->stack_room, sizeof *grown);
    if (!grown)
        return -1;
    machine->stack = grown;
    machine->stack[machine->depth++] = index;
    return 0;
}

int pickle_push(struct machine *machine, const struct object *object)
{
    const struct object copy = *object; /* it may be one that moves */

    if (machine->objects == OBJECTS_MOST)
        return pickle_refuse(machine, "holds too many objects");
    struct object *grown = reserve(machine, machine->object, machine->objects, &machine->object_room, sizeof *grown);
    if (!grown)
        return -1;
    machine->object = grown;
    machine->object[machine->objects] = copy;
    return push_index(machine, machine->objects++);
}

int pickle_append(struct machine *machine, struct object *list, size_t object)
{
    size_t *grown = reserve(machine, list->item, list->count, &list->room, sizeof *grown);
    if (!grown)
        return -1;
    list->item = grown;
    list->item[list->count++] = object;
    return 0;
}

int pickle_add_array(struct machine *machine)
{
    struct pickle_array *grown = reserve(machine, machine->array, machine->arrays, &machine->array_room, sizeof *grown);
    if (!grown)
        return -1;
    machine->array = grown;
    machine->array[machine->arrays] = (struct pickle_array){0};
    return pickle_push(machine, &(struct object){.kind = ARRAY, .number = (int64_t)machine->arrays++});
}

static int push_number(struct machine *machine, int64_t number)
{
    return pickle_push(machine, &(struct object){.kind = NUMBER, .number = number});
}

static int push_bytes(struct machine *machine, enum kind kind, size_t width)
{
    struct object object = {.kind = kind};

    return take_bytes(machine, width, &object) ? -1 : pickle_push(machine, &object);
}

/* Null on an empty stack; the mark cannot be an operand. */
static struct object *pop(struct machine *machine)
{
    if (!machine->depth)
        return NULL;
    struct object *object = &machine->object[machine->stack[machine->depth - 1]];
    if (object->kind == MARK)
        return NULL;
    machine->depth--;
    return object;
}

/* Appends the topmost `count` objects to `list`, and pops them. */
static int take_items(struct machine *machine, struct object *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t index = machine->stack[machine->depth - count + i];
        if (machine->object[index].kind == MARK)
            return pickle_damaged(machine);
        if (pickle_append(machine, list, index))
            return -1;
    }
    machine->depth -= count;
    return 0;
}

/* Makes a tuple of the topmost `count` objects. */
static int make_tuple(struct machine *machine, size_t count)
{
    struct object tuple = {.kind = TUPLE};

    if (count > machine->depth)
        return pickle_damaged(machine);
    if (!take_items(machine, &tuple, count) && !pickle_push(machine, &tuple))
        return 0;
    free(tuple.item);
    return -1;
}

/* Objects above the topmost mark; SIZE_MAX without one. */
static size_t count_marked(const struct machine *machine)
{
    size_t count = 0;

    while (count < machine->depth && machine->object[machine->stack[machine->depth - 1 - count]].kind != MARK)
        count++;
    return count == machine->depth ? SIZE_MAX : count;
}

static int make_marked_tuple(struct machine *machine)
{
    size_t count = count_marked(machine);

    if (count == SIZE_MAX)
        return pickle_damaged(machine);
    if (make_tuple(machine, count))
        return -1;
    machine->stack[machine->depth - 2] = machine->stack[machine->depth - 1]; /* over the mark */
    machine->depth--;
    return 0;
}

/* Moves the topmost `count` objects into the list or dict below them, which is below a mark if `marked`. */
static int fill_container(struct machine *machine, enum kind kind, size_t count, bool marked)
{
    size_t below = count == SIZE_MAX ? SIZE_MAX : count + 1 + marked;

    if (below > machine->depth)
        return pickle_damaged(machine);
    struct object *container = &machine->object[machine->stack[machine->depth - below]];
    if (container->kind != kind || (kind == DICT && count % 2))
        return pickle_damaged(machine);
    if (take_items(machine, container, count))
        return -1;
    machine->depth -= marked;
    return 0;
}

static int put_memo(struct machine *machine, uint64_t index)
{
    if (!machine->depth)
        return pickle_damaged(machine);
    if (index > 2 * machine->objects + 64) /* they are numbered one after another */
        return pickle_damaged(machine);
    while (index >= machine->memo_room) {
        size_t room = machine->memo_room;
        size_t *grown = reserve(machine, machine->memo, room, &machine->memo_room, sizeof *grown);
        if (!grown)
            return -1;
        machine->memo = grown;
        memset(machine->memo + room, 0, (machine->memo_room - room) * sizeof *machine->memo);
    }
    machine->memo[index] = 1 + machine->stack[machine->depth - 1];
    return 0;
}

static int get_memo(struct machine *machine, size_t width)
{
    uint64_t index;

    if (take_number(machine, width, &index))
        return -1;
    if (index >= machine->memo_room || !machine->memo[index])
        return pickle_damaged(machine);
    return push_index(machine, machine->memo[index] - 1);
}

/* Pushes the Python function of that name. */
static int push_call(struct machine *machine, const char *module, const char *name)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strcmp(module, calls[i].module) == 0 && strcmp(name, calls[i].name) == 0)
            return pickle_push(machine, &(struct object){.kind = CALL, .number = calls[i].call});
    struct object storage = {.kind = CALL, .number = STORAGE_OF};
    if (strcmp(module, "torch") == 0 && pickle_storage_type(name, &storage))
        return pickle_push(machine, &storage);
    return refuse_code(machine, module, name);
}

/* Reads up to the end of the line, truncated to the buffer. */
static int take_line(struct machine *machine, char line[NAME])
{
    const unsigned char *end = memchr(machine->at, '\n', (size_t)(machine->end - machine->at));

    if (!end)
        return pickle_damaged(machine);
    snprintf(line, NAME, "%.*s", (int)(end - machine->at < NAME ? end - machine->at : NAME), (const char *)machine->at);
    machine->at = end + 1;
    return 0;
}

static int push_global(struct machine *machine)
{
    char module[NAME], name[NAME];

    return take_line(machine, module) || take_line(machine, name) ? -1 : push_call(machine, module, name);
}

static int push_stack_global(struct machine *machine)
{
    const struct object *last = pop(machine), *first = pop(machine);
    char module[NAME], name[NAME];

    if (!pickle_is_text(first) || !pickle_is_text(last))
        return pickle_damaged(machine);
    pickle_copy_text(first, module);
    pickle_copy_text(last, name);
    return push_call(machine, module, name);
}

static int reduce(struct machine *machine)
{
    const struct object *last = pop(machine), *first = pop(machine);

    if (!first || !last)
        return pickle_damaged(machine);
    const struct object arguments = *last, call = *first; /* copies: pushing moves the objects */
    return pickle_reduce(machine, &call, &arguments);
}

static int build(struct machine *machine)
{
    const struct object *state = pop(machine);
    struct object *object = machine->depth ? &machine->object[machine->stack[machine->depth - 1]] : NULL;

    return pickle_build(machine, object, state);
}

static int push_reference(struct machine *machine)
{
    const struct object *last = pop(machine);

    if (!machine->torch || !last)
        return pickle_refuse(machine, "refers to objects outside of the file");
    const struct object reference = *last;
    return pickle_storage(machine, &reference);
}

static int push_long(struct machine *machine, size_t width)
{
    uint64_t size, value;

    if (take_number(machine, width, &size))
        return -1;
    if (size > 8)
        return pickle_refuse(machine, "holds a number that is too large");
    if (take_number(machine, (size_t)size, &value))
        return -1;
    unsigned shift = size ? 64 - 8 * (unsigned)size : 0;
    return push_number(machine, (int64_t)(value << shift) >> shift);
}

static int push_integer(struct machine *machine, size_t width)
{
    uint64_t value;

    if (take_number(machine, width, &value))
        return -1;
    return push_number(machine, width == 4 ? (int32_t)value : (int64_t)value);
}

static int skip_frame(struct machine *machine)
{
    uint64_t size;

    if (take_number(machine, 8, &size))
        return -1;
    return size > (size_t)(machine->end - machine->at) ? pickle_damaged(machine) : 0;
}

static int put_memo_at(struct machine *machine, size_t width)
{
    uint64_t index;

    return take_number(machine, width, &index) ? -1 : put_memo(machine, index);
}

/* Refuses an opcode that makes something else than an array, and names it. */
static int refuse_opcode(struct machine *machine, unsigned char opcode)
{
    char text[64];

    switch (opcode) {
    case 0x8f:
    case 0x91:
        return pickle_refuse(machine, "holds a set");
    case 0x97:
        return pickle_refuse(machine, "has its data in another file (out-of-band buffers)");
    case 'i':
    case 'o':
    case 0x81:
    case 0x92:
        return pickle_refuse(machine, "holds code: an object of a class");
    case 'P':
        return pickle_refuse(machine, "refers to objects outside of the file");
    case 0x82:
    case 0x83:
    case 0x84:
        return pickle_refuse(machine, "holds code: a registered extension");
    default:
        snprintf(text, sizeof text, "has an unexpected opcode 0x%02x", opcode);
        return pickle_refuse(machine, text);
    }
}

static int step(struct machine *machine, unsigned char opcode)
{
    switch (opcode) {
    case 0x95: /* FRAME */
        return skip_frame(machine);
    case '(': /* MARK */
        return pickle_push(machine, &(struct object){.kind = MARK});
    case 'N': /* NONE */
        return pickle_push(machine, &(struct object){.kind = NONE});
    case 0x88: /* NEWTRUE, NEWFALSE */
    case 0x89:
        return push_number(machine, opcode == 0x88);
    case 'G': /* BINFLOAT */
        return take_number(machine, 8, &(uint64_t){0}) ? -1 : pickle_push(machine, &(struct object){.kind = REAL});
    case 'K': /* BININT1, BININT2, BININT */
        return push_integer(machine, 1);
    case 'M':
        return push_integer(machine, 2);
    case 'J':
        return push_integer(machine, 4);
    case 0x8a: /* LONG1 */
        return push_long(machine, 1);
    case 0x8c: /* SHORT_BINUNICODE, BINUNICODE, BINUNICODE8 */
        return push_bytes(machine, TEXT, 1);
    case 'X':
        return push_bytes(machine, TEXT, 4);
    case 0x8d:
        return push_bytes(machine, TEXT, 8);
    case 'C': /* SHORT_BINBYTES, SHORT_BINSTRING */
    case 'U':
        return push_bytes(machine, BYTES, 1);
    case 'B': /* BINBYTES, BINSTRING */
    case 'T':
        return push_bytes(machine, BYTES, 4);
    case 0x8e: /* BINBYTES8, BYTEARRAY8 */
    case 0x96:
        return push_bytes(machine, BYTES, 8);
    case ')': /* EMPTY_TUPLE, TUPLE1, TUPLE2, TUPLE3, TUPLE */
        return make_tuple(machine, 0);
    case 0x85:
    case 0x86:
    case 0x87:
        return make_tuple(machine, (size_t)opcode - 0x84);
    case 't':
        return make_marked_tuple(machine);
    case 'q': /* BINPUT, LONG_BINPUT, MEMOIZE */
        return put_memo_at(machine, 1);
    case 'r':
        return put_memo_at(machine, 4);
    case 0x94:
        return put_memo(machine, machine->memos++);
    case 'h': /* BINGET, LONG_BINGET */
        return get_memo(machine, 1);
    case 'j':
        return get_memo(machine, 4);
    case 'c': /* GLOBAL, STACK_GLOBAL */
        return push_global(machine);
    case 0x93:
        return push_stack_global(machine);
    case ']': /* EMPTY_LIST, APPEND, APPENDS */
        return pickle_push(machine, &(struct object){.kind = LIST});
    case 'a':
        return fill_container(machine, LIST, 1, false);
    case 'e':
        return fill_container(machine, LIST, count_marked(machine), true);
    case '}': /* EMPTY_DICT, SETITEM, SETITEMS */
        return pickle_push(machine, &(struct object){.kind = DICT});
    case 's':
        return fill_container(machine, DICT, 2, false);
    case 'u':
        return fill_container(machine, DICT, count_marked(machine), true);
    case 'Q': /* BINPERSID */
        return push_reference(machine);
    case 'R':
        return reduce(machine);
    case 'b':
        return build(machine);
    default:
        return refuse_opcode(machine, opcode);
    }
}

static int run(struct machine *machine)
{
    machine->at += 2; /* PROTO */
    for (;;) {
        if (machine->at == machine->end)
            return pickle_damaged(machine);
        unsigned char opcode = *machine->at++;
        if (opcode == '.') /* STOP */
            break;
        if (step(machine, opcode))
            return -1;
    }
    const struct object *result = pop(machine);
    if (!result || machine->depth)
        return pickle_refuse(machine, "holds no array");
    machine->root = (size_t)(result - machine->object);
    for (size_t i = 0; i < machine->arrays; i++)
        if (!machine->array[i].filled)
            return pickle_damaged(machine);
    return 0;
}

int pickle_run(struct machine *machine, const char *path, const unsigned char *bytes, size_t size, bool torch,
               struct error *error)
{
    *machine = (struct machine){.path = path, .at = bytes, .end = bytes + size, .torch = torch, .error = error};
    return size > 2 && bytes[0] == 0x80 && bytes[1] >= 2 && bytes[1] <= 5 ? run(machine) : pickle_damaged(machine);
}

void pickle_close(struct machine *machine)
{
    for (size_t i = 0; i < machine->arrays; i++)
        array_close(&machine->array[i].array);
    for (size_t i = 0; i < machine->objects; i++)
        free(machine->object[i].item);
    free(machine->array);
    free(machine->object);
    free(machine->stack);
    free(machine->memo);
    *machine = (struct machine){0};
}
