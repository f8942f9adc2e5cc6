/* Reads one numpy array from a Python pickle of protocol 2 to 5.  A pickle is a program for a stack machine that may
 * call anything.  This one runs nothing: it knows the few opcodes that pickle.dump writes for an array, and recognises
 * the calls among them by name and interprets them itself.  Any other name is refused. */
#include "engine/formats/pickle.h"

#include "engine/base/mapping.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/formats/file.h"
#include "engine/formats/matrix_format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
};

int pickle_refuse(struct machine *machine, const char *what)
{
    return error_set(machine->error, ERROR_INPUT, "%s: %s; only a plain numpy array is read: write it with numpy.save",
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
                     "%s: holds code: %s; none of it was run, and only a plain numpy array is "
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

static int push_index(struct machine *machine, size_t index)
{
    if (machine->depth == STACK)
        return pickle_refuse(machine, "holds more than one array");
    machine->stack[machine->depth++] = index;
    return 0;
}

int pickle_push(struct machine *machine, const struct object *object)
{
    if (machine->objects == OBJECTS)
        return pickle_refuse(machine, "holds more than one array");
    machine->object[machine->objects] = *object;
    return push_index(machine, machine->objects++);
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

/* Makes a tuple of the topmost `count` objects. */
static int make_tuple(struct machine *machine, size_t count)
{
    struct object tuple = {.kind = TUPLE, .first = machine->items, .count = count};

    if (count > machine->depth)
        return pickle_damaged(machine);
    if (count > ITEMS - machine->items)
        return pickle_refuse(machine, "holds more than one array");
    for (size_t i = 0; i < count; i++) {
        size_t index = machine->stack[machine->depth - count + i];
        if (machine->object[index].kind == MARK)
            return pickle_damaged(machine);
        machine->item[machine->items++] = index;
    }
    machine->depth -= count;
    return pickle_push(machine, &tuple);
}

static int make_marked_tuple(struct machine *machine)
{
    size_t count = 0;

    while (count < machine->depth && machine->object[machine->stack[machine->depth - 1 - count]].kind != MARK)
        count++;
    if (count == machine->depth)
        return pickle_damaged(machine);
    if (make_tuple(machine, count))
        return -1;
    machine->stack[machine->depth - 2] = machine->stack[machine->depth - 1]; /* over the mark */
    machine->depth--;
    return 0;
}

static int put_memo(struct machine *machine, uint64_t index)
{
    if (!machine->depth)
        return pickle_damaged(machine);
    if (index >= MEMO)
        return pickle_refuse(machine, "holds more than one array");
    machine->memo[index] = 1 + machine->stack[machine->depth - 1];
    return 0;
}

static int get_memo(struct machine *machine, size_t width)
{
    uint64_t index;

    if (take_number(machine, width, &index))
        return -1;
    if (index >= MEMO || !machine->memo[index])
        return pickle_damaged(machine);
    return push_index(machine, machine->memo[index] - 1);
}

/* Pushes the Python function of that name. */
static int push_call(struct machine *machine, const char *module, const char *name)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strcmp(module, calls[i].module) == 0 && strcmp(name, calls[i].name) == 0)
            return pickle_push(machine, &(struct object){.kind = CALL, .number = calls[i].call});
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
    const struct object *arguments = pop(machine), *call = pop(machine);

    return pickle_reduce(machine, call, arguments);
}

static int build(struct machine *machine)
{
    const struct object *state = pop(machine);
    struct object *object = machine->depth ? &machine->object[machine->stack[machine->depth - 1]] : NULL;

    return pickle_build(machine, object, state);
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
    case '}':
    case 'd':
        return pickle_refuse(machine, "holds a dict");
    case ']':
    case 'l':
        return pickle_refuse(machine, "holds a list");
    case 0x8f:
    case 0x91:
        return pickle_refuse(machine, "holds a set");
    case 'G':
        return pickle_refuse(machine, "holds numbers outside an array");
    case 0x97:
        return pickle_refuse(machine, "has its data in another file (out-of-band buffers)");
    case 'i':
    case 'o':
    case 0x81:
    case 0x92:
        return pickle_refuse(machine, "holds code: an object of a class");
    case 'P':
    case 'Q':
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
    machine->at += 2; /* PROTO, checked at the start */
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
    if (result && result->kind == TUPLE)
        return pickle_refuse(machine, "holds a tuple");
    if (!result || result->kind != ARRAY || machine->depth)
        return pickle_refuse(machine, "holds no array");
    if (!machine->filled)
        return pickle_damaged(machine);
    if (machine->at != machine->end)
        return pickle_refuse(machine, "holds more after its first object");
    return 0;
}

static bool is_supported(const unsigned char *bytes, size_t size)
{
    return size > 2 && bytes[0] == 0x80 && bytes[1] >= 2 && bytes[1] <= 5;
}

/* Protocols 0 and 1 have no magic number: an array begins with the name of numpy's function. */
static bool is_old(const unsigned char *bytes, size_t size)
{
    static const char start[] = "cnumpy.";

    return size > sizeof start && memcmp(bytes, start, sizeof start - 1) == 0;
}

static bool pickle_matches(const unsigned char *bytes, size_t size)
{
    return is_supported(bytes, size) || is_old(bytes, size);
}

static int pickle_open(const char *path, const char *name, struct array *array, struct error *error)
{
    size_t size;
    unsigned char *map = file_map(path, &size, error);
    struct machine *machine = map ? memory_array(1, sizeof *machine) : NULL;

    (void)name;
    *array = (struct array){0};
    if (map && !machine)
        error_memory(error);
    int failed = -1;
    if (machine) {
        *machine = (struct machine){.path = path, .at = map, .end = map + size, .array = array, .error = error};
        failed = is_old(map, size)         ? pickle_refuse(machine, "is pickled with protocol 0 or 1")
                 : is_supported(map, size) ? run(machine)
                                           : pickle_damaged(machine);
    }
    free(machine);
    if (failed || array->owned) {
        mapping_close(map, size);
    } else {
        array->map = map;
        array->map_size = size;
    }
    if (failed)
        array_close(array);
    return failed;
}

const struct matrix_format matrix_format_pickle = {
    .name = "pickle",
    .title = "a pickled array",
    .matches = pickle_matches,
    .open = pickle_open,
};
