#include "engine/formats/pickle_machine.h"

#include "engine/base/memory.h"
#include "engine/formats/npy.h"
#include <stdio.h>
#include <string.h>

bool pickle_is_text(const struct object *object)
{
    return object && (object->kind == TEXT || object->kind == BYTES);
}

void pickle_copy_text(const struct object *object, char text[NAME])
{
    snprintf(text, NAME, "%.*s", (int)(object->size < NAME ? object->size : NAME), (const char *)object->bytes);
}

struct object *pickle_item(struct machine *machine, const struct object *tuple, size_t index, enum kind kind)
{
    if (!tuple || tuple->kind != TUPLE || index >= tuple->count)
        return NULL;
    struct object *object = &machine->object[tuple->item[index]];
    return object->kind == kind || (kind == TEXT && pickle_is_text(object)) ? object : NULL;
}

int pickle_shape(struct machine *machine, struct array *array, const struct object *shape)
{
    if (shape->count > ARRAY_DIMENSIONS)
        return pickle_damaged(machine);
    array->dimensions = shape->count;
    for (size_t i = 0; i < shape->count; i++) {
        const struct object *number = pickle_item(machine, shape, i, NUMBER);
        if (!number || number->number < 0)
            return pickle_damaged(machine);
        array->shape[i] = (size_t)number->number;
    }
    return 0;
}

/* Recovers Latin-1 bytes from the UTF-8 of their text. */
static int decode(struct machine *machine, struct array *array, const struct object *text, size_t size)
{
    const unsigned char *at = text->bytes, *end = at + text->size;
    size_t done = 0;

    if (text->size < size)
        return pickle_damaged(machine);
    unsigned char *out = (unsigned char *)memory_floats(size / sizeof(float) + 1);
    if (!out)
        return error_memory(machine->error);
    for (; at < end && done < size; done++) {
        bool two = end - at > 1 && (*at == 0xc2 || *at == 0xc3) && (at[1] & 0xc0) == 0x80;
        if (*at >= 0x80 && !two)
            break;
        out[done] = two ? (unsigned char)((*at & 3) << 6 | (at[1] & 0x3f)) : *at;
        at += two ? 2 : 1;
    }
    array->owned = out;
    array->data = out;
    return at < end || done < size ? pickle_damaged(machine) : 0;
}

/* Gives the array its type, order and data; its shape is already set. */
static int fill(struct machine *machine, struct pickle_array *made, const struct object *dtype, bool fortran,
                const struct object *data)
{
    struct array *array = &made->array;
    char shape[128];
    size_t bytes;

    array->kind = dtype->element;
    array->width = dtype->width;
    array->swapped = dtype->swapped;
    array->fortran = fortran;
    made->filled = true;
    if (array_bytes(array, machine->path, &bytes, machine->error))
        return -1;
    if (data->kind == LATIN)
        return decode(machine, array, data, bytes);
    array_shape_text(array, shape, sizeof shape);
    if (data->size != bytes)
        return error_set(machine->error, ERROR_INPUT,
                         "%s: shape %s needs %zu bytes of data, the file has %zu; write it again", machine->path, shape,
                         bytes, data->size);
    array->data = data->bytes;
    return 0;
}

/* dtype(name, align, copy) */
static int make_dtype(struct machine *machine, const struct object *arguments)
{
    const struct object *name = pickle_item(machine, arguments, 0, TEXT);
    struct object dtype = {.kind = DTYPE};
    struct array type = {0};
    char text[NAME];

    if (!name)
        return pickle_damaged(machine);
    pickle_copy_text(name, text);
    if (*text == 'O')
        return pickle_refuse(machine, "is an array of Python objects");
    if (npy_descr(text, machine->path, &type, machine->error))
        return -1;
    dtype.element = type.kind;
    dtype.width = type.width;
    dtype.swapped = type.swapped;
    return pickle_push(machine, &dtype);
}

