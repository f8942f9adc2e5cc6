/* What PyTorch's calls in a pickle mean: a tensor is a view, with offset and strides, of a storage that lies beside the
 * pickle. */
#include "engine/formats/pickle_machine.h"

#include "engine/base/memory.h"

#include <string.h>

bool pickle_storage_type(const char *name, struct object *call)
{
    static const struct {
        const char *name;
        enum array_kind element;
        size_t width;
    } types[] = {
        {"FloatStorage", ARRAY_FLOAT, 4},   {"DoubleStorage", ARRAY_FLOAT, 8},    {"HalfStorage", ARRAY_FLOAT, 2},
        {"LongStorage", ARRAY_SIGNED, 8},   {"BFloat16Storage", ARRAY_BFLOAT, 2}, {"IntStorage", ARRAY_SIGNED, 4},
        {"ShortStorage", ARRAY_SIGNED, 2},  {"CharStorage", ARRAY_SIGNED, 1},     {"ByteStorage", ARRAY_UNSIGNED, 1},
        {"BoolStorage", ARRAY_UNSIGNED, 1},
    };

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(name, types[i].name) == 0) {
            call->element = types[i].element;
            call->width = types[i].width;
            return true;
        }
    return false;
}

/* ("storage", type, key, location, elements) and, in old files, None, or a view. */
int pickle_storage(struct machine *machine, const struct object *reference)
{
    const struct object *word = pickle_item(machine, reference, 0, TEXT);
    const struct object *type = pickle_item(machine, reference, 1, CALL);
    const struct object *key = pickle_item(machine, reference, 2, TEXT);
    const struct object *elements = pickle_item(machine, reference, 4, NUMBER);

    if (!word || word->size != 7 || memcmp(word->bytes, "storage", 7) != 0 || !type || type->number != STORAGE_OF ||
        !key || !elements || elements->number < 0)
        return pickle_damaged(machine);
    if (reference->count > 5 && !pickle_item(machine, reference, 5, NONE))
        return pickle_refuse(machine, "holds a view of a storage");
    struct object storage = {
        .kind = STORAGE, .element = type->element, .width = type->width, .key = (size_t)(key - machine->object)};
    if (__builtin_mul_overflow((size_t)elements->number, type->width, &storage.size))
        return pickle_damaged(machine);
    return pickle_push(machine, &storage);
}

/* _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks): the last two do not matter. */
static int rebuild_tensor(struct machine *machine, const struct object *arguments)
{
    const struct object *storage = pickle_item(machine, arguments, 0, STORAGE);
    const struct object *offset = pickle_item(machine, arguments, 1, NUMBER);
    const struct object *size = pickle_item(machine, arguments, 2, TUPLE);
    const struct object *stride = pickle_item(machine, arguments, 3, TUPLE);

    if (!storage || !offset || offset->number < 0 || !size || !stride || size->count != stride->count)
        return pickle_damaged(machine);
    struct pickle_array made = {.filled = true,
                                .storage = 1 + (size_t)(storage - machine->object),
                                .offset = (size_t)offset->number,
                                .array = {.kind = storage->element, .width = storage->width}};
    if (pickle_shape(machine, &made.array, size))
        return -1;
    for (size_t i = 0; i < stride->count; i++) {
        const struct object *number = pickle_item(machine, stride, i, NUMBER);
        if (!number || number->number < 0)
            return pickle_damaged(machine);
        made.stride[i] = (size_t)number->number;
    }
    if (pickle_add_array(machine))
        return -1;
    machine->array[machine->arrays - 1] = made;
    return 0;
}

int pickle_reduce_torch(struct machine *machine, const struct object *call, const struct object *arguments)
{
    if (call->number == REBUILD_TENSOR)
        return rebuild_tensor(machine, arguments);
    if (call->number == TORCH_SIZE) /* a shape in a dict, which is not looked at */
        return pickle_push(machine, &(struct object){.kind = NONE});
    const struct object *data = pickle_item(machine, arguments, 0, ARRAY); /* a Parameter is its tensor */
    return data ? pickle_push(machine, data) : pickle_damaged(machine);
}

/* Last element that the strides lead to, counted from the storage's start; SIZE_MAX if that cannot be. */
static size_t last_element(const struct pickle_array *tensor)
{
    size_t last = tensor->offset, step;

    for (size_t i = 0; i < tensor->array.dimensions; i++)
        if (__builtin_mul_overflow(tensor->array.shape[i] - 1, tensor->stride[i], &step) ||
            __builtin_add_overflow(last, step, &last))
            return SIZE_MAX;
    return last;
}

/* Whether the elements follow each other in C order. */
static bool is_contiguous(const struct pickle_array *tensor)
{
    size_t step = 1;

    for (size_t i = tensor->array.dimensions; i-- > 0; step *= tensor->array.shape[i])
        if (tensor->array.shape[i] > 1 && tensor->stride[i] != step)
            return false;
    return true;
}

/* Copies the elements in C order. */
static void gather(const struct pickle_array *tensor, const unsigned char *from, size_t bytes, unsigned char *to)
{
    const struct array *array = &tensor->array;
    size_t index[ARRAY_DIMENSIONS] = {0}, at = tensor->offset;

    for (size_t done = 0; done < bytes; done += array->width) {
        memcpy(to + done, from + at * array->width, array->width);
        for (size_t i = array->dimensions; i-- > 0;) {
            at += tensor->stride[i];
            if (++index[i] < array->shape[i])
                break;
            at -= tensor->stride[i] * array->shape[i];
            index[i] = 0;
        }
    }
}

int pickle_tensor(struct machine *machine, const struct pickle_array *tensor, const char *label, struct array *array)
{
    const struct object *storage = &machine->object[tensor->storage - 1];
    size_t bytes;

    *array = tensor->array;
    array->swapped = storage->swapped;
    if (array_bytes(array, label, &bytes, machine->error))
        return -1;
    size_t last = last_element(tensor);
    if (!storage->bytes || last >= storage->size / storage->width)
        return error_set(machine->error, ERROR_INPUT,
                         "%s: reaches beyond its storage; the file is damaged or cut short", label);
    if (is_contiguous(tensor)) {
        array->data = storage->bytes + tensor->offset * array->width;
        return 0;
    }
    if (array->dimensions == 2 && tensor->stride[0] == 1 && tensor->stride[1] == array->shape[0]) {
        array->fortran = true;
        array->data = storage->bytes + tensor->offset * array->width;
        return 0;
    }
    if (bytes > storage->size) /* an expanded tensor could ask for any amount */
        return error_set(machine->error, ERROR_INPUT, "%s: repeats its storage; save tensor.contiguous()", label);
    unsigned char *copy = (unsigned char *)memory_floats(bytes / sizeof(float) + 1);
    if (!copy)
        return error_memory(machine->error);
    gather(tensor, storage->bytes, bytes, copy);
    array->owned = copy;
    array->data = copy;
    return 0;
}