/* _frombuffer(data, dtype, shape, order) */
static int make_from_buffer(struct machine *machine, const struct object *arguments)
{
    const struct object *data = pickle_item(machine, arguments, 0, BYTES);
    const struct object *dtype = pickle_item(machine, arguments, 1, DTYPE);
    const struct object *shape = pickle_item(machine, arguments, 2, TUPLE);
    const struct object *order = pickle_item(machine, arguments, 3, TEXT);

    if (!data || !dtype || !shape || !order || order->size != 1 || (*order->bytes != 'C' && *order->bytes != 'F'))
        return pickle_damaged(machine);
    const struct object type = *dtype, from = *data, of = *shape; /* copies: pushing moves the objects */
    bool fortran = *order->bytes == 'F';
    if (pickle_add_array(machine))
        return -1;
    struct pickle_array *made = &machine->array[machine->arrays - 1];
    return pickle_shape(machine, &made->array, &of) || fill(machine, made, &type, fortran, &from) ? -1 : 0;
}

/* encode(text, "latin1") */
static int make_encoded(struct machine *machine, const struct object *arguments)
{
    const struct object *text = pickle_item(machine, arguments, 0, TEXT);
    const struct object *coding = pickle_item(machine, arguments, 1, TEXT);
    struct object latin = {.kind = LATIN};

    if (!text || !coding || coding->size != 6 || memcmp(coding->bytes, "latin1", 6) != 0)
        return pickle_damaged(machine);
    latin.bytes = text->bytes;
    latin.size = text->size;
    return pickle_push(machine, &latin);
}

int pickle_reduce(struct machine *machine, const struct object *call, const struct object *arguments)
{
    if (!arguments || arguments->kind != TUPLE || !call || call->kind != CALL)
        return pickle_damaged(machine);
    switch ((enum call)call->number) {
    case DTYPE_OF:
        return make_dtype(machine, arguments);
    case FROM_BUFFER:
        return make_from_buffer(machine, arguments);
    case ENCODE:
        return make_encoded(machine, arguments);
    case NO_BYTES:
        return arguments->count ? pickle_damaged(machine) : pickle_push(machine, &(struct object){.kind = BYTES});
    case RECONSTRUCT: { /* (ndarray, (0,), b"b"): an array that is filled later */
        const struct object *of = pickle_item(machine, arguments, 0, CALL);
        return !of || of->number != NDARRAY ? pickle_damaged(machine) : pickle_add_array(machine);
    }
    case ORDERED_DICT:
        return arguments->count ? pickle_damaged(machine) : pickle_push(machine, &(struct object){.kind = DICT});
    case REBUILD_TENSOR:
    case REBUILD_PARAMETER:
    case TORCH_SIZE:
        return pickle_reduce_torch(machine, call, arguments);
    default:
        return pickle_damaged(machine);
    }
}

/* The state of a dtype: (version, byte order, None, None, None, -1, -1, 0) */
static int build_dtype(struct machine *machine, struct object *dtype, const struct object *state)
{
    const struct object *order = pickle_item(machine, state, 1, TEXT);

    if (!order || order->size != 1 || !strchr("<>|=", *order->bytes) || !*order->bytes)
        return pickle_damaged(machine);
    for (size_t i = 2; i < 5; i++)
        if (!pickle_item(machine, state, i, NONE))
            return pickle_refuse(machine, "is a structured array");
    dtype->swapped = *order->bytes == '>';
    return 0;
}

/* The state of an array: (version, shape, dtype, Fortran order, data) */
static int build_array(struct machine *machine, struct pickle_array *made, const struct object *state)
{
    const struct object *shape = pickle_item(machine, state, 1, TUPLE);
    const struct object *dtype = pickle_item(machine, state, 2, DTYPE);
    const struct object *fortran = pickle_item(machine, state, 3, NUMBER);
    const struct object *data = pickle_item(machine, state, 4, BYTES);

    if (!data)
        data = pickle_item(machine, state, 4, LATIN);
    if (!shape || !dtype || !fortran || !data || made->filled)
        return pickle_damaged(machine);
    return pickle_shape(machine, &made->array, shape) ? -1 : fill(machine, made, dtype, fortran->number, data);
}

int pickle_build(struct machine *machine, struct object *object, const struct object *state)
{
    if (object && state && object->kind == DICT) /* what else an OrderedDict carries */
        return 0;
    if (!object || !state || state->kind != TUPLE)
        return pickle_damaged(machine);
    return object->kind == DTYPE   ? build_dtype(machine, object, state)
           : object->kind == ARRAY ? build_array(machine, &machine->array[object->number], state)
                                   : pickle_damaged(machine);
}
